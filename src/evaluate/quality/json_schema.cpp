#include "evaluate/quality/json_schema.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace catalejo::evaluate {
namespace {

namespace dom = codec::dom;

using Violation = std::optional<std::string>;

// A schema may refer to itself; so many steps are taken for one value, in all.
constexpr int kStepsMax = 20'000;
constexpr int kDepthMax = 64;

class Validator {
 public:
  explicit Validator(dom::element root) : root_(root) {}

  Violation check(dom::element schema, dom::element value, const std::string& path, int depth) {
    if (depth > kDepthMax || ++steps_ > kStepsMax || !schema.is_object()) return {};
    const dom::object rules = schema.get_object();
    std::string_view reference;
    if (rules["$ref"].get(reference) == simdjson::SUCCESS) {
      dom::element target;
      if (!resolve(reference, target)) return {};
      return check(target, value, path, depth + 1);
    }
    if (Violation bad = check_type(rules, value, path)) return bad;
    if (Violation bad = check_choice(rules, value, path)) return bad;
    if (Violation bad = check_parts(rules, value, path, depth)) return bad;
    if (value.is_object()) return check_object(rules, value.get_object(), path, depth);
    if (value.is_array()) return check_array(rules, value.get_array(), path, depth);
    return check_bounds(rules, value, path);
  }

 private:
  bool resolve(std::string_view reference, dom::element& target) {
    if (!reference.starts_with('#')) return false;
    reference.remove_prefix(1);
    if (reference.empty()) {
      target = root_;
      return true;
    }
    return root_.at_pointer(reference).get(target) == simdjson::SUCCESS;
  }

  static bool is_type(std::string_view type, dom::element value) {
    if (type == "object") return value.is_object();
    if (type == "array") return value.is_array();
    if (type == "string") return value.is_string();
    if (type == "boolean") return value.is_bool();
    if (type == "null") return value.is_null();
    if (type == "number") return value.is_number();
    if (type != "integer") return true;  // unknown
    double number = 0;
    return value.is_int64() || value.is_uint64() ||
           (value.get(number) == simdjson::SUCCESS && number == std::floor(number));
  }

  static Violation check_type(dom::object rules, dom::element value, const std::string& path) {
    std::string_view type;
    if (rules["type"].get(type) == simdjson::SUCCESS) {
      if (is_type(type, value)) return {};
      return fmt::format("{} is no {}", path, type);
    }
    dom::array types;
    if (rules["type"].get(types) != simdjson::SUCCESS) return {};
    for (dom::element each : types)
      if (each.get(type) == simdjson::SUCCESS && is_type(type, value)) return {};
    return fmt::format("{} is of none of its types", path);
  }

  static bool same(dom::element one, dom::element other) {
    double a = 0, b = 0;
    if (one.get(a) == simdjson::SUCCESS && other.get(b) == simdjson::SUCCESS) return a == b;
    return simdjson::minify(one) == simdjson::minify(other);
  }

  static Violation check_choice(dom::object rules, dom::element value, const std::string& path) {
    dom::element constant;
    if (rules["const"].get(constant) == simdjson::SUCCESS && !same(constant, value))
      return fmt::format("{} is not its constant", path);
    dom::array choices;
    if (rules["enum"].get(choices) != simdjson::SUCCESS) return {};
    for (dom::element each : choices)
      if (same(each, value)) return {};
    return fmt::format("{} is none of its choices", path);
  }

  Violation check_parts(dom::object rules, dom::element value, const std::string& path, int depth) {
    dom::array parts;
    if (rules["allOf"].get(parts) == simdjson::SUCCESS)
      for (dom::element each : parts)
        if (Violation bad = check(each, value, path, depth + 1)) return bad;
    for (const char* key : {"anyOf", "oneOf"}) {
      if (rules[key].get(parts) != simdjson::SUCCESS || parts.size() == 0) continue;
      bool fits = false;
      for (dom::element each : parts) fits = fits || !check(each, value, path, depth + 1);
      if (!fits) return fmt::format("{} fits none of its forms", path);
    }
    return {};
  }

  Violation check_object(dom::object rules, dom::object value, const std::string& path, int depth) {
    dom::array required;
    std::string_view name;
    if (rules["required"].get(required) == simdjson::SUCCESS)
      for (dom::element each : required)
        if (each.get(name) == simdjson::SUCCESS && value[name].error() != simdjson::SUCCESS)
          return fmt::format("{} lacks \"{}\"", path, name);
    dom::object properties;
    const bool declared = rules["properties"].get(properties) == simdjson::SUCCESS;
    dom::element additional;
    bool closed = false;
    const bool others = rules["additionalProperties"].get(additional) == simdjson::SUCCESS;
    if (others) closed = additional.is_bool() && !additional.get_bool().value();
    for (const auto& field : value) {
      const std::string inner = fmt::format("{}.{}", path, field.key);
      dom::element property;
      if (declared && properties[field.key].get(property) == simdjson::SUCCESS) {
        if (Violation bad = check(property, field.value, inner, depth + 1)) return bad;
      } else if (closed) {
        return fmt::format("{} is not declared", inner);
      } else if (others && additional.is_object()) {
        if (Violation bad = check(additional, field.value, inner, depth + 1)) return bad;
      }
    }
    return {};
  }

  Violation check_array(dom::object rules, dom::array value, const std::string& path, int depth) {
    double bound = 0;
    const auto size = static_cast<double>(value.size());
    if (number(rules, "minItems", bound) && size < bound)
      return fmt::format("{} has too few items", path);
    if (number(rules, "maxItems", bound) && size > bound)
      return fmt::format("{} has too many items", path);
    dom::element items;
    if (rules["items"].get(items) != simdjson::SUCCESS) return {};
    std::size_t index = 0;
    for (dom::element each : value)
      if (Violation bad = check(items, each, fmt::format("{}[{}]", path, index++), depth + 1))
        return bad;
    return {};
  }

  static bool number(dom::object rules, const char* key, double& bound) {
    return rules[key].get(bound) == simdjson::SUCCESS;
  }

  static Violation check_bounds(dom::object rules, dom::element value, const std::string& path) {
    double bound = 0, held = 0;
    std::string_view text;
    if (value.get(text) == simdjson::SUCCESS) {
      const auto size = static_cast<double>(
          std::ranges::count_if(text, [](char c) { return (c & 0xc0) != 0x80; }));
      if (number(rules, "minLength", bound) && size < bound)
        return fmt::format("{} is too short", path);
      if (number(rules, "maxLength", bound) && size > bound)
        return fmt::format("{} is too long", path);
      return {};
    }
    if (value.get(held) != simdjson::SUCCESS) return {};
    if ((number(rules, "minimum", bound) && held < bound) ||
        (number(rules, "exclusiveMinimum", bound) && held <= bound))
      return fmt::format("{} is too small", path);
    if ((number(rules, "maximum", bound) && held > bound) ||
        (number(rules, "exclusiveMaximum", bound) && held >= bound))
      return fmt::format("{} is too large", path);
    return {};
  }

  dom::element root_;
  int steps_ = 0;
};

}  // namespace

std::optional<std::string> schema_violation(dom::element schema, dom::element value) {
  return Validator(schema).check(schema, value, "$", 0);
}

}  // namespace catalejo::evaluate
