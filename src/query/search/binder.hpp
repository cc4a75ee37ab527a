// Gives every key of a tree its meaning and every value its worth: durations become nanoseconds,
// money nano-dollars. What cannot be compared is a problem here and never reaches the database.
#pragma once

#include <optional>
#include <string_view>

#include "query/search/ast.hpp"

namespace catalejo::query::search {

// `text` is what the tree was parsed from; the places in the tree point into it.
std::optional<Problem> bind(Node& root, std::string_view text);

}  // namespace catalejo::query::search
