#include "evaluate/security/injection_model.hpp"

#include <algorithm>
#include <cmath>
#include <span>
#include <string>

#include "evaluate/security/decode.hpp"
#include "evaluate/text/fnv.hpp"

namespace catalejo::evaluate {
namespace {

struct Model {
  InjectionWeights meaning;
  std::size_t words, step;  // of a stretch, as in the training
  std::size_t words_min;    // fewer are left to others: one of them would decide
  std::string weights = from_base64(meaning.base64);

  int weight(std::uint32_t hash) const {
    return static_cast<signed char>(weights[hash % weights.size()]);
  }
};

struct Token {
  std::uint32_t begin, end;
  std::uint32_t word, pair;  // hashes; of the pair with the word before
  bool starts;               // a sentence ended before it
};

bool is_token_byte(char c) {
  return (c >= 'a' && c <= 'z') || c == '\'';
}

bool ends_sentence(std::string_view gap) {
  return gap.find('\n') != std::string_view::npos ||
         (gap.size() > 1 && gap.find_first_of(".!?") != std::string_view::npos);
}

std::vector<Token> tokens_of(std::string_view folded) {
  std::vector<Token> tokens;
  std::uint32_t before = 0;  // the hash of the word before and a blank
  for (std::size_t i = 0; i < folded.size();) {
    std::size_t end = i;
    while (end < folded.size() && is_token_byte(folded[end])) ++end;
    if (end == i) {
      ++i;
      continue;
    }
    const std::string_view word = folded.substr(i, end - i);
    const std::uint32_t hash = fnv(word);
    const std::size_t gap = tokens.empty() ? i : tokens.back().end;
    tokens.push_back({static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(end), hash,
                      fnv(word, before), ends_sentence(folded.substr(gap, i - gap))});
    before = fnv(" ", hash);
    i = end;
  }
  return tokens;
}

// Stretches of the same number of words, each by half over the next.
void score(std::span<const Token> tokens, const Model& model, std::vector<Stretch>& stretches) {
  if (tokens.size() < model.words_min) return;
  const std::size_t last =
      std::max<std::size_t>(1, tokens.size() - std::min(model.step, tokens.size()));
  for (std::size_t first = 0; first < last; first += model.step) {
    const std::size_t end = std::min(first + model.words, tokens.size());
    if (end - first < model.words_min) return;
    int sum = 0;
    for (std::size_t i = first; i < end; ++i)
      sum += model.weight(tokens[i].word) + (i > first ? model.weight(tokens[i].pair) : 0);
    const auto grams = static_cast<double>(2 * (end - first) - 1);
    const double above = sum * model.meaning.unit / std::sqrt(grams) + model.meaning.bias;
    stretches.push_back({tokens[first].begin, tokens[end - 1].end, above - model.meaning.alarm});
  }
}

// The same within sentences, of which short ones are taken together with what follows.
void score_sentences(std::span<const Token> tokens, const Model& model,
                     std::vector<Stretch>& stretches) {
  constexpr std::size_t kWordsTogether = 8;
  std::size_t begin = 0;
  for (std::size_t i = 1; i <= tokens.size(); ++i) {
    const bool whole = i == tokens.size();
    if (!whole && (!tokens[i].starts || i - begin < kWordsTogether)) continue;
    score(tokens.subspan(begin, i - begin), model, stretches);
    begin = i;
  }
}

}  // namespace

Stretches injection_stretches(std::string_view folded) {
  static const Model passages{injection_weights(), 64, 32, 24};
  static const Model sentences{sentence_weights(), 20, 10, 4};
  const std::vector<Token> tokens = tokens_of(folded);
  Stretches stretches{{}, {}, sentences.meaning.alarm};
  score(tokens, passages, stretches.passages);
  score_sentences(tokens, sentences, stretches.sentences);
  return stretches;
}

}  // namespace catalejo::evaluate
