#include "insight/fingerprint.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "codec/utf8.hpp"

namespace catalejo::insight {
namespace {

constexpr std::size_t kMessageBytesMax = 240;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

bool is_hex(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

// What belongs to a word: ids hold these between their letters and digits.
bool is_word(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-' ||
         c == '.' || c == ':' || c == '/' || c == '@' || c == '+' || c == '%' || c == '#' ||
         (static_cast<unsigned char>(c) & 0x80) != 0;
}

// "429" behind "code: ", "status " and the like says which error it is; behind "after " it is some
// seconds.
bool is_http_status(std::string_view word, std::string_view before) {
  if (word.size() != 3 || (word[0] != '4' && word[0] != '5') || !is_digit(word[1]) ||
      !is_digit(word[2]))
    return false;
  if (before.empty()) return true;
  constexpr std::array<std::string_view, 7> kBefore = {"ode: ",  "ode ",  "tatus: ", "tatus ",
                                                       "rror: ", "rror ", "HTTP "};
  return std::ranges::any_of(kBefore, [&](std::string_view end) { return before.ends_with(end); });
}

// Of a part between the signs of a word: does it vary from one call to the next?
bool varies(std::string_view part, bool after_value) {
  std::size_t digits = 0, hex = 0;
  for (const char c : part) {
    digits += is_digit(c) ? 1u : 0u;
    hex += is_hex(c) ? 1u : 0u;
  }
  if (digits == part.size()) return digits > 0;
  if (hex == part.size() && part.size() >= 4 && after_value) return true;  // a UUID goes on
  if (hex == part.size() && part.size() >= 8) return true;                 // deadbeef
  if (digits * 3 >= part.size()) return true;                              // 12ms, 0x1f, v4-…
  return digits >= 2 && part.size() >= 16;                                 // chatcmpl-…, base64
}

void append_word(std::string& out, std::string_view word) {
  if (is_http_status(word, out)) {
    out += word;
    return;
  }
  bool last_was_sign = false;
  for (std::size_t i = 0; i < word.size();) {
    const bool sign = word[i] == '-' || word[i] == ':' || word[i] == '/' || word[i] == '.' ||
                      word[i] == '@' || word[i] == '_' || word[i] == '#';
    if (sign) {
      // 12:30:01.5, 10.0.0.7 and c0ffee-11 are one value each.
      const bool joins =
          last_was_sign && i + 1 < word.size() && (is_hex(word[i + 1]) || word[i] == '#');
      if (word[i] != '#' && !joins) out += word[i];
      if (word[i] == '#' && !last_was_sign) out += '#', last_was_sign = true;
      ++i;
      continue;
    }
    std::size_t end = i;
    while (end < word.size() && std::string_view("-:/.@_#").find(word[end]) == std::string::npos)
      ++end;
    const std::string_view part = word.substr(i, end - i);
    const bool value = varies(part, last_was_sign);
    if (!value) {
      out += part;
    } else if (!last_was_sign || out.empty() || out.back() != '#') {
      out += '#';
    }
    last_was_sign = value;
    i = end;
  }
}

bool is_library(std::string_view file) {
  constexpr std::array<std::string_view, 6> kLibraries = {
      "site-packages", "dist-packages", "/lib/python", "node_modules", "node:internal", "<frozen"};
  for (const std::string_view mark : kLibraries)
    if (file.find(mark) != std::string_view::npos) return true;
  return false;
}

std::string_view between(std::string_view line, std::string_view begin, std::string_view end) {
  const std::size_t from = line.find(begin);
  if (from == std::string_view::npos) return {};
  line.remove_prefix(from + begin.size());
  return line.substr(0, line.find(end));
}

std::string_view base_name(std::string_view path) {
  const std::size_t slash = path.find_last_of("/\\");
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

struct Frame {
  std::string_view file, function;
  bool innermost_first = false;
};

// `  File "app.py", line 3, in ask` or `    at ask (/app/server.js:10:5)`.
Frame frame_of(std::string_view line) {
  if (const auto file = between(line, "File \"", "\""); !file.empty()) {
    std::string_view function = between(line, ", in ", "\n");
    return {file, function, false};
  }
  const std::size_t at = line.find("    at ");
  if (at == std::string_view::npos) return {};
  std::string_view rest = line.substr(at + 7);
  std::string_view file = between(rest, "(", ")");
  std::string_view function = file.empty() ? std::string_view() : rest.substr(0, rest.find(" ("));
  if (file.empty()) file = rest;
  for (int i = 0; i < 2; ++i) {
    const std::size_t colon = file.rfind(':');
    if (colon != std::string_view::npos && colon + 1 < file.size() && is_digit(file[colon + 1]))
      file = file.substr(0, colon);
  }
  return {file, function, true};
}

}  // namespace

std::string normalise_message(std::string_view message) {
  std::string out;
  for (std::size_t i = 0; i < message.size() && out.size() <= kMessageBytesMax;) {
    if (is_space(message[i])) {
      if (!out.empty() && out.back() != ' ') out += ' ';
      ++i;
      continue;
    }
    if (!is_word(message[i])) {
      out += message[i++];
      continue;
    }
    std::size_t end = i;
    while (end < message.size() && is_word(message[end])) ++end;
    append_word(out, message.substr(i, end - i));
    i = end;
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return std::string(codec::utf8_prefix(out, kMessageBytesMax));
}

std::string place_of(std::string_view stack) {
  Frame own, any;
  while (!stack.empty()) {
    const std::size_t end = stack.find('\n');
    const Frame frame = frame_of(stack.substr(0, end));
    if (!frame.file.empty()) {
      // Python names the innermost frame last, JavaScript first.
      const bool later_is_better = !frame.innermost_first;
      if (any.file.empty() || later_is_better) any = frame;
      if (!is_library(frame.file) && (own.file.empty() || later_is_better)) own = frame;
    }
    if (end == std::string_view::npos) break;
    stack.remove_prefix(end + 1);
  }
  const Frame& chosen = own.file.empty() ? any : own;
  if (chosen.file.empty()) return {};
  std::string place(base_name(chosen.file));
  if (!chosen.function.empty()) place += " " + std::string(chosen.function);
  return place;
}

}  // namespace catalejo::insight
