// DogStatsD as the settings ask for it.
#pragma once

#include <memory>

#include "app/settings.hpp"
#include "intake/statsd_server.hpp"

namespace catalejo::app {

Result<std::unique_ptr<intake::StatsdServer>> open_statsd(const Settings& settings,
                                                          pipeline::Pipeline& pipeline,
                                                          Counters& counters);

}  // namespace catalejo::app
