// How many series a metric has, and how many values each of its tags: what makes it so many.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "query/statement.hpp"

namespace catalejo::query::metrics {

struct TagCount {
  std::string key;
  std::uint64_t values = 0;
};
struct TagCounts {
  std::uint64_t series = 0;    // of those days
  std::vector<TagCount> tags;  // those with most values first
};

// Of the days since that of `from_s`.
Statement plan_tag_counts(std::int64_t from_s, std::string_view name);
Result<TagCounts> read_tag_counts(std::string_view body);

}  // namespace catalejo::query::metrics
