#include "api/label_schema.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "api/body.hpp"
#include "api/spans_json.hpp"
#include "base/limits.hpp"
#include "store/queues.hpp"

namespace catalejo::api {
namespace {

constexpr std::array<std::string_view, 4> kTypes = {"score", "categorical", "boolean", "text"};
// A step of 0.1 is no sum of powers of two.
constexpr double kStepSlack = 1e-9;

std::optional<LabelType> type_of(std::string_view name) {
  const auto found = std::ranges::find(kTypes, name);
  if (found == kTypes.end()) return std::nullopt;
  return static_cast<LabelType>(found - kTypes.begin());
}

bool is_name(std::string_view name) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  };
  return !name.empty() && name.size() <= limits::short_name_bytes_max &&
         std::ranges::all_of(name, fits);
}

// False when `name` is none of the texts.
Result<bool> read_label_text(std::string_view name, codec::dom::element value,
                             const std::string& where, Label& label) {
  for (const auto& [key, part] : {std::pair{"id", &label.id},
                                  {"name", &label.name},
                                  {"description", &label.description},
                                  {"evaluation", &label.evaluation}}) {
    if (name != key) continue;
    auto text = read_text(where, value);
    if (!text) return text.error();
    if (text->size() >
        (part == &label.description ? limits::comment_bytes_max : limits::short_name_bytes_max))
      return bad(where, "is too long");
    *part = *std::move(text);
    return true;
  }
  return false;
}

Result<bool> read_label_flag(std::string_view name, codec::dom::element value,
                             const std::string& where, Label& label) {
  for (const auto& [key, part] : {std::pair{"is_required", &label.is_required},
                                  {"has_assessment", &label.has_assessment},
                                  {"has_reasoning", &label.has_reasoning},
                                  {"is_assessment", &label.is_assessment},
                                  {"is_integer", &label.is_integer},
                                  {"multiple", &label.multiple}}) {
    if (name != key) continue;
    if (value.get(*part) != simdjson::SUCCESS) return bad(where, "must be true or false");
    return true;
  }
  return false;
}

Result<bool> read_label_number(std::string_view name, codec::dom::element value,
                               const std::string& where, Label& label) {
  for (const auto& [key, part] :
       {std::pair{"min", &label.min}, {"max", &label.max}, {"step", &label.step}}) {
    if (name != key) continue;
    double number = 0;
    if (value.get(number) != simdjson::SUCCESS || !std::isfinite(number))
      return bad(where, "must be a number");
    *part = number;
    return true;
  }
  return false;
}

// Texts that are not empty, each once.
Result<std::vector<std::string>> read_options(codec::dom::element value, const std::string& where) {
  codec::dom::array items;
  if (value.get(items) != simdjson::SUCCESS || items.size() > limits::label_options_max)
    return bad(where,
               fmt::format("must be an array of at most {} texts", limits::label_options_max));
  std::vector<std::string> options;
  for (const codec::dom::element item : items) {
    std::string text(codec::text_or_empty(item));
    if (text.empty() || text.size() > limits::short_name_bytes_max)
      return bad(where,
                 fmt::format("each must be a text of 1 to {} bytes", limits::short_name_bytes_max));
    if (std::ranges::find(options, text) != options.end()) return bad(where, "has a text twice");
    options.push_back(std::move(text));
  }
  return options;
}

Result<void> read_label_field(std::string_view name, codec::dom::element value,
                              const std::string& where, Label& label) {
  if (value.is_null()) return {};
  if (name == "type") {
    const auto type = type_of(codec::text_or_empty(value));
    if (!type) return bad(where, "must be score, categorical, boolean or text");
    label.type = *type;
    return {};
  }
  if (name == "values") {
    auto options = read_options(value, where);
    if (!options) return options.error();
    label.values = *std::move(options);
    return {};
  }
  for (const auto& read : {read_label_text, read_label_flag, read_label_number}) {
    auto mine = read(name, value, where, label);
    if (!mine) return mine.error();
    if (*mine) return {};
  }
  return bad(where, fmt::format("there is no field '{}' here", name));
}

Result<void> check_label(const Label& label, const std::string& where) {
  if (!is_name(label.name))
    return bad(where + ".name", fmt::format("must be 1 to {} letters, digits, '_' or '-'",
                                            limits::short_name_bytes_max));
  if ((label.type == LabelType::categorical) == label.values.empty())
    return bad(where + ".values", "a categorical label has values, and no other one has");
  if (label.multiple && label.type != LabelType::categorical)
    return bad(where + ".multiple", "only a categorical label may have several values");
  if (label.type != LabelType::score && (label.min || label.max || label.step || label.is_integer))
    return bad(where + ".type", "min, max, step and is_integer are of a score");
  if (label.min && label.max && *label.min >= *label.max)
    return bad(where + ".max", "must be larger than min");
  if (label.step && *label.step <= 0) return bad(where + ".step", "must be above 0");
  if (label.is_assessment && (label.type != LabelType::boolean || !label.has_assessment))
    return bad(where + ".is_assessment", "is of a boolean label that has_assessment");
  if (label.evaluation.find('.') != std::string::npos)
    return bad(where + ".evaluation", "may not contain a dot");
  return {};
}

const Label* find_label(const Labels& labels, std::string_view name, auto part) {
  const auto found = std::ranges::find(labels, name, part);
  return found == labels.end() ? nullptr : &*found;
}

Result<Label> read_label(codec::dom::element value, const std::string& where) {
  codec::dom::object fields;
  if (value.get(fields) != simdjson::SUCCESS) return bad(where, "must be an object");
  Label label;
  bool has_type = false;
  for (const codec::dom::key_value_pair field : fields) {
    has_type = has_type || field.key == "type";
    CATALEJO_TRY(
        read_label_field(field.key, field.value, fmt::format("{}.{}", where, field.key), label));
  }
  if (!has_type) return bad(where + ".type", "type is missing");
  CATALEJO_TRY(check_label(label, where));
  return label;
}

void append_number(Fields& fields, std::string_view name, const std::optional<double>& number) {
  if (number) codec::append_json_number(fields.key(name), *number);
}

void append_label(std::string& out, const Label& label) {
  Fields fields(out);
  fields.text("id", label.id);
  fields.text("name", label.name);
  fields.text("type", label_type_name(label.type));
  if (!label.description.empty()) fields.text("description", label.description);
  fields.flag("is_required", label.is_required);
  fields.flag("has_assessment", label.has_assessment);
  fields.flag("has_reasoning", label.has_reasoning);
  if (label.type == LabelType::boolean) fields.flag("is_assessment", label.is_assessment);
  if (label.type == LabelType::score) {
    fields.flag("is_integer", label.is_integer);
    append_number(fields, "min", label.min);
    append_number(fields, "max", label.max);
    append_number(fields, "step", label.step);
  }
  if (label.type == LabelType::categorical) {
    append_array(fields.key("values"), label.values, codec::append_json_string);
    fields.flag("multiple", label.multiple);
  }
  if (!label.evaluation.empty()) fields.text("evaluation", label.evaluation);
  fields.close();
}

Result<void> read_score(codec::dom::element given, const Label& label, LabelValue& value) {
  double number = 0;
  if (given.get(number) != simdjson::SUCCESS) return bad(label.name, "must be a number");
  if ((label.min && number < *label.min) || (label.max && number > *label.max))
    return bad(label.name, "is out of range");
  if (label.is_integer && number != std::floor(number))
    return bad(label.name, "must be a whole number");
  if (label.step) {
    const double steps = (number - label.min.value_or(0)) / *label.step;
    if (std::abs(steps - std::round(steps)) > kStepSlack * std::max(1.0, std::abs(steps)))
      return bad(label.name, "is between two steps");
  }
  value.value = number;
  return {};
}

Result<void> read_category(codec::dom::element given, const Label& label, LabelValue& value) {
  const auto known = [&](const std::string& text) {
    return std::ranges::find(label.values, text) != label.values.end();
  };
  if (label.multiple && given.is_array()) {
    auto texts = read_options(given, label.name);
    if (!texts) return texts.error();
    if (!std::ranges::all_of(*texts, known)) return bad(label.name, "has a value that it may not");
    // In one order, so that two people who chose the same say the same.
    std::ranges::sort(*texts, {}, [&](const std::string& text) {
      return std::ranges::find(label.values, text) - label.values.begin();
    });
    value.value = *std::move(texts);
    return {};
  }
  std::string text(codec::text_or_empty(given));
  if (!known(text)) return bad(label.name, "must be one of its values");
  if (label.multiple) {
    value.value = std::vector<std::string>{std::move(text)};
  } else {
    value.value = std::move(text);
  }
  return {};
}

Result<void> read_value_of(codec::dom::element given, const Label& label, LabelValue& value) {
  if (label.type == LabelType::score) return read_score(given, label, value);
  if (label.type == LabelType::categorical) return read_category(given, label, value);
  if (label.type == LabelType::boolean) {
    bool truth = false;
    if (given.get(truth) != simdjson::SUCCESS) return bad(label.name, "must be true or false");
    value.value = truth;
    if (label.is_assessment) value.assessment = truth ? "pass" : "fail";
    return {};
  }
  std::string text(codec::text_or_empty(given));
  if (text.empty() || text.size() > limits::comment_bytes_max)
    return bad(label.name,
               fmt::format("must be a text of 1 to {} bytes", limits::comment_bytes_max));
  value.value = std::move(text);
  return {};
}

// Assessment and reasoning, where the label has them.
Result<void> read_beside(codec::dom::object fields, const Label& label, LabelValue& value) {
  codec::dom::element given;
  if (fields["assessment"].get(given) == simdjson::SUCCESS && !given.is_null()) {
    const std::string_view text = codec::text_or_empty(given);
    if (!label.has_assessment || (text != "pass" && text != "fail"))
      return bad(label.name + ".assessment", "must be pass or fail, of a label that has it");
    if (!label.is_assessment) value.assessment = text;
  }
  if (fields["reasoning"].get(given) == simdjson::SUCCESS && !given.is_null()) {
    const std::string_view text = codec::text_or_empty(given);
    if (!given.is_string() || text.size() > limits::comment_bytes_max ||
        (!label.has_reasoning && !text.empty()))
      return bad(label.name + ".reasoning", "must be a text, of a label that has it");
    value.reasoning = text;
  }
  return {};
}

Result<std::optional<LabelValue>> read_label_value(codec::dom::element item, const Labels& labels) {
  codec::dom::object fields;
  if (item.get(fields) != simdjson::SUCCESS) return bad("label_values", "each must be an object");
  codec::dom::element given;
  const Label* label = nullptr;
  if (fields["label_schema_id"].get(given) == simdjson::SUCCESS)
    label = find_label(labels, codec::text_or_empty(given), &Label::id);
  else if (fields["name"].get(given) == simdjson::SUCCESS)
    label = find_label(labels, codec::text_or_empty(given), &Label::name);
  if (label == nullptr) return bad("label_values.label_schema_id", "the queue has no such label");
  if (fields["value"].get(given) != simdjson::SUCCESS || given.is_null())
    return std::optional<LabelValue>();
  LabelValue value{.label_id = label->id,
                   .name = label->name,
                   .type = label->type,
                   .value = {},
                   .assessment = {},
                   .reasoning = {}};
  CATALEJO_TRY(read_value_of(given, *label, value));
  CATALEJO_TRY(read_beside(fields, *label, value));
  return std::optional<LabelValue>(std::move(value));
}

}  // namespace

std::string_view label_type_name(LabelType type) {
  return kTypes[static_cast<std::size_t>(type)];
}

Result<Labels> read_labels(codec::dom::element schema, const Labels& known) {
  codec::dom::array items;
  if (schema["label_schemas"].get(items) != simdjson::SUCCESS ||
      items.size() > limits::queue_labels_max)
    return bad("annotation_schema.label_schemas",
               fmt::format("must be an array of at most {} labels", limits::queue_labels_max));
  Labels labels;
  for (const codec::dom::element item : items) {
    const std::string where = fmt::format("label_schemas[{}]", labels.size());
    auto label = read_label(item, where);
    if (!label) return label.error();
    if (find_label(labels, label->name, &Label::name) != nullptr)
      return bad(where + ".name", "another label has this name");
    if (label->id.empty()) {
      const Label* same = find_label(known, label->name, &Label::name);
      label->id = same != nullptr ? same->id : store::new_label_id();
    }
    if (find_label(labels, label->id, &Label::id) != nullptr)
      return bad(where + ".id", "another label has this id");
    labels.push_back(*std::move(label));
  }
  return labels;
}

Labels parse_labels(std::string text) {
  codec::JsonDocument document;
  codec::dom::array items;
  Labels labels;
  if (!document.parse(text) || codec::root(document).get(items) != simdjson::SUCCESS) return labels;
  for (const codec::dom::element item : items)
    if (auto label = read_label(item, "")) labels.push_back(*std::move(label));
  return labels;
}

void append_labels(std::string& out, const Labels& labels) {
  append_array(out, labels, append_label);
}

bool ask_the_same(const Labels& one, const Labels& other) {
  const auto essence = [](Labels labels) {
    for (Label& label : labels) label.description = label.evaluation = "";
    std::string text;
    append_labels(text, labels);
    return text;
  };
  return essence(one) == essence(other);
}

Result<LabelValues> read_values(codec::dom::element values, const Labels& labels) {
  codec::dom::array items;
  if (values.get(items) != simdjson::SUCCESS) return bad("label_values", "must be an array");
  LabelValues found;
  for (const codec::dom::element item : items) {
    auto value = read_label_value(item, labels);
    if (!value) return value.error();
    if (!*value) continue;
    if (std::ranges::find(found, (*value)->label_id, &LabelValue::label_id) != found.end())
      return bad((*value)->name, "is answered twice");
    found.push_back(**std::move(value));
  }
  LabelValues ordered;
  for (const Label& label : labels) {
    const auto value = std::ranges::find(found, label.id, &LabelValue::label_id);
    if (value != found.end())
      ordered.push_back(std::move(*value));
    else if (label.is_required)
      return bad(label.name, "an answer is required");
  }
  return ordered;
}

LabelValues parse_values(std::string text) {
  codec::JsonDocument document;
  codec::dom::array items;
  LabelValues values;
  if (!document.parse(text) || codec::root(document).get(items) != simdjson::SUCCESS) return values;
  for (const codec::dom::element item : items) {
    LabelValue value;
    for (const auto& [key, part] : {std::pair{"label_schema_id", &value.label_id},
                                    {"name_when_saved", &value.name},
                                    {"assessment", &value.assessment},
                                    {"reasoning", &value.reasoning}}) {
      codec::dom::element given;
      if (item[key].get(given) == simdjson::SUCCESS) *part = codec::text_or_empty(given);
    }
    codec::dom::element given;
    if (item["type"].get(given) == simdjson::SUCCESS)
      value.type = type_of(codec::text_or_empty(given)).value_or(LabelType::text);
    if (item["value"].get(given) != simdjson::SUCCESS) continue;
    bool truth = false;
    double number = 0;
    if (given.get(truth) == simdjson::SUCCESS) {
      value.value = truth;
    } else if (given.get(number) == simdjson::SUCCESS) {
      value.value = number;
    } else if (auto texts = read_options(given, "")) {
      value.value = *std::move(texts);
    } else {
      value.value = std::string(codec::text_or_empty(given));
    }
    values.push_back(std::move(value));
  }
  return values;
}

void append_value(std::string& out, const LabelValue& value) {
  if (const bool* truth = std::get_if<bool>(&value.value)) {
    out += *truth ? "true" : "false";
  } else if (const double* number = std::get_if<double>(&value.value)) {
    codec::append_json_number(out, *number);
  } else if (const auto* text = std::get_if<std::string>(&value.value)) {
    codec::append_json_string(out, *text);
  } else {
    append_array(out, std::get<std::vector<std::string>>(value.value), codec::append_json_string);
  }
}

std::string value_text(const LabelValue& value) {
  if (const auto* text = std::get_if<std::string>(&value.value)) return *text;
  if (const auto* texts = std::get_if<std::vector<std::string>>(&value.value))
    return fmt::format("{}", fmt::join(*texts, "; "));
  if (const double* number = std::get_if<double>(&value.value)) return fmt::format("{}", *number);
  return std::get<bool>(value.value) ? "true" : "false";
}

void append_values(std::string& out, const LabelValues& values) {
  append_array(out, values, [](std::string& to, const LabelValue& value) {
    Fields fields(to);
    fields.text("label_schema_id", value.label_id);
    fields.text("name_when_saved", value.name);
    fields.text("type", label_type_name(value.type));
    append_value(fields.key("value"), value);
    if (!value.assessment.empty()) fields.text("assessment", value.assessment);
    if (!value.reasoning.empty()) fields.text("reasoning", value.reasoning);
    fields.close();
  });
}

}  // namespace catalejo::api
