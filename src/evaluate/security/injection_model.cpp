#include "evaluate/security/injection_model.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "evaluate/security/decode.hpp"

namespace catalejo::evaluate {
namespace {

// As in the training.
constexpr std::size_t kWords = 64, kStep = kWords / 2;
// A few words alone are left to the rules: one of them would decide.
constexpr std::size_t kWordsMin = 24;

struct Model {
  InjectionWeights meaning = injection_weights();
  std::string weights = from_base64(meaning.base64);

  int weight(std::uint32_t hash) const {
    return static_cast<signed char>(weights[hash % weights.size()]);
  }
};

std::uint32_t fnv(std::string_view text, std::uint32_t hash = 0x811c9dc5) {
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x01000193;
  return hash;
}

struct Token {
  std::uint32_t begin, end;
  int word, pair;  // weights; of the pair with the word before
};

bool is_token_byte(char c) {
  return (c >= 'a' && c <= 'z') || c == '\'';
}

std::vector<Token> tokens_of(std::string_view folded, const Model& model) {
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
    tokens.push_back({static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(end),
                      model.weight(hash), tokens.empty() ? 0 : model.weight(fnv(word, before))});
    before = fnv(" ", hash);
    i = end;
  }
  return tokens;
}

}  // namespace

std::vector<Stretch> injection_stretches(std::string_view folded) {
  static const Model model;
  const std::vector<Token> tokens = tokens_of(folded, model);
  std::vector<Stretch> stretches;
  if (tokens.size() < kWordsMin) return stretches;
  const std::size_t last = std::max<std::size_t>(1, tokens.size() - std::min(kStep, tokens.size()));
  for (std::size_t first = 0; first < last && first < tokens.size(); first += kStep) {
    const std::size_t end = std::min(first + kWords, tokens.size());
    int sum = 0;
    for (std::size_t i = first; i < end; ++i)
      sum += tokens[i].word + (i > first ? tokens[i].pair : 0);
    const auto grams = static_cast<double>(2 * (end - first) - 1);
    const double score = sum * model.meaning.unit / std::sqrt(grams) + model.meaning.bias;
    stretches.push_back({tokens[first].begin, tokens[end - 1].end, score - model.meaning.alarm});
  }
  return stretches;
}

}  // namespace catalejo::evaluate
