// Questions to the store: plans a statement, runs it, reads the answer. Coroutines for an event
// loop; the store's query pool does the work.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/task.hpp"
#include "query/answers.hpp"
#include "query/search/suggest.hpp"
#include "query/trace.hpp"
#include "store/store.hpp"

namespace catalejo::query {

struct ListPage {
  Rows<SpanRow> spans;
  std::string next;  // cursor of the next page, empty on the last
};

struct Trace {
  TraceId id;
  TraceIds ids;
  Rows<SpanRow> rows;
  TraceTree tree;  // points into rows
  Rows<EvaluationRow> evaluations;
  std::uint64_t spans_total = 0;
  bool texts_left_out = false;
};

// The filter with the stretches of time that can hold the words it searches for.
Task<Result<Filter>> narrowed(store::Store& store, Filter filter);

class Reader {
 public:
  // The store outlives the reader and every task of it.
  explicit Reader(store::Store& store) : store_(store) {}

  Task<Result<ListPage>> list(ListPlan plan);
  // Of the traces of the rows; asked at once, so that something else can be asked beside it.
  Future<Result<std::string>> ask_totals(const std::vector<SpanRow>& rows) {
    return start(plan_page_totals(traces_of(rows).ids));
  }
  // Error not_found when no span of that trace is there.
  Task<Result<Trace>> trace(TraceId id, UnixNanos now);
  Task<Result<Facets>> facets(Filter filter, std::vector<const Field*> fields,
                              std::size_t values_max);
  Task<Result<std::vector<SeriesBucket>>> series(SeriesPlan plan);
  Task<Result<Rows<EvaluationRow>>> evaluations(EvaluationTargets targets);
  Task<Result<std::vector<search::Suggestion>>> suggestions(search::Completion completion,
                                                            search::Scope scope);

 private:
  Future<Result<std::string>> start(Statement statement);
  Task<Result<std::string>> run(Statement statement);
  Task<Result<TraceIds>> find_trace(TraceId id, UnixNanos now);
  // `guess`, when it has all rows of `ids`.
  Task<Result<Rows<SpanRow>>> trace_rows(TraceId id, TraceIds ids,
                                         std::optional<Future<Result<std::string>>> guess);

  store::Store& store_;
};

// What evaluations may name: the LLM traces, sessions and tags of these spans.
EvaluationTargets targets_of(const std::vector<SpanRow>& rows);

}  // namespace catalejo::query
