#include "evaluate/experiments/checks.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include "base/time.hpp"
#include "codec/json_dom.hpp"
#include "codec/json_writer.hpp"
#include "evaluate/experiments/record_prompt.hpp"
#include "evaluate/text/sentences.hpp"

namespace catalejo::evaluate::experiments {
namespace {

namespace dom = codec::dom;

struct Said {
  bool passes = false;
  std::string reason;  // why not
};

bool equal(dom::element one, dom::element other);

// Where a name occurs twice, the last one holds.
bool equal(dom::object one, dom::object other) {
  std::map<std::string_view, dom::element> left, right;
  for (const dom::key_value_pair field : one) left.insert_or_assign(field.key, field.value);
  for (const dom::key_value_pair field : other) right.insert_or_assign(field.key, field.value);
  return std::ranges::equal(left, right, [](const auto& a, const auto& b) {
    return a.first == b.first && equal(a.second, b.second);
  });
}

bool equal(dom::array one, dom::array other) {
  auto a = one.begin(), b = other.begin();
  for (; a != one.end() && b != other.end(); ++a, ++b)
    if (!equal(*a, *b)) return false;
  return !(a != one.end()) && !(b != other.end());
}

// 1 and 1.0 are the same number.
bool equal_numbers(dom::element one, dom::element other) {
  std::int64_t a = 0, b = 0;
  if (one.get(a) == simdjson::SUCCESS && other.get(b) == simdjson::SUCCESS) return a == b;
  std::uint64_t c = 0, d = 0;
  if (one.get(c) == simdjson::SUCCESS && other.get(d) == simdjson::SUCCESS) return c == d;
  double x = 0, y = 0;
  return one.get(x) == simdjson::SUCCESS && other.get(y) == simdjson::SUCCESS && x == y;
}

bool equal(dom::element one, dom::element other) {
  if (one.is_number() && other.is_number()) return equal_numbers(one, other);
  if (one.type() != other.type()) return false;
  if (one.is_object()) return equal(dom::object(one), dom::object(other));
  if (one.is_array()) return equal(dom::array(one), dom::array(other));
  if (one.is_string()) return one.get_string().value_unsafe() == other.get_string().value_unsafe();
  if (one.is_bool()) return one.get_bool().value_unsafe() == other.get_bool().value_unsafe();
  return true;  // null
}

Said exact_match(std::string_view said, std::string_view expected) {
  if (trimmed(said) == trimmed(text_of(expected))) return {true, ""};
  return {false, "The answer is not what was expected."};
}

Said contains(std::string_view said, std::string_view expected) {
  const std::string text = text_of(expected);
  if (trimmed(text).empty()) return {false, "Nothing is expected, which any answer contains."};
  if (said.find(trimmed(text)) != std::string_view::npos) return {true, ""};
  return {false, "What was expected is not in the answer."};
}

// What is expected may be JSON, or the text of one.
Said json_equal(std::string_view said, std::string_view expected) {
  codec::JsonDocument given, wanted;
  std::string answer(said), text = text_of(expected), json(expected);
  if (!given.parse(answer)) return {false, "The answer is no JSON."};
  if (!wanted.parse(text) && !wanted.parse(json)) return {false, "What was expected is no JSON."};
  if (equal(codec::root(given), codec::root(wanted))) return {true, ""};
  return {false, "The answer is another JSON than was expected."};
}

struct Check {
  std::string_view name;
  Said (*judge)(std::string_view said, std::string_view expected);
};
constexpr std::array kChecks = {Check{"exact_match", exact_match}, Check{"contains", contains},
                                Check{"json_equal", json_equal}};
constexpr std::array kNames = {kChecks[0].name, kChecks[1].name, kChecks[2].name};

}  // namespace

std::span<const std::string_view> check_names() {
  return kNames;
}

store::ExperimentScore check_answer(std::string_view name, std::string_view said,
                                    std::string_view expected) {
  store::ExperimentScore score{.label = std::string(name),
                               .type = "boolean",
                               .status = "OK",
                               .source = "custom",
                               .timestamp_ms = now().value / kNanosPerMilli};
  const auto* check = std::ranges::find(kChecks, name, &Check::name);
  if (check == kChecks.end() || expected.empty() || expected == "null") {
    score.status = "ERROR";
    score.error = R"({"type":"expected_output","message":"the record says nothing is expected"})";
    return score;
  }
  const Said verdict = check->judge(said, expected);
  score.value = verdict.passes ? "true" : "false";
  score.score = verdict.passes ? 1 : 0;
  score.assessment = verdict.passes ? "pass" : "fail";
  score.reasoning = verdict.reason;
  return score;
}

}  // namespace catalejo::evaluate::experiments
