#include "monitor/scope.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <variant>

#include "base/ascii.hpp"
#include "base/glob.hpp"
#include "base/quoted.hpp"
#include "query/metrics/parser.hpp"

namespace catalejo::monitor {
namespace {

using query::metrics::Scope;

constexpr int kStarsMax = 8;
// What ends a tag in a query; in quotes each of them is read as the character in the same place of
// the other list, which no scope has.
constexpr std::string_view kEnds = " \t\r\n,{}()!";
constexpr std::string_view kStandIns = "\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17";
static_assert(kEnds.size() == kStandIns.size());

// `key:"a (b)"` without its quotes. False when one is missing.
bool unquote(std::string_view text, std::string& out) {
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') {
      quoted = !quoted;
      continue;
    }
    if (quoted && text[i] == '\\' && i + 1 < text.size()) ++i;
    const std::size_t end = quoted ? kEnds.find(text[i]) : kEnds.npos;
    out += end == kEnds.npos ? text[i] : kStandIns[end];
  }
  return !quoted;
}

void restore(Scope& scope) {
  for (char& c : scope.tag)
    if (const std::size_t at = kStandIns.find(c); at != kStandIns.npos) c = kEnds[at];
  for (Scope& child : scope.children) restore(child);
}

std::string as_term(const std::string& tag) {
  constexpr std::string_view kQuoted = " \t\r\n,{}()!\"";
  const std::size_t first = tag.find_first_of(kQuoted), colon = tag.find(':');
  if (first == tag.npos) return tag;
  const std::size_t begin = colon == tag.npos || first < colon ? 0 : colon + 1;
  return tag.substr(0, begin) + quoted(std::string_view(tag).substr(begin));
}

std::string shape_of(const Scope& scope) {
  std::vector<std::string> children;
  for (const Scope& child : scope.children) children.push_back(shape_of(child));
  std::ranges::sort(children);
  std::string shape = fmt::format("{}{}(", static_cast<int>(scope.kind), scope.tag);
  for (const std::string& child : children) shape += child + '\0';
  return shape + ')';
}

}  // namespace

Result<Scope> read_scope(std::string_view text) {
  if (text.empty()) return bad("scope", "must be there; * is everything");
  if (text.find_first_of(kStandIns) != text.npos) return bad("scope", "has no control characters");
  if (std::ranges::count(text, '*') > kStarsMax) return bad("scope", "has few stars");
  std::string plain;
  if (!unquote(text, plain)) return bad("scope", "has a quote that does not end");
  if (plain.find_first_of("{}") != plain.npos) return bad("scope", "has no braces");
  auto read = query::metrics::parse(fmt::format("avg:a{{{}}}", plain));
  if (const auto* problem = std::get_if<query::metrics::Problem>(&read))
    return bad("scope", problem->message);
  auto& query = std::get<query::metrics::Query>(read);
  if (query.metrics.size() != 1) return bad("scope", "is no scope");
  Scope scope = std::move(query.metrics.front().scope);
  restore(scope);
  return scope;
}

bool holds(const Scope& scope, const std::vector<std::string>& tags) {
  const auto of_child = [&](const Scope& child) { return holds(child, tags); };
  switch (scope.kind) {
    case Scope::Kind::everything:
      return true;
    case Scope::Kind::tag:
      return std::ranges::any_of(
          tags, [&](const auto& tag) { return fits_glob(scope.tag, lower_ascii(tag)); });
    case Scope::Kind::none_of:
      return std::ranges::none_of(scope.children, of_child);
    case Scope::Kind::all_of:
      return std::ranges::all_of(scope.children, of_child);
    case Scope::Kind::any_of:
      break;
  }
  return std::ranges::any_of(scope.children, of_child);
}

void add_tags(const Scope& scope, std::vector<std::string>& tags) {
  if (scope.kind == Scope::Kind::tag && scope.tag.find('*') == std::string::npos)
    tags.push_back(scope.tag);
  if (scope.kind == Scope::Kind::all_of)
    for (const Scope& child : scope.children) add_tags(child, tags);
}

bool same(const Scope& one, const Scope& other) {
  return shape_of(one) == shape_of(other);
}

std::string scope_of(const std::vector<std::string>& tags) {
  std::string out;
  for (const std::string& tag : tags) out += (out.empty() ? "" : " AND ") + as_term(tag);
  return out.empty() ? "*" : out;
}

std::vector<std::string> plain_tags(const Scope& scope) {
  if (scope.kind == Scope::Kind::tag) return {scope.tag};
  std::vector<std::string> tags;
  if (scope.kind != Scope::Kind::all_of) return tags;
  for (const Scope& child : scope.children) {
    if (child.kind != Scope::Kind::tag) return {};
    tags.push_back(child.tag);
  }
  return tags;
}

}  // namespace catalejo::monitor
