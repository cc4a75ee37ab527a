#include "query/search/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/ascii.hpp"
#include "base/limits.hpp"
#include "query/answers.hpp"
#include "query/row_reader.hpp"
#include "query/search/judged.hpp"

namespace catalejo::query::search {
namespace {

// As store/batch/words.cpp cuts texts. Wildcards stand between words too, so the pieces around one
// are looked for each by itself.
bool in_word(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         static_cast<unsigned char>(c) >= 0x80;
}

std::set<std::string> pieces_of(std::string_view text) {
  std::set<std::string> pieces;
  std::string piece;
  const auto finish = [&] {
    if (piece.size() >= limits::word_bytes_min && piece.size() <= limits::word_bytes_max)
      pieces.insert(piece);
    piece.clear();
  };
  for (const char c : text) {
    if (in_word(c)) {
      piece += lower_ascii(c);
    } else {
      finish();
    }
  }
  finish();
  return pieces;
}

class WordsPlanner {
 public:
  explicit WordsPlanner(StatementBuilder& out) : out_(out) {}

  // Empty: nothing can be said, every stretch may fit.
  std::string write(const Node& node) {
    switch (node.kind) {
      case Kind::all_of:
        return joined(node, " AND ", /*all_needed=*/false);
      case Kind::any_of:
        return joined(node, " OR ", /*all_needed=*/true);
      case Kind::word:
        return write_text(node.term.values.front().text);
      case Kind::term:
        return write_term(node.term);
      default:
        return "";
    }
  }

 private:
  std::string joined(const Node& node, std::string_view word, bool all_needed) {
    std::string made;
    for (const Node& child : node.children) {
      const std::string condition = write(child);
      if (condition.empty() && all_needed) return "";
      if (condition.empty()) continue;
      made += made.empty() ? "(" : word;
      made += condition;
    }
    return made.empty() ? "" : made + ")";
  }

  std::string write_term(const Term& term) {
    if (term.target.source == Source::tag && !term.target.child) return write_tags(term);
    if (term.judged != nullptr && !term.target.child) return write_judged(*term.judged);
    if (term.target.child || term.target.type != Type::content || term.op == Op::exists) return "";
    std::string made;
    for (const Value& value : term.values) {
      const std::string condition = write_text(value.text);
      if (condition.empty()) return "";
      made += made.empty() ? "(" : " OR ";
      made += condition;
    }
    return made.empty() ? "" : made + ")";
  }

  // Of a comparison, a pattern or no value at all: that there is such a tag.
  std::string write_tags(const Term& term) {
    const bool whole = term.op == Op::equal || term.op == Op::any_of;
    std::string made;
    for (const Value& value : term.values) {
      if (!whole || value.text.wildcard) return has_tag(term.target.name, std::nullopt);
      made += made.empty() ? "(" : " OR ";
      made += has_tag(term.target.name, value.text.literal);
    }
    return made.empty() ? has_tag(term.target.name, std::nullopt) : made + ")";
  }

  // Judgements that join by tags; of others nothing is known here.
  std::string write_judged(const Judged& judged) {
    if (!judged.spans.empty() || !judged.traces.empty() || !judged.sessions.empty()) return "";
    std::string made;
    for (const auto& [key, value] : judged.tags) {
      made += made.empty() ? "(" : " OR ";
      made += has_tag(key, value);
    }
    return made.empty() ? "" : made + ")";
  }

 public:
  // '*' and '**': any tag.
  std::string has_tag(std::string_view key, std::optional<std::string_view> value) {
    return fmt::format(
        "(startsWith(tags, '*') OR position(tags, {}) > 0)",
        out_.bind_text(value ? fmt::format("\n{}:{}\n", key, *value) : fmt::format("\n{}:", key)));
  }

 private:
  // A piece is a whole word, or the end of the first or the beginning of the last: part of one.
  std::string write_text(const Text& text) {
    std::string made;
    for (const std::string& piece : pieces_of(text.literal)) {
      // Only ASCII letters were made small when the words were taken.
      const bool ascii =
          std::ranges::all_of(piece, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
      made += made.empty() ? "(" : " AND ";
      made +=
          fmt::format("words {} {}", ascii ? "LIKE" : "ILIKE", out_.bind_text("%" + piece + "%"));
    }
    // '*': nobody has looked yet; '**': too many to be kept.
    return made.empty() ? "" : fmt::format("(startsWith(words, '*') OR {}))", made);
  }

  StatementBuilder& out_;
};

// Closes the smallest gaps until few enough stretches are left.
void close_gaps(std::vector<Stretch>& stretches) {
  constexpr std::size_t kMax = limits::search_stretches_max;
  if (stretches.size() <= kMax) return;
  std::vector<std::int64_t> gaps;
  for (std::size_t i = 1; i < stretches.size(); ++i)
    gaps.push_back(stretches[i].first.value - stretches[i - 1].second.value);
  std::vector<std::int64_t> largest = gaps;
  std::ranges::nth_element(largest, largest.begin() + kMax - 1, std::greater<>());
  const std::int64_t closed = largest[kMax - 1];
  std::vector<Stretch> kept = {stretches.front()};
  for (std::size_t i = 1; i < stretches.size(); ++i) {
    if (gaps[i - 1] > closed) {
      kept.push_back(stretches[i]);
    } else {
      kept.back().second = stretches[i].second;
    }
  }
  stretches = std::move(kept);
}

}  // namespace

std::optional<Statement> plan_stretches(const Query* query, const std::vector<Tag>& tags,
                                        const Scope& scope) {
  StatementBuilder out;
  WordsPlanner planner(out);
  std::string fits = query == nullptr ? "" : planner.write(query->root);
  for (const auto& [key, value] : tags) {
    // One that is missing reads as empty.
    if (value.empty()) continue;
    fits += fits.empty() ? "" : " AND ";
    fits += planner.has_tag(key, value);
  }
  if (fits.empty()) return std::nullopt;
  const std::string from = out.bind_time(scope.from), to = out.bind_time(scope.to);
  out << fmt::format(
      "SELECT first, last\nFROM span_words\nWHERE last >= {} AND first <= {}\n"
      "  AND {}\nORDER BY first\nFORMAT RowBinary",
      from, to, fits);
  return std::move(out).finish();
}

Result<std::vector<Stretch>> read_stretches(std::string_view body) {
  std::vector<Stretch> stretches;
  RowReader reader(body);
  while (!reader.at_end()) {
    const UnixNanos first{reader.i64()}, last{reader.i64()};
    if (reader.failed()) return broken_answer();
    if (!stretches.empty() && first <= stretches.back().second) {
      stretches.back().second = std::max(stretches.back().second, last);
    } else {
      stretches.emplace_back(first, last);
    }
  }
  close_gaps(stretches);
  return stretches;
}

}  // namespace catalejo::query::search
