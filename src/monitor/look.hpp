// One look at one monitor: asks for what it watches, steps its groups, says what is to be kept.
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

// Who is asked. Both outlive every question.
struct Sources {
  store::Store* store = nullptr;
  query::CostReader* costs = nullptr;  // for figures of what spans cost
};

// The readings of a window that ends at `at_s`, less the delay of the definition. `known` are
// answers about metrics that were had already. Errors: bad_request, and those of the store.
Task<Result<std::vector<Reading>>> ask(Sources sources,
                                       std::shared_ptr<const Definition> definition,
                                       std::int64_t at_s,
                                       std::shared_ptr<query::metrics::Answers> known);

// What is known of a monitor before a look.
struct Known {
  store::Monitor monitor;
  std::vector<MonitorGroup> groups;
};

// What the readings make of it; `known` is as it is afterwards. Pure.
store::MonitorLook advance(const NoticeOptions& options, const Definition& definition, Known& known,
                           const std::vector<Reading>& readings, std::int64_t at_s,
                           const Downtimes* downtimes = nullptr);

}  // namespace catalejo::monitor
