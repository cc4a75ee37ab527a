// The price book as an expression of SQL: what each span costs, to sort, search and add up where
// tokens summed by key (usage.hpp) are not enough. The database is asked which kinds of calls there
// are, each kind is priced once in C++, and the rates go back as parameters of one statement; no
// price is stored (docs/decisions/010-cost.md).
#pragma once

#include <array>
#include <vector>

#include "query/cost_sum.hpp"
#include "query/usage.hpp"

namespace catalejo::query {

// Kinds of calls whose cost is known, by place.
struct PriceTable {
  PriceClasses classes;
  std::vector<std::uint64_t> kinds;  // hashes of what a price depends on, as the database has them
  // Billionths of a dollar for `per` tokens: input, cached input, written to the cache, audio in,
  // output, audio out.
  std::array<std::vector<std::int64_t>, 6> rates;
  std::vector<std::int64_t> per;
};

// (hash, key) of every kind of call between these times.
Statement plan_call_kinds(const PriceClasses& classes, UnixNanos from, UnixNanos to);
Result<PriceTable> read_price_table(std::string_view body, PriceClasses classes,
                                    const Pricing& pricing);

// Of type Int64: the cost of a row of `spans` in billionths of a dollar, -1 where it is not known.
// Agrees with span_cost() to the last digit.
std::string cost_expression(StatementBuilder& out, const PriceTable& prices);

}  // namespace catalejo::query
