#include "app/monitoring.hpp"

#include <fmt/format.h>

#include "base/log.hpp"
#include "monitor/shipped.hpp"

namespace catalejo::app {

Result<std::unique_ptr<Monitoring>> Monitoring::open(const Settings& settings, store::Store& store,
                                                     cost::Prices& prices, Counters& counters) {
  auto made = std::make_unique<Monitoring>();
  auto control = store::Monitors::open(settings.control_path());
  if (!control) return control.error();
  made->control_ = *std::move(control);
  made->costs_ = std::make_unique<query::CostReader>(store, prices);
  made->courier_ = std::make_unique<monitor::Courier>(*made->control_, counters);
  std::string page = settings.page_url;
  while (page.ends_with('/')) page.pop_back();
  if (page.empty()) page = fmt::format("http://{}:{}", settings.listen, settings.http_port);
  made->watch_ = std::make_unique<monitor::Watch>(monitor::WatchOptions{
      .sources = {.store = &store, .costs = made->costs_.get()},
      .control = made->control_.get(),
      .counters = &counters,
      .tick_s = settings.monitor_seconds,
      .notices = {.page_url = page},
      .on_notices = [courier = made->courier_.get()] { courier->wake(); },
  });
  return made;
}

void Monitoring::ship() {
  const auto made = monitor::ship_monitors(*control_);
  if (!made)
    log::warn("monitor", "monitors of Azure cannot be kept: {}", to_string(made.error()));
  else if (*made > 0)
    log::info("monitor", "{} monitors of Azure's metrics were made", *made);
}

void Monitoring::stop() {
  watch_->stop();
  courier_->stop();
}

}  // namespace catalejo::app
