#include "detect/pii/addresses.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "detect/pii/context.hpp"
#include "detect/pii/run.hpp"

namespace catalejo::detect::pii {
namespace {

constexpr std::size_t kLocalMax = 64, kDomainMax = 253;

// Endings of more than two letters that people have addresses under; two letters are a country.
constexpr std::string_view kEndings[] = {
    "academy",     "agency",    "aero",      "africa",     "app",           "arpa",
    "art",         "asia",      "audio",     "bank",       "barcelona",     "berlin",
    "biz",         "blog",      "boutique",  "build",      "business",      "cafe",
    "care",        "cat",       "center",    "city",       "clinic",        "clothing",
    "cloud",       "club",      "coach",     "codes",      "coffee",        "com",
    "community",   "company",   "coop",      "consulting", "deals",         "design",
    "dental",      "dev",       "digital",   "directory",  "doctor",        "earth",
    "edu",         "education", "email",     "energy",     "engineer",      "eus",
    "engineering", "events",    "example",   "expert",     "family",        "farm",
    "fashion",     "finance",   "financial", "fit",        "foundation",    "fun",
    "fund",        "gal",       "gallery",   "games",      "global",        "gmbh",
    "gov",         "green",     "group",     "guide",      "guru",          "health",
    "help",        "hospital",  "host",      "hotel",      "house",         "info",
    "ink",         "institute", "insure",    "int",        "international", "internal",
    "jobs",        "kitchen",   "land",      "lat",        "law",           "lawyer",
    "legal",       "life",      "link",      "live",       "llc",           "loan",
    "local",       "london",    "love",      "ltd",        "madrid",        "management",
    "market",      "marketing", "media",     "medical",    "mil",           "mobi",
    "money",       "museum",    "music",     "name",       "net",           "network",
    "news",        "ngo",       "nyc",       "one",        "online",        "org",
    "page",        "paris",     "partners",  "pharmacy",   "photo",         "photos",
    "plus",        "post",      "press",     "pro",        "productions",   "properties",
    "pub",         "quebec",    "realty",    "rest",       "restaurant",    "rocks",
    "school",      "science",   "services",  "shop",       "site",          "social",
    "software",    "solutions", "space",     "store",      "studio",        "style",
    "support",     "systems",   "team",      "tech",       "technology",    "tel",
    "test",        "tienda",    "tips",      "tools",      "top",           "tours",
    "trade",       "training",  "travel",    "university", "vet",           "ventures",
    "video",       "vip",       "web",       "website",    "wiki",          "work",
    "works",       "world",     "xxx",       "xyz",        "yoga",          "zone"};

bool is_local(char c) {
  return is_alnum(c) || std::string_view("._%+-'").find(c) != std::string_view::npos ||
         static_cast<unsigned char>(c) >= 0x80;
}

bool is_ending(std::string_view label) {
  if (label.size() < 2 || !std::all_of(label.begin(), label.end(), is_letter)) return false;
  if (label.size() == 2) return true;
  std::string lower(label);
  for (char& c : lower) c = static_cast<char>(c | 0x20);
  return std::find(std::begin(kEndings), std::end(kEndings), lower) != std::end(kEndings);
}

// "…", "»", "“", an emoji: no letter of any language, although it takes more bytes than one.
bool begins_wide_mark(std::string_view text, std::size_t at) {
  const auto byte = static_cast<unsigned char>(text[at]);
  const auto next = static_cast<unsigned char>(at + 1 < text.size() ? text[at + 1] : 0);
  return byte == 0xC2 || byte == 0xE2 || (byte == 0xE3 && next == 0x80) ||
         (byte == 0xEF && next >= 0xBC) || byte >= 0xF0;
}

// Behind the last such mark of a local part.
std::size_t behind_wide_marks(std::string_view text, std::size_t begin, std::size_t end) {
  for (std::size_t i = begin; i < end; ++i) {
    if (static_cast<unsigned char>(text[i]) < 0x80 || !begins_wide_mark(text, i)) continue;
    begin = i + 1;
    while (begin < end && (static_cast<unsigned char>(text[begin]) & 0xC0) == 0x80) ++begin;
  }
  return begin;
}

// The end of the longest name from `at` whose last label is an ending; 0 when there is none.
std::size_t end_of_domain(std::string_view text, std::size_t at) {
  std::size_t best = 0, label = at;
  bool dotted = false;
  for (std::size_t i = at; i <= text.size() && i - at <= kDomainMax; ++i) {
    const char c = i < text.size() ? text[i] : ' ';
    if (is_alnum(c) || c == '-') continue;
    if (static_cast<unsigned char>(c) >= 0x80 && !begins_wide_mark(text, i)) continue;
    if (i == label) break;
    const bool last = c != '.';
    if (dotted && is_ending(text.substr(label, i - label))) best = i;
    // "name@example.com.The" is a sentence that begins without a blank.
    if (last) break;
    dotted = true;
    label = i + 1;
  }
  return best;
}

// The password of "https://name:password@host" stands where a local part would.
bool in_url(std::string_view text, std::size_t begin) {
  std::size_t at = begin;
  while (at > 0 && begin - at < kDomainMax &&
         !(std::string_view(" \n\t\"'<>").find(text[at - 1]) != std::string_view::npos))
    --at;
  return text.substr(at, begin - at).find("://") != std::string_view::npos &&
         text.substr(at, begin - at).find('?') == std::string_view::npos;
}

struct Bytes4 {
  std::array<int, 4> part{};
  std::size_t end = 0;
};

Bytes4 read_ipv4(std::string_view text, std::size_t at) {
  Bytes4 address;
  for (std::size_t part = 0; part < 4; ++part) {
    const std::size_t from = at;
    int value = 0;
    while (at < text.size() && is_digit(text[at]) && at - from < 4)
      value = value * 10 + text[at++] - '0';
    if (at == from || value > 255 || (text[from] == '0' && at - from > 1)) return {};
    address.part[part] = value;
    if (part == 3) break;
    if (at >= text.size() || text[at] != '.') return {};
    ++at;
  }
  address.end = at;
  return address;
}

bool is_private_ipv4(const std::array<int, 4>& part) {
  const int a = part[0], b = part[1];
  return a == 0 || a == 10 || a == 127 || a >= 224 || (a == 172 && b >= 16 && b < 32) ||
         (a == 192 && b == 168) || (a == 169 && b == 254) || (a == 100 && b >= 64 && b < 128);
}

// "openssl 3.0.13.1": versions are of small numbers, which hardly an address is.
bool looks_like_version(const std::array<int, 4>& part) {
  constexpr int kSmall = 31;
  return part[0] <= kSmall && part[1] <= kSmall && part[2] <= kSmall;
}

bool is_told_address(std::string_view text, std::size_t at, std::size_t end,
                     const Context& context) {
  const bool port = end + 1 < text.size() && text[end] == ':' && is_digit(text[end + 1]);
  const bool url = at > 1 && text[at - 1] == '/' && text[at - 2] == '/';
  return port || url ||
         context.has(
             {"ip",         "ips",           "ipv4",       "host",        "hosts",       "address",
              "addresses",  "addr",          "dirección",  "direcciones", "from",        "desde",
              "client",     "cliente",       "server",     "servidor",    "peer",        "remote",
              "src",        "dst",           "source",     "origen",      "destination", "proxy",
              "gateway",    "router",        "dns",        "nameserver",  "resolver",    "ping",
              "traceroute", "ssh",           "sshd",       "http",        "https",       "firewall",
              "block",      "blocked",       "banned",     "bloquea",     "login",       "request",
              "connect",    "connected",     "connection", "conexión",    "endpoint",    "network",
              "subnet",     "forwarded for", "x real ip",  "whois",       "nmap",        "upstream",
              "get",        "post",          "hop",        "visitor",     "user"});
}

bool is_hex(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

int hex_value(char c) {
  return is_digit(c) ? c - '0' : (c | 0x20) - 'a' + 10;
}

}  // namespace

Range match_email(std::string_view text, std::size_t at, std::size_t from) {
  std::size_t begin = at;
  while (begin > from && at - begin < kLocalMax && is_local(text[begin - 1])) --begin;
  if (begin > 0 && begin > from && is_local(text[begin - 1])) return {};  // too long
  begin = behind_wide_marks(text, begin, at);
  while (begin < at && !is_alnum(text[begin]) && static_cast<unsigned char>(text[begin]) < 0x80)
    ++begin;
  // "\nname@…" of a text that was escaped twice.
  if (begin > 0 && text[begin - 1] == '\\' && at - begin > 1 &&
      (text[begin] == 'n' || text[begin] == 't' || text[begin] == 'r'))
    ++begin;
  const std::string_view local = text.substr(begin, at - begin);
  if (local.empty() || local == "git" || local.ends_with('.') ||
      local.find("..") != std::string_view::npos)
    return {};
  const std::size_t end = end_of_domain(text, at + 1);
  if (end == 0 || in_url(text, begin)) return {};
  return {begin, end};
}

Range match_ipv4(std::string_view text, std::size_t at, bool private_too) {
  const Bytes4 address = read_ipv4(text, at);
  if (address.end == 0) return {};
  const std::size_t end = address.end;
  const char next = end < text.size() ? text[end] : ' ';
  const bool goes_on = next == '.' && end + 1 < text.size() && is_alnum(text[end + 1]);
  if (is_alnum(next) || goes_on || next == '-' || next == '_') return {};
  if (at > 0 && (std::string_view(".-_=<>~^").find(text[at - 1]) != std::string_view::npos) &&
      text[at - 1] != '=')
    return {};
  if (at > 1 && text[at - 1] == '=' &&
      (std::string_view("=<>~!").find(text[at - 2]) != std::string_view::npos))
    return {};
  if (!private_too && is_private_ipv4(address.part)) return {};
  const Context context(text, at, end);
  if (context.just_before({"version", "versión",  "v",           "ver",      "release",
                           "build",   "driver",   "firmware",    "section",  "sección",
                           "chapter", "clause",   "apartado",    "artículo", "oid",
                           "chrome",  "assembly", "fileversion", "upgrade",  "upgraded",
                           "rev",     "figure",   "figura",      "table",    "versions"}) &&
      !context.just_before({"ip", "host", "address", "dirección"}))
    return {};
  if (looks_like_version(address.part) && !is_told_address(text, at, end, context)) return {};
  return {at, end};
}

Range match_ipv6(std::string_view text, std::size_t at, bool private_too) {
  std::size_t i = at, groups = 0;
  int first = -1;
  bool compressed = false;
  while (i < text.size()) {
    const std::size_t from = i;
    int value = 0;
    while (i < text.size() && is_hex(text[i]) && i - from < 5)
      value = value * 16 + hex_value(text[i++]);
    if (i - from > 4) return {};
    if (i > from) {
      if (groups++ == 0) first = value;
    }
    if (groups == 8 || i + 1 >= text.size() || text[i] != ':') break;
    if (text[i + 1] == ':') {
      if (compressed) break;
      compressed = true;
      i += 2;
      if (i >= text.size() || !is_hex(text[i])) break;
    } else {
      if (i == from || !is_hex(text[i + 1])) break;
      ++i;
    }
  }
  if (compressed ? groups < 2 || groups > 7 : groups != 8) return {};
  if (i < text.size() && (is_alnum(text[i]) || text[i] == ':' || text[i] == '_')) return {};
  if (at > 0 && (text[at - 1] == ':' || text[at - 1] == '_')) return {};
  // The internet is 2000::/3; the rest is loopback, link-local or one's own network.
  const bool is_public = first >= 0x2000 && first < 0x4000;
  const bool is_own = first >= 0xFC00 && first < 0xFEC0;
  if (!is_public && !(private_too && is_own)) return {};
  return {at, i};
}

}  // namespace catalejo::detect::pii
