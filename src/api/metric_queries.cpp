// GET and POST /api/v1/query, GET /api/v1/metrics, /api/v1/search?q=metrics:… and
// /api/v2/metrics/{metric_name}/all-tags: metrics as Datadog's API gives them, for its clients.
// Ours: GET /api/v1/histogram, what its page draws of `histogram:metric{…}`.
#include <fmt/format.h>

#include <cmath>
#include <memory>
#include <optional>

#include "api/body.hpp"
#include "api/metric_ask.hpp"
#include "api/page.hpp"
#include "api/parameters.hpp"
#include "api/routes.hpp"
#include "api/spans_json.hpp"
#include "base/limits.hpp"
#include "query/answers.hpp"
#include "query/metrics/histogram.hpp"
#include "query/metrics/parser.hpp"
#include "query/metrics/plan.hpp"

namespace catalejo::api {
namespace {

namespace metrics = query::metrics;

constexpr std::int64_t kMillisPerSecond = 1'000;
// 9999-12-31; a client that sends milliseconds is told.
constexpr std::int64_t kSecondsMax = 253'402'300'799;

Result<std::int64_t> read_seconds(std::string_view name, const std::string& text) {
  const std::optional<std::uint64_t> seconds = parse_decimal64(text);
  if (!seconds || *seconds > kSecondsMax)
    return Error{Code::bad_request, fmt::format("{} is \"{}\", it takes Unix seconds", name, text),
                 std::string(name)};
  return static_cast<std::int64_t>(*seconds);
}

Result<std::int64_t> read_seconds(const net::Request& request, std::string_view name) {
  return read_seconds(name, request.parameter(name).value_or(std::string()));
}

struct Asked {
  metrics::Query query;
  std::int64_t from_s = 0, to_s = 0;
};

struct AskedTexts {
  std::string from, to, query;
};

Result<Asked> read_asked(const AskedTexts& texts) {
  auto from = read_seconds("from", texts.from);
  if (!from) return from.error();
  auto to = read_seconds("to", texts.to);
  if (!to) return to.error();
  if (*to <= *from) return Error{Code::bad_request, "to is not behind from", "to"};
  auto read = metrics::parse(texts.query);
  if (const auto* wrong = std::get_if<metrics::Problem>(&read))
    return metrics::error_at(wrong->message, wrong->position);
  return Asked{.query = std::move(std::get<metrics::Query>(read)), .from_s = *from, .to_s = *to};
}

AskedTexts texts_of(const net::Request& request) {
  const auto text = [&](std::string_view name) {
    return request.parameter(name).value_or(std::string());
  };
  return {.from = text("from"), .to = text("to"), .query = text("query")};
}

// As JSON, or as a form has it.
Result<AskedTexts> texts_in_body(net::Request request) {
  if (request.header("Content-Type").find("json") == std::string_view::npos) {
    if (request.body.size() > kSmallBodyBytesMax)
      return Error{Code::body_too_large, "the body is longer than this route takes", "body"};
    request.query = std::move(request.body);
    return texts_of(request);
  }
  AskedTexts texts;
  const auto read = [&](std::string_view name, codec::dom::element value) -> Result<void> {
    if (std::int64_t number = 0; value.get(number) == simdjson::SUCCESS && name != "query") {
      (name == "from" ? texts.from : texts.to) = fmt::format("{}", number);
      return {};
    }
    return read_text_field(name, value,
                           {{"from", &texts.from}, {"to", &texts.to}, {"query", &texts.query}});
  };
  CATALEJO_TRY(read_body(std::move(request.body), read));
  return texts;
}

// The first metric of an expression: what a client names the line after.
const metrics::Metric* first_metric(const metrics::Query& query,
                                    const metrics::Expression& expression) {
  if (expression.kind == metrics::Expression::Kind::metric)
    return &query.metrics[expression.metric];
  for (const metrics::Expression& child : expression.children)
    if (const metrics::Metric* found = first_metric(query, child)) return found;
  return nullptr;
}

std::int64_t millis_at(const metrics::Grid& grid, std::size_t place) {
  return (grid.begin_s + static_cast<std::int64_t>(place) * grid.step_s) * kMillisPerSecond;
}

std::size_t append_points(std::string& out, const metrics::Grid& grid, const metrics::Line& line) {
  out += '[';
  std::size_t points = 0;
  for (std::size_t i = 0; i < line.values.size(); ++i) {
    if (!std::isfinite(line.values[i])) continue;
    if (points++ > 0) out += ',';
    out += fmt::format("[{},", millis_at(grid, i));
    codec::append_json_number(out, line.values[i]);
    out += ']';
  }
  out += ']';
  return points;
}

struct Drawn {
  const metrics::Query* query = nullptr;
  const metrics::Expression* expression = nullptr;
  std::size_t index = 0;
};

void append_line(std::string& out, const Drawn& drawn, const metrics::Grid& grid,
                 const metrics::Line& line) {
  const metrics::Metric* metric = first_metric(*drawn.query, *drawn.expression);
  const std::string_view expression =
      std::string_view(drawn.query->text)
          .substr(drawn.expression->begin, drawn.expression->end - drawn.expression->begin);
  const bool alone = drawn.expression->kind == metrics::Expression::Kind::metric;
  std::string scope;
  for (const std::string& tag : line.tags) scope += (scope.empty() ? "" : ",") + tag;
  Fields fields(out);
  fields.text("metric", alone && metric ? metric->name : expression);
  fields.text("display_name", alone && metric ? metric->name : expression);
  fields.text("expression", expression);
  fields.text("scope", scope.empty() ? "*" : scope);
  append_array(fields.key("tag_set"), line.tags, codec::append_json_string);
  fields.integer("query_index", static_cast<std::int64_t>(drawn.index));
  fields.integer("interval", grid.step_s);
  fields.integer("start", millis_at(grid, 0));
  fields.integer("end", millis_at(grid, grid.size) - 1);
  fields.key("unit") += "null";
  fields.key("aggr") += "null";
  // Of ours: a bound of what is usual is a line of its own.
  fields.text("role", role_name(line.role));
  fields.flag("outlier", line.outlier);
  const std::size_t points = append_points(fields.key("pointlist"), grid, line);
  fields.integer("length", static_cast<std::int64_t>(points));
  fields.close();
}

Result<std::string> series_json(const Asked& asked, const std::vector<metrics::Lines>& answers) {
  std::string series = "[";
  for (std::size_t i = 0; i < asked.query.expressions.size(); ++i) {
    const metrics::Expression& expression = asked.query.expressions[i];
    auto lines = metrics::evaluate(expression, answers);
    if (!lines) return lines.error();
    for (const metrics::Line& line : lines->lines) {
      if (series.size() > 1) series += ',';
      append_line(series, {.query = &asked.query, .expression = &expression, .index = i},
                  lines->grid, line);
    }
  }
  return series + "]";
}

Task<Result<std::vector<std::string>>> ask_names(ApiPtr api, query::Statement statement) {
  auto body = co_await query::ask(*api->options.store, std::move(statement));
  if (!body) co_return body.error();
  co_return query::read_texts(*body);
}

Task<net::Response> answer_query(ApiPtr api, Result<Asked> asked) {
  if (!asked) co_return problem(asked.error());
  const MetricWindow window{.from_s = asked->from_s, .to_s = asked->to_s};
  auto known = std::make_shared<MetricAnswers>();
  auto answers = co_await metrics::ask(*api->options.store, asked->query.metrics, window, known);
  if (!answers) co_return problem(answers.error());
  auto series = series_json(*asked, *answers);
  if (!series) co_return problem(series.error());
  std::string body;
  Fields fields(body);
  fields.text("status", "ok");
  fields.text("res_type", "time_series");
  fields.text("query", asked->query.text);
  fields.text("message", "");
  fields.integer("from_date", asked->from_s * kMillisPerSecond);
  fields.integer("to_date", asked->to_s * kMillisPerSecond);
  const bool grouped = !asked->query.metrics.empty();
  append_array(fields.key("group_by"),
               grouped ? asked->query.metrics.front().by : std::vector<std::string>(),
               codec::append_json_string);
  fields.key("series") += *series;
  fields.close();
  co_return json_answer(std::move(body));
}

// The distribution that "histogram:name{…}" names: the one metric of a percentile, without groups.
Result<metrics::Metric> read_distribution(std::string_view text) {
  constexpr std::string_view kHistogram = "histogram:", kPercentile = "p50:";
  if (!text.starts_with(kHistogram))
    return metrics::error_at("a histogram is histogram:metric{scope}", 0);
  text.remove_prefix(kHistogram.size());
  auto read = metrics::parse(std::string(kPercentile) + std::string(text));
  if (const auto* wrong = std::get_if<metrics::Problem>(&read))
    return metrics::error_at(wrong->message,
                             wrong->position + kHistogram.size() - kPercentile.size());
  auto& query = std::get<metrics::Query>(read);
  if (query.metrics.size() != 1 || query.expressions.size() != 1 ||
      query.expressions.front().kind != metrics::Expression::Kind::metric)
    return metrics::error_at("a histogram is of one metric, without a formula", 0);
  query.metrics.front().by.clear();
  return std::move(query.metrics.front());
}

void append_number(std::string& out, double number) {
  codec::append_json_number(out, number);
}

std::string histogram_json(const metrics::Histogram& histogram) {
  std::string body;
  Fields fields(body);
  fields.integer("interval", histogram.grid.step_s);
  append_array(fields.key("bounds"), histogram.bounds, append_number);
  std::string times = "[", counts = "[";
  for (std::size_t i = 0; i < histogram.counts.size(); ++i) {
    if (histogram.counts[i].empty()) continue;
    if (times.size() > 1) times += ',', counts += ',';
    times += fmt::format("{}", millis_at(histogram.grid, i));
    append_array(counts, histogram.counts[i], append_number);
  }
  fields.key("times") += times + "]";
  fields.key("counts") += counts + "]";
  fields.close();
  return body;
}

}  // namespace

Answer get_histogram(ApiPtr api, net::Request request, std::string) {
  const AskedTexts texts = texts_of(request);
  const auto from = read_seconds("from", texts.from);
  if (!from) co_return problem(from.error());
  const auto to = read_seconds("to", texts.to);
  if (!to) co_return problem(to.error());
  if (*to <= *from) co_return problem({Code::bad_request, "to is not behind from", "to"});
  const auto metric = read_distribution(texts.query);
  if (!metric) co_return problem(metric.error());
  const auto grid = metrics::grid_of(*metric, *from, *to);
  if (!grid) co_return problem(grid.error());
  query::Statement statement = metrics::plan(*metric, *grid);
  auto body = co_await query::ask(*api->options.store, std::move(statement));
  if (!body) co_return problem(body.error());
  const auto histogram = metrics::read_histogram(*body, *grid);
  if (!histogram) co_return problem(histogram.error());
  co_return json_answer(histogram_json(*histogram));
}

Answer get_metric_query(ApiPtr api, net::Request request, std::string) {
  Result<Asked> asked = read_asked(texts_of(request));
  co_return co_await answer_query(api, std::move(asked));
}

Answer post_metric_query(ApiPtr api, net::Request request, std::string) {
  const Result<AskedTexts> texts = texts_in_body(std::move(request));
  if (!texts) co_return problem(texts.error());
  Result<Asked> asked = read_asked(*texts);
  co_return co_await answer_query(api, std::move(asked));
}

Answer get_metric_names(ApiPtr api, net::Request request, std::string) {
  const Result<std::int64_t> from = read_seconds(request, "from");
  if (!from) co_return problem(from.error());
  const std::string host = request.parameter("host").value_or(std::string());
  query::Statement statement = metrics::plan_names(*from, "", host);
  auto names = co_await ask_names(api, std::move(statement));
  if (!names) co_return problem(names.error());
  std::string body;
  Fields fields(body);
  fields.text("from", fmt::format("{}", *from));
  append_array(fields.key("metrics"), *names, codec::append_json_string);
  fields.close();
  co_return json_answer(std::move(body));
}

// Of the last day, as Datadog's: metrics:llm or llm
Answer search_metrics(ApiPtr api, net::Request request, std::string) {
  constexpr std::string_view kMetrics = "metrics:";
  const std::string asked = request.parameter("q").value_or(std::string());
  std::string_view part = asked;
  if (part.starts_with(kMetrics)) part.remove_prefix(kMetrics.size());
  if (part.find(':') != std::string_view::npos)
    co_return problem({Code::bad_request, "only metrics are searched here: q=metrics:…", "q"});
  const std::int64_t day = (now().value - kNanosPerDay) / kNanosPerSecond;
  query::Statement statement = metrics::plan_names(day, part, "");
  auto names = co_await ask_names(api, std::move(statement));
  if (!names) co_return problem(names.error());
  std::string body;
  Fields fields(body);
  Fields results(fields.key("results"));
  append_array(results.key("metrics"), *names, codec::append_json_string);
  results.close();
  fields.close();
  co_return json_answer(std::move(body));
}

// Of the last day.
Answer get_metric_tags(ApiPtr api, net::Request, std::string name) {
  const std::int64_t day = (now().value - kNanosPerDay) / kNanosPerSecond;
  query::Statement statement = metrics::plan_tags(day, name);
  auto tags = co_await ask_names(api, std::move(statement));
  if (!tags) co_return problem(tags.error());
  std::string body;
  Fields fields(body);
  Fields data(fields.key("data"));
  data.text("type", "metrics");
  data.text("id", name);
  Fields attributes(data.key("attributes"));
  append_array(attributes.key("tags"), *tags, codec::append_json_string);
  attributes.close();
  data.close();
  fields.close();
  co_return json_answer(std::move(body));
}

}  // namespace catalejo::api
