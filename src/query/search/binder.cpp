#include "query/search/binder.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>

#include "base/limits.hpp"
#include "query/search/numbers.hpp"

namespace catalejo::query::search {
namespace {

bool is_comparison(Op op) {
  return op != Op::equal && op != Op::any_of && op != Op::exists;
}

bool holds_numbers(Type type) {
  return type == Type::number || type == Type::count || type == Type::duration ||
         type == Type::money;
}

std::string_view expected_of(Type type) {
  switch (type) {
    case Type::duration:
      return "a duration: 250ms, 1.5s, 2m, 100us or nanoseconds";
    case Type::money:
      return "dollars: $0.05 or 0.05";
    case Type::count:
      return "a whole number: 1500, 2k, 1M";
    case Type::status:
      return "ok or error";
    case Type::flag:
      return "true or false";
    case Type::trace_id:
      return "a trace id: 32 hexadecimal digits or a decimal number";
    case Type::span_id:
      return "a span id: a decimal number";
    case Type::parent_id:
      return "a span id, or undefined for a root";
    default:
      return "a number";
  }
}

class Binder {
 public:
  explicit Binder(std::string_view text) : text_(text) {}

  std::optional<Problem> run(Node& root) {
    visit(root);
    return std::move(problem_);
  }

 private:
  void visit(Node& node) {
    if (node.kind == Kind::term) bind_term(node);
    if (node.kind == Kind::word && ++words_ > limits::search_words_max) {
      fail("too_many_terms",
           fmt::format("more than {} words of free text in one search", limits::search_words_max),
           node.place);
    }
    for (Node& child : node.children) {
      if (problem_) return;
      visit(child);
    }
  }

  void fail(std::string_view code, std::string message, Place place, std::string suggestion = "") {
    if (problem_) return;
    const std::size_t position = code_points_before(text_, place.begin);
    problem_ = {code, std::move(message), position, code_points_before(text_, place.end) - position,
                std::move(suggestion)};
  }

  void bind_term(Node& node) {
    Term& term = node.term;
    auto target = resolve(term.key);
    if (!target) return unknown(term);
    term.target = *std::move(target);
    const Target& meant = term.target;
    const bool apart = meant.source == Source::evaluation || meant.source == Source::trace;
    if ((apart || meant.child) && ++subselects_ > limits::search_subselects_max) {
      return fail("too_many_terms",
                  fmt::format("more than {} conditions on traces, children and evaluations",
                              limits::search_subselects_max),
                  node.place);
    }
    if (meant.source == Source::evaluation && meant.part.empty() && term.op != Op::exists) {
      return fail("unknown_attribute",
                  fmt::format("expected .value, .assessment or .reasoning after {}", term.key),
                  term.key_place, term.key + ".value");
    }
    const bool comparable = holds_numbers(meant.type) || meant.type == Type::dynamic;
    if (is_comparison(term.op) && !comparable) {
      return fail(
          "not_comparable",
          fmt::format("{} holds no numbers: expected a value without <, > or a range", term.key),
          {term.values.front().place.begin, term.values.back().place.end});
    }
    for (Value& value : term.values) bind_value(term, value);
  }

  void unknown(const Term& term) {
    const std::string meant = nearest_attribute(term.key);
    fail("unknown_attribute",
         meant.empty() ? fmt::format("there is no attribute {}", term.key)
                       : fmt::format("there is no attribute {}; {} is one", term.key, meant),
         term.key_place, meant);
  }

  void bad_value(const Term& term, const Value& value, std::string suggestion = "") {
    fail("wrong_value", fmt::format("expected {} for {}", expected_of(term.target.type), term.key),
         value.place, std::move(suggestion));
  }

  void bind_value(const Term& term, Value& value) {
    if (problem_) return;
    const Type type = term.target.type;
    const bool open_end = term.op == Op::range && value.text.only_star();
    if (open_end || type == Type::text || type == Type::content || type == Type::event_type) return;
    if (type == Type::dynamic) {
      const auto number = parse_number(value.text.literal);
      value.is_number = number.has_value();
      value.number = number.value_or(0);
      if (is_comparison(term.op) && !number) bad_value(term, value);
      return;
    }
    if (value.text.wildcard) return bad_value(term, value);
    if (holds_numbers(type)) {
      bind_number(term, value);
    } else {
      bind_word(term, value);
    }
  }

  void bind_number(const Term& term, Value& value) {
    const std::string_view typed = value.text.literal;
    std::optional<double> found;
    switch (term.target.type) {
      case Type::duration:
        found = parse_duration_ns(typed);
        break;
      case Type::money:
        found = parse_nano_usd(typed);
        break;
      case Type::count:
        found = parse_number(typed);
        break;
      default:
        found = parse_measure(typed);
    }
    constexpr double kMax = 9.2e18;
    const bool whole = term.target.type != Type::number;
    if (!found || (whole && std::abs(*found) > kMax)) return bad_value(term, value);
    value.is_number = true;
    value.number = *found;
    // A count of 1.5 lies between two counts: compared as it is, it must not be rounded away.
    if (whole && term.target.type == Type::count && std::trunc(*found) != *found)
      return bad_value(term, value);
    if (whole) value.integer = std::llround(*found);
  }

  void bind_word(const Term& term, Value& value) {
    const std::string& typed = value.text.literal;
    constexpr std::array<std::string_view, 2> kStates = {"ok", "error"};
    constexpr std::array<std::string_view, 2> kFlags = {"true", "false"};
    switch (term.target.type) {
      case Type::status:
        if (typed != "ok" && typed != "error")
          return bad_value(term, value, std::string(nearest(typed, kStates)));
        value.integer = typed == "error" ? 1 : 0;
        return;
      case Type::flag:
        if (typed != "true" && typed != "false" && typed != "1" && typed != "0")
          return bad_value(term, value, std::string(nearest(typed, kFlags)));
        value.integer = typed == "true" || typed == "1" ? 1 : 0;
        return;
      case Type::trace_id:
        if (const auto id = parse_trace_id(typed)) {
          value.trace_id = *id;
          return;
        }
        return bad_value(term, value);
      default:
        if (term.target.type == Type::parent_id && (typed == "undefined" || typed == "0")) return;
        if (const auto id = parse_span_id(typed)) {
          value.span_id = *id;
          return;
        }
        return bad_value(term, value);
    }
  }

  std::string_view text_;
  std::size_t words_ = 0, subselects_ = 0;
  std::optional<Problem> problem_;
};

}  // namespace

std::optional<Problem> bind(Node& root, std::string_view text) {
  return Binder(text).run(root);
}

}  // namespace catalejo::query::search
