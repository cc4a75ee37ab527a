#include "evaluate/text/sentences.hpp"

#include <algorithm>

namespace catalejo::evaluate {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";

bool ends_sentence(std::string_view text, std::size_t at) {
  const char c = text[at];
  if (c == '\n') return true;
  if (c != '.' && c != '!' && c != '?') return false;
  constexpr std::string_view kAfter = " \n\"*)";
  return at + 1 == text.size() || kAfter.find(text[at + 1]) != std::string_view::npos;
}

bool is_fence(std::string_view line) {
  const std::size_t begin = line.find_first_not_of(' ');
  if (begin == std::string_view::npos || begin > 12) return false;
  return line.substr(begin, 3) == "```" || line.substr(begin, 3) == "~~~";
}

// Calls `line(text of it, begin, end with its line end)` for each line.
template <class Line>
void each_line(std::string_view text, Line line) {
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    line(text.substr(begin, end - begin), begin, std::min(end + 1, text.size()));
    begin = end + 1;
  }
}

bool starts_address(std::string_view text, std::size_t at) {
  const std::string_view rest = text.substr(at, 8);
  return rest.starts_with("http://") || rest.starts_with("https://") || rest.starts_with("www.");
}

// Appends a line without `code` and addresses.
void append_prose(std::string& out, std::string_view line) {
  for (std::size_t i = 0; i < line.size(); ++i) {
    const std::size_t plain = i;
    while (i < line.size() && line[i] != '`' && line[i] != 'h' && line[i] != 'w') ++i;
    out += line.substr(plain, i - plain);
    if (i == line.size()) return;
    if (line[i] == '`') {
      const std::size_t end = line.find('`', i + 1);
      if (end != std::string_view::npos) {
        out += ' ';
        i = end;
        continue;
      }
    }
    if (line[i] != '`' && starts_address(line, i)) {
      out += ' ';
      i = std::min(line.find_first_of(" )>]\"'\t", i), line.size()) - 1;
      continue;
    }
    out += line[i];
  }
}

}  // namespace

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

std::vector<std::string_view> sentences(std::string_view folded) {
  std::vector<std::string_view> found;
  std::size_t begin = 0;
  const auto add = [&](std::size_t end) {
    const std::string_view sentence = trimmed(folded.substr(begin, end - begin));
    if (!sentence.empty()) found.push_back(sentence);
    begin = end;
  };
  for (std::size_t i = 0; i < folded.size(); ++i)
    if (ends_sentence(folded, i)) {
      if (i + 1 < folded.size() && folded[i + 1] == '"') ++i;  // what is quoted ends with it
      add(i + 1);
    }
  add(folded.size());
  return found;
}

std::vector<Fence> fences(std::string_view text) {
  std::vector<Fence> found;
  bool open = false;
  std::size_t body = 0;
  each_line(text, [&](std::string_view line, std::size_t begin, std::size_t end) {
    if (!is_fence(line)) return;
    if (!open) {
      found.push_back({trimmed(line.substr(line.find_first_not_of(" `~") == std::string_view::npos
                                               ? line.size()
                                               : line.find_first_not_of(" `~"))),
                       {}});
      body = end;
    } else {
      found.back().body = text.substr(body, begin - body);
    }
    open = !open;
  });
  if (open) found.back().body = text.substr(std::min(body, text.size()));
  return found;
}

std::string prose(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  bool open = false;
  each_line(text, [&](std::string_view line, std::size_t, std::size_t) {
    if (is_fence(line)) {
      open = !open;
    } else if (!open) {
      append_prose(out, line);
    }
    out += open ? ' ' : '\n';
  });
  return out;
}

}  // namespace catalejo::evaluate
