#include "evaluate/quality/validity.hpp"

#include <fmt/format.h>

#include "evaluate/quality/json_schema.hpp"
#include "evaluate/text/fold.hpp"
#include "evaluate/text/sentences.hpp"
#include "evaluate/text/voices.hpp"

namespace catalejo::evaluate {
namespace {

namespace dom = codec::dom;

bool read(dom::parser& parser, std::string_view text, dom::element& root) {
  return parser.parse(text.data(), text.size()).get(root) == simdjson::SUCCESS;
}

// Of {"type":"json_schema","json_schema":{"schema":…}} and of the Responses API's flat form.
bool schema_of(dom::element format, dom::element& schema) {
  return format["json_schema"]["schema"].get(schema) == simdjson::SUCCESS ||
         format["schema"].get(schema) == simdjson::SUCCESS;
}

std::optional<std::string> judge_format(dom::element format, std::string_view answer) {
  dom::parser parser;
  dom::element value, schema;
  if (!read(parser, answer, value)) return "The answer is no JSON";
  if (schema_of(format, schema)) {
    if (const auto violation = schema_violation(schema, value))
      return fmt::format("The answer breaks its schema: {}", *violation);
  } else if (!value.is_object()) {
    return "The answer is JSON, but no object";
  }
  return {};
}

bool wants_json(std::string_view format_json, dom::parser& parser, dom::element& format) {
  std::string_view type;
  return !format_json.empty() && read(parser, format_json, format) &&
         format["type"].get(type) == simdjson::SUCCESS &&
         (type == "json_object" || type == "json_schema");
}

struct Tools {
  dom::parser parser;
  dom::array declared;
  bool known = false;
};

void read_tools(std::string_view json, Tools& tools) {
  dom::element root;
  tools.known = !json.empty() && read(tools.parser, json, root) &&
                root.get(tools.declared) == simdjson::SUCCESS && tools.declared.size() > 0;
}

std::string_view name_of(dom::element tool) {
  std::string_view name;
  if (tool["function"]["name"].get(name) == simdjson::SUCCESS ||
      tool["name"].get(name) == simdjson::SUCCESS)
    return name;
  return {};
}

// OpenAI nests it in "function", the LLM Observability events call it "schema".
bool parameters_of(dom::element tool, dom::element& schema) {
  return tool["function"]["parameters"].get(schema) == simdjson::SUCCESS ||
         tool["parameters"].get(schema) == simdjson::SUCCESS ||
         tool["input_schema"].get(schema) == simdjson::SUCCESS ||
         tool["schema"].get(schema) == simdjson::SUCCESS;
}

bool find_tool(const Tools& tools, std::string_view name, dom::element& found) {
  for (dom::element each : tools.declared)
    if (name_of(each) == name) {
      found = each;
      return true;
    }
  return false;
}

std::optional<std::string> judge_call(dom::element tool, const Text& call) {
  dom::parser parser;
  dom::element arguments, schema;
  const std::string_view json = call.text.empty() ? std::string_view("{}") : call.text;
  if (!read(parser, json, arguments))
    return fmt::format("The arguments of {} are no JSON", call.name);
  if (!arguments.is_object()) return fmt::format("The arguments of {} are no object", call.name);
  if (!parameters_of(tool, schema)) return {};
  if (const auto violation = schema_violation(schema, arguments))
    return fmt::format("The arguments of {} break its schema: {}", call.name, *violation);
  return {};
}

// Judged text by text: the first problem is told, every text that has one is found.
struct Judged {
  bool any = false;
  std::optional<std::string> problem = {};
  std::vector<Finding> findings = {};

  void add(const Text& text, std::optional<std::string> here, std::string_view rule) {
    any = true;
    if (!here) return;
    const auto end = static_cast<std::uint32_t>(text.text.size());
    findings.push_back({text.side, text.message, 0, end, rule});
    if (!problem) problem = std::move(here);
  }

  void tell(std::string_view label, std::string_view good, std::vector<Verdict>& verdicts) && {
    if (!any) return;
    Verdict verdict{.label = label, .score = problem ? 1.0 : 0.0};
    verdict.assessment = problem ? Assessment::fail : Assessment::pass;
    verdict.reasoning = problem ? *problem + "." : std::string(good);
    verdict.findings = std::move(findings);
    verdicts.push_back(std::move(verdict));
  }
};

}  // namespace

void InvalidJson::judge(const Subject& subject, std::vector<Verdict>& verdicts) const {
  dom::parser parser;
  dom::element format;
  const bool asked = wants_json(subject.response_format_json, parser, format);
  Judged judged;
  for (const Text& text : subject.texts) {
    if (text.side != Side::output || text.voice != Voice::assistant || text.text.empty()) continue;
    if (asked) {
      judged.add(text, judge_format(format, text.text), id());
      continue;
    }
    bool any = false;
    std::optional<std::string> here;
    for (const Fence& fence : fences(text.text)) {
      if (fold(fence.language).text != "json") continue;
      any = true;
      dom::parser block;
      dom::element value;
      if (!read(block, fence.body, value)) here = "A block marked as JSON is none";
    }
    if (any) judged.add(text, std::move(here), id());
  }
  std::move(judged).tell(id(), "The JSON is valid.", verdicts);
}

void WrongTool::judge(const Subject& subject, std::vector<Verdict>& verdicts) const {
  Tools tools;
  read_tools(subject.tool_definitions_json, tools);
  if (!tools.known) return;
  Judged judged;
  for (const Text& text : subject.texts) {
    if (text.side != Side::output || text.voice != Voice::tool_call) continue;
    std::optional<std::string> here;
    dom::element tool;
    if (!find_tool(tools, text.name, tool))
      here = fmt::format("The tool \"{}\" is not declared", text.name);
    judged.add(text, std::move(here), "undeclared_tool");
  }
  std::move(judged).tell(id(), "Every tool called is declared.", verdicts);
}

void ToolArguments::judge(const Subject& subject, std::vector<Verdict>& verdicts) const {
  Tools tools;
  read_tools(subject.tool_definitions_json, tools);
  if (!tools.known) return;
  Judged judged;
  for (const Text& text : subject.texts) {
    dom::element tool;
    if (text.side != Side::output || text.voice != Voice::tool_call ||
        !find_tool(tools, text.name, tool))
      continue;
    judged.add(text, judge_call(tool, text), "tool_arguments");
  }
  std::move(judged).tell(id(), "The arguments are valid.", verdicts);
}

}  // namespace catalejo::evaluate
