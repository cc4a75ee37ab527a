// What datagrams of DogStatsD bring, on its way to points and events: samples are summed up over
// ten seconds; samples with a time of their own, events and service checks are what they are at
// once. What goes no further is counted by reason. Owned by one thread.
#pragma once

#include <cstdint>
#include <optional>
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
  void drop_event(std::string_view reason, std::uint64_t count = 1);

  // What is complete at `until`; it is forgotten here.
  struct Due {
    std::vector<pipeline::MetricInterval> intervals;
    std::vector<model::MetricPoint> stamped;
    model::Rejections dropped;
    std::vector<model::Event> events = {};
    model::Rejections events_dropped = {};
    std::uint64_t values = 0;
    bool empty() const {
      return intervals.empty() && stamped.empty() && dropped.empty() && events.empty() &&
             events_dropped.empty();
    }
  };
  Due due(UnixNanos until);

 private:
  void take_event(const dogstatsd::Event& event, UnixNanos now);
  void take_check(const dogstatsd::ServiceCheck& check, UnixNanos now);
  void put_event(model::Event event, const dogstatsd::Origin& origin,
                 std::optional<std::int64_t> time_s, UnixNanos now);
  void take_sample(const dogstatsd::Sample& sample, UnixNanos now);
  void add(const dogstatsd::Sample& sample, const Hash128& alike,
           const pipeline::MetricValue& value, UnixNanos now);
  void add_stamped(const dogstatsd::Sample& sample, const pipeline::MetricValue& value);

  std::string host_;
  pipeline::MetricAggregator aggregator_;
  std::vector<model::MetricPoint> stamped_;
  model::Rejections dropped_;
  std::vector<model::Event> events_;
  model::Rejections events_dropped_;
  std::uint64_t values_ = 0;
};

}  // namespace catalejo::intake
