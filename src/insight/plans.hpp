// Question → SELECT, and its answer → cells, errors, outliers. Pure, as query/plans.hpp.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "insight/changes.hpp"
#include "query/filter.hpp"
#include "query/span_row.hpp"

namespace catalejo::insight {

// Two periods of one length: `filter` has the time of the later one.
struct Periods {
  query::Filter filter;
  UnixNanos before_from;
  UnixNanos before_to() const {
    return {before_from.value + (filter.to.value - filter.from.value)};
  }
  std::int64_t slice_ns() const;
  query::Filter before() const;
  // An evaluation may come a day after the trace that it judges.
  UnixNanos traces_from() const;
};

// The cells of the calls: models, tools and retrievals; agents and workflows repeat what is in
// them. Beyond limits::insight_cells_max cells the rarest are one, of kOther.
inline constexpr std::string_view kOther = "(other)";
// All of them are added up at once, and the rarest put together here; only of very many cells does
// the database first find the largest, which reads everything a second time.
enum class Cells { all, largest };
query::Statement plan_cells(const Periods& periods, Cells cells);
// nullopt: all of them are too many to be read.
Result<std::optional<std::vector<Cell>>> read_cells(std::string_view body, Cells cells);

// What query::CostReader groups by, so that costs find their cell: key_of() of the cell.
const query::Field& cell_field();
std::string key_of(const Where& where);

// Evaluations that say pass or fail, by label; model, deployment and prompt version when all model
// calls of the trace have the same.
query::Statement plan_evaluation_cells(const Periods& periods);
Result<std::vector<Cell>> read_evaluation_cells(std::string_view body);

// Of the calls in one place, how many were tried again.
query::Statement plan_retries(const Periods& periods, const Where& where);
Result<Change::Retries> read_retries(std::string_view body);

// Errors where they arose: a span that failed with a failed span inside it only passes it on.
struct ErrorGroup {
  std::string type, message, place, step;  // step: name of the span
  std::string example;                     // one message as it was
  Where where;                             // what all of them have in common
  std::uint64_t now = 0, before = 0, total = 0;
  UnixNanos first, last;
  TraceId trace_id;  // the newest
  SpanId span_id;
  std::string id() const;  // of type, message and place
};
struct ErrorGroups {
  std::vector<ErrorGroup> groups;
  bool complete = true;  // false: more kinds of message than were read
};
query::Statement plan_errors(const Periods& periods);
Result<ErrorGroups> read_errors(std::string_view body);

// Calls far beyond what is usual for their cell.
struct Outlier {
  TraceId trace_id;
  SpanId span_id;
  UnixNanos start;
  std::string name, service;
  Where where;
  std::int64_t duration_ns = 0;
  double usual_ns = 0, fence_ns = 0;
  std::uint64_t in_cell = 0;  // calls beyond the fence of this cell, this one included
};
struct Fence {
  Where where;
  double usual_ns = 0, fence_ns = 0;
  std::uint64_t beyond = 0;
};
// Cells with calls enough to say what is usual, and any beyond it.
std::vector<Fence> fences_of(const std::vector<Cell>& cells);
query::Statement plan_outliers(const query::Filter& filter, const std::vector<Fence>& fences);
Result<std::vector<Outlier>> read_outliers(std::string_view body, const std::vector<Fence>& fences);

}  // namespace catalejo::insight
