// Redaction as the API asks for it: rules with their history, a text tried out, past spans tried
// out, and what was taken out so far.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/task.hpp"
#include "pipeline/redact.hpp"
#include "query/filter.hpp"
#include "query/reader.hpp"
#include "store/redaction.hpp"
#include "store/store.hpp"

namespace catalejo::evaluate::privacy {

struct BuiltInRule {
  std::string name;
  std::string provider;  // of a secret
  bool secret = false;
};

struct DryRun {
  std::uint64_t spans = 0, spans_hit = 0;
  pipeline::Redactor::Counts counts;
  std::string next;  // cursor; empty: everything was looked at
};

struct ReportLine {
  std::string app, rule;
  std::uint64_t times = 0, rows = 0;
};

// Its functions that give no Task read and write control.sqlite or look through whole texts: for
// the thread of the desk, one after the other, and no event loop.
class RedactionDesk {
 public:
  // They outlive the desk and every task of it.
  RedactionDesk(store::RedactionControl& control, pipeline::Redaction& redaction)
      : control_(control), redaction_(redaction) {}

  struct Held {
    std::vector<store::RedactionRule> rules;
    std::vector<store::RedactionVersion> history;  // newest first
  };
  Result<Held> held(std::size_t versions_max);
  // Checked, and in force for the next batch.
  Result<std::int64_t> put(store::RedactionRule rule, const std::string& author);
  Result<void> remove(std::int64_t id, const std::string& author);
  Result<void> undo(std::int64_t seq, const std::string& author);

  // With a draft beside, or instead of, the rules that hold.
  Result<pipeline::Redactor::Tried> try_text(const std::string& app, const std::string& text,
                                             const std::optional<store::RedactionRule>& draft);
  // One page of what `filter` finds, newest first; and what the rules would do to it.
  Task<Result<query::ListPage>> past_spans(store::Store& store, query::Filter filter,
                                           std::string cursor, std::size_t rows_max);
  Result<DryRun> dry_run(const query::ListPage& past,
                         const std::optional<store::RedactionRule>& draft);
  Task<Result<std::vector<ReportLine>>> report(store::Store& store, UnixNanos from, UnixNanos to);

  static std::vector<BuiltInRule> built_in();

 private:
  Result<std::shared_ptr<const pipeline::Redactor>> with(
      const std::optional<store::RedactionRule>& draft, bool find_all);

  store::RedactionControl& control_;
  pipeline::Redaction& redaction_;
};

}  // namespace catalejo::evaluate::privacy
