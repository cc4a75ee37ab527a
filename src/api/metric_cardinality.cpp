// GET /api/v1/metrics/cardinality: which metrics have more series than they may, since the start of
// the program, and which of their tags make them. Ours; the page shows it on the loss ledger.
#include "api/metric_cardinality.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "api/page.hpp"
#include "api/spans_json.hpp"
#include "base/limits.hpp"
#include "base/time.hpp"
#include "query/answers.hpp"
#include "query/metrics/tag_counts.hpp"

namespace catalejo::api {
namespace {

// The name of a metric out of `metric="…"`; names hold no quotes.
std::string metric_of(std::string_view labels) {
  constexpr std::string_view kBegin = "metric=\"";
  if (!labels.starts_with(kBegin) || !labels.ends_with('"')) return {};
  return std::string(labels.substr(kBegin.size(), labels.size() - kBegin.size() - 1));
}

struct Crowded {
  std::string metric;  // empty: those that the counters do not name
  std::uint64_t refused = 0, merged = 0;
};

std::int64_t series_max(const Counters& counters) {
  for (const Sample& sample : counters.samples())
    if (sample.name == "catalejo_metric_series_max") return static_cast<std::int64_t>(sample.value);
  return 0;
}

// Those that lost most first.
std::vector<Crowded> crowded_metrics(const Counters& counters) {
  std::map<std::string, Crowded> by_name;
  for (const Sample& sample : counters.samples()) {
    const bool refused = sample.name == "catalejo_metric_points_over_limit_total";
    if (!refused && sample.name != "catalejo_metric_values_merged_total") continue;
    Crowded& one = by_name[metric_of(sample.labels)];
    (refused ? one.refused : one.merged) += static_cast<std::uint64_t>(sample.value);
  }
  std::vector<Crowded> all;
  for (auto& [name, one] : by_name) {
    one.metric = name;
    all.push_back(std::move(one));
  }
  std::ranges::stable_sort(all, [](const Crowded& a, const Crowded& b) {
    return a.refused + a.merged > b.refused + b.merged;
  });
  if (all.size() > limits::series_reported_max) all.resize(limits::series_reported_max);
  return all;
}

void append_crowded(std::string& out, const Crowded& one, const query::metrics::TagCounts& counts) {
  Fields fields(out);
  fields.text("metric", one.metric);
  fields.integer("points_refused", static_cast<std::int64_t>(one.refused));
  fields.integer("values_merged", static_cast<std::int64_t>(one.merged));
  fields.integer("series", static_cast<std::int64_t>(counts.series));
  append_array(fields.key("tags"), counts.tags,
               [](std::string& to, const query::metrics::TagCount& tag) {
                 Fields entry(to);
                 entry.text("key", tag.key);
                 entry.integer("values", static_cast<std::int64_t>(tag.values));
                 entry.close();
               });
  fields.close();
}

}  // namespace

Answer get_metric_cardinality(ApiPtr api, net::Request, std::string) {
  const std::int64_t hour = (now().value / kNanosPerSecond) - 3'600;
  const std::vector<Crowded> all = crowded_metrics(*api->options.counters);
  std::string metrics = "[";
  for (const Crowded& one : all) {
    query::metrics::TagCounts counts;
    if (!one.metric.empty()) {
      query::Statement statement = query::metrics::plan_tag_counts(hour, one.metric);
      auto body = co_await query::ask(*api->options.store, std::move(statement));
      if (!body) co_return problem(body.error());
      auto read = query::metrics::read_tag_counts(*body);
      if (!read) co_return problem(read.error());
      counts = *std::move(read);
    }
    if (metrics.size() > 1) metrics += ',';
    append_crowded(metrics, one, counts);
  }
  std::string body;
  Fields fields(body);
  fields.time("since_ns", api->options.started);
  fields.integer("series_max", series_max(*api->options.counters));
  fields.key("metrics") += metrics + "]";
  fields.close();
  co_return json_answer(std::move(body));
}

}  // namespace catalejo::api
