#include "query/search/suggest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/ascii.hpp"
#include "base/limits.hpp"
#include "base/quoted.hpp"
#include "query/row_reader.hpp"
#include "query/span_row.hpp"

namespace catalejo::query::search {
namespace {

constexpr std::string_view kEvaluation = "@evaluation.", kMetric = "@metrics.",
                           kMetadata = "@meta.metadata.", kChild = "@child.";

bool holds(std::string_view name, std::string_view typed) {
  return lower_ascii(name).find(lower_ascii(typed)) != std::string::npos;
}

// Quotes and backslashes that make the lexer read `text` as one value.
std::string as_value(std::string_view text) {
  constexpr std::string_view kSpecial = " \t\r\n\"\\()[]{}*?,<>";
  const bool plain = !text.empty() && text.find_first_of(kSpecial) == std::string_view::npos;
  return plain ? std::string(text) : quoted(text);
}

std::string escaped_key(std::string_view text) {
  std::string made;
  for (const char c : text) {
    if (std::string_view(" \t\"\\():*?").find(c) != std::string_view::npos) made += '\\';
    made += c;
  }
  return made;
}

// Where the term that the cursor is in begins: behind the last space or bracket outside quotes.
std::size_t term_begin(std::string_view before) {
  std::size_t begin = 0;
  bool in_quotes = false;
  for (std::size_t i = 0; i < before.size(); ++i) {
    const char c = before[i];
    if (c == '\\') {
      ++i;
    } else if (c == '"') {
      in_quotes = !in_quotes;
    } else if (!in_quotes && std::string_view(" \t\n\r(),[").find(c) != std::string_view::npos) {
      begin = i + 1;
    }
  }
  return std::min(begin, before.size());
}

std::size_t term_end(std::string_view text, std::size_t at) {
  const std::size_t end = text.find_first_of(" \t\n\r(),]:\"", at);
  return end == std::string_view::npos ? text.size() : end;
}

// The key of `key:(a OR b` or `key IN [a, b`, when the cursor is inside its brackets.
std::string enclosing_key(std::string_view before) {
  const std::size_t open = before.find_last_of("([");
  if (open == std::string_view::npos || open == 0) return "";
  if (before.find_first_of(")]", open) != std::string_view::npos) return "";
  std::string_view head = before.substr(0, open);
  if (head.ends_with(':')) {
    head.remove_suffix(1);
  } else if (head.ends_with(" IN ")) {
    head.remove_suffix(4);
  } else {
    return "";
  }
  head = head.substr(term_begin(head));
  return std::string(head.starts_with('-') ? head.substr(1) : head);
}

std::string newest(StatementBuilder& out, std::string_view columns, const Scope& scope,
                   std::string_view condition) {
  return fmt::format(
      "(SELECT {} FROM spans WHERE start >= {} AND start <= {} AND {} ORDER BY start DESC LIMIT "
      "{})",
      columns, out.bind_time(scope.from), out.bind_time(scope.to), condition,
      limits::suggest_rows_max);
}

std::string counted(std::string_view expression, const std::string& from, const std::string& typed,
                    std::string_view named) {
  return fmt::format(
      "SELECT found, count() AS times FROM (SELECT toString({0}) AS found FROM {1}) "
      "WHERE found != '' AND positionCaseInsensitiveUTF8(found, {2}) > 0 GROUP BY found "
      "ORDER BY {3}times DESC, found LIMIT {4}\nSETTINGS read_in_order_use_buffering = 0\n"
      "FORMAT RowBinary",
      expression, from, typed, named, limits::suggest_items_max);
}

std::string_view after(std::string_view text, std::string_view prefix) {
  return text.starts_with(prefix) ? text.substr(prefix.size()) : std::string_view();
}

Statement plan_keys(const Completion& completion, const Scope& scope) {
  StatementBuilder out;
  std::string_view typed = completion.typed;
  if (typed.starts_with(kEvaluation)) {
    const std::string part = out.bind_text(after(typed, kEvaluation));
    const std::string labels = fmt::format(
        "(SELECT label FROM evaluations WHERE timestamp >= {} "
        "ORDER BY timestamp DESC LIMIT {})",
        out.bind_time(scope.from), limits::suggest_rows_max);
    out << counted("label", labels, part, "");
  } else if (typed.starts_with(kMetric)) {
    const std::string part = out.bind_text(after(typed, kMetric));
    const std::string rows = newest(out, "metrics", scope, "notEmpty(metrics)");
    out << counted("arrayJoin(mapKeys(metrics))", rows, part, "");
  } else if (typed.starts_with(kMetadata)) {
    const std::string part = out.bind_text(after(typed, kMetadata));
    const std::string rows = newest(out, "metadata", scope, "metadata != ''");
    out << counted("arrayJoin(JSONExtractKeys(metadata))", rows, part, "");
  } else {
    const std::string part = out.bind_text(typed);
    const std::string rows = newest(out, "tags", scope, "true");
    const std::string first = fmt::format("startsWith(found, {}) DESC, ", part);
    out << counted("arrayJoin(mapKeys(tags))", rows, part, first);
  }
  return std::move(out).finish();
}

// Where frequent values of a key are; empty when there are none worth showing.
std::string values_expression(StatementBuilder& out, const Target& target,
                              std::string_view& columns) {
  switch (target.source) {
    case Source::column:
      columns = target.column;
      return target.type == Type::text ? std::string(target.column) : "";
    case Source::tag:
      columns = "tags";
      return fmt::format("tags[{}]", out.bind_text(target.name));
    case Source::metadata: {
      columns = "metadata";
      std::string path;
      for (const std::string& part : target.path) path += ", " + out.bind_text(part);
      return fmt::format("trim(BOTH '\"' FROM JSONExtractRaw(metadata{}))", path);
    }
    default:
      return "";
  }
}

}  // namespace

Completion completion_at(std::string_view text, std::size_t cursor) {
  const std::size_t at = byte_of_code_point(text, cursor);
  const std::string_view before = text.substr(0, at);
  std::size_t begin = term_begin(before);
  while (begin < at && (text[begin] == '-' || text[begin] == '!')) ++begin;
  std::string_view typed = before.substr(begin);
  Completion made;
  const std::size_t colon = typed.find(':');
  const std::string inside = enclosing_key(before);
  if (colon != std::string_view::npos && !typed.starts_with('"')) {
    made.key = typed.substr(0, colon);
    made.wanted = Wanted::value;
    typed.remove_prefix(colon + 1);
  } else if (!inside.empty()) {
    made.key = inside;
    made.wanted = Wanted::value;
  }
  if (made.key == "_exists_" || made.key == "_missing_") made.wanted = Wanted::key;
  made.begin = code_points_before(text, at - typed.size());
  made.end = code_points_before(text, std::max(at, term_end(text, at)));
  if (typed.starts_with('"')) typed.remove_prefix(1);
  made.typed = typed;
  return made;
}

std::vector<Suggestion> known_suggestions(const Completion& completion) {
  std::vector<Suggestion> found;
  const std::string_view typed = completion.typed;
  if (completion.wanted == Wanted::value) {
    const auto target = resolve(completion.key);
    const auto offer = [&](std::initializer_list<std::string_view> values) {
      for (const std::string_view value : values)
        if (value.starts_with(typed)) found.push_back({std::string(value), "value", ""});
    };
    if (target && target->type == Type::status) offer({"ok", "error"});
    if (target && target->type == Type::flag) offer({"true", "false"});
    if (target && target->type == Type::parent_id) offer({"undefined"});
    if (target && target->type == Type::event_type) offer({"span"});
    if (target && target->part == "assessment") offer({"pass", "fail"});
    return found;
  }
  const bool of_child = typed.starts_with(kChild);
  const std::string_view part = of_child ? typed.substr(kChild.size()) : typed;
  const auto offer_name = [&](std::string_view name, Type type) {
    if (!holds(name, part)) return;
    const std::string text = of_child ? std::string(kChild) + std::string(name) : std::string(name);
    found.push_back({text, "attribute", type_name(type)});
  };
  for (const Attribute& attribute : span_attributes())
    if (!attribute.alias) offer_name(attribute.name, attribute.type);
  if (!of_child) {
    for (const Attribute& figure : trace_figures())
      if (!figure.alias) offer_name(figure.name, figure.type);
    for (const std::string_view prefix : open_prefixes())
      if (prefix.size() > typed.size() && holds(prefix, typed))
        found.push_back({std::string(prefix), "attribute", "group"});
  }
  std::ranges::stable_sort(found, [&](const Suggestion& a, const Suggestion& b) {
    return a.text.starts_with(typed) && !b.text.starts_with(typed);
  });
  return found;
}

std::optional<Statement> plan_suggest(const Completion& completion, const Scope& scope) {
  if (completion.wanted == Wanted::key) {
    const std::string_view typed = completion.typed;
    const bool open = typed.starts_with(kEvaluation) || typed.starts_with(kMetric) ||
                      typed.starts_with(kMetadata);
    if (typed.starts_with('@') && !open) return std::nullopt;
    return plan_keys(completion, scope);
  }
  const auto target = resolve(completion.key);
  if (!target) return std::nullopt;
  StatementBuilder out;
  std::string_view columns;
  const std::string expression = values_expression(out, *target, columns);
  if (expression.empty()) return std::nullopt;
  const std::string typed = out.bind_text(completion.typed);
  const std::string rows = newest(out, columns, scope, "true");
  const std::string first = fmt::format("startsWith(found, {}) DESC, ", typed);
  out << counted(expression, rows, typed, first);
  return std::move(out).finish();
}

Result<void> add_suggestions(std::vector<Suggestion>& to, const Completion& completion,
                             std::string_view body) {
  RowReader reader(body);
  std::string_view prefix;
  for (const std::string_view open : {kEvaluation, kMetric, kMetadata})
    if (completion.wanted == Wanted::key && completion.typed.starts_with(open)) prefix = open;
  const bool keys = completion.wanted == Wanted::key;
  while (!reader.at_end()) {
    const std::string_view found = reader.text();
    const std::uint64_t count = reader.u64();
    if (reader.failed()) return broken_answer();
    Suggestion made{keys ? std::string(prefix) + escaped_key(found) : as_value(found),
                    keys ? (prefix.empty() ? "tag" : "attribute") : "value", "", count};
    if (prefix == kEvaluation) made.text += ".value";
    const auto known = std::ranges::find(to, made.text, &Suggestion::text);
    if (known != to.end()) {
      known->count = count;
    } else {
      to.push_back(std::move(made));
    }
  }
  if (to.size() > limits::suggest_items_max) to.resize(limits::suggest_items_max);
  return {};
}

}  // namespace catalejo::query::search
