#include "app/evaluate.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <deque>
#include <fstream>
#include <iostream>
#include <memory>

#include "app/exit_code.hpp"
#include "base/hash.hpp"
#include "base/ids.hpp"
#include "codec/json_writer.hpp"
#include "evaluate/engine/verdict_json.hpp"
#include "evaluate/registry.hpp"
#include "evaluate/subject_reader.hpp"
#include "evaluate/whole.hpp"

namespace catalejo::app {
namespace {

using simdjson::dom::element;
using simdjson::dom::object;

constexpr auto kFound = simdjson::SUCCESS;

// A line as a stored span. Its texts live as long as this and the line's tree.
class SpanOfLine {
 public:
  explicit SpanOfLine(const object& line) {
    row_.half = 1;
    row_.kind = text(line, "kind", "llm");
    row_.name = text(line, "name", "");
    row_.service = text(line, "service", "");
    row_.env = text(line, "env", "");
    row_.ml_app = text(line, "ml_app", "");
    row_.session_id = text(line, "session_id", "");
    read_model(line);
    row_.trace_id = parse_trace_id(text(line, "trace_id", "")).value_or(TraceId{});
    row_.span_id = parse_span_id(text(line, "span_id", "")).value_or(SpanId{});
    row_.input = io(line, "input");
    row_.output = io(line, "output");
    read_metadata(line);
    read_extra(line);
    read_error(line);
    read_maps(line);
    std::int64_t duration = 0;
    if (line["duration_ns"].get(duration) == kFound) row_.duration_ns = duration;
  }
  const query::SpanRow& row() const { return row_; }

 private:
  static std::string_view text(const object& from, std::string_view key,
                               std::string_view otherwise) {
    std::string_view found;
    return from[key].get(found) == kFound ? found : otherwise;
  }
  std::string_view keep(std::string made) { return made_.emplace_back(std::move(made)); }

  void read_model(const object& line) {
    object model;
    row_.model = text(line, "model", "");
    if (line["model"].get(model) == kFound) {  // as the API has it
      row_.model = text(model, "name", "");
      row_.deployment = text(model, "deployment", "");
    }
  }
  // A plain text is what a span without messages has.
  std::string_view io(const object& line, std::string_view key) {
    element value;
    if (line[key].get(value) != kFound || value.is_null()) return {};
    std::string_view plain;
    if (value.get(plain) == kFound) return keep("{\"value\":" + codec::json_quoted(plain) + "}");
    if (value.is_array()) return keep("{\"messages\":" + simdjson::minify(value) + "}");
    return keep(simdjson::minify(value));
  }
  void read_metadata(const object& line) {
    std::string json;
    codec::JsonObjectWriter writer(json);
    object metadata;
    if (line["metadata"].get(metadata) == kFound) {
      for (const auto& [key, value] : metadata) writer.key(key) += simdjson::minify(value);
    }
    element value;
    for (const std::string_view key : {"finish_reason", "response_format"})
      if (line[key].get(value) == kFound) writer.key(key) += simdjson::minify(value);
    writer.close();
    row_.metadata = keep(std::move(json));
  }
  void read_extra(const object& line) {
    element value;
    if (line["extra"].get(value) == kFound && value.is_object())
      row_.extra = keep(simdjson::minify(value));
    if (line["tool_definitions"].get(value) == kFound)
      row_.extra = keep("{\"tool_definitions\":" + simdjson::minify(value) + "}");
  }
  void read_error(const object& line) {
    object error;
    if (line["error"].get(error) == kFound) {
      row_.error = true;
      row_.error_type = text(error, "type", "");
      row_.error_message = text(error, "message", "");
    }
    if (text(line, "status", "") == "error") row_.error = true;
  }
  void read_maps(const object& line) {
    object fields;
    if (line["tags"].get(fields) == kFound) {
      for (const auto& [key, value] : fields)
        if (std::string_view tag; value.get(tag) == kFound) row_.tags.emplace_back(key, tag);
    }
    if (line["metrics"].get(fields) == kFound) {
      for (const auto& [key, value] : fields)
        if (double number = 0; value.get(number) == kFound) row_.metrics.emplace_back(key, number);
    }
  }

  query::SpanRow row_;
  std::deque<std::string> made_;
};

// A line with `turns` or `steps` as a whole session or trace. Its texts live as long as the line's
// tree.
class WholeOfLine {
 public:
  explicit WholeOfLine(const object& line) {
    simdjson::dom::array items;
    if (line["turns"].get(items) == kFound)
      for (const element item : items) add_turn(item);
    if (line["steps"].get(items) == kFound)
      for (const element item : items) add_step(item);
  }
  static bool fits(const object& line) {
    return line["turns"].is_array() || line["steps"].is_array();
  }
  evaluate::Whole whole(evaluate::Scope scope) const {
    return {.scope = scope, .steps = steps_, .turns = turns_};
  }

 private:
  static std::string_view text(const object& from, std::string_view key) {
    std::string_view found;
    return from[key].get(found) == kFound ? found : std::string_view();
  }
  static bool flag(const object& from, std::string_view key) {
    bool found = false;
    return from[key].get(found) == kFound && found;
  }
  static std::uint64_t hash_of(const object& from, std::string_view key) {
    element value;
    return from[key].get(value) == kFound ? hash128(simdjson::minify(value)).high | 1 : 0;
  }

  void add_turn(element item) {
    object fields;
    if (item.get(fields) != kFound) return;
    turns_.push_back({.user = text(fields, "user"),
                      .assistant = text(fields, "assistant"),
                      .error = flag(fields, "error"),
                      .tool_failed = flag(fields, "tool_failed")});
  }
  void add_step(element item) {
    object fields;
    if (item.get(fields) != kFound) return;
    steps_.push_back({.kind = text(fields, "kind"),
                      .name = text(fields, "name"),
                      .error = flag(fields, "error"),
                      .input_hash = hash_of(fields, "input"),
                      .output_hash = hash_of(fields, "output")});
  }

  std::vector<evaluate::Turn> turns_;
  std::vector<evaluate::Step> steps_;
};

int refused(const std::string& message) {
  fmt::print(stderr, "catalejo: {}\n", message);
  return exit_failed;
}

void print_list() {
  for (const evaluate::Evaluator* each : evaluate::evaluators())
    fmt::print("{} {}\n", each->id(), each->version());
}

class Judge {
 public:
  explicit Judge(std::vector<const evaluate::Evaluator*> evaluators)
      : evaluators_(std::move(evaluators)) {}

  // The verdicts of a line as a line; of one that is no JSON, the error.
  std::string judge(const std::string& line, std::size_t number) {
    std::string out;
    codec::JsonObjectWriter fields(out);
    codec::append_json_number(fields.key("line"), static_cast<std::uint64_t>(number));
    object read;
    if (const auto error = parser_.parse(line).get(read)) {
      fields.text("error", simdjson::error_message(error));
      ++bad_lines_;
    } else {
      if (element id; read["id"].get(id) == kFound) fields.key("id") += simdjson::minify(id);
      std::string& list = fields.key("verdicts");
      list += '[';
      WholeOfLine::fits(read) ? judge_whole(list, read) : judge_span(list, read);
      list += ']';
    }
    fields.close();
    return out;
  }
  std::size_t bad_lines() const { return bad_lines_; }

 private:
  void judge_span(std::string& list, const object& line) {
    const SpanOfLine span(line);
    const evaluate::Subject& subject = reader_.read(span.row());
    for (const evaluate::Evaluator* each : evaluators_) {
      verdicts_.clear();
      each->judge(subject, verdicts_);
      append(list, *each);
    }
  }
  void judge_whole(std::string& list, const object& line) {
    const WholeOfLine whole(line);
    for (const evaluate::Evaluator* each : evaluators_) {
      const evaluate::WholeEvaluator* evaluator = evaluate::as_whole(*each);
      if (evaluator == nullptr) continue;
      verdicts_.clear();
      evaluator->judge_whole(whole.whole(each->scope()), verdicts_);
      append(list, *each);
    }
  }
  void append(std::string& list, const evaluate::Evaluator& evaluator) {
    for (const evaluate::Verdict& verdict : verdicts_) {
      if (list.back() != '[') list += ',';
      evaluate::append_verdict(list, evaluator, verdict);
    }
  }

  std::vector<const evaluate::Evaluator*> evaluators_;
  simdjson::dom::parser parser_;
  evaluate::SubjectReader reader_;
  std::vector<evaluate::Verdict> verdicts_;
  std::size_t bad_lines_ = 0;
};

}  // namespace

int evaluate_file(const EvaluateOptions& options) {
  if (options.list) {
    print_list();
    return exit_ok;
  }
  std::vector<const evaluate::Evaluator*> chosen;
  for (const std::string& id : options.only) {
    chosen.push_back(evaluate::find_evaluator(id));
    if (chosen.back() == nullptr)
      return refused(fmt::format("there is no evaluator {}; see catalejo evaluate --list", id));
  }
  std::unique_ptr<const evaluate::Evaluator> configured;
  if (!options.options.empty()) {
    if (chosen.size() != 1) return refused("--options are those of one --evaluator");
    auto made = chosen[0]->configured(options.options);
    if (!made) return refused(fmt::format("{}: {}", made.error().where, made.error().message));
    configured = *std::move(made);
    chosen = {configured.get()};
  }
  if (chosen.empty()) chosen = evaluate::evaluators();
  std::ifstream file;
  if (options.file != "-") file.open(options.file);
  std::istream& lines = options.file == "-" ? std::cin : file;
  if (!lines) return refused("cannot read " + options.file);
  Judge judge(std::move(chosen));
  std::string line;
  for (std::size_t number = 1; std::getline(lines, line); ++number) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    fmt::print("{}\n", judge.judge(line, number));
  }
  return judge.bad_lines() == 0
             ? exit_ok
             : refused(fmt::format("{} lines are no JSON objects", judge.bad_lines()));
}

}  // namespace catalejo::app
