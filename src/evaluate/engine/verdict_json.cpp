#include "evaluate/engine/verdict_json.hpp"

#include "codec/json_writer.hpp"
#include "evaluate/registry.hpp"

namespace catalejo::evaluate {
namespace {

// A text full of findings says enough with these.
constexpr std::size_t kFindingsMax = 32;

}  // namespace

void append_findings(std::string& out, const std::vector<Finding>& findings) {
  out += '[';
  for (std::size_t i = 0; i < findings.size() && i < kFindingsMax; ++i) {
    if (i > 0) out += ',';
    codec::JsonObjectWriter fields(out);
    fields.text("side", findings[i].side == Side::input ? "input" : "output");
    for (const auto& [name, number] : {std::pair{"message", findings[i].message},
                                       {"begin", findings[i].begin},
                                       {"end", findings[i].end}})
      codec::append_json_number(fields.key(name), static_cast<std::uint64_t>(number));
    fields.text("rule", findings[i].rule);
    fields.close();
  }
  out += ']';
}

void append_value(std::string& out, const Verdict& verdict) {
  switch (verdict.type) {
    case model::MetricType::categorical:
    case model::MetricType::text:
      return codec::append_json_string(out, verdict.text);
    case model::MetricType::boolean:
      out += verdict.score != 0 ? "true" : "false";
      return;
    case model::MetricType::score:
      return codec::append_json_number(out, verdict.score);
    case model::MetricType::json:
      out += verdict.text;
  }
}

void append_verdict(std::string& out, const Evaluator& evaluator, const Verdict& verdict) {
  codec::JsonObjectWriter fields(out);
  fields.text("evaluator", evaluator.id());
  codec::append_json_number(fields.key("version"), static_cast<std::uint64_t>(evaluator.version()));
  fields.text("label", verdict.label);
  fields.text("type", model::metric_type_name(verdict.type));
  append_value(fields.key("value"), verdict);
  fields.text("assessment", assessment_name(verdict.assessment));
  fields.text("reasoning", verdict.reasoning);
  append_findings(fields.key("findings"), verdict.findings);
  fields.close();
}

}  // namespace catalejo::evaluate
