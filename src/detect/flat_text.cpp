#include "detect/flat_text.hpp"

#include <algorithm>
#include <array>

namespace catalejo::detect {
namespace {

constexpr std::uint32_t kDropped = 0;
constexpr std::uint32_t kNoToken = 0;
// Shorter numbers of JSON are counts, not what anybody could be known by.
constexpr std::size_t kNumberDigitsMin = 7;

// The first bytes of characters that fold() may change.
constexpr auto kMayFold = [] {
  std::array<bool, 256> may{};
  for (const int lead : {0xC2, 0xD8, 0xD9, 0xDB, 0xE1, 0xE2, 0xE3, 0xEF})
    may[static_cast<std::size_t>(lead)] = true;
  return may;
}();
constexpr auto kEndsPlain = [] {
  std::array<bool, 256> ends = kMayFold;
  ends['"'] = ends['\\'] = true;
  return ends;
}();

struct Character {
  std::uint32_t code = 0;
  std::size_t size = 1;
};

Character read_character(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(at);
  const std::size_t size = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (lead < 0xC0 || at + size > text.size()) return {lead, 1};
  std::uint32_t code = lead & (0xFFu >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(at + i) & 0xC0) != 0x80) return {lead, 1};
    code = code << 6 | (byte(at + i) & 0x3Fu);
  }
  return {code, size};
}

bool within(std::uint32_t code, std::uint32_t first, std::uint32_t last) {
  return code >= first && code <= last;
}

// The plain character that is meant, kDropped for one that is not seen, or the same.
std::uint32_t fold(std::uint32_t code) {
  if (code == 0xA0 || code == 0x1680 || within(code, 0x2000, 0x200A) || code == 0x202F ||
      code == 0x205F || code == 0x3000)
    return ' ';
  if (code == 0xAD || code == 0x061C || code == 0x180E || within(code, 0x200B, 0x200F) ||
      within(code, 0x202A, 0x202E) || within(code, 0x2060, 0x2064) ||
      within(code, 0x2066, 0x2069) || code == 0xFEFF)
    return kDropped;
  if (within(code, 0x2010, 0x2015) || code == 0x2212 || code == 0xFE58 || code == 0xFE63)
    return '-';
  if (within(code, 0xFF01, 0xFF5E)) return code - 0xFEE0;
  if (within(code, 0x0660, 0x0669)) return '0' + code - 0x0660;
  if (within(code, 0x06F0, 0x06F9)) return '0' + code - 0x06F0;
  return code;
}

void append_utf8(std::string& out, std::uint32_t code) {
  const auto put = [&](std::uint32_t byte) { out += static_cast<char>(byte); };
  if (code < 0x80) return put(code);
  if (code < 0x800) {
    put(0xC0 | code >> 6);
  } else {
    put(0xE0 | code >> 12);
    put(0x80 | (code >> 6 & 0x3F));
  }
  put(0x80 | (code & 0x3F));
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  c = static_cast<char>(c | 0x20);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

}  // namespace

void FlatText::clear() {
  text_.clear();
  runs_.clear();
  tokens_.clear();
}

void FlatText::begin_token(std::uint32_t field, std::size_t begin, bool number) {
  const auto at = static_cast<std::uint32_t>(begin);
  tokens_.push_back({field, at, at, number});
}

void FlatText::end_token(std::size_t end, std::string_view separator) {
  tokens_.back().end = static_cast<std::uint32_t>(end);
  runs_.push_back({static_cast<std::uint32_t>(text_.size()), 0, 0, kNoToken});
  text_ += separator;
}

void FlatText::add_plain(std::string_view raw, std::size_t from, std::size_t to) {
  if (from == to) return;
  runs_.push_back({static_cast<std::uint32_t>(text_.size()), static_cast<std::uint32_t>(from), 0,
                   static_cast<std::uint32_t>(tokens_.size())});
  text_.append(raw.substr(from, to - from));
}

void FlatText::add_one(std::uint32_t code, std::size_t from, std::size_t size) {
  const std::uint32_t folded = fold(code);
  if (folded == kDropped) return;
  runs_.push_back({static_cast<std::uint32_t>(text_.size()), static_cast<std::uint32_t>(from),
                   static_cast<std::uint32_t>(size), static_cast<std::uint32_t>(tokens_.size())});
  append_utf8(text_, folded);
}

// Of bytes without quotes and escapes.
void FlatText::add_folded(std::string_view raw, std::size_t from, std::size_t to) {
  std::size_t plain = from;
  for (std::size_t at = from; at < to;) {
    if (!kMayFold[static_cast<unsigned char>(raw[at])]) {
      ++at;
      continue;
    }
    const Character character = read_character(raw.substr(0, to), at);
    if (character.size > 1 && fold(character.code) != character.code) {
      add_plain(raw, plain, at);
      add_one(character.code, at, character.size);
      plain = at + character.size;
    }
    at += character.size;
  }
  add_plain(raw, plain, to);
}

void FlatText::add_text(std::uint32_t field, std::string_view text) {
  if (text.empty()) return;
  begin_token(field, 0, false);
  add_folded(text, 0, text.size());
  end_token(text.size(), "\n");
}

void FlatText::add_named(std::uint32_t name_field, std::string_view name, std::uint32_t field,
                         std::string_view text) {
  begin_token(name_field, 0, false);
  add_folded(name, 0, name.size());
  end_token(name.size(), ": ");
  begin_token(field, 0, false);
  add_folded(text, 0, text.size());
  end_token(text.size(), "\n");
}

void FlatText::add_json(std::uint32_t field, std::string_view json) {
  for (std::size_t at = 0; at < json.size();) {
    const char c = json[at];
    if (c == '"') {
      at = add_string(field, json, at + 1);
    } else if (is_digit(c)) {
      at = add_number(field, json, at);
    } else {
      ++at;
    }
  }
}

// `at` is behind the opening quote; gives the place behind the closing one.
std::size_t FlatText::add_string(std::uint32_t field, std::string_view json, std::size_t at) {
  begin_token(field, at, false);
  std::size_t plain = at;
  while (at < json.size()) {
    const char c = json[at];
    if (!kEndsPlain[static_cast<unsigned char>(c)]) {
      ++at;
      continue;
    }
    if (c == '"') break;
    if (c == '\\') {
      add_plain(json, plain, at);
      plain = at = add_escape(json, at);
      continue;
    }
    const Character character = read_character(json, at);
    if (character.size > 1 && fold(character.code) != character.code) {
      add_plain(json, plain, at);
      add_one(character.code, at, character.size);
      plain = at + character.size;
    }
    at += character.size;
  }
  add_plain(json, plain, at);
  const bool key = at + 1 < json.size() && json[at + 1] == ':';
  end_token(at, key ? ": " : "\n");
  return at + 1;
}

std::size_t FlatText::add_escape(std::string_view json, std::size_t at) {
  if (at + 1 >= json.size()) return json.size();
  const char c = json[at + 1];
  if (c != 'u') {
    const char meant = c == 'n' ? '\n' : c == 't' ? '\t' : c == 'r' ? '\r' : c;
    add_one(static_cast<unsigned char>(c == 'b' || c == 'f' ? ' ' : meant), at, 2);
    return at + 2;
  }
  std::uint32_t code = 0;
  std::size_t size = 2;
  for (; size < 6 && at + size < json.size(); ++size) {
    const int digit = hex_digit(json[at + size]);
    if (digit < 0) break;
    code = code << 4 | static_cast<std::uint32_t>(digit);
  }
  // Half of a surrogate pair, or control characters, are part of nothing that is looked for.
  const bool odd = code < 0x20 || (code >= 0xD800 && code <= 0xDFFF);
  add_one(odd && code != '\n' && code != '\t' ? '?' : code, at, size);
  return at + size;
}

std::size_t FlatText::add_number(std::uint32_t field, std::string_view json, std::size_t at) {
  std::size_t end = at;
  while (end < json.size() && is_digit(json[end])) ++end;
  const std::size_t digits = end - at;
  bool whole = true;
  while (end < json.size() && (is_digit(json[end]) || json[end] == '.' || json[end] == 'e' ||
                               json[end] == 'E' || json[end] == '+' || json[end] == '-')) {
    whole = false;
    ++end;
  }
  const bool negative = at > 0 && json[at - 1] == '-';
  if (!whole || negative || digits < kNumberDigitsMin) return end;
  begin_token(field, at, true);
  add_plain(json, at, end);
  end_token(end, "\n");
  return end;
}

void FlatText::locate(std::uint32_t begin, std::uint32_t end, std::vector<Place>& places) const {
  const auto after =
      std::upper_bound(runs_.begin(), runs_.end(), begin,
                       [](std::uint32_t at, const Run& run) { return at < run.flat; });
  std::uint32_t token = kNoToken;
  for (auto run = after == runs_.begin() ? after : after - 1; run != runs_.end(); ++run) {
    if (run->flat >= end) break;
    const std::uint32_t run_end =
        run + 1 == runs_.end() ? static_cast<std::uint32_t>(text_.size()) : (run + 1)->flat;
    if (run->token == kNoToken || run_end <= begin) continue;
    std::uint32_t from = run->raw, to = run->raw + run->raw_size;
    if (run->raw_size == 0) {
      from = run->raw + (std::max(begin, run->flat) - run->flat);
      to = run->raw + (std::min(end, run_end) - run->flat);
    }
    if (run->token == token) {
      places.back().end = to;
    } else {
      token = run->token;
      const Token& whole = tokens_[token - 1];
      places.push_back({whole.field, from, to, whole.begin, whole.end, whole.number});
    }
  }
}

}  // namespace catalejo::detect
