// What the database holds of metrics of Azure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "azure/crawl/points.hpp"
#include "base/result.hpp"
#include "store/store.hpp"

namespace catalejo::azure {

// Of metrics of a subscription by their REST names, each minute of [from_s, to_s). Blocks.
Result<Stored> read_stored(store::Store& store, const std::string& subscription,
                           const Metrics& metrics, const std::vector<std::string>& rest_names,
                           std::int64_t from_s, std::int64_t to_s);

// Rows of (name, tags, minutes, sums, points), as the statement gives them. Error database.
Result<Stored> read_stored_rows(std::string_view body, const Metrics& metrics);

}  // namespace catalejo::azure
