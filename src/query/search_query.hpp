// The search language of Datadog's span API, as far as it is understood here: terms that must all
// hold. `@ml_app:shop @status:error -service:web team:core "free text" word`. What is not
// understood (OR, brackets, ranges, wildcards, other @attributes) is refused by name: a search
// that ignored a part of its question would answer another one.
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "query/filter.hpp"

namespace catalejo::query {

// Adds the conditions of `text` to `filter`.
Result<void> add_search_query(Filter& filter, std::string_view text);

}  // namespace catalejo::query
