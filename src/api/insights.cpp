// GET /api/v1/insights, /api/v1/errors, /api/v1/outliers: what a home page tells of two periods.
#include <fmt/format.h>

#include <cmath>

#include "api/parameters.hpp"
#include "api/periods.hpp"
#include "api/routes.hpp"
#include "api/spans_json.hpp"
#include "insight/insight_reader.hpp"

namespace catalejo::api {
namespace {

using insight::Dim;

void append_rounded(std::string& out, double value) {
  codec::append_json_number(out, static_cast<std::int64_t>(std::llround(value)));
}

void append_where(std::string& out, const insight::Where& where) {
  Fields fields(out);
  for (std::size_t dim = 0; dim < insight::kDims; ++dim)
    if (!where[dim].empty()) fields.text(insight::kDimNames[dim], where[dim]);
  fields.close();
}

// The parameters of /api/v1/spans that show what is meant.
void append_query(std::string& out, const insight::Change& change) {
  Fields fields(out);
  constexpr std::array<std::string_view, insight::kDims> kParameters = {
      "ml_app", "model", "deployment", "prompt", "name", ""};
  for (std::size_t dim = 0; dim < insight::kDims; ++dim) {
    if (!kParameters[dim].empty() && !change.where[dim].empty() &&
        change.where[dim] != insight::kOther)
      fields.text(kParameters[dim], change.where[dim]);
  }
  if (change.metric == insight::Metric::errors) fields.text("status", "error");
  if (change.metric == insight::Metric::latency && change.worse) {
    // Calls slower than all but a twentieth were.
    const double limit = change.before.durations.quantile(0.95);
    fields.text("min_duration_ms", fmt::format("{:.0f}", limit / 1e6));
  }
  if (change.metric == insight::Metric::evaluations) {
    const std::string& label = change.where[static_cast<std::size_t>(Dim::label)];
    fields.text("query", fmt::format("@evaluation.{}.assessment:fail", label));
  }
  fields.close();
}

void append_retried(std::string& out, const insight::Retried& retried) {
  Fields fields(out);
  fields.integer("calls", static_cast<std::int64_t>(retried.calls));
  fields.integer("limited", static_cast<std::int64_t>(retried.limited));
  append_rounded(fields.key("waited_ns"), retried.waited_ns);
  fields.close();
}

void append_retries(Fields& fields, const std::optional<insight::Change::Retries>& retries) {
  if (!retries) {
    fields.key("retries") += "null";
    return;
  }
  Fields periods(fields.key("retries"));
  append_retried(periods.key("before"), retries->before);
  append_retried(periods.key("now"), retries->now);
  periods.close();
}

void append_change(std::string& out, const insight::Change& change) {
  Fields fields(out);
  fields.text("metric", insight::kMetricNames[static_cast<std::size_t>(change.metric)]);
  append_where(fields.key("where"), change.where);
  fields.key("chosen_by") += '[';
  for (std::size_t dim = 0; dim < insight::kDims; ++dim) {
    if (!change.chosen_by[dim]) continue;
    if (out.back() != '[') out += ',';
    codec::append_json_string(out, insight::kDimNames[dim]);
  }
  out += ']';
  codec::append_json_number(fields.key("before"), change.value_before);
  codec::append_json_number(fields.key("now"), change.value_now);
  if (change.quantile > 0)
    codec::append_json_number(fields.key("quantile"), change.quantile);
  else
    fields.key("quantile") += "null";
  fields.integer("calls_before", static_cast<std::int64_t>(change.before.sums.calls));
  fields.integer("calls_now", static_cast<std::int64_t>(change.now.sums.calls));
  codec::append_json_number(fields.key("probability"), change.probability);
  codec::append_json_number(fields.key("score"), change.score);
  fields.key("worse") += change.worse ? "true" : "false";
  append_retries(fields, change.retries);
  append_query(fields.key("query"), change);
  fields.close();
}

void append_group(std::string& out, const insight::Group& group) {
  Fields fields(out);
  fields.text("name", group.name);
  append_figures(fields.key("before"), group.before, group.judged_before);
  append_figures(fields.key("now"), group.now, group.judged_now);
  fields.close();
}

std::string overview_body(const insight::Periods& periods, const insight::Overview& overview) {
  std::string body;
  Fields fields(body);
  append_times(fields, periods);
  append_figures(fields.key("before"), overview.before, overview.judged_before);
  append_figures(fields.key("now"), overview.now, overview.judged_now);
  append_array(fields.key("changes"), overview.changes.found, append_change);
  fields.integer("tests", static_cast<std::int64_t>(overview.changes.tests));
  codec::append_json_number(fields.key("false_alarms"), insight::kFalseAlarms);
  Fields by(fields.key("by"));
  for (const auto& [dim, groups] : overview.by)
    append_array(by.key(insight::kDimNames[static_cast<std::size_t>(dim)]), groups, append_group);
  by.close();
  fields.close();
  return body;
}

void append_error_group(std::string& out, const insight::ErrorGroup& group,
                        const insight::Periods& periods) {
  Fields fields(out);
  fields.text("fingerprint", group.id());
  fields.text("type", group.type);
  fields.text("message", group.message);
  fields.text("example", group.example);
  fields.text("place", group.place);
  fields.text("name", group.step);
  append_where(fields.key("where"), group.where);
  fields.integer("now", static_cast<std::int64_t>(group.now));
  fields.integer("before", static_cast<std::int64_t>(group.before));
  fields.integer("total", static_cast<std::int64_t>(group.total));
  fields.time("first_ns", group.first);
  fields.time("last_ns", group.last);
  fields.key("is_new") += group.first >= periods.filter.from ? "true" : "false";
  fields.trace_id("trace_id", group.trace_id);
  fields.span_id("span_id", group.span_id);
  fields.close();
}

void append_outlier(std::string& out, const insight::Outlier& outlier) {
  Fields fields(out);
  fields.trace_id("trace_id", outlier.trace_id);
  fields.span_id("span_id", outlier.span_id);
  fields.time("start_ns", outlier.start);
  fields.text("name", outlier.name);
  fields.text("service", outlier.service);
  append_where(fields.key("where"), outlier.where);
  fields.integer("duration_ns", outlier.duration_ns);
  append_rounded(fields.key("usual_ns"), outlier.usual_ns);
  append_rounded(fields.key("fence_ns"), outlier.fence_ns);
  fields.integer("alike", static_cast<std::int64_t>(outlier.in_cell));
  fields.close();
}

}  // namespace

Answer get_insights(ApiPtr api, net::Request request, std::string) {
  auto asked = co_await asked_periods(api, std::move(request));
  if (asked.refused) co_return *std::move(asked.refused);
  const insight::Periods& periods = asked.periods;
  auto overview = co_await api->insights.overview(periods);
  if (!overview) co_return problem(overview.error());
  co_return json_answer(overview_body(periods, *overview));
}

Answer get_errors(ApiPtr api, net::Request request, std::string) {
  auto asked = co_await asked_periods(api, std::move(request));
  if (asked.refused) co_return *std::move(asked.refused);
  const insight::Periods& periods = asked.periods;
  auto found = co_await api->insights.errors(periods);
  if (!found) co_return problem(found.error());
  std::string body;
  Fields fields(body);
  append_times(fields, periods);
  fields.key("complete") += found->complete ? "true" : "false";
  append_array(fields.key("errors"), found->groups,
               [&](std::string& out, const insight::ErrorGroup& group) {
                 append_error_group(out, group, periods);
               });
  fields.close();
  co_return json_answer(std::move(body));
}

Answer get_outliers(ApiPtr api, net::Request request, std::string) {
  auto asked = co_await asked_periods(api, std::move(request));
  if (asked.refused) co_return *std::move(asked.refused);
  const insight::Periods& periods = asked.periods;
  auto found = co_await api->insights.outliers(periods);
  if (!found) co_return problem(found.error());
  std::string body;
  Fields fields(body);
  append_times(fields, periods);
  append_array(fields.key("outliers"), *found, append_outlier);
  fields.close();
  co_return json_answer(std::move(body));
}

}  // namespace catalejo::api
