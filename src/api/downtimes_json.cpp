#include "api/downtimes_json.hpp"

#include "api/body.hpp"
#include "base/log.hpp"

namespace catalejo::api {

std::int64_t seconds_now() {
  return now().value / kNanosPerSecond;
}

Result<KnownDowntime> known_downtime(store::Downtime kept, std::int64_t at_s) {
  auto made = monitor::read_downtime(kept.body, kept.created.value / kNanosPerSecond);
  if (!made) return made.error();
  KnownDowntime known{.kept = std::move(kept), .made = *std::move(made), .window = {}};
  if (known.kept.canceled.value == 0) known.window = known.made.window(at_s);
  return known;
}

Result<Downtimes> current_downtimes(store::Monitors& control, std::int64_t at_s) {
  auto kept = control.downtimes();
  if (!kept) return kept.error();
  Downtimes current;
  for (store::Downtime& one : *kept) {
    if (one.canceled.value != 0 || (one.ends_s != 0 && one.ends_s <= at_s)) continue;
    auto known = known_downtime(std::move(one), at_s);
    if (known && known->window)
      current.push_back(std::make_shared<const KnownDowntime>(*std::move(known)));
  }
  return current;
}

Result<void> check_monitor(store::Monitors& control, const monitor::Downtime& made) {
  if (made.monitor_id == 0) return {};
  auto monitor = control.get(made.monitor_id);
  if (monitor) return {};
  return bad("monitor_identifier.monitor_id", monitor.error().message);
}

Result<store::Downtime> keep_downtime(const ApiPtr& api, const net::Request& request,
                                      store::Downtime downtime, const monitor::Downtime& made,
                                      bool is_new) {
  CATALEJO_TRY(check_monitor(api->monitors, made));
  downtime.body = made.body;
  downtime.ends_s = made.ends_s();
  auto kept = api->monitors.put_downtime(std::move(downtime), is_new);
  if (kept) log::info("audit", "downtime {} kept by {}", kept->id, who(api, request));
  return kept;
}

store::Downtime new_downtime(const ApiPtr& api, const net::Request& request) {
  return {.id = {},
          .body = {},
          .author = author_or_key(api, request, {}),
          .created = {},
          .modified = {}};
}

Result<store::Downtime> cancel(const ApiPtr& api, const net::Request& request,
                               store::Downtime downtime) {
  if (downtime.canceled.value != 0) return downtime;
  downtime.canceled = now();
  auto put = api->monitors.put_downtime(std::move(downtime), /*is_new=*/false);
  if (put) log::info("audit", "downtime {} canceled by {}", put->id, who(api, request));
  return put;
}

Answer at_desk(ApiPtr api, net::Request request, std::string id, DeskWork work) {
  auto task = [api, request = std::move(request), id, work]() -> Result<net::Response> {
    return work(api, request, id);
  };
  auto answer = co_await api->options.desk->run(std::move(task));
  if (!answer) co_return problem(answer.error());
  co_return *std::move(answer);
}

}  // namespace catalejo::api
