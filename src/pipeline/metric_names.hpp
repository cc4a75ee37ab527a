// Names and tags of metrics as Datadog keeps them, so that a query written there finds them here.
// Pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace catalejo::pipeline {

// The one tag of the series that takes what is beyond the limit of its metric.
inline constexpr std::string_view kOverflowTag = "catalejo_overflow:true";

// Letters, digits, '_' and '.', beginning with a letter; what is no such character becomes '_'.
// Empty when there is no letter.
std::string normal_metric_name(std::string_view name);

// Small letters, digits, '_', '-', ':', '.', '/' and what is not ASCII; anything else becomes '_'.
std::string normal_metric_tag(std::string_view tag);

// Each tag once, in order, no more than limits::tags_per_metric_max. How many were left out for
// being too many.
std::size_t put_in_order(std::vector<std::string>& tags);

}  // namespace catalejo::pipeline
