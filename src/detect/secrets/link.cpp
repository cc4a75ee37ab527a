#include "detect/secrets/link.hpp"

#include <algorithm>
#include <initializer_list>
#include <string>

namespace catalejo::detect::secrets {
namespace {

// The rest of a name; quotes and the assignment; words before the value.
constexpr std::size_t kNameRestMax = 64, kGapMax = 12, kWordsMax = 40;

bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}
bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool is_alnum(char c) {
  return is_lower(c) || is_upper(c) || (c >= '0' && c <= '9');
}
bool is_name(char c) {
  return is_alnum(c) || c == '_' || c == '-' || c == '.';
}

bool skip_any(std::string_view text, std::size_t& at,
              std::initializer_list<std::string_view> words) {
  if (at >= text.size()) return false;
  for (const std::string_view word : words) {
    if (word[0] != text[at] || !text.substr(at).starts_with(word)) continue;
    const std::size_t end = at + word.size();
    if (end < text.size() && is_alnum(text[end]) && is_alnum(text[end - 1])) continue;
    at = end;
    return true;
  }
  return false;
}

// "key (hex)"
bool skip_parentheses(std::string_view text, std::size_t& at) {
  constexpr std::size_t kLongest = 16;
  if (!text.substr(at).starts_with(" (")) return false;
  const std::size_t end = text.substr(at, kLongest).find(')');
  if (end == std::string_view::npos) return false;
  at += end + 1;
  return true;
}

// "token de acceso", "API key value"
bool skip_fillers(std::string_view text, std::size_t& at) {
  constexpr int kMost = 5;
  if (at >= text.size() || text[at] != ' ') return false;
  int count = 0;
  while (count < kMost &&
         (skip_parentheses(text, at) ||
          skip_any(text, at,
                   {" key",     " token",      " secret",  " password",   " pat",     " PAT",
                    " value",   " api",        " API",     " access",     " clave",   " acceso",
                    " de",      " del",        " la",      " secreta",    " secreto", " privada",
                    " valor",   " acesso",     " d'accès", " d'API",      " chave",   " server",
                    " account", " auth",       " bot",     " app",        " admin",   " service",
                    " user",    " personal",   " master",  " private",    " signing", " compartida",
                    " acl",     " compartido", " shared",  " secret key", " live",    " Key",
                    " Token",   " Secret"})))
    ++count;
  return count > 0;
}

bool skip_quotes(std::string_view text, std::size_t& at, std::size_t end) {
  const std::size_t from = at;
  bool quoted = false;
  while (at < end && at - from < kGapMax) {
    if (text[at] == '"' || text[at] == '\'' || text[at] == '`') quoted = true;
    if (std::string_view(" \t\"'`*\\").find(text[at]) != std::string_view::npos) {
      ++at;
    } else if (skip_any(text, at, {"«", "“", "‘", "‹"})) {
      quoted = true;
    } else {
      break;
    }
  }
  return quoted;
}

// "value" of "name: X, value: Y" and of "<add key=… value=…", perhaps in the next line.
bool skip_value_name(std::string_view text, std::size_t& at) {
  std::size_t next = at;
  while (next < text.size() && next - at < kNameRestMax &&
         (text[next] == ' ' || text[next] == '\n'))
    ++next;
  if (!skip_any(text, next, {"value", "Value", "valor", "VALUE", "default"})) return false;
  at = next;
  return true;
}

bool is_space_or_quote(std::string_view text, std::size_t at) {
  return at < text.size() && std::string_view(" \n\"'").find(text[at]) != std::string_view::npos;
}

// Quotes, blanks and the sign of an assignment; whether there is a sign.
bool skip_gap(std::string_view text, std::size_t& at, bool& quoted) {
  std::size_t end = std::min(text.size(), at + kGapMax);
  bool assigned = false, valued = false;
  while (at < end) {
    const char c = text[at];
    if (c == '=' || c == ':' || c == '>' || c == ',') {
      assigned = true;
      ++at;
    } else if (skip_any(text, at, {"->", "~>", "→"})) {
      assigned = true;
    } else if (!valued && (c == 'v' || c == 'V' || c == 'd' || c == '\n') &&
               skip_value_name(text, at)) {
      end = std::min(text.size(), at + kGapMax);
      valued = true;
      assigned = false;
    } else if (c == ']' || c == ')' || (c == '{' && is_space_or_quote(text, at + 1))) {
      ++at;
    } else if ((c == 'N' || c == 'b' || c == 'r' || c == 'u') && at + 1 < text.size() &&
               (text[at + 1] == '\'' || text[at + 1] == '"')) {
      at += 2;
      quoted = true;
    } else {
      const std::size_t before = at;
      quoted = skip_quotes(text, at, end) || quoted;
      if (at == before) break;
    }
  }
  return assigned;
}

// "OpenAI": {"Endpoint": …, "Key": …
bool is_of_credentials(std::string_view before) {
  constexpr std::size_t kNear = 120;
  const std::string_view near = before.substr(before.size() > kNear ? before.size() - kNear : 0);
  for (const std::string_view word : {"ndpoint", "penai", "penAI", "redential", "ubscription"})
    if (near.find(word) != std::string_view::npos) return true;
  return false;
}

}  // namespace

Place place_of_value(std::string_view text, std::size_t begin, std::size_t end) {
  std::size_t at = end;
  const std::size_t name_end = std::min(text.size(), at + kNameRestMax);
  while (at < name_end && is_name(text[at])) ++at;
  Place place;
  place.filled = skip_fillers(text, at);
  if (skip_any(text, at,
               {" is ", " es ", " is: ", " es: ", " to ", " was ", " was: ", " era ", " ist ",
                " a ", " est ", " é ", " è "})) {
    place.quoted = skip_quotes(text, at, text.size());
    place.link = Link::assigned;
    place.at = at;
    return place;
  }
  const std::size_t gap = at;
  if (skip_gap(text, at, place.quoted)) {
    place.link = Link::assigned;
  } else if (at > gap && text[gap] == ' ') {
    std::size_t start = begin;
    while (start > 0 && begin - start < kNameRestMax && is_name(text[start - 1])) --start;
    const bool option = !place.filled && text.substr(start).starts_with("--");
    place.link = option ? Link::assigned : Link::beside;
  }
  place.at = at;
  return place;
}

Place place_behind_words(std::string_view text, std::size_t keyword_end, std::size_t at) {
  const std::size_t end = std::min(text.size(), keyword_end + kWordsMax);
  while (at < end) {
    const char c = text[at];
    const bool colon = c == ':' && at + 1 < text.size() && text[at + 1] == ' ';
    if (colon) ++at;
    const char next = at + 1 < end ? text[at + 1] : ' ';
    const bool word =
        c == ' ' && std::string_view("ieta-=\xE2").find(next) != std::string_view::npos;
    if (colon || (word && skip_any(text, at,
                                   {" is ", " es ", " is: ", " es: ", " to ", " a ", " - ", " = ",
                                    " → ", " -> ", " => "}))) {
      const bool quoted = skip_quotes(text, at, text.size());
      return {at, Link::far, quoted};
    }
    if (c != ' ' && !is_alnum(c) && c != '-' && static_cast<unsigned char>(c) < 0x80) break;
    ++at;
  }
  return {};
}

bool is_end_of_name(std::string_view text, std::size_t begin, std::size_t end) {
  if (end < text.size() && (is_alnum(text[end]) || text[end] == '_')) return false;
  const char before = begin > 0 ? text[begin - 1] : ' ';
  if (is_lower(before) && is_lower(text[begin])) return false;
  if ((text[begin] | 0x20) != 'k') return true;
  // "key" alone is a name of anything: a word before it says of what.
  if (before == '?' || before == '&') return true;
  if (before == '"' || before == '\'') return is_of_credentials(text.substr(0, begin));
  if (before != ' ' && before != '_' && before != '-' && !is_lower(before)) return false;
  constexpr std::size_t kNear = 16;
  std::string near(text.substr(begin > kNear ? begin - kNear : 0, std::min(begin, kNear)));
  for (char& c : near) c = static_cast<char>(is_upper(c) ? c | 0x20 : c);
  for (const std::string_view other :
       {"cache",    "public",  "idempotency", "websocket", "partition", "row",
        "sort",     "primary", "foreign",     "object",    "s3",        "hash",
        "dedup",    "site",    "publishable", "document",  "shard",     "routing",
        "group",    "unique",  "lookup",      "index",     "store",     "blob",
        "sort",     "event",   "state",       "file",      "folder",    "map",
        "registry", "gpg",     "pgp",         "ssh",       "surrogate", "composite"})
    if (near.find(other) != std::string::npos) return false;
  return true;
}

}  // namespace catalejo::detect::secrets
