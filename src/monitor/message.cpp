#include "monitor/message.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/limits.hpp"

namespace catalejo::monitor {
namespace {

constexpr std::array<std::string_view, 16> kCases = {"is_alert",
                                                     "is_warning",
                                                     "is_no_data",
                                                     "is_recovery",
                                                     "is_alert_recovery",
                                                     "is_warning_recovery",
                                                     "is_no_data_recovery",
                                                     "is_alert_to_warning",
                                                     "is_warning_to_alert",
                                                     "is_no_data_to_alert",
                                                     "is_alert_to_no_data",
                                                     "is_renotify",
                                                     "is_unknown",
                                                     "is_priority",
                                                     "is_match",
                                                     "is_exact_match"};

std::string_view stripped(std::string_view text) {
  const auto is_space = [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; };
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

// A part of a template: text, or what stands in {{ }}.
struct Piece {
  enum class Kind : std::uint8_t { text, variable, open, open_not, otherwise, close };
  Kind kind = Kind::text;
  std::string_view all;    // as it is written
  std::string_view inner;  // without the brackets and the sign
};

class Pieces {
 public:
  explicit Pieces(std::string_view text) : rest_(text) {}

  std::optional<Piece> next() {
    if (rest_.empty()) return std::nullopt;
    const std::size_t begin = rest_.find("{{");
    if (begin != 0) return take({.all = rest_.substr(0, begin), .inner = {}});
    const bool raw = rest_.starts_with("{{{");
    const std::string_view closing = raw ? "}}}" : "}}";
    const std::size_t end = rest_.find(closing, 2);
    if (end == std::string_view::npos) return take({.all = rest_, .inner = {}});
    const std::size_t from = raw ? 3 : 2;
    if (end < from) return take({.all = rest_.substr(0, 2), .inner = {}});
    Piece piece{.kind = Piece::Kind::variable,
                .all = rest_.substr(0, end + closing.size()),
                .inner = stripped(rest_.substr(from, end - from))};
    classify(piece);
    return take(piece);
  }

 private:
  static void classify(Piece& piece) {
    if (piece.inner == "else") piece.kind = Piece::Kind::otherwise;
    if (piece.inner.empty()) return;
    const char sign = piece.inner.front();
    if (sign != '#' && sign != '^' && sign != '/') return;
    piece.kind = sign == '#'   ? Piece::Kind::open
                 : sign == '^' ? Piece::Kind::open_not
                               : Piece::Kind::close;
    piece.inner = stripped(piece.inner.substr(1));
  }

  Piece take(Piece piece) {
    rest_.remove_prefix(piece.all.size());
    return piece;
  }

  std::string_view rest_;
};

std::string_view word_of(std::string_view inner) {
  return inner.substr(0, inner.find_first_of(" \t\r\n"));
}

// What stands in quotes behind the word.
std::vector<std::string_view> quoted(std::string_view inner) {
  std::vector<std::string_view> texts;
  while (true) {
    const std::size_t begin = inner.find_first_of("\"'");
    if (begin == std::string_view::npos) return texts;
    const std::size_t end = inner.find(inner[begin], begin + 1);
    if (end == std::string_view::npos) return texts;
    texts.push_back(inner.substr(begin + 1, end - begin - 1));
    inner.remove_prefix(end + 1);
  }
}

// "[dotted.tag].name" is "dotted.tag.name".
std::string variable_name(std::string_view inner) {
  std::string name;
  for (const char c : inner)
    if (c != '[' && c != ']') name += c;
  return name;
}

std::string_view value_of(const MessageFacts& facts, std::string_view inner) {
  const auto found = facts.variables.find(variable_name(inner));
  return found == facts.variables.end() ? std::string_view{} : std::string_view(found->second);
}

bool matches(const MessageFacts& facts, const std::vector<std::string_view>& texts, bool exact) {
  if (texts.size() < 2) return false;
  const std::string_view value = value_of(facts, texts.front());
  return std::any_of(texts.begin() + 1, texts.end(), [&](std::string_view text) {
    // is_match "" holds for what has no value.
    if (exact || text.empty()) return value == text;
    return value.find(text) != std::string_view::npos;
  });
}

bool is_case(const MessageFacts& facts, std::string_view inner) {
  const std::string_view word = word_of(inner);
  const std::vector<std::string_view> texts = quoted(inner);
  if (word == "is_match" || word == "is_exact_match")
    return matches(facts, texts, word == "is_exact_match");
  if (word == "is_priority") return !texts.empty() && value_of(facts, "priority") == texts.front();
  const auto found = facts.cases.find(word);
  return found != facts.cases.end() && found->second;
}

bool is_known(std::string_view inner) {
  return std::ranges::find(kCases, word_of(inner)) != kCases.end();
}

bool ends_mention(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == ',' || c == ';' || c == ')' ||
         c == '(' || c == '"' || c == '\'' || c == '<' || c == '>' || c == '{' || c == '}' ||
         c == '`' || c == '!' || c == '?';
}

}  // namespace

std::string render(std::string_view text, const MessageFacts& facts) {
  struct Open {
    std::string_view word;
    bool holds;
  };
  std::vector<Open> open;
  std::string out;
  const auto shown = [&] { return std::ranges::all_of(open, &Open::holds); };
  Pieces pieces(text);
  while (const std::optional<Piece> piece = pieces.next()) {
    if (out.size() > limits::monitor_message_bytes_max) break;
    using Kind = Piece::Kind;
    const bool opens = piece->kind == Kind::open || piece->kind == Kind::open_not;
    if (opens && is_known(piece->inner) && open.size() < limits::monitor_template_depth_max) {
      open.push_back({.word = word_of(piece->inner),
                      .holds = is_case(facts, piece->inner) == (piece->kind == Kind::open)});
    } else if (piece->kind == Kind::close && !open.empty() &&
               open.back().word == word_of(piece->inner)) {
      open.pop_back();
    } else if (piece->kind == Kind::otherwise && !open.empty()) {
      open.back().holds = !open.back().holds;
    } else if (shown()) {
      const auto found = piece->kind == Kind::variable
                             ? facts.variables.find(variable_name(piece->inner))
                             : facts.variables.end();
      out += found == facts.variables.end() ? piece->all : std::string_view(found->second);
    }
  }
  if (out.size() > limits::monitor_message_bytes_max) {
    std::size_t end = limits::monitor_message_bytes_max;
    while (end > 0 && (static_cast<unsigned char>(out[end]) & 0xC0u) == 0x80u) --end;
    out.resize(end);
  }
  return out;
}

std::vector<std::string> problems_of(std::string_view text) {
  std::vector<std::string> problems;
  std::vector<std::string_view> open;
  Pieces pieces(text);
  while (const std::optional<Piece> piece = pieces.next()) {
    if (problems.size() >= limits::monitor_template_depth_max) break;
    using Kind = Piece::Kind;
    const std::string_view word = word_of(piece->inner);
    if (piece->kind == Kind::open || piece->kind == Kind::open_not) {
      if (!is_known(piece->inner)) {
        problems.push_back(fmt::format("{{{{#{}}}}} is not known here", word));
      } else if (open.size() == limits::monitor_template_depth_max) {
        problems.push_back(fmt::format("cases are more than {} deep", open.size()));
      } else {
        open.push_back(word);
      }
    } else if (piece->kind == Kind::close) {
      if (open.empty() || open.back() != word) {
        problems.push_back(fmt::format("{{{{/{}}}}} closes nothing", word));
      } else {
        open.pop_back();
      }
    }
  }
  for (const std::string_view word : open)
    problems.push_back(fmt::format("{{{{#{}}}}} is not closed", word));
  return problems;
}

std::vector<std::string> mentions_in(std::string_view text) {
  std::vector<std::string> mentions;
  for (std::size_t at = text.find('@'); at != std::string_view::npos; at = text.find('@', at)) {
    const bool begins = at == 0 || ends_mention(text[at - 1]);
    std::size_t end = ++at;
    while (end < text.size() && !ends_mention(text[end])) ++end;
    std::string_view name = text.substr(at, end - at);
    while (!name.empty() && (name.back() == '.' || name.back() == ':')) name.remove_suffix(1);
    if (!begins || name.empty()) continue;
    at = end;
    if (std::ranges::find(mentions, name) == mentions.end()) mentions.emplace_back(name);
    if (mentions.size() == limits::monitor_mentions_max) break;
  }
  return mentions;
}

}  // namespace catalejo::monitor
