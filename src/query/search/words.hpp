// Which stretches of time a search for words or tags has to read at all: those of 2 048 spans each
// stand in the table span_words. A prefilter only: what is read is still compared with the search
// itself.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "query/search/search.hpp"

namespace catalejo::query::search {

using Stretch = std::pair<UnixNanos, UnixNanos>;  // both included

// A tag that every span that is looked for has.
using Tag = std::pair<std::string, std::string>;

// (first, last) of each stretch that may hold what the search is for; nullopt when it says nothing
// about texts and tags, or only what every stretch has.
std::optional<Statement> plan_stretches(const Query* query, const std::vector<Tag>& tags,
                                        const Scope& scope);

// In order and apart, at most limits::search_stretches_max of them.
Result<std::vector<Stretch>> read_stretches(std::string_view body);

}  // namespace catalejo::query::search
