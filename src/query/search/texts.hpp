// Words in the long texts: inputs and outputs, which are kept as JSON.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "query/search/ast.hpp"
#include "query/statement.hpp"

namespace catalejo::query::search {

// An expression: `text` occurs, in any case of letters, in one of the columns.
std::string write_occurs(StatementBuilder& out, std::span<const std::string_view> columns,
                         const Text& text);

}  // namespace catalejo::query::search
