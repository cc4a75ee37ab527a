#include "model/span_counts.hpp"

#include <cmath>

namespace catalejo::model {
namespace {

// Above this a double is no token count or price any more.
constexpr double kCountMax = 9e15;
constexpr double kNanosPerDollar = 1e9;

}  // namespace

std::int64_t count_of(const Span& span, std::initializer_list<std::string_view> keys,
                      double scale) {
  for (const std::string_view key : keys) {
    for (const Metric& metric : span.metrics) {
      if (metric.key != key || !(metric.value >= 0)) continue;
      const double scaled = metric.value * scale;
      return scaled > kCountMax ? kCountUnknown : std::llround(scaled);
    }
  }
  return kCountUnknown;
}

std::int64_t input_tokens(const Span& span) {
  return count_of(span, {"input_tokens", "gen_ai.usage.input_tokens", "_dd.llmobs.input_tokens",
                         "prompt_tokens"});
}

std::int64_t output_tokens(const Span& span) {
  return count_of(span, {"output_tokens", "gen_ai.usage.output_tokens", "_dd.llmobs.output_tokens",
                         "completion_tokens"});
}

std::int64_t total_tokens(const Span& span) {
  const std::int64_t total =
      count_of(span, {"total_tokens", "gen_ai.usage.total_tokens", "_dd.llmobs.total_tokens"});
  if (total != kCountUnknown) return total;
  const std::int64_t input = input_tokens(span), output = output_tokens(span);
  return input == kCountUnknown || output == kCountUnknown ? kCountUnknown : input + output;
}

std::int64_t cost_nano_usd(const Span& span) {
  return count_of(span, {"total_cost", "estimated_total_cost"}, kNanosPerDollar);
}

// 0010_usage.sql has the same names.
std::int64_t cache_read_tokens(const Span& span) {
  return count_of(span,
                  {"cache_read_input_tokens", "gen_ai.usage.cache_read_input_tokens",
                   "gen_ai.usage.cache_read.input_tokens", "_dd.llmobs.cache_read_input_tokens"});
}

std::int64_t cache_write_tokens(const Span& span) {
  return count_of(
      span, {"cache_write_input_tokens", "gen_ai.usage.cache_write_input_tokens",
             "gen_ai.usage.cache_creation.input_tokens", "_dd.llmobs.cache_write_input_tokens"});
}

std::int64_t reasoning_tokens(const Span& span) {
  return count_of(span, {"reasoning_output_tokens", "gen_ai.usage.reasoning_output_tokens",
                         "gen_ai.usage.reasoning.output_tokens"});
}

}  // namespace catalejo::model
