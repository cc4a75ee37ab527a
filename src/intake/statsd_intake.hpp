// What datagrams of DogStatsD bring, on its way to points: samples are summed up over ten seconds,
// samples with a time of their own are points at once. Events and service checks are read and not
// kept; like everything else that goes no further they are counted by reason. Owned by one thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.hpp"
#include "intake/dogstatsd/reader.hpp"
#include "model/batch.hpp"
#include "pipeline/metric_aggregator.hpp"

namespace catalejo::intake {

class StatsdIntake {
 public:
  // `host` is where values come from that do not say it (tag `host:`).
  StatsdIntake(std::string host, std::size_t series_per_metric_max)
      : host_(std::move(host)), aggregator_(series_per_metric_max) {}

  void take(std::string_view datagram, UnixNanos now);
  void drop(std::string_view reason, std::uint64_t count = 1);

  // What is complete at `until`; it is forgotten here.
  struct Due {
    std::vector<pipeline::MetricInterval> intervals;
    std::vector<model::MetricPoint> stamped;
    model::Rejections dropped;
    std::uint64_t values = 0;
    bool empty() const { return intervals.empty() && stamped.empty() && dropped.empty(); }
  };
  Due due(UnixNanos until);

 private:
  void take_sample(const dogstatsd::Sample& sample, UnixNanos now);
  void add(const dogstatsd::Sample& sample, const Hash128& alike,
           const pipeline::MetricValue& value, UnixNanos now);
  void add_stamped(const dogstatsd::Sample& sample, const pipeline::MetricValue& value);

  std::string host_;
  pipeline::MetricAggregator aggregator_;
  std::vector<model::MetricPoint> stamped_;
  model::Rejections dropped_;
  std::uint64_t values_ = 0;
};

}  // namespace catalejo::intake
