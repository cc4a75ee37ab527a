#include "evaluate/quality/repetition.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "evaluate/text/fold.hpp"
#include "evaluate/text/sentences.hpp"
#include "evaluate/text/shingles.hpp"

namespace catalejo::evaluate {
namespace {

// A round of a loop is at most so many words; each length is tried, so the work is this times the
// words of the text.
constexpr std::size_t kPeriodMax = 48;

struct Loop {
  std::size_t period = 0, rounds = 0;  // in words, or in bytes
  std::uint32_t begin = 0, end = 0;    // of the folded text
  std::string_view rule;
};

bool is_number(std::string_view word) {
  return !word.empty() && word.find_first_not_of("0123456789") == std::string_view::npos;
}

// So many words in a row must come again before it is no style any more.
std::size_t repeated_min(std::size_t period) {
  if (period == 1) return 7;
  if (period <= 3) return 5 * period;
  if (period <= 8) return 3 * period;
  return std::max<std::size_t>(20, 2 * period);
}

// A run of at least `repeated_min` has one of these places in it: the others need not be looked at.
bool may_loop(const std::vector<Word>& words, std::size_t period) {
  const std::size_t step = repeated_min(period);
  for (std::size_t i = period + step - 1; i < words.size(); i += step)
    if (words[i].hash == words[i - period].hash) return true;
  return false;
}

std::optional<Loop> word_loop(const std::vector<Word>& words, std::string_view folded) {
  std::optional<Loop> worst;
  for (std::size_t period = 1; period <= kPeriodMax && period * 2 <= words.size(); ++period) {
    if (!may_loop(words, period)) continue;
    std::size_t run = 0;
    for (std::size_t i = period; i <= words.size(); ++i) {
      if (i < words.size() && words[i].hash == words[i - period].hash) {
        ++run;
        continue;
      }
      if (run >= repeated_min(period)) {
        const Word& first = words[i - run - period];
        const Word& last = words[i - 1];
        // Columns of the same numbers are data.
        bool numbers = true;
        for (std::size_t k = i - period; k < i; ++k)
          numbers &= is_number(folded.substr(words[k].begin, words[k].end - words[k].begin));
        if (!numbers && (!worst || last.end - first.begin > worst->end - worst->begin))
          worst = Loop{period, run / period + 1, first.begin, last.end, "words"};
      }
      run = 0;
    }
    if (worst) break;  // a longer period only repeats this one
  }
  return worst;
}

constexpr std::size_t kSignsMin = 60;

// As above: of each run of kSignsMin some eight bytes begin at such a place.
bool may_loop(std::string_view folded, std::size_t period) {
  constexpr std::size_t kBytes = 8, kStep = kSignsMin - kBytes;
  for (std::size_t i = period; i + kBytes <= folded.size(); i += kStep)
    if (folded.substr(i, kBytes) == folded.substr(i - period, kBytes)) return true;
  return false;
}

// One sign or a few without a blank: "aaaa…", "hahaha…". Rules and frames are drawn so on purpose.
std::optional<Loop> sign_loop(std::string_view folded) {
  for (std::size_t period = 1; period <= 8; ++period) {
    if (!may_loop(folded, period)) continue;
    std::size_t run = 0;
    for (std::size_t i = period; i <= folded.size(); ++i) {
      const bool same = i < folded.size() && folded[i] == folded[i - period];
      if (same) {
        ++run;
        continue;
      }
      if (run >= kSignsMin) {
        const std::size_t begin = i - run - period;
        const std::string_view round = folded.substr(begin, period);
        std::size_t letters = 0;
        for (const char c : round) letters += (c >= 'a' && c <= 'z') || (c & 0x80) != 0 ? 1u : 0u;
        if (letters > 0)
          return Loop{period, run / period + 1, static_cast<std::uint32_t>(begin),
                      static_cast<std::uint32_t>(i), "characters"};
      }
      run = 0;
    }
  }
  return {};
}

// "12. " at the start of a line: a list that says the same in each of its points goes in circles.
std::size_t counter_size(std::string_view line) {
  const std::size_t digits = std::min(line.find_first_not_of("0123456789"), line.size());
  const bool counts = digits > 0 && digits <= 4 && digits + 1 < line.size() &&
                      (line[digits] == '.' || line[digits] == ')') && line[digits + 1] == ' ';
  return counts ? digits + 1 : 0;
}

// Tables repeat by nature; their lines are left out, and so are the numbers of lists.
std::string without_tables(std::string_view text) {
  std::string out;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view line = text.substr(begin, end - begin);
    const std::size_t first = line.find_first_not_of(' ');
    const bool table = first != std::string_view::npos && line[first] == '|';
    const std::size_t skipped =
        table ? line.size()
              : (first == std::string_view::npos ? 0 : first + counter_size(line.substr(first)));
    out.append(skipped, ' ');
    out += line.substr(skipped);
    if (end < text.size()) out += '\n';
    begin = end + 1;
  }
  return out;
}

}  // namespace

void Repetition::judge(const Subject& subject, std::vector<Verdict>& verdicts) const {
  Verdict verdict{.label = id(), .assessment = Assessment::pass};
  verdict.reasoning = "The answer does not go in circles.";
  bool judged = false;
  for (const Text& text : subject.texts) {
    if (text.side != Side::output || text.voice != Voice::assistant || text.text.empty()) continue;
    judged = true;
    // Whole JSON is data; code blocks may hold the same line many times.
    const std::string plain = without_tables(prose(text.text));
    const std::string folded = fold(plain).text;
    std::optional<Loop> loop = sign_loop(folded);
    if (!loop && text.text.front() != '{' && text.text.front() != '[')
      loop = word_loop(hashed_words(folded), folded);
    if (!loop) continue;
    verdict.score = 1;
    verdict.assessment = Assessment::fail;
    verdict.reasoning =
        fmt::format("The same {} {} {} times in a row.", loop->period,
                    loop->rule == "words" ? "word(s)" : "character(s)", loop->rounds);
    verdict.findings.push_back(
        {text.side, text.message, 0, static_cast<std::uint32_t>(text.text.size()), loop->rule});
  }
  if (judged) verdicts.push_back(std::move(verdict));
}

}  // namespace catalejo::evaluate
