// Bounds of formulas over spans and of the report on series.
#pragma once

#include <cstddef>

namespace catalejo::limits {

// Of a question about spans in a formula: each place of each group is a row of the answer.
inline constexpr std::size_t span_formula_keys_max = 4;
inline constexpr std::size_t span_formula_rows_max = 200'000;
// Metrics over their limit whose tags are counted, and tags of each that are told.
inline constexpr std::size_t series_reported_max = 20;
inline constexpr std::size_t series_tags_reported_max = 10;

}  // namespace catalejo::limits
