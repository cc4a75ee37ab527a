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
// No span that it is about is left out.
bool judges_all(const Seat& seat);
// The same at every judging of that span by that version: a repeat is known by it.
TraceId evaluation_id(const Evaluator& evaluator, TraceId trace, SpanId span);
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

  // Taken: the bench is empty then.
  model::Batch take_evaluations();
  Counts take_counts();
  void forget();  // what was not taken
  std::vector<TraceId> evaluation_ids() const;
  // These are stored already.
  void leave_out(const std::set<TraceId>& ids);

 private:
  void keep(const Seat& seat, const Verdict& verdict);

  SubjectReader reader_;
  Usuals usuals_;
  Subject subject_;
  std::vector<Verdict> verdicts_;
  model::Batch batch_;
  Counts counts_;
};

}  // namespace catalejo::evaluate
