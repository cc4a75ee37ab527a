// Downtimes as they are kept, read; and what the routes of both versions of them do. For this
// folder only.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "api/routes.hpp"
#include "monitor/definition.hpp"
#include "monitor/downtime.hpp"
#include "store/monitors.hpp"

namespace catalejo::api {

struct KnownDowntime {
  store::Downtime kept;
  monitor::Downtime made;
  std::optional<monitor::Window> window;  // that is, or comes next
  bool is_on(std::int64_t at_s) const { return window && window->from_s <= at_s; }
  // Of one monitor alone, and once: what Mute makes, and Unmute cancels.
  bool is_mute() const { return made.monitor_id != 0 && made.recurrences.empty(); }
};
using Downtimes = std::vector<std::shared_ptr<const KnownDowntime>>;

std::int64_t seconds_now();
// Errors: of what is kept and cannot be read.
Result<KnownDowntime> known_downtime(store::Downtime kept, std::int64_t at_s);
// All that are not canceled and not over. One that cannot be read mutes nothing, and is left out.
Result<Downtimes> current_downtimes(store::Monitors& control, std::int64_t at_s);

// A monitor that is not there has no downtime.
Result<void> check_monitor(store::Monitors& control, const monitor::Downtime& made);
// `made` is kept as `downtime`, which may be new.
Result<store::Downtime> keep_downtime(const ApiPtr& api, const net::Request& request,
                                      store::Downtime downtime, const monitor::Downtime& made,
                                      bool is_new);
// One that is not kept yet.
store::Downtime new_downtime(const ApiPtr& api, const net::Request& request);
// As it is then. Nothing is told of it twice.
Result<store::Downtime> cancel(const ApiPtr& api, const net::Request& request,
                               store::Downtime downtime);

// Rules are counted out and the disk is waited for: not on an event loop.
using DeskWork = net::Response (*)(const ApiPtr&, const net::Request&, const std::string&);
Answer at_desk(ApiPtr api, net::Request request, std::string id, DeskWork work);

}  // namespace catalejo::api
