// The search language of the page and of Datadog's span API: parsed and bound, or refused with the
// place of the problem; then written as the condition of a WHERE, with every value a parameter.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "base/time.hpp"
#include "query/search/ast.hpp"
#include "query/statement.hpp"

namespace catalejo::query::search {

struct Query {
  std::string text;
  Node root;
};

std::variant<Query, Problem> read(std::string_view text);

// What the search is asked in.
struct Scope {
  UnixNanos from, to;                  // both included; sub-selects look a little beyond
  bool apm = false;                    // rows are APM spans, joined to their trace by its APM id
  std::string cost = "cost_nano_usd";  // of a row, -1 where it is not known
};

// Whether what a span or a trace costs decides.
bool is_about_cost(const Query& query);

// An expression of type Bool over the columns of `spans`.
std::string write_condition(StatementBuilder& out, const Query& query, const Scope& scope);

}  // namespace catalejo::query::search
