// One look at one monitor: asks for its metrics, steps its groups, says what is to be kept. Blocks
// while it asks.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "monitor/downtime.hpp"
#include "monitor/notice.hpp"
#include "monitor/readings.hpp"
#include "store/monitors.hpp"
#include "store/store.hpp"

namespace catalejo::monitor {

// The readings of a window that ends at `at_s`, less the delay of the definition. Errors: those of
// metrics::ask().
Result<std::vector<Reading>> ask(store::Store& store, const Definition& definition,
                                 std::int64_t at_s,
                                 const std::shared_ptr<query::metrics::Answers>& known);

// What is known of a monitor before a look.
struct Known {
  store::Monitor monitor;
  std::vector<MonitorGroup> groups;
};

// What the readings make of it; `known` is as it is afterwards. Pure.
store::MonitorLook advance(const NoticeOptions& options, const Definition& definition, Known& known,
                           const std::vector<Reading>& readings, std::int64_t at_s,
                           const Downtimes* downtimes = nullptr);

// "env:prod,host:a" in tags again; the keys of `by` say where one ends.
std::vector<std::string> tags_of(const std::string& name, const std::vector<std::string>& by);

}  // namespace catalejo::monitor
