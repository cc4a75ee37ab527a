#include "insight/topics/names.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <unordered_map>

#include "insight/topics/clusters.hpp"
#include "insight/topics/words.hpp"

namespace catalejo::insight::topics {
namespace {

constexpr std::size_t kPhrasesMax = 3;
constexpr std::size_t kCandidates = 24;
constexpr double kShareMin = 0.08;   // of the texts of a group, for a phrase to stand for it
constexpr double kPairBonus = 1.35;  // "reset password" says more than "password"
constexpr double kElsewhere = 0.01;  // added to the share elsewhere: rare is not yet distinctive

struct Candidate {
  std::uint64_t hash = 0;
  bool pair = false;
  double score = 0;
  std::uint32_t texts = 0;
  std::map<std::string, std::uint32_t> written;  // form → how often
  std::vector<std::uint64_t> words;              // hashes of its words
};

struct Count {
  std::uint32_t texts = 0;
  bool pair = false;
};
using Counts = std::unordered_map<std::uint64_t, Count>;

// `use(feature)` for each different word and pair of a text.
template <typename Use>
void each_phrase(std::string_view text, Use use) {
  std::set<std::uint64_t> seen;
  for (const Feature& feature : features_of(text))
    if (feature.kind != FeatureKind::stem && seen.insert(feature.hash).second) use(feature);
}

bool is_word_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == ',' ||
         (static_cast<unsigned char>(c) & 0x80) != 0;
}

// White space as one blank; the capital that begins a sentence is none of the word's.
std::string written_form(std::string_view text, const Feature& feature) {
  std::string form;
  const std::size_t last = text.substr(0, feature.begin).find_last_not_of(" \t\"'(");
  const bool begins = last == std::string_view::npos || !is_word_byte(text[last]);
  for (const char c : text.substr(feature.begin, feature.end - feature.begin)) {
    const bool space = c == ' ' || (c >= '\t' && c <= '\r');
    if (!space)
      form += c;
    else if (!form.empty() && form.back() != ' ')
      form += ' ';
  }
  const auto small = [](char c) { return c >= 'a' && c <= 'z'; };
  if (begins && form.size() > 1 && form[0] >= 'A' && form[0] <= 'Z' && small(form[1]))
    form[0] = static_cast<char>(form[0] + ('a' - 'A'));
  return form;
}

std::vector<Candidate> candidates_of(const Counts& mine, const Counts& all, std::size_t in_group,
                                     std::size_t in_all) {
  std::vector<Candidate> candidates;
  for (const auto& [hash, count] : mine) {
    const double share = static_cast<double>(count.texts) / static_cast<double>(in_group);
    if (count.texts < 2 || share < kShareMin) continue;
    const double others = static_cast<double>(all.at(hash).texts - count.texts) /
                          static_cast<double>(std::max<std::size_t>(in_all - in_group, 1));
    const double score =
        share * std::log(share / (others + kElsewhere)) * (count.pair ? kPairBonus : 1);
    if (score > 0)
      candidates.push_back(
          {.hash = hash, .pair = count.pair, .score = score, .texts = count.texts});
  }
  std::ranges::sort(candidates, [](const Candidate& a, const Candidate& b) {
    return std::pair(b.score, a.hash) < std::pair(a.score, b.hash);
  });
  if (candidates.size() > kCandidates) candidates.resize(kCandidates);
  return candidates;
}

// How each candidate is written, and of which words.
void read_forms(std::vector<Candidate>& candidates, std::string_view text) {
  const std::vector<Feature> features = features_of(text);
  for (const Feature& feature : features) {
    if (feature.kind == FeatureKind::stem) continue;
    const auto found = std::ranges::find(candidates, feature.hash, &Candidate::hash);
    if (found == candidates.end()) continue;
    ++found->written[written_form(text, feature)];
    if (!found->words.empty()) continue;
    for (const Feature& word : features)
      if (word.kind == FeatureKind::word && word.begin >= feature.begin && word.end <= feature.end)
        found->words.push_back(word.hash);
  }
}

std::vector<std::string> chosen(const std::vector<Candidate>& candidates) {
  std::vector<std::string> phrases;
  std::set<std::uint64_t> used;
  for (const Candidate& candidate : candidates) {
    if (phrases.size() == kPhrasesMax) break;
    if (candidate.written.empty()) continue;
    const bool repeats = std::ranges::any_of(
        candidate.words, [&](std::uint64_t word) { return used.contains(word); });
    if (repeats) continue;
    used.insert(candidate.words.begin(), candidate.words.end());
    const auto form = std::ranges::max_element(candidate.written, {},
                                               [](const auto& entry) { return entry.second; });
    phrases.push_back(form->first);
  }
  return phrases;
}

}  // namespace

std::vector<std::vector<std::string>> names_of(std::span<const std::string> texts,
                                               std::span<const int> group, std::size_t groups) {
  Counts all;
  std::vector<Counts> counts(groups);
  std::vector<std::size_t> sizes(groups);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    Counts* mine = group[i] == kNoGroup ? nullptr : &counts[static_cast<std::size_t>(group[i])];
    if (mine != nullptr) ++sizes[static_cast<std::size_t>(group[i])];
    each_phrase(texts[i], [&](const Feature& feature) {
      const bool pair = feature.kind == FeatureKind::pair;
      for (Counts* to : {&all, mine})
        if (to != nullptr) ++(*to)[feature.hash].texts, (*to)[feature.hash].pair = pair;
    });
  }
  std::vector<std::vector<Candidate>> candidates(groups);
  for (std::size_t g = 0; g < groups; ++g)
    candidates[g] = candidates_of(counts[g], all, sizes[g], texts.size());
  for (std::size_t i = 0; i < texts.size(); ++i)
    if (group[i] != kNoGroup) read_forms(candidates[static_cast<std::size_t>(group[i])], texts[i]);
  std::vector<std::vector<std::string>> names;
  names.reserve(groups);
  for (const auto& of_group : candidates) names.push_back(chosen(of_group));
  return names;
}

}  // namespace catalejo::insight::topics
