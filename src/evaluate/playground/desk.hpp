// Asks a deployment of the user's what a person wrote: the deployments of judges, within a budget
// of a day that outlives a restart. Each call is a span of an application of its own, so that it
// is found and priced apart.
//
// From any thread, except stop().
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/counters.hpp"
#include "base/limits.hpp"
#include "base/task.hpp"
#include "evaluate/judge/caller.hpp"
#include "evaluate/judge/day_book.hpp"
#include "evaluate/judge/record.hpp"
#include "evaluate/playground/completion.hpp"
#include "evaluate/playground/question.hpp"
#include "store/judges.hpp"
#include "store/store.hpp"

namespace catalejo::evaluate::playground {

// One question and what came of it.
struct Exchange {
  std::string deployment, resource;  // the second on Azure only
  std::string sent;                  // the body; empty = nobody was asked
  std::string parameters_json;
  UnixNanos start;
  std::int64_t duration_ns = 0;
  // Or why nobody answered, with one word of its kind as `where`: those of
  // azure::DeploymentClient, "answer", or "budget".
  Result<Completion> completion;
  SpanId span_id;    // of the call's own span; 0 = nobody was asked
  TraceId trace_id;  // the same; empty when it could not be kept
};

// What a question is asked for.
struct Purpose {
  std::vector<std::pair<std::string, std::string>> tags;  // of the call's span
  azure::Stopped stopped;  // ends the call when it says so; may be empty
};

// Points into `exchange`, its model included.
judge::OwnCall own_call(const Exchange& exchange);

struct Budget {
  std::int64_t calls_per_day = 500, tokens_per_day = 0;  // 0 = without end
};

// The pointers are not owned and outlive the desk.
struct DeskOptions {
  store::Judges* control = nullptr;
  Counters* counters = nullptr;
  std::function<Task<Result<store::Appended>>(model::Batch)> accept{};
  judge::Deployments deployments{};
  int timeout_ms = limits::judge_timeout_ms;
  Budget budget{};
};

class Desk {
 public:
  // Errors are the control store's.
  static Result<std::unique_ptr<Desk>> open(DeskOptions options);
  // Ends calls that are under way.
  void stop() { stopping_ = true; }

  // Blocks, up to the time a model may take.
  Exchange ask(const Question& question, const Purpose& purpose = {});

  // "calls" and "tokens" of today.
  store::JudgeAmounts today();
  const Budget& budget() const { return options_.budget; }
  const judge::Deployments& deployments() const { return options_.deployments; }

 private:
  explicit Desk(DeskOptions options) : options_(std::move(options)), book_(*options_.control) {}
  Result<Completion> post(const azure::Deployment& deployment, Exchange& exchange,
                          const azure::Stopped& ended);
  void keep(Exchange& exchange, const Purpose& purpose);

  DeskOptions options_;
  judge::DayBook book_;
  std::atomic<bool> stopping_{false};
};

}  // namespace catalejo::evaluate::playground
