#include "protocol_case.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <charconv>
#include <fstream>

namespace catalejo::intake {
namespace {

// Words of a line; inside quotes spaces belong to the word and \" \\ \n are escapes.
std::vector<std::string> words_of(const std::string& line) {
  std::vector<std::string> words;
  std::string word;
  bool quoted = false, any = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == '\\' && quoted && i + 1 < line.size()) {
      const char next = line[++i];
      word += next == 'n' ? '\n' : next;
    } else if (c == '"') {
      quoted = !quoted;
      any = true;
    } else if (c == ' ' && !quoted) {
      if (any || !word.empty()) words.push_back(word);
      word.clear();
      any = false;
    } else {
      word += c;
    }
  }
  if (any || !word.empty()) words.push_back(word);
  return words;
}

Fields fields_of(const std::vector<std::string>& words) {
  Fields fields;
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::size_t equals = words[i].find('=');
    EXPECT_NE(equals, std::string::npos) << words[i];
    if (equals != std::string::npos)
      fields.emplace_back(words[i].substr(0, equals), words[i].substr(equals + 1));
  }
  return fields;
}

std::string number(double value) {
  return fmt::format("{}", value);
}

template <typename Entries>
std::string tag(const Entries& entries, std::string_view key) {
  for (const auto& entry : entries)
    if (entry.key == key) return std::string(entry.value);
  return "(none)";
}

std::string metric(const model::Span& span, std::string_view key) {
  for (const model::Metric& entry : span.metrics)
    if (entry.key == key) return number(entry.value);
  return "(none)";
}

std::string flags(std::uint32_t bits) {
  constexpr const char* kNames[] = {"invalid_utf8", "attachment_cut", "text_cut", "dropped_io",
                                    "clock_skew",   "id_from_text",   "tags_cut", "number_text"};
  std::string out;
  for (std::size_t i = 0; i < std::size(kNames); ++i)
    if ((bits >> i & 1) != 0) out += (out.empty() ? "" : ",") + std::string(kNames[i]);
  return out;
}

std::string trace(TraceId id) {
  return id.empty() ? "0" : to_hex(id);
}

using TextField = std::pair<const char*, std::string_view model::Span::*>;
constexpr TextField kSpanTexts[] = {{"name", &model::Span::name},
                                    {"apm_name", &model::Span::apm_name},
                                    {"resource", &model::Span::resource},
                                    {"type", &model::Span::apm_type},
                                    {"kind", &model::Span::kind},
                                    {"service", &model::Span::service},
                                    {"env", &model::Span::env},
                                    {"version", &model::Span::version},
                                    {"ml_app", &model::Span::ml_app},
                                    {"session", &model::Span::session_id},
                                    {"model", &model::Span::model_name},
                                    {"provider", &model::Span::model_provider},
                                    {"deployment", &model::Span::deployment},
                                    {"error.type", &model::Span::error_type},
                                    {"error.message", &model::Span::error_message},
                                    {"error.stack", &model::Span::error_stack},
                                    {"input", &model::Span::input_json},
                                    {"output", &model::Span::output_json},
                                    {"metadata", &model::Span::metadata_json},
                                    {"extra", &model::Span::extra_json},
                                    {"source", &model::Span::source}};

}  // namespace

std::vector<ProtocolCase> read_protocol_file(const std::string& path) {
  std::vector<ProtocolCase> cases;
  std::string listener = "agent", line;
  std::ifstream file(path);
  EXPECT_TRUE(file) << path;
  for (int number = 1; std::getline(file, line); ++number) {
    const std::vector<std::string> words = words_of(line);
    if (words.empty() || words[0][0] == '#') continue;
    if (words[0] == "listener" && words.size() == 2) {
      listener = words[1];
    } else if (words.size() == 4 && words[2] == "<") {
      cases.push_back({.where = fmt::format("{}:{}", path, number),
                       .listener = listener,
                       .method = words[0],
                       .path = words[1],
                       .capture = words[3]});
    } else if (!cases.empty() && words.size() == 1) {
      std::from_chars(line.data(), line.data() + line.size(), cases.back().status);
    } else if (!cases.empty() && words[0] == "counts") {
      cases.back().counts = fields_of(words);
    } else if (!cases.empty() && words[0] == "span") {
      cases.back().spans.push_back(fields_of(words));
    } else if (!cases.empty() && words[0] == "evaluation") {
      cases.back().evaluations.push_back(fields_of(words));
    } else {
      ADD_FAILURE() << path << ":" << number << ": not understood: " << line;
    }
  }
  return cases;
}

std::string field_of(const model::Span& span, const std::string& name) {
  for (const auto& [text_name, member] : kSpanTexts)
    if (name == text_name) return std::string(span.*member);
  if (name == "halves")
    return span.halves == model::Halves::both  ? "both"
           : span.halves == model::Halves::llm ? "llm"
                                               : "apm";
  if (name == "status") return span.error ? "error" : "ok";
  if (name == "trace") return trace(span.trace_id);
  if (name == "apm_trace") return trace(span.apm_trace_id);
  if (name == "span") return to_decimal(span.span_id);
  if (name == "parent") return to_decimal(span.parent_id);
  if (name == "apm_parent") return to_decimal(span.apm_parent_id);
  if (name == "start") return fmt::format("{}", span.start.value);
  if (name == "duration") return fmt::format("{}", span.duration_ns);
  if (name == "tokens.in") return metric(span, "input_tokens");
  if (name == "tokens.out") return metric(span, "output_tokens");
  if (name == "flags") return flags(span.flags);
  if (name == "tags") return fmt::format("{}", span.tags.size());
  if (name == "metrics") return fmt::format("{}", span.metrics.size());
  if (name.starts_with("tags.")) return tag(span.tags, name.substr(5));
  if (name.starts_with("metrics.")) return metric(span, name.substr(8));
  return "?";
}

std::string field_of(const model::Evaluation& e, const std::string& name) {
  if (name == "label") return std::string(e.label);
  if (name == "type") return std::string(model::metric_type_name(e.type));
  if (name == "score") return number(e.score);
  if (name == "text") return std::string(e.text);
  if (name == "assessment") return std::string(e.assessment);
  if (name == "reasoning") return std::string(e.reasoning);
  if (name == "metadata") return std::string(e.metadata_json);
  if (name == "submitter") return std::string(e.submitter);
  if (name == "event_kind") return std::string(e.event_kind);
  if (name == "scope") return std::string(e.scope);
  if (name == "session") return std::string(e.session_id);
  if (name == "ml_app") return std::string(e.ml_app);
  if (name == "join") return std::string(e.join_key) + ":" + std::string(e.join_value);
  if (name == "trace") return trace(e.trace_id);
  if (name == "span") return to_decimal(e.span_id);
  if (name == "timestamp") return fmt::format("{}", e.timestamp.value);
  if (name == "flags") return flags(e.flags);
  if (name.starts_with("tags.")) return tag(e.tags, name.substr(5));
  return "?";
}

std::string field_of(const model::Batch& batch, const std::string& name) {
  const auto rejected = [](const model::Rejections& rejections, const std::string& reason) {
    const auto found = rejections.find(reason);
    return fmt::format("{}", found == rejections.end() ? 0 : found->second);
  };
  if (name == "received") return fmt::format("{}", batch.spans_received);
  if (name == "sampled_out") return fmt::format("{}", batch.spans_sampled_out);
  if (name == "evaluations") return fmt::format("{}", batch.evaluations_received);
  if (name.starts_with("rejected.")) return rejected(batch.spans_rejected, name.substr(9));
  if (name.starts_with("refused.")) return rejected(batch.evaluations_rejected, name.substr(8));
  return "?";
}

std::string quoted(const std::string& value) {
  if (!value.empty() && value.find_first_of(" \"\\\n") == std::string::npos) return value;
  std::string out = "\"";
  for (char c : value) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '\n') {
      out += "\\n";
    } else {
      out += c;
    }
  }
  return out + "\"";
}

}  // namespace catalejo::intake
