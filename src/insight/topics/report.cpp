#include "insight/topics/report.hpp"

#include <algorithm>
#include <map>

#include "base/limits.hpp"
#include "insight/statistics.hpp"
#include "query/preview.hpp"

namespace catalejo::insight::topics {
namespace {

// Over all topics together at most this often by chance.
constexpr double kByChance = 0.01;

bool has_text(const Call& call) {
  return call.text.find_first_not_of(" \t\r\n") != std::string::npos;
}

void add_call(Figures& figures, Sums& judged, const Call& call) {
  Sums sums{.calls = 1, .failed = call.failed ? 1u : 0u};
  if (call.tokens >= 0) {
    sums.counted = 1;
    sums.tokens = static_cast<double>(call.tokens);
  }
  if (call.nano_usd >= 0) {
    sums.priced = 1;
    sums.nano_usd = static_cast<double>(call.nano_usd);
  }
  figures.sums.add(sums);
  if (!call.failed) figures.durations.add(Histogram::bucket_of(call.duration_ns), 1);
  judged.add({.calls = call.judged, .failed = call.judged_failing});
}

std::vector<std::string> texts_of(const std::vector<Call>& calls) {
  std::vector<std::string> texts;
  texts.reserve(calls.size());
  for (const Call& call : calls) texts.push_back(call.text);
  return texts;
}

// Splits off the calls that have no text.
std::vector<Call> with_text(const std::vector<Call>& calls) {
  std::vector<Call> kept;
  std::ranges::copy_if(calls, std::back_inserter(kept), has_text);
  return kept;
}

Example example_of(const Call& call, std::uint64_t times) {
  return {.trace_id = call.trace_id,
          .span_id = call.span_id,
          .start = call.start,
          .text = query::shorten(call.text, limits::preview_characters_max),
          .times = times,
          .failed = call.failed};
}

// Of different words only; `typical_first` or the other way round.
void add_examples(Topic& topic, const std::vector<Call>& calls, std::vector<std::size_t> members,
                  const Found& found, bool typical_first) {
  std::map<std::size_t, std::uint64_t> times;
  for (const std::size_t i : members) ++times[found.alike[i]];
  // Every n-th in the order of time: even, and the same each time.
  const std::size_t step = std::max<std::size_t>(
      1, (members.size() + limits::topic_spans_max - 1) / limits::topic_spans_max);
  for (std::size_t i = 0; i < members.size(); i += step)
    topic.spans.push_back(calls[members[i]].span_id);
  std::ranges::stable_sort(members, [&](std::size_t a, std::size_t b) {
    return typical_first ? found.likeness[a] > found.likeness[b]
                         : found.likeness[a] < found.likeness[b];
  });
  for (const std::size_t i : members) {
    if (topic.examples.size() == limits::topic_examples_max) break;
    const auto same = times.find(found.alike[i]);
    if (same == times.end()) continue;  // shown already
    topic.examples.push_back(example_of(calls[i], same->second));
    times.erase(same);
  }
}

Trend trend_of(const Topic& topic, const Report& report) {
  const std::uint64_t now = topic.now.sums.calls, before = topic.before.sums.calls;
  if (report.looked_at_before == 0 || report.topics.empty()) return Trend::steady;
  const double chance = proportion_test(before, report.looked_at_before, now, report.looked_at, 1);
  if (chance * static_cast<double>(report.topics.size()) > kByChance) return Trend::steady;
  if (before == 0) return Trend::appeared;
  const double share_now = static_cast<double>(now) / static_cast<double>(report.looked_at);
  const double share_before =
      static_cast<double>(before) / static_cast<double>(report.looked_at_before);
  return share_now > share_before ? Trend::grown : Trend::shrunk;
}

Topic& topic_at(Report& report, int group) {
  return group == kNoGroup ? report.others : report.topics[static_cast<std::size_t>(group)];
}

}  // namespace

Report report_of(const Sample& now, const Sample& before, const Work& work) {
  const std::vector<Call> calls = with_text(now.calls), earlier = with_text(before.calls);
  Found found = find_topics(texts_of(calls), texts_of(earlier), work);
  Report report{.calls = now.total,
                .calls_before = before.total,
                .looked_at = now.calls.size(),
                .looked_at_before = before.calls.size(),
                .without_text = now.calls.size() - calls.size(),
                .by_model = work.embed && !found.embedding_error};
  if (found.embedding_error) report.model_problem = found.embedding_error->message;
  report.topics.resize(found.names.size());
  std::vector<std::vector<std::size_t>> members(found.names.size() + 1);
  for (std::size_t i = 0; i < calls.size(); ++i) {
    Topic& topic = topic_at(report, found.now[i]);
    add_call(topic.now, topic.judged_now, calls[i]);
    const int place = found.now[i] + 1;
    members[static_cast<std::size_t>(place)].push_back(i);
  }
  for (std::size_t i = 0; i < earlier.size(); ++i) {
    Topic& topic = topic_at(report, found.before[i]);
    add_call(topic.before, topic.judged_before, earlier[i]);
  }
  for (std::size_t t = 0; t < report.topics.size(); ++t) {
    Topic& topic = report.topics[t];
    topic.phrases = std::move(found.names[t]);
    topic.trend = trend_of(topic, report);
    add_examples(topic, calls, std::move(members[t + 1]), found, true);
  }
  add_examples(report.others, calls, std::move(members[0]), found, false);
  report.others.trend = trend_of(report.others, report);
  return report;
}

}  // namespace catalejo::insight::topics
