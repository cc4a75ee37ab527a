#include "pipeline/normalise.hpp"

#include <algorithm>

#include "base/limits.hpp"
#include "codec/utf8.hpp"

namespace catalejo::pipeline {
namespace {

void bound(model::Span& span, std::string_view& text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return;
  text = codec::utf8_prefix(text, bytes_max);
  span.flags |= model::flag_text_cut;
}

std::string_view tag_value(const model::Span& span, std::string_view key) {
  for (const model::Tag& tag : span.tags)
    if (tag.key == key) return tag.value;
  return {};
}

void bound_texts(model::Span& span) {
  for (std::string_view* name :
       {&span.name, &span.apm_name, &span.resource, &span.apm_type, &span.kind, &span.service,
        &span.env, &span.version, &span.ml_app, &span.session_id, &span.user_id, &span.model_name,
        &span.model_provider, &span.deployment, &span.error_type})
    bound(span, *name, limits::name_bytes_max);
  bound(span, span.error_message, limits::error_stack_bytes_max);
  bound(span, span.error_stack, limits::error_stack_bytes_max);
  if (span.tags.size() > limits::tags_per_span_max) {
    span.tags.resize(limits::tags_per_span_max);
    span.flags |= model::flag_tags_cut;
  }
  if (span.metrics.size() > limits::metrics_per_span_max) {
    span.metrics.resize(limits::metrics_per_span_max);
    span.flags |= model::flag_tags_cut;
  }
  for (model::Tag& tag : span.tags) {
    bound(span, tag.key, limits::tag_bytes_max);
    bound(span, tag.value, limits::tag_bytes_max);
  }
}

void fill_from_tags(model::Span& span) {
  if (span.service.empty()) span.service = tag_value(span, "service");
  if (span.env.empty()) span.env = tag_value(span, "env");
  if (span.version.empty()) span.version = tag_value(span, "version");
  if (span.ml_app.empty()) span.ml_app = tag_value(span, "ml_app");
  if (span.session_id.empty()) span.session_id = tag_value(span, "session_id");
  if (span.user_id.empty()) span.user_id = tag_value(span, "user_id");
  if (span.user_id.empty()) span.user_id = tag_value(span, "usr.id");
  if (span.deployment.empty()) span.deployment = tag_value(span, "deployment");
  if (span.deployment.empty()) span.deployment = deployment_of_url(tag_value(span, "http.url"));
}

void bound_times(model::Span& span, UnixNanos received) {
  // int64 nanoseconds of start and duration together must not overflow.
  constexpr std::int64_t kDurationMax = 366 * kNanosPerDay;
  span.duration_ns = std::clamp(span.duration_ns, std::int64_t{0}, kDurationMax);
  const std::int64_t latest = received.value + limits::span_future_seconds_max * kNanosPerSecond;
  if (span.start.value <= 0 || span.start.value > latest) {
    span.start = received;
    span.flags |= model::flag_clock_skew;
  }
}

}  // namespace

std::string_view deployment_of_url(std::string_view url) {
  constexpr std::string_view kBefore = "/openai/deployments/";
  const std::size_t at = url.find(kBefore);
  if (at == std::string_view::npos) return {};
  const std::string_view rest = url.substr(at + kBefore.size());
  return rest.substr(0, rest.find_first_of("/?#"));
}

std::string_view time_problem(UnixNanos at, Times times) {
  const std::int64_t future = limits::span_future_seconds_max * kNanosPerSecond;
  if (at.value > times.received.value + future) return "in_the_future";
  const std::int64_t past = limits::point_past_seconds_max * kNanosPerSecond;
  if (at.value < std::max(times.received.value - past, times.oldest.value))
    return "older_than_retention";
  return {};
}

void normalise(model::Batch& batch, Times times) {
  for (model::Span& span : batch.spans) {
    fill_from_tags(span);
    bound_texts(span);
    bound_times(span, times.received);
  }
  for (model::Span& span : batch.sampled_out) {
    fill_from_tags(span);
    bound_times(span, times.received);
  }
  const std::size_t old = std::erase_if(batch.spans, [&](const model::Span& span) {
    return span.start < times.oldest && span.start.value + span.duration_ns < times.oldest.value;
  });
  if (old > 0) batch.spans_rejected["older_than_retention"] += old;
  const std::int64_t latest =
      times.received.value + limits::span_future_seconds_max * kNanosPerSecond;
  for (model::Evaluation& evaluation : batch.evaluations) {
    std::int64_t& at = evaluation.timestamp.value;
    if (at <= 0 || at > latest) at = times.received.value;
  }
  const std::size_t old_evaluations = std::erase_if(batch.evaluations, [&](const auto& evaluation) {
    return evaluation.timestamp < times.oldest;
  });
  if (old_evaluations > 0) batch.evaluations_rejected["older_than_retention"] += old_evaluations;
}

}  // namespace catalejo::pipeline
