// GET /api/v1/patterns: what the inputs of model calls are about. Finding that takes seconds: until
// then the answer says how far it is, and whoever asked asks again.
#include <fmt/format.h>

#include <algorithm>

#include "api/parameters.hpp"
#include "api/periods.hpp"
#include "api/routes.hpp"

namespace catalejo::api {
namespace {

using insight::topics::Example;
using insight::topics::Report;
using insight::topics::Topic;

// What is asked, whatever order it is asked in.
std::string key_of_question(query::Parameters parameters) {
  std::erase_if(parameters, [](const auto& pair) { return pair.first == "api_key"; });
  std::ranges::stable_sort(parameters);
  std::string key;
  for (const auto& [name, value] : parameters) key += fmt::format("{}\x1e{}\x1f", name, value);
  return key;
}

std::string_view name_of(insight::topics::Trend trend) {
  constexpr std::array<std::string_view, 4> kNames = {"steady", "appeared", "grown", "shrunk"};
  return kNames[static_cast<std::size_t>(trend)];
}

double share_of(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

void append_example(std::string& out, const Example& example) {
  Fields fields(out);
  fields.trace_id("trace_id", example.trace_id);
  fields.span_id("span_id", example.span_id);
  fields.time("start_ns", example.start);
  fields.text("text", example.text);
  fields.integer("times", static_cast<std::int64_t>(example.times));
  fields.flag("failed", example.failed);
  fields.close();
}

void append_topic(std::string& out, const Topic& topic, const Report& report) {
  Fields fields(out);
  const auto append_text = [](std::string& to, const std::string& text) {
    codec::append_json_string(to, text);
  };
  append_array(fields.key("phrases"), topic.phrases, append_text);
  codec::append_json_number(fields.key("share"), share_of(topic.now.sums.calls, report.looked_at));
  codec::append_json_number(fields.key("share_before"),
                            share_of(topic.before.sums.calls, report.looked_at_before));
  fields.text("trend", name_of(topic.trend));
  append_figures(fields.key("now"), topic.now, topic.judged_now);
  append_figures(fields.key("before"), topic.before, topic.judged_before);
  append_array(fields.key("examples"), topic.examples, append_example);
  append_array(fields.key("span_ids"), topic.spans,
               [](std::string& to, SpanId id) { codec::append_json_string(to, to_decimal(id)); });
  fields.close();
}

void append_report(Fields& fields, const Report& report) {
  fields.integer("calls", static_cast<std::int64_t>(report.calls));
  fields.integer("calls_before", static_cast<std::int64_t>(report.calls_before));
  fields.integer("looked_at", static_cast<std::int64_t>(report.looked_at));
  fields.integer("looked_at_before", static_cast<std::int64_t>(report.looked_at_before));
  fields.integer("without_text", static_cast<std::int64_t>(report.without_text));
  fields.text("method", report.by_model ? "embeddings" : "words");
  fields.text_or_null("embedding_problem", report.model_problem);
  const auto append = [&](std::string& out, const Topic& topic) {
    append_topic(out, topic, report);
  };
  append_array(fields.key("topics"), report.topics, append);
  append_topic(fields.key("others"), report.others, report);
}

}  // namespace

Answer get_patterns(ApiPtr api, net::Request request, std::string) {
  auto asked = co_await asked_periods(api, std::move(request));
  if (asked.refused) co_return *std::move(asked.refused);
  const insight::Periods& periods = asked.periods;
  auto answer = api->topics.ask(key_of_question(asked.parameters), periods);
  if (!answer) co_return problem(answer.error());
  std::string body;
  Fields fields(body);
  fields.text("state", answer->report ? "done" : "running");
  codec::append_json_number(fields.key("progress"), answer->report ? 1.0 : answer->progress);
  append_times(fields, answer->periods);
  if (answer->report) append_report(fields, *answer->report);
  fields.close();
  co_return json_answer(std::move(body));
}

}  // namespace catalejo::api
