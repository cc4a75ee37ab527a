// Reads a query of metrics, or says where it is wrong and what belongs there. A pure function.
#pragma once

#include <string_view>
#include <variant>

#include "query/metrics/ast.hpp"

namespace catalejo::query::metrics {

std::variant<Query, Problem> parse(std::string_view text);

}  // namespace catalejo::query::metrics
