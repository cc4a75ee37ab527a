#include "intake/dd_apm/payload_spans.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "codec/utf8.hpp"

namespace catalejo::intake::dd_apm {

void PayloadSpans::begin_chunk(Chunk chunk) {
  chunk_ = std::move(chunk);
  first_of_chunk_ = true;
  batcher_.begin_chunk();
}

ApmSpan& PayloadSpans::begin_span() {
  span_.clear();
  return span_;
}

void PayloadSpans::say(std::string_view key, std::string_view value) {
  if (value.empty()) return;
  const bool said = std::ranges::find(span_.meta, key, &model::Tag::key) != span_.meta.end();
  if (!said) span_.meta.push_back({key, value});
}

void PayloadSpans::add_span() {
  if (malformed_ || too_large_) return;  // a body that ends inside a span is refused as a whole
  for (const model::Tag& tag : chunk_.tags) say(tag.key, tag.value);
  say("env", origin_.env);
  say("version", origin_.version);
  say("host", origin_.host);
  say("_dd.origin", chunk_.origin);
  const auto measure = [this](std::string_view key, double value) {
    if (std::ranges::find(span_.metrics, key, &model::Metric::key) == span_.metrics.end())
      span_.metrics.push_back({key, value});
  };
  for (const model::Metric& metric : chunk_.metrics) measure(metric.key, metric.value);
  if (first_of_chunk_ && chunk_.priority != Chunk::kNoPriority)
    measure("_sampling_priority_v1", static_cast<double>(chunk_.priority));
  first_of_chunk_ = false;
  batcher_.add(span_, 0);
}

std::string_view PayloadSpans::clean(std::string_view text) {
  if (codec::is_utf8(text)) return text;
  span_.flags |= model::flag_invalid_utf8;
  std::string replaced;
  codec::append_as_utf8(replaced, text);
  return arena().copy(replaced);
}

std::optional<Error> PayloadSpans::error() const {
  if (malformed_) return Error{Code::malformed, "this is no protobuf of an Agent", "body"};
  if (too_large_) return Error{Code::body_too_large, "its table has a million texts", "body"};
  if (too_deep_) return Error{Code::too_deep, "a value is nested too deep", "body"};
  return std::nullopt;
}

}  // namespace catalejo::intake::dd_apm
