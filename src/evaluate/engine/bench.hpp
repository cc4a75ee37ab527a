// What evaluators say of spans, gathered: evaluations to be stored, and counts of what was judged.
// One thread.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "evaluate/evaluator.hpp"
#include "evaluate/subject_reader.hpp"
#include "evaluate/usual/usual.hpp"
#include "evaluate/whole.hpp"
#include "model/batch.hpp"
#include "store/evaluators.hpp"

namespace catalejo::evaluate {

// An evaluator as it is set.
struct Seat {
  const Evaluator* evaluator = nullptr;
  std::shared_ptr<const Evaluator> own{};  // what `evaluator` is where the user gave options
  store::EvaluatorSettings settings;
};

struct CountKey {
  std::int64_t minute = 0;  // seconds since 1970
  std::string_view evaluator;
  std::uint32_t version = 0;
  std::string ml_app, model;
  auto operator<=>(const CountKey&) const = default;
};
struct Count {
  std::uint64_t judged = 0, failed = 0;
};
using Counts = std::map<CountKey, Count>;

// Of a trace the same for all its spans, and for no two evaluators alike.
bool is_sampled(const Seat& seat, TraceId trace);
// Of a session the same for all its spans.
bool is_sampled(const Seat& seat, std::string_view session_id);
// No span is left out.
bool judges_all(const Seat& seat);
// The same at every judging of that span by that version: a repeat is known by it.
TraceId evaluation_id(const Evaluator& evaluator, TraceId trace, SpanId span);
// The same for the same spans of a trace or session: one that grew is judged anew.
TraceId evaluation_id(const Evaluator& evaluator, const Whole& whole);
// "catalejo/pii"
std::string source_of(const Evaluator& evaluator);
// RowBinary of evaluation_counts, `run` in each.
std::string encode_counts(const Counts& counts, std::uint64_t run);
std::string insert_counts_statement(const std::string& token);

class Bench {
 public:
  // Reads the span for judge(). It is compared with those that were seated before it.
  void seat(const query::SpanRow& row, const cost::PriceBook* book = nullptr);
  const Subject& subject() const { return subject_; }
  Usuals& usuals() { return usuals_; }
  // What that evaluator says of the span; whether it had something to judge, and objected.
  Count judge(const Seat& seat);

  // The same of a whole, which is not counted apart: whatever is said of one is kept, so that what
  // is said later can replace it. `replaced` is when the newest was that is stored; what is in
  // `stored` is not said twice.
  Count judge(const Seat& seat, const Whole& whole, UnixNanos replaced,
              const std::set<TraceId>& stored);

  // Taken: the bench is empty then.
  model::Batch take_evaluations();
  Counts take_counts();
  void forget();  // what was not taken
  std::vector<TraceId> evaluation_ids() const;
  // These are stored already.
  void leave_out(const std::set<TraceId>& ids);

 private:
  model::Evaluation& keep(const Seat& seat, const Subject& subject, const Verdict& verdict);

  SubjectReader reader_;
  Usuals usuals_;
  Subject subject_;
  std::vector<Verdict> verdicts_;
  model::Batch batch_;
  Counts counts_;
};

}  // namespace catalejo::evaluate
