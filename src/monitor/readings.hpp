// Lines of metrics → what a monitor compares with its thresholds, for each group. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "model/monitor.hpp"
#include "monitor/definition.hpp"
#include "query/metrics/ask.hpp"

namespace catalejo::monitor {

struct Reading {
  std::vector<std::string> tags;   // "key:value" of what it is grouped by
  std::optional<double> value;     // none: nothing to compare
  std::optional<double> recovery;  // compared instead when it is about recovering
  std::int64_t first_s = 0;        // of the first point in the window; 0 = no point
  // Of composites, instead of a value: what it is, and what a message may say of its members.
  std::optional<model::MonitorStatus> status = {};
  std::map<std::string, std::string> words = {};
};

// "env:prod,host:a", or "*".
std::string name_of_group(const std::vector<std::string>& tags);
// "env:prod,host:a" in tags again; the keys of `by` say where one ends.
std::vector<std::string> tags_of(const std::string& name, const std::vector<std::string>& by);

// The metrics that a look asks for, with a rollup that suits the window, and until when: `end_s`,
// or the end of the last rollup that is over by then.
struct Asked {
  std::vector<query::metrics::Metric> metrics;
  query::metrics::Window window;
};
Asked asked_at(const MonitorQuery& query, std::int64_t end_s);

// `before` are the answers of as long ago as a change looks back, else empty.
Result<std::vector<Reading>> read_groups(const Definition& definition,
                                         std::vector<query::metrics::Lines> now,
                                         std::vector<query::metrics::Lines> before);

// The same of spans.
std::vector<Reading> read_figures(const MonitorQuery& query,
                                  const std::vector<query::FigureRow>& rows);

}  // namespace catalejo::monitor
