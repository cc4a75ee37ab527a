// POST /api/v2/query/scalar and /api/v2/query/timeseries: formulas over queries of metrics and of
// spans, as the widgets of Datadog's dashboards ask for them.
#include "api/metric_formulas.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <set>

#include "api/page.hpp"
#include "api/routes.hpp"
#include "api/spans_json.hpp"

namespace catalejo::api {
namespace {

namespace metrics = query::metrics;

constexpr std::int64_t kMillisPerSecond = 1'000;

void append_value(std::string& out, double value) {
  if (std::isfinite(value)) {
    codec::append_json_number(out, value);
  } else {
    out += "null";
  }
}

// {"data":{"id":"0","type":TYPE,"attributes":ATTRIBUTES},"errors":""}
net::Response data_answer(std::string_view type, std::string_view attributes) {
  std::string body;
  Fields fields(body);
  Fields data(fields.key("data"));
  data.text("id", "0");
  data.text("type", type);
  data.key("attributes") += attributes;
  data.close();
  fields.text("errors", "");
  fields.close();
  return json_answer(std::move(body));
}

// Lines of one formula in the answer to several.
struct Drawn {
  std::size_t index = 0;
  metrics::Lines lines;
};

std::string timeseries_json(const std::vector<Drawn>& all) {
  std::set<std::int64_t> times;  // formulas may have different rollups
  for (const Drawn& drawn : all)
    for (std::size_t i = 0; i < drawn.lines.grid.size; ++i)
      times.insert(drawn.lines.grid.begin_s +
                   static_cast<std::int64_t>(i) * drawn.lines.grid.step_s);
  std::string series = "[", values = "[";
  for (const Drawn& drawn : all) {
    const metrics::Grid& grid = drawn.lines.grid;
    for (const metrics::Line& line : drawn.lines.lines) {
      if (series.size() > 1) series += ',', values += ',';
      Fields one(series);
      append_array(one.key("group_tags"), line.tags, codec::append_json_string);
      one.integer("query_index", static_cast<std::int64_t>(drawn.index));
      one.key("unit") += "null";
      one.text("role", role_name(line.role));  // of ours
      one.flag("outlier", line.outlier);
      one.close();
      append_array(values, times, [&](std::string& out, std::int64_t time) {
        const std::int64_t since = time - grid.begin_s;
        const auto place = static_cast<std::size_t>(since / grid.step_s);
        const bool on_grid = since >= 0 && since % grid.step_s == 0 && place < line.values.size();
        append_value(out, on_grid ? line.values[place] : std::nan(""));
      });
    }
  }
  std::string attributes;
  Fields fields(attributes);
  fields.key("series") += series + "]";
  append_array(fields.key("times"), times, [](std::string& out, std::int64_t time) {
    out += std::to_string(time * kMillisPerSecond);
  });
  fields.key("values") += values + "]";
  fields.close();
  return attributes;
}

// A table: a row for each combination of tags, a column for each formula.
struct Table {
  std::vector<std::string> keys;  // of tags, in the order of the queries
  std::vector<std::vector<std::string>> rows;
  std::map<std::vector<std::string>, std::size_t> row_of;
  std::vector<std::vector<double>> columns;  // by formula, then row
};

// Highest (or lowest) values first; a row without a value is none, and a bound is no row.
void put_in_order(metrics::Lines& lines, const AskedFormula& formula) {
  std::erase_if(lines.lines, [](const metrics::Line& line) {
    return line.role != metrics::Role::value || !std::isfinite(line.values.front());
  });
  std::ranges::stable_sort(lines.lines, [&](const metrics::Line& a, const metrics::Line& b) {
    return formula.highest ? a.values.front() > b.values.front()
                           : a.values.front() < b.values.front();
  });
  if (formula.rows && lines.lines.size() > *formula.rows) lines.lines.resize(*formula.rows);
}

Table table_of(std::vector<Drawn> all, const AskedFormulas& asked) {
  Table table;
  bool limited = false;
  for (Drawn& drawn : all) {
    const AskedFormula& formula = asked.formulas[drawn.index];
    put_in_order(drawn.lines, formula);
    for (const std::string& key : drawn.lines.by)
      if (std::ranges::find(table.keys, key) == table.keys.end()) table.keys.push_back(key);
    // The first formula that asks for so many rows says which.
    if (!formula.rows || limited) continue;
    limited = true;
    for (const metrics::Line& line : drawn.lines.lines)
      if (table.row_of.emplace(line.tags, table.rows.size()).second)
        table.rows.push_back(line.tags);
  }
  for (const Drawn& drawn : all) {
    std::vector<double>& column = table.columns.emplace_back();
    for (const metrics::Line& line : drawn.lines.lines) {
      auto row = table.row_of.find(line.tags);
      if (row == table.row_of.end() && limited) continue;
      if (row == table.row_of.end()) {
        row = table.row_of.emplace(line.tags, table.rows.size()).first;
        table.rows.push_back(line.tags);
      }
      column.resize(std::max(column.size(), row->second + 1), std::nan(""));
      column[row->second] = line.values.front();
    }
  }
  for (std::vector<double>& column : table.columns) column.resize(table.rows.size(), std::nan(""));
  return table;
}

// What a row has of a key: [] when its formula has no such group.
void append_tag(std::string& out, const std::vector<std::string>& tags, const std::string& key) {
  out += '[';
  for (const std::string& tag : tags) {
    if (!tag.starts_with(key) || tag.size() <= key.size() || tag[key.size()] != ':') continue;
    codec::append_json_string(out, tag.substr(key.size() + 1));
    break;
  }
  out += ']';
}

std::string scalar_json(const Table& table, const AskedFormulas& asked) {
  std::string columns = "[";
  for (const std::string& key : table.keys) {
    if (columns.size() > 1) columns += ',';
    Fields column(columns);
    column.text("name", key);
    column.text("type", "group");
    append_array(column.key("values"), table.rows,
                 [&](std::string& out, const std::vector<std::string>& tags) {
                   append_tag(out, tags, key);
                 });
    column.close();
  }
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    if (columns.size() > 1) columns += ',';
    Fields column(columns);
    column.text("name", asked.formulas[i].name);
    column.text("type", "number");
    append_array(column.key("values"), table.columns[i], append_value);
    column.key("meta") += R"({"unit":null})";
    column.close();
  }
  std::string attributes;
  Fields fields(attributes);
  fields.key("columns") += columns + "]";
  fields.close();
  return attributes;
}

// A percentile of spans over all of the time is not one of percentiles.
bool asks_at_once(const AskedFormula& formula, const metrics::Metric& metric) {
  return metric.spans && metrics::only_reckons(formula.query.expressions.front());
}

std::vector<metrics::Metric> metrics_of(const AskedFormula& formula) {
  std::vector<metrics::Metric> all = formula.query.metrics;
  for (metrics::Metric& metric : all) metric.one_place = asks_at_once(formula, metric);
  return all;
}

Result<metrics::Lines> scalar_of(const AskedFormula& formula, const AskedFormulas& asked,
                                 std::vector<metrics::Lines> answers) {
  std::vector<metrics::Reducer> reducers;
  for (const metrics::Metric& metric : formula.query.metrics)
    reducers.push_back(asks_at_once(formula, metric) ? metrics::Reducer::last
                                                     : asked.reducers[metric.source]);
  return metrics::over_window(formula.query.expressions.front(), std::move(answers), reducers,
                              /*reckon_first=*/true);
}

}  // namespace

Answer query_timeseries(ApiPtr api, net::Request request, std::string) {
  const Result<AskedFormulas> asked = read_formulas(std::move(request.body));
  if (!asked) co_return problem(asked.error());
  auto known = std::make_shared<MetricAnswers>();
  std::vector<Drawn> all;
  for (std::size_t i = 0; i < asked->formulas.size(); ++i) {
    const metrics::Query& query = asked->formulas[i].query;
    auto answers = co_await metrics::ask(*api->options.store, query.metrics, asked->window, known,
                                         &api->costs);
    if (!answers) co_return problem(answers.error());
    auto lines = metrics::evaluate(query.expressions.front(), *answers);
    if (!lines) co_return problem(lines.error());
    all.push_back({.index = i, .lines = *std::move(lines)});
  }
  co_return data_answer("timeseries_response", timeseries_json(all));
}

Answer query_scalar(ApiPtr api, net::Request request, std::string) {
  const Result<AskedFormulas> asked = read_formulas(std::move(request.body));
  if (!asked) co_return problem(asked.error());
  auto known = std::make_shared<MetricAnswers>();
  std::vector<Drawn> all;
  for (std::size_t i = 0; i < asked->formulas.size(); ++i) {
    const AskedFormula& formula = asked->formulas[i];
    std::vector<metrics::Metric> wanted = metrics_of(formula);
    auto answers =
        co_await metrics::ask(*api->options.store, wanted, asked->window, known, &api->costs);
    if (!answers) co_return problem(answers.error());
    auto lines = scalar_of(formula, *asked, *std::move(answers));
    if (!lines) co_return problem(lines.error());
    all.push_back({.index = i, .lines = *std::move(lines)});
  }
  const Table table = table_of(std::move(all), *asked);
  co_return data_answer("scalar_response", scalar_json(table, *asked));
}

}  // namespace catalejo::api
