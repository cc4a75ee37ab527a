// `catalejo info`: asks the running server what it is, what came in and what became of it.
#pragma once

#include <string>

#include "app/settings.hpp"

namespace catalejo::app {

struct InfoOptions {
  bool json = false;
  std::string url;  // empty = http://127.0.0.1:<http_port>
  std::string key;  // empty = $CATALEJO_API_KEY or $DD_API_KEY
};

int print_info(const Settings& settings, const InfoOptions& options);

}  // namespace catalejo::app
