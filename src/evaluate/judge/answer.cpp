#include "evaluate/judge/answer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "codec/json_dom.hpp"
#include "codec/utf8.hpp"
#include "evaluate/quality/json_schema.hpp"

namespace catalejo::evaluate::judge {
namespace {

namespace dom = codec::dom;

constexpr std::size_t kReasoningBytesMax = 4'000;

Error no_verdict(std::string why, std::string_view kind = "answer") {
  return {Code::bad_request, std::move(why), std::string(kind)};
}

using Field = simdjson::simdjson_result<dom::element>;

std::string_view text_of(const Field& field) {
  return field.error() == simdjson::SUCCESS ? codec::text_or_empty(field.value_unsafe()) : "";
}

std::int64_t count_of(const Field& field) {
  std::int64_t count = 0;
  return field.get(count) == simdjson::SUCCESS ? count : 0;
}

// The text the model wrote, or why there is none.
Result<std::string_view> content_of(dom::element root) {
  dom::element choice;
  if (root["choices"].at(0).get(choice) != simdjson::SUCCESS)
    return no_verdict("the deployment answered something else than a chat completion");
  const std::string_view finish = text_of(choice["finish_reason"]);
  const std::string_view refusal = text_of(choice["message"]["refusal"]);
  const std::string_view content = text_of(choice["message"]["content"]);
  if (finish == "content_filter")
    return no_verdict("the deployment's content filter stopped the judge", "content_filter");
  if (finish == "length")
    return no_verdict(
        "the judge was cut off: raise output_tokens_max, or choose a model that reasons less",
        "cut");
  if (!refusal.empty())
    return no_verdict(fmt::format("the judge refused: {}", codec::utf8_prefix(refusal, 300)),
                      "refused");
  if (content.empty()) return no_verdict("the judge said nothing");
  return content;
}

Result<void> read_boolean(dom::element value, Verdict& verdict) {
  bool said = false;
  if (value.get(said) != simdjson::SUCCESS) return no_verdict("the judge's value is no boolean");
  verdict.type = model::MetricType::boolean;
  verdict.score = said ? 1 : 0;
  verdict.text = said ? "true" : "false";
  return {};
}

Result<void> read_score(dom::element value, const Definition& definition, Verdict& verdict) {
  double score = 0;
  if (value.get(score) != simdjson::SUCCESS || !std::isfinite(score))
    return no_verdict("the judge's value is no number");
  if (score < definition.score_min || score > definition.score_max)
    return no_verdict(fmt::format("the judge's score {} is not from {} to {}", score,
                                  definition.score_min, definition.score_max));
  verdict.type = model::MetricType::score;
  verdict.score = score;
  return {};
}

Result<void> read_category(dom::element value, const Definition& definition, Verdict& verdict) {
  std::string_view said;
  if (value.get(said) != simdjson::SUCCESS ||
      std::ranges::find(definition.categories, said) == definition.categories.end())
    return no_verdict("the judge's value is none of the categories");
  verdict.type = model::MetricType::categorical;
  verdict.text = said;
  return {};
}

// Whether the deployment holds the model to a schema of the user's is its own affair.
Result<void> read_json(dom::element value, const Definition& definition, Verdict& verdict) {
  codec::JsonDocument schema;
  std::string text = definition.schema_json;
  CATALEJO_TRY(schema.parse(text));
  if (const auto violation = schema_violation(codec::root(schema), value))
    return no_verdict("the judge's value is not what the schema says: " + *violation);
  verdict.type = model::MetricType::json;
  codec::append_json(verdict.text, value);
  return {};
}

Result<void> read_value(dom::element value, const Definition& definition, Verdict& verdict) {
  switch (definition.output) {
    case OutputType::boolean:
      return read_boolean(value, verdict);
    case OutputType::score:
      return read_score(value, definition, verdict);
    case OutputType::categorical:
      return read_category(value, definition, verdict);
    case OutputType::json:
      break;
  }
  return read_json(value, definition, verdict);
}

Assessment assess(const Definition& definition, const Verdict& verdict) {
  const Criteria& criteria = definition.criteria;
  if (!criteria.any()) return Assessment::none;
  bool passes = true;
  if (definition.output == OutputType::score)
    passes = verdict.score >= criteria.score_min.value_or(definition.score_min) &&
             verdict.score <= criteria.score_max.value_or(definition.score_max);
  else
    passes = std::ranges::find(criteria.pass_values, verdict.text) != criteria.pass_values.end();
  return passes ? Assessment::pass : Assessment::fail;
}

void read_usage(dom::element root, Answer& answer) {
  answer.model = text_of(root["model"]);
  answer.input_tokens = std::max<std::int64_t>(0, count_of(root["usage"]["prompt_tokens"]));
  answer.output_tokens = std::max<std::int64_t>(0, count_of(root["usage"]["completion_tokens"]));
}

// {"reasoning":…,"value":…}, each once and nothing else.
Result<Verdict> read_said(const Definition& definition, std::string said) {
  codec::JsonDocument document;
  dom::object fields;
  if (!document.parse(said) || codec::root(document).get(fields) != simdjson::SUCCESS)
    return no_verdict(
        "the judge did not answer in the form asked for; does the model know structured output?");
  std::optional<dom::element> value, reasoning;
  for (const dom::key_value_pair field : fields) {
    auto& place = field.key == "value" ? value : reasoning;
    if ((field.key != "value" && field.key != "reasoning") || place)
      return no_verdict("the judge's answer has a field too many");
    place = field.value;
  }
  if (!value) return no_verdict("the judge's answer has no value");
  Verdict verdict;
  verdict.label = definition.label;
  CATALEJO_TRY(read_value(*value, definition, verdict));
  if (reasoning)
    verdict.reasoning = codec::utf8_prefix(codec::text_or_empty(*reasoning), kReasoningBytesMax);
  verdict.assessment = assess(definition, verdict);
  return verdict;
}

}  // namespace

Answer read_answer(const Definition& definition, std::string_view body) {
  Answer answer{.verdict =
                    no_verdict("the deployment answered something else than a chat completion")};
  codec::JsonDocument envelope;
  std::string text(body);
  if (!envelope.parse(text)) return answer;
  read_usage(codec::root(envelope), answer);
  auto content = content_of(codec::root(envelope));
  if (!content) {
    answer.verdict = content.error();
    return answer;
  }
  answer.said = *content;
  answer.verdict = read_said(definition, answer.said);
  return answer;
}

}  // namespace catalejo::evaluate::judge
