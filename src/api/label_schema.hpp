// What the people who review a queue are asked, and what they answer: read from a client's JSON or
// from what is kept, checked, and written as Datadog's client reads it. `multiple`, `step` and
// `evaluation` are ours. For this folder only.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "codec/json_dom.hpp"

namespace catalejo::api {

enum class LabelType { score, categorical, boolean, text };
std::string_view label_type_name(LabelType type);

struct Label {
  std::string id, name, description;
  LabelType type = LabelType::text;
  bool is_required = false, has_assessment = false, has_reasoning = false;
  bool is_assessment = false;  // of a boolean: true says pass
  bool is_integer = false;
  std::optional<double> min, max, step;
  std::vector<std::string> values;  // of a categorical
  bool multiple = false;            // any number of them
  std::string evaluation;           // of the evaluator it is compared with; empty: of its own name
};
using Labels = std::vector<Label>;

// {"label_schemas":[…]}. A label without an id that has the name of one of `known` is that one.
Result<Labels> read_labels(codec::dom::element schema, const Labels& known);
// What append_labels() wrote.
Labels parse_labels(std::string text);
void append_labels(std::string& out, const Labels& labels);
// Whether an answer to the one answers the other: names of evaluators and hints may differ.
bool ask_the_same(const Labels& one, const Labels& other);

struct LabelValue {
  std::string label_id, name;
  LabelType type = LabelType::text;
  std::variant<bool, double, std::string, std::vector<std::string>> value;
  std::string assessment, reasoning;
};
using LabelValues = std::vector<LabelValue>;

// One answer: [{"label_schema_id" or "name","value","assessment","reasoning"}], in any order; comes
// back in the order of the labels. Every required label has a value.
Result<LabelValues> read_values(codec::dom::element values, const Labels& labels);
// What append_values() wrote.
LabelValues parse_values(std::string text);
void append_values(std::string& out, const LabelValues& values);
void append_value(std::string& out, const LabelValue& value);  // only the value, as JSON
std::string value_text(const LabelValue& value);               // without quotes

}  // namespace catalejo::api
