// Counts and money that a span says in its metrics, whatever its client calls them. Pure functions.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string_view>

#include "model/span.hpp"

namespace catalejo::model {

inline constexpr std::int64_t kCountUnknown = -1;

// The first of `keys` among the metrics, times `scale`, rounded; kCountUnknown when there is none
// or it is below 0 or no count any more.
std::int64_t count_of(const Span& span, std::initializer_list<std::string_view> keys,
                      double scale = 1);

std::int64_t input_tokens(const Span& span);
std::int64_t output_tokens(const Span& span);
std::int64_t total_tokens(const Span& span);   // the sum of both when it is not said
std::int64_t cost_nano_usd(const Span& span);  // that the application brought
// Parts of input and output.
std::int64_t cache_read_tokens(const Span& span);
std::int64_t cache_write_tokens(const Span& span);
std::int64_t reasoning_tokens(const Span& span);

}  // namespace catalejo::model
