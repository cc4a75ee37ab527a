// Text → tree. The grammar is in docs/formats/search-language.md; each function of the parser is
// one rule of it.
#pragma once

#include <string_view>
#include <variant>

#include "query/search/ast.hpp"

namespace catalejo::query::search {

std::variant<Node, Problem> parse(std::string_view text);

}  // namespace catalejo::query::search
