// Questions to the store: plans a statement, runs it, reads the answer. Coroutines for an event
// loop; the store's query pool does the work.
#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <vector>

#include "base/task.hpp"
#include "query/answers.hpp"
#include "query/outline_shelf.hpp"
#include "query/search/suggest.hpp"
#include "query/slices.hpp"
#include "query/trace.hpp"
#include "store/store.hpp"

namespace catalejo::query {

struct ListPage {
  Rows<SpanRow> spans;
  std::string next;  // cursor of the next page, empty on the last
};

// A trace, whole or, when it has an outline, a part of it; the sums are of all of it.
struct Trace {
  TraceId id;
  TraceIds ids;
  Rows<SpanRow> rows;
  TraceTree tree;  // points into rows
  Rows<EvaluationRow> evaluations;
  std::uint64_t spans_total = 0;
  OutlinePtr outline;
  std::vector<std::string> services;  // of all of it, when there is an outline
};

// Which part of a large trace is wanted: what tells the most about it, a span and what is around
// it, or what a conversation is told by, from a step on.
struct TracePart {
  std::optional<SpanId> around;
  std::optional<std::size_t> steps_from;
};

// Lines of a large trace and the rows of their spans, in the same order. A row is null when the
// store gave none (its day was dropped meanwhile).
struct TraceLines {
  Shelved trace;
  OutlineWindow window;
  Rows<SpanRow> rows;
  std::vector<const SpanRow*> by_line;
};

// The filter with the stretches of time that can hold the words and tags it searches for, and with
// what its terms about evaluations found.
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
  Task<Result<Trace>> trace(TraceId id, UnixNanos now, TracePart part = {});
  // The outline of a trace, of a small one too.
  Task<Result<Shelved>> outline(TraceId id, UnixNanos now);
  Task<Result<TraceLines>> lines(Shelved trace, OutlineWindow window);
  // The dearest calls of a trace, to be priced: a few of each model.
  Task<Result<Rows<SpanRow>>> costly(TraceIds ids);
  Task<Result<Facets>> facets(Filter filter, std::vector<const Field*> fields,
                              std::size_t values_max);
  Task<Result<std::vector<SeriesBucket>>> series(SeriesPlan plan);
  Task<Result<Rows<EvaluationRow>>> evaluations(EvaluationTargets targets);
  Task<Result<std::vector<search::Suggestion>>> suggestions(search::Completion completion,
                                                            search::Scope scope);

 private:
  Future<Result<std::string>> start(Statement statement);
  Task<Result<std::string>> run(Statement statement);
  // From what is known of slices of the time; nullopt when that is not how to answer it.
  Task<Result<std::optional<std::vector<SeriesBucket>>>> sliced_series(SeriesPlan plan);
  Task<Result<std::optional<Facets>>> sliced_facets(Filter filter, std::vector<const Field*> fields,
                                                    std::size_t values_max);
  // The rows of a list, sorted, and one more than `plan` asks for when there is another page.
  Task<Result<Rows<SpanRow>>> list_rows(ListPlan plan);
  Task<Result<TraceIds>> find_trace(TraceId id, UnixNanos now);
  Task<Result<Shelved>> make_outline(TraceId id, TraceIds ids);
  Task<Result<Trace>> part_of(TraceId id, Shelved shelved, TracePart part);
  // The rows of a trace, asked for by what its id tells.
  struct AskedTrace {
    TraceIds ids;
    Future<Result<std::string>> body;
  };
  std::optional<AskedTrace> start_trace(TraceId id, UnixNanos now);
  // Whether there are evaluations that name no trace, as `rows` were inserted.
  struct AskedLoose {
    std::uint64_t rows = 0;
    std::optional<Future<Result<std::string>>> count;  // not set: there are none
  };
  AskedLoose start_loose();
  Task<Result<bool>> any_loose(AskedLoose asked);
  // All of them, or more than limits::trace_whole_rows_max.
  Task<Result<Rows<SpanRow>>> trace_rows(TraceId id, std::optional<AskedTrace> asked);

  store::Store& store_;
  // One more than the rows that were inserted when no evaluation was loose; 0 when one was. Only
  // where nobody else inserts.
  std::atomic<std::uint64_t> none_loose_at_{0};
  OutlineShelf shelf_;
  SeriesCache series_cache_;
  FacetsCache facets_cache_;
};

// What evaluations may name: the LLM traces, sessions and tags of these spans.
EvaluationTargets targets_of(const std::vector<SpanRow>& rows);

}  // namespace catalejo::query
