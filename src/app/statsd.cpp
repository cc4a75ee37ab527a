#include "app/statsd.hpp"

#include <unistd.h>

#include <array>

namespace catalejo::app {

Result<std::unique_ptr<intake::StatsdServer>> open_statsd(const Settings& settings,
                                                          pipeline::Pipeline& pipeline,
                                                          Counters& counters) {
  std::array<char, 256> host{};
  ::gethostname(host.data(), host.size() - 1);
  return intake::StatsdServer::open(
      {.address = settings.statsd_port > 0 ? settings.statsd_address() : std::string(),
       .port = settings.statsd_port,
       .datagram_socket = settings.statsd_socket_path(),
       .stream_socket = settings.statsd_stream_socket_path(),
       .host = host.data(),
       .series_per_metric_max = settings.metric_series_max},
      pipeline, counters);
}

}  // namespace catalejo::app
