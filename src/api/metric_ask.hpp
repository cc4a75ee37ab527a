// Queries of metrics to the store, and what they come to. For this folder only.
#pragma once

#include <string_view>

#include "query/metrics/ask.hpp"
#include "query/metrics/parser.hpp"

namespace catalejo::api {

using MetricWindow = query::metrics::Window;
using MetricAnswers = query::metrics::Answers;

// What a line says, as answers have it.
std::string_view role_name(query::metrics::Role role);

}  // namespace catalejo::api
