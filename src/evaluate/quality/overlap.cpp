#include "evaluate/quality/overlap.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "evaluate/text/fold.hpp"
#include "evaluate/text/sentences.hpp"
#include "evaluate/text/stems.hpp"
#include "evaluate/text/voices.hpp"
#include "evaluate/text/words.hpp"

namespace catalejo::evaluate {
namespace {

constexpr std::size_t kWordsMin = 6;  // a shorter answer says too little to be measured

struct Content {
  std::string stem;
  bool exact;  // a number or a name
};

// "1.250,50" and "1,250.50" are the same number here: digits alone.
bool has_digit(std::string_view word) {
  return word.find_first_of("0123456789") != std::string_view::npos;
}

std::vector<Content> contents(std::string_view text) {
  const Folded folded = fold(text);
  std::vector<Content> found;
  std::vector<Place> places;
  each_word(folded.text, [&](std::string_view word, std::size_t at) {
    if (is_stop_word(word) || (word.size() < 3 && !has_digit(word))) return;
    found.push_back({std::string(has_digit(word) ? word : stem(word)), has_digit(word)});
    places.push_back(
        {static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(at + word.size())});
  });
  unfold_places(text, places);
  for (std::size_t i = 0; i < found.size(); ++i) {
    const std::size_t at = places[i].begin;
    const bool capital = at < text.size() && text[at] >= 'A' && text[at] <= 'Z';
    // Not at the start of a sentence, where every word has one.
    const bool within = at >= 2 && text[at - 1] == ' ' &&
                        std::string_view(".!?:\n").find(text[at - 2]) == std::string_view::npos;
    found[i].exact |= capital && within;
  }
  return found;
}

}  // namespace

void Groundedness::judge(const Subject& subject, std::vector<Verdict>& verdicts) const {
  std::string sources;
  for (const Voice voice : {Voice::document, Voice::tool_result}) {
    sources += all_text(subject, Side::input, voice);
    sources += '\n';
  }
  const std::string answer = prose(all_text(subject, Side::output, Voice::assistant));
  if (sources.size() <= 2 || answer.empty()) return;
  std::unordered_set<std::string> known;
  for (Content& each : contents(sources)) known.insert(std::move(each.stem));
  // What the question says may be said again.
  for (Content& each : contents(last_text(subject, Side::input, Voice::user)))
    known.insert(std::move(each.stem));
  double held = 0, all = 0;
  std::size_t words = 0, missing = 0;
  for (const Content& each : contents(answer)) {
    const double weight = each.exact ? 3 : 1;
    ++words;
    all += weight;
    if (known.contains(each.stem))
      held += weight;
    else
      missing += each.exact ? 1u : 0u;
  }
  if (words < kWordsMin) return;
  Verdict verdict{.label = id(), .type = model::MetricType::score, .score = held / all};
  verdict.assessment = verdict.score >= kGroundedMin ? Assessment::pass : Assessment::fail;
  verdict.reasoning = fmt::format(
      "{:.0f} % of the answer's words stand in its sources (by wording); {} numbers or names do "
      "not.",
      100 * verdict.score, missing);
  verdicts.push_back(std::move(verdict));
}

TopicRelevance::TopicRelevance(std::vector<Topic> topics) {
  for (Topic& topic : topics) {
    Phrases phrases{std::move(topic.name), {}};
    if (topic.words.empty()) topic.words.push_back(phrases.name);
    for (const std::string& word : topic.words) {
      std::string stems = stemmed(word);
      if (stems.size() > 2) phrases.phrases.push_back(std::move(stems));
    }
    if (!phrases.phrases.empty()) topics_.push_back(std::move(phrases));
  }
}

Result<std::unique_ptr<const Evaluator>> TopicRelevance::configured(
    std::string_view options) const {
  auto topics = read_topics(options);
  if (!topics) return topics.error();
  const std::size_t given = topics->size();
  auto made = std::make_unique<TopicRelevance>(*std::move(topics));
  if (made->topics_.size() < given)
    return Error{Code::bad_request, "a topic has no word that could be found", "options.topics"};
  return Result<std::unique_ptr<const Evaluator>>(std::move(made));
}

void TopicRelevance::judge(const Subject& subject, std::vector<Verdict>& verdicts) const {
  const std::string_view request = last_text(subject, Side::input, Voice::user);
  if (topics_.empty() || request.empty()) return;
  const std::string stems = stemmed(request);
  const Phrases* best = nullptr;
  std::size_t most = 0;
  for (const Phrases& topic : topics_) {
    const auto count = static_cast<std::size_t>(std::ranges::count_if(
        topic.phrases,
        [&](const std::string& phrase) { return stems.find(phrase) != std::string::npos; }));
    if (count > most) {
      most = count;
      best = &topic;
    }
  }
  constexpr std::ptrdiff_t kTopicWordsMin = 2;
  if (best == nullptr && std::ranges::count(stems, ' ') - 1 < kTopicWordsMin) return;  // "ok"
  Verdict verdict{.label = id(), .type = model::MetricType::categorical};
  verdict.text = best == nullptr ? "irrelevant" : best->name;
  verdict.assessment = best == nullptr ? Assessment::fail : Assessment::pass;
  verdict.reasoning = best == nullptr ? "The request has no word of any topic."
                                      : fmt::format("The request has words of \"{}\".", best->name);
  verdicts.push_back(std::move(verdict));
}

}  // namespace catalejo::evaluate
