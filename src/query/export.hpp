// The rows of a list as a file that other programs read.
#pragma once

#include <cstddef>

#include "query/filter.hpp"
#include "query/statement.hpp"

namespace catalejo::query {

// The newest rows that the filter finds, as one Parquet file written by the database: whole texts,
// ids as text, times in nanoseconds. What the application said a call cost is in it; prices of ours
// are applied after the database and are not.
Statement plan_parquet(const Filter& filter, std::size_t rows_max);

}  // namespace catalejo::query
