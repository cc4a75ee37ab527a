// A span as the log has it (store/columns.hpp) as the row that a query would give.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "query/span_row.hpp"

namespace catalejo::evaluate {

// nullopt when the bytes are no row of that version. The views point into `row`.
std::optional<query::SpanRow> read_logged_span(std::uint8_t row_version, std::string_view row);

}  // namespace catalejo::evaluate
