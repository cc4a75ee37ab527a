// The monitors that come with the program, for whoever connects Azure. They are made once and are
// then like any other: changed, muted, removed for good.
#pragma once

#include <span>
#include <string_view>

#include "base/result.hpp"
#include "store/monitors.hpp"

namespace catalejo::monitor {

struct ShippedMonitor {
  std::string_view key;
  std::string_view json;
};
std::span<const ShippedMonitor> shipped_monitors();

// How many were made, of those that never were.
Result<std::size_t> ship_monitors(store::Monitors& control);

}  // namespace catalejo::monitor
