// `catalejo monitor test`: asks the running server when a monitor would have gone off.
#pragma once

#include <string>

#include "app/settings.hpp"

namespace catalejo::app {

struct MonitorTestOptions {
  std::string monitor;  // its id, or a file
  std::string from = "1d", to = "0m";
  bool json = false;
  std::string url, key;  // as of `catalejo info`
};

// 0: it would have stayed quiet; 1: it would have gone off; 2: it cannot be tested.
int test_monitor(const Settings& settings, const MonitorTestOptions& options);

}  // namespace catalejo::app
