#include "query/span_figure.hpp"

#include <fmt/format.h>

#include <cmath>

#include "base/limits.hpp"
#include "model/evaluation.hpp"
#include "query/answers.hpp"
#include "query/price_table.hpp"
#include "query/row_reader.hpp"
#include "query/saturate.hpp"

namespace catalejo::query {
namespace {

using search::Source;
using search::Target;
using search::Type;

std::string metadata_of(StatementBuilder& out, const Target& target) {
  std::string path;
  for (const std::string& part : target.path) path += ", " + out.bind_text(part);
  return fmt::format(
      "if(JSONType(metadata{0}) = 'String', JSONExtractString(metadata{0}), "
      "JSONExtractRaw(metadata{0}))",
      path);
}

std::string cost_of(StatementBuilder& out, const Filter& filter) {
  return filter.prices ? cost_expression(out, *filter.prices) : "cost_nano_usd";
}

// Of type Nullable(Float64). Times are nanoseconds and money is billionths of a dollar, as at
// Datadog; @cost is dollars.
std::string number_of(StatementBuilder& out, const NamedTarget& named, const Filter& filter) {
  const Target& target = named.target;
  if (target.source == Source::evaluation) return "judged";
  if (target.source == Source::tag)
    return fmt::format("toFloat64OrNull(tags[{}])", out.bind_text(target.name));
  if (target.source == Source::metadata)
    return fmt::format("toFloat64OrNull({})", metadata_of(out, target));
  if (target.source == Source::metric) {
    const std::string name = out.bind_text(target.name);
    return fmt::format("if(mapContains(metrics, {0}), toFloat64(metrics[{0}]), NULL)", name);
  }
  if (target.type == Type::duration) return fmt::format("toFloat64({})", target.column);
  if (target.type == Type::status || target.type == Type::flag)
    return fmt::format("toFloat64({} != 0)", target.column);
  const std::string value =
      target.type == Type::money ? cost_of(out, filter) : std::string(target.column);
  const std::string_view unit = named.key == "@cost" ? " / 1e9" : "";
  return fmt::format("if(({0} AS measured) >= 0, toFloat64(measured){1}, NULL)", value, unit);
}

// Of type String; empty: there is none.
std::string text_of(StatementBuilder& out, const Target& target) {
  if (target.source == Source::tag) return fmt::format("tags[{}]", out.bind_text(target.name));
  if (target.source == Source::metadata) return metadata_of(out, target);
  switch (target.type) {
    case Type::status:
      return fmt::format("if({} != 0, 'error', 'ok')", target.column);
    case Type::flag:
      return fmt::format("if({} != 0, 'true', 'false')", target.column);
    case Type::trace_id:
      return fmt::format("lower(hex({}))", target.column);
    case Type::span_id:
      return fmt::format("toString({})", target.column);
    default:
      return std::string(target.column);
  }
}

std::string aggregate_of(StatementBuilder& out, const SpanFigure& figure, const Filter& filter) {
  if (figure.figure == Figure::count) return "toFloat64(count())";
  if (figure.figure == Figure::cardinality) {
    const std::string text = text_of(out, figure.measure->target);
    return fmt::format("toFloat64(uniqExactIf(({}) AS counted, counted != ''))", text);
  }
  const std::string number = number_of(out, *figure.measure, filter);
  const auto written = [&](std::string_view function) {
    return fmt::format("ifNull(toFloat64({}({})), nan)", function, number);
  };
  switch (figure.figure) {
    case Figure::sum:
      return written("sum");
    case Figure::avg:
      return written("avg");
    case Figure::min:
      return written("min");
    case Figure::max:
      return written("max");
    default:
      return written(fmt::format("quantileTDigest({})", figure.quantile));
  }
}

// The score of each span's newest judgements of this label; of several people their mean.
void write_judgements(StatementBuilder& out, const Target& target, UnixNanos from) {
  out << fmt::format(
      "ANY INNER JOIN (\n  SELECT trace_id, span_id, avg(score) AS judged\n  FROM (\n"
      "    SELECT trace_id, span_id, metric_type, score, status FROM evaluations\n"
      "    WHERE label = {} AND timestamp >= {} AND trace_id != {} AND span_id != 0\n"
      "    ORDER BY timestamp DESC LIMIT 1 BY trace_id, span_id, submitter)\n"
      "  WHERE status != {} AND metric_type IN (2, 3)\n"
      "  GROUP BY trace_id, span_id) AS judgements USING (trace_id, span_id)\n",
      out.bind_text(target.name), out.bind_time(from), kNoTrace, out.bind_text(model::kWithdrawn));
}

std::size_t rows_max(FigureSteps steps) {
  return steps.step_s > 0 ? limits::span_formula_rows_max : limits::monitor_span_groups_max;
}

}  // namespace

bool is_measurable(const Target& target) {
  if (target.child || target.source == Source::trace) return false;
  if (target.source == Source::evaluation) return target.part == "value";
  if (target.source != Source::column) return true;
  return target.type == Type::count || target.type == Type::duration ||
         target.type == Type::money || target.type == Type::status || target.type == Type::flag;
}

bool is_groupable(const Target& target) {
  if (target.child || target.source == Source::trace || target.source == Source::evaluation ||
      target.source == Source::metric)
    return false;
  if (target.source != Source::column) return true;
  return target.type == Type::text || target.type == Type::status || target.type == Type::flag ||
         target.type == Type::trace_id || target.type == Type::span_id;
}

Statement plan_span_figure(const SpanFigure& figure, const Filter& filter, std::int64_t from_s,
                           std::int64_t to_s, FigureSteps steps) {
  StatementBuilder out;
  out << "SELECT ";
  if (steps.step_s > 0)
    out << fmt::format("intDiv(toUnixTimestamp64Nano(start) + duration_ns - {}, {}) AS place, ",
                       out.bind_int(steps.begin_s * kNanosPerSecond),
                       steps.step_s * kNanosPerSecond);
  for (std::size_t i = 0; i < figure.by.size(); ++i)
    out << fmt::format("{} AS g{}, ", text_of(out, figure.by[i].target), i);
  out << aggregate_of(out, figure, filter)
      << " AS figure, count(), intDiv(min(toUnixTimestamp64Nano(start) + duration_ns), "
         "1000000000)\nFROM spans\n";
  if (figure.measure && figure.measure->target.source == Source::evaluation)
    write_judgements(out, figure.measure->target, filter.from);
  out << "WHERE ";
  write_condition(out, filter);
  out << fmt::format(
      "\n  AND toUnixTimestamp64Nano(start) + duration_ns >= {}"
      "\n  AND toUnixTimestamp64Nano(start) + duration_ns < {}",
      out.bind_int(from_s * kNanosPerSecond), out.bind_int(to_s * kNanosPerSecond));
  std::string groups;
  for (std::size_t i = 0; i < figure.by.size(); ++i) {
    out << fmt::format("\n  AND g{} != ''", i);
    groups += fmt::format("{}g{}", i > 0 ? ", " : "", i);
  }
  if (steps.step_s > 0) groups += groups.empty() ? "place" : ", place";
  if (!groups.empty())
    out << fmt::format("\nGROUP BY {0}\nORDER BY {0}\nLIMIT {1}", groups, rows_max(steps) + 1);
  out << "\nFORMAT RowBinary";
  return std::move(out).finish();
}

Result<std::vector<FigureRow>> read_span_figure(std::string_view body, std::size_t groups,
                                                FigureSteps steps) {
  std::vector<FigureRow> rows;
  RowReader row(body);
  while (!row.at_end() && !row.failed()) {
    FigureRow read;
    if (steps.step_s > 0) read.place = row.i64();
    for (std::size_t i = 0; i < groups; ++i) read.groups.emplace_back(row.text());
    const double value = row.f64();
    read.spans = row.u64();
    read.first_s = row.i64();
    if (read.spans > 0 && std::isfinite(value)) read.value = value;
    if (read.spans == 0) read.first_s = 0;
    rows.push_back(std::move(read));
  }
  if (row.failed()) return broken_answer();
  if (rows.size() > rows_max(steps))
    return Error{Code::bad_request,
                 fmt::format("more than {} groups{}: narrow the search, or group by less",
                             rows_max(steps), steps.step_s > 0 ? " and points" : ""),
                 "query"};
  return rows;
}

Task<Result<std::vector<FigureRow>>> ask_span_figure(store::Store& store, CostReader* costs,
                                                     SpanFigure figure, std::int64_t from_s,
                                                     std::int64_t to_s, FigureSteps steps) {
  Filter filter;
  filter.view = figure.view;
  filter.from = shifted({from_s * kNanosPerSecond}, -limits::trace_slack_nanos);
  filter.to = {to_s * kNanosPerSecond};
  filter.search = figure.search;
  const bool of_cost = figure.measure && figure.measure->target.type == Type::money;
  if (costs != nullptr) {
    auto priced = co_await costs->priced(std::move(filter), of_cost);
    if (!priced) co_return priced.error();
    filter = *std::move(priced);
  }
  auto narrow = co_await narrowed(store, std::move(filter));
  if (!narrow) co_return narrow.error();
  Statement statement = plan_span_figure(figure, *narrow, from_s, to_s, steps);
  auto body = co_await ask(store, std::move(statement));
  if (!body) co_return body.error();
  co_return read_span_figure(*body, figure.by.size(), steps);
}

}  // namespace catalejo::query
