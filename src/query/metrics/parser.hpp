// Reads a query of metrics, or says where it is wrong and what belongs there. A pure function.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "query/metrics/ast.hpp"

namespace catalejo::query::metrics {

std::variant<Query, Problem> parse(std::string_view text);

// A formula over queries that have names: "query1 / query2 * 100". Each name stands for the query,
// which has one expression.
struct NamedQuery {
  std::string name;
  Query query;
};
std::variant<Query, Problem> parse_formula(std::string_view text,
                                           const std::vector<NamedQuery>& queries);

}  // namespace catalejo::query::metrics
