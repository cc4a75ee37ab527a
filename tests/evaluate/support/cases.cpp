#include "cases.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <array>
#include <fstream>
#include <stdexcept>
#include <utility>

namespace catalejo::evaluate {
namespace {

namespace dom = simdjson::dom;

struct Key {
  std::string_view name;
  Side side;
  Voice voice;
};
constexpr std::array kKeys = {
    Key{"system", Side::input, Voice::system},
    Key{"document", Side::input, Voice::document},
    Key{"tool_result", Side::input, Voice::tool_result},
    Key{"user", Side::input, Voice::user},
    Key{"assistant", Side::output, Voice::assistant},
};

std::string as_json(dom::element value) {
  return simdjson::minify(value);
}

}  // namespace

Case::Case(std::string_view line, std::string_view where) : where_(where) {
  dom::parser parser;
  dom::element root;
  if (parser.parse(line.data(), line.size()).get(root) != simdjson::SUCCESS)
    throw std::runtime_error(where_ + ": no JSON");
  const auto text_of = [&](std::string_view key) {
    std::string_view text;
    return root[key].get(text) == simdjson::SUCCESS ? std::string(text) : std::string();
  };
  for (const Key& key : kKeys) {
    dom::element value;
    if (root[key.name].get(value) != simdjson::SUCCESS) continue;
    std::string_view text;
    if (value.get(text) == simdjson::SUCCESS)
      texts_.push_back({key.side, key.voice, 0, keep(text), {}});
    dom::array several;
    if (value.get(several) == simdjson::SUCCESS)
      for (dom::element each : several)
        texts_.push_back({key.side,
                          key.voice,
                          static_cast<std::uint32_t>(texts_.size()),
                          keep(each.get_string().value()),
                          {}});
  }
  const auto add_call = [&](dom::element call) {
    dom::element arguments = call["arguments"];
    std::string_view raw;
    const std::string json =
        arguments.get(raw) == simdjson::SUCCESS ? std::string(raw) : as_json(arguments);
    texts_.push_back(
        {Side::output, Voice::tool_call, 0, keep(json), keep(call["name"].get_string().value())});
  };
  dom::element call;
  if (root["tool_call"].get(call) == simdjson::SUCCESS) {
    if (call.is_array())
      for (dom::element each : call.get_array()) add_call(each);
    else
      add_call(call);
  }
  dom::element value;
  if (root["tools"].get(value) == simdjson::SUCCESS) tools_ = as_json(value);
  if (root["response_format"].get(value) == simdjson::SUCCESS) response_format_ = as_json(value);
  finish_reason_ = text_of("finish_reason");
  expect_ = text_of("expect");
}

Subject Case::subject() const {
  Subject subject;
  subject.kind = "llm";
  subject.finish_reason = finish_reason_;
  subject.tool_definitions_json = tools_;
  subject.response_format_json = response_format_;
  subject.texts = texts_;
  return subject;
}

std::deque<Case> read_cases(std::string_view path) {
  std::ifstream file{std::string(path)};
  if (!file) throw std::runtime_error(std::string(path) + ": not there");
  std::deque<Case> cases;
  std::string line;
  for (int number = 1; std::getline(file, line); ++number)
    if (!line.empty() && line[0] != '#')
      cases.emplace_back(line, fmt::format("{}:{}", path, number));
  return cases;
}

std::vector<Verdict> judge(const Evaluator& evaluator, const Subject& subject) {
  std::vector<Verdict> verdicts;
  evaluator.judge(subject, verdicts);
  return verdicts;
}

std::string answer(const Evaluator& evaluator, const Subject& subject) {
  const std::vector<Verdict> verdicts = judge(evaluator, subject);
  if (verdicts.empty()) return "";
  const Verdict& verdict = verdicts.front();
  if (verdict.type == model::MetricType::categorical) return verdict.text;
  if (verdict.type == model::MetricType::boolean) return verdict.score != 0 ? "yes" : "no";
  return fmt::format("{:.2f}", verdict.score);
}

}  // namespace catalejo::evaluate
