#include "query/events/condition.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/ascii.hpp"
#include "base/limits.hpp"
#include "query/search/parser.hpp"

namespace catalejo::query::events {
namespace {

using search::Kind;
using search::Node;
using search::Op;
using search::Value;

constexpr auto kColumns = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"source", "source_type"},
    {"sources", "source_type"},
    {"source_type_name", "source_type"},
    {"status", "alert_type"},
    {"alert_type", "alert_type"},
    {"priority", "priority"},
    {"host", "host"},
    {"hosts", "host"},
    {"aggregation_key", "aggregation_key"},
    {"title", "title"},
    {"message", "text"},
    {"text", "text"},
});

std::string_view column_of(std::string_view key) {
  const auto found =
      std::ranges::find(kColumns, key, [](const auto& known) { return known.first; });
  return found == kColumns.end() ? std::string_view() : found->second;
}

// Newer clients write @evt.… and @… for what older ones write without.
std::string_view plain_key(std::string_view key) {
  if (key.starts_with('@')) key.remove_prefix(1);
  if (key.starts_with("evt.")) key.remove_prefix(4);
  return key;
}

Error wrong(const std::string& message, const search::Place& place, std::string_view text) {
  return {Code::bad_request,
          fmt::format("{} (at character {})", message,
                      search::code_points_before(text, place.begin) + 1),
          "query"};
}

// "warn" of newer searches, "ok" of a monitor that is fine again.
std::string_view alert_type_of(std::string_view value) {
  if (value == "warn") return "warning";
  return value == "ok" ? "success" : value;
}

std::string is_column(StatementBuilder& out, std::string_view column, const Value& value) {
  if (value.text.wildcard)
    return fmt::format("{} ILIKE {}", column, out.bind_text(value.text.like));
  if (column == "title" || column == "text")
    return fmt::format("positionCaseInsensitiveUTF8({}, {}) > 0", column,
                       out.bind_text(value.text.literal));
  std::string literal = value.text.literal;
  if (column == "aggregation_key") return fmt::format("{} = {}", column, out.bind_text(literal));
  literal = lower_ascii(literal);
  // "priority:all" is how Datadog's dashboards say that it does not matter.
  if (column == "priority" && literal == "all") return "1";
  if (column == "alert_type") literal = alert_type_of(literal);
  // "sources:a,b" of older ones.
  std::vector<std::string> any;
  std::string_view rest = literal;
  while (!rest.empty()) {
    const std::string_view one = rest.substr(0, rest.find(','));
    if (!one.empty()) any.emplace_back(one);
    rest.remove_prefix(std::min(one.size() + 1, rest.size()));
  }
  if (any.empty()) return fmt::format("{} = ''", column);
  return fmt::format("has({}, toString({}))", out.bind_texts(any), column);
}

std::string has_tag(StatementBuilder& out, const std::string& prefix, const Value& value) {
  const std::string before = lower_ascii(prefix);
  if (!value.text.wildcard)
    return fmt::format("has(tags, {})", out.bind_text(before + lower_ascii(value.text.literal)));
  return fmt::format(
      "arrayExists(t -> startsWith(t, {0}) AND substring(t, length({0}) + 1) ILIKE "
      "{1}, tags)",
      out.bind_text(before), out.bind_text(value.text.like));
}

// The name of a service check.
std::string is_check(StatementBuilder& out, const Value& value) {
  return value.text.wildcard ? fmt::format("title ILIKE {}", out.bind_text(value.text.like))
                             : fmt::format("title = {}", out.bind_text(value.text.literal));
}

std::string is_value(StatementBuilder& out, std::string_view key, const Value& value) {
  if (key == "check") return is_check(out, value);
  if (key == "tag" || key == "tags") return has_tag(out, {}, value);
  if (const std::string_view column = column_of(key); !column.empty())
    return is_column(out, column, value);
  return has_tag(out, std::string(key) + ':', value);
}

std::string exists(StatementBuilder& out, std::string_view key) {
  if (const std::string_view column = column_of(key); !column.empty())
    return fmt::format("{} != ''", column);
  return fmt::format("arrayExists(t -> startsWith(t, {}), tags)",
                     out.bind_text(lower_ascii(key) + ':'));
}

std::string term_condition(StatementBuilder& out, const search::Term& term) {
  const std::string_view key = plain_key(term.key);
  if (term.op == Op::exists) return exists(out, key);
  std::string joined;
  for (const Value& value : term.values)
    joined += (joined.empty() ? "(" : " OR ") + is_value(out, key, value);
  return joined + ")";
}

std::string word_condition(StatementBuilder& out, const Value& value) {
  if (value.text.wildcard) {
    const std::string pattern = out.bind_text('%' + value.text.like + '%');
    return fmt::format("(title ILIKE {0} OR text ILIKE {0})", pattern);
  }
  const std::string word = out.bind_text(value.text.literal);
  return fmt::format(
      "(positionCaseInsensitiveUTF8(title, {0}) > 0 OR positionCaseInsensitiveUTF8(text, {0}) > 0)",
      word);
}

Result<void> check_term(const Node& node, std::string_view text) {
  const Op op = node.term.op;
  if (op == Op::equal || op == Op::any_of || op == Op::exists) return {};
  return wrong("events are not compared: write key:value", node.place, text);
}

}  // namespace

Result<void> check(const Node& node, std::string_view text) {
  if (node.kind == Kind::term) return check_term(node, text);
  for (const Node& child : node.children) CATALEJO_TRY(check(child, text));
  return {};
}

std::string write_condition(StatementBuilder& out, const Node& node) {
  switch (node.kind) {
    case Kind::everything:
      return "1";
    case Kind::word:
      return word_condition(out, node.term.values.front());
    case Kind::term:
      return term_condition(out, node.term);
    case Kind::none_of:
      return fmt::format("NOT ({})", write_condition(out, node.children.front()));
    case Kind::all_of:
    case Kind::any_of:
      break;
  }
  std::string joined;
  for (const Node& child : node.children) {
    if (!joined.empty()) joined += node.kind == Kind::all_of ? " AND " : " OR ";
    joined += fmt::format("({})", write_condition(out, child));
  }
  return joined;
}

Result<Node> parse(std::string_view text) {
  if (text.size() > limits::event_query_bytes_max)
    return Error{
        Code::bad_request,
        fmt::format("a search of events has at most {} bytes", limits::event_query_bytes_max),
        "query"};
  auto parsed = search::parse(text);
  if (const auto* problem = std::get_if<search::Problem>(&parsed))
    return Error{Code::bad_request,
                 fmt::format("{} (at character {})", problem->message, problem->position + 1),
                 "query"};
  Node node = std::get<Node>(std::move(parsed));
  CATALEJO_TRY(check(node, text));
  return node;
}

}  // namespace catalejo::query::events
