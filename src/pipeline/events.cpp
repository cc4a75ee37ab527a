#include "pipeline/events.hpp"

#include <algorithm>
#include <string>
#include <string_view>

#include "base/limits.hpp"
#include "codec/utf8.hpp"
#include "pipeline/metric_names.hpp"

namespace catalejo::pipeline {
namespace {

// Where the character behind `characters_max` of them begins, or the end.
std::size_t end_of(std::string_view text, std::size_t characters_max) {
  if (text.size() <= characters_max) return text.size();
  std::size_t seen = 0;
  for (std::size_t at = 0; at < text.size(); ++at)
    if ((static_cast<unsigned char>(text[at]) & 0xC0) != 0x80 && seen++ == characters_max)
      return at;
  return text.size();
}

void bound(model::Event& event, std::string& text, std::size_t characters_max) {
  if (!codec::is_utf8(text)) {
    std::string clean;
    codec::append_as_utf8(clean, text);
    text = std::move(clean);
    event.flags |= model::flag_invalid_utf8;
  }
  const std::size_t end = end_of(text, characters_max);
  if (end == text.size()) return;
  text.resize(end);
  event.flags |= model::flag_text_cut;
}

// Clients send anything; Datadog's Agent takes what it does not know for the usual.
void fill_in(model::Event& event) {
  if (event.kind != model::EventKind::event) return;
  if (model::priority_name(event.priority).empty()) event.priority = "normal";
  if (model::alert_type_name(event.alert_type).empty()) event.alert_type = "info";
}

void normalise_event(model::Event& event, UnixNanos received) {
  if (event.time.value == 0) event.time = received;
  event.time.value -= event.time.value % kNanosPerSecond;
  bound(event, event.title, limits::event_title_characters_max);
  bound(event, event.text, limits::event_text_characters_max);
  bound(event, event.aggregation_key, limits::event_key_characters_max);
  for (std::string* name : {&event.host, &event.source_type, &event.priority, &event.alert_type}) {
    bound(event, *name, limits::metric_tag_bytes_max);
    *name = normal_metric_tag(*name);
  }
  for (std::string& tag : event.tags) {
    bound(event, tag, limits::metric_tag_bytes_max);
    tag = normal_metric_tag(tag);
  }
  if (put_in_order(event.tags) > 0) event.flags |= model::flag_tags_cut;
  fill_in(event);
}

// Why it is refused; empty when it is not.
std::string_view problem_of(const model::Event& event, Times times) {
  if (event.title.find_first_not_of(" \t\r\n") == std::string::npos)
    return event.kind == model::EventKind::event ? "no_title" : "no_name";
  return time_problem(event.time, times);
}

}  // namespace

void normalise_events(model::Batch& batch, Times times) {
  for (model::Event& event : batch.events) normalise_event(event, times.received);
  std::erase_if(batch.events, [&](const model::Event& event) {
    const std::string_view problem = problem_of(event, times);
    if (!problem.empty()) ++batch.events_rejected[std::string(problem)];
    return !problem.empty();
  });
}

}  // namespace catalejo::pipeline
