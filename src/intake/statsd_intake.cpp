#include "intake/statsd_intake.hpp"

#include <optional>
#include <utility>

#include "base/limits.hpp"
#include "model/metric_time.hpp"
#include "pipeline/metric_names.hpp"

namespace catalejo::intake {
namespace {

using dogstatsd::Reader;
using dogstatsd::Sample;
using pipeline::Measure;

Measure measure_of(dogstatsd::Type type) {
  switch (type) {
    case dogstatsd::Type::count:
      return Measure::count;
    case dogstatsd::Type::gauge:
      return Measure::gauge;
    case dogstatsd::Type::timing:
    case dogstatsd::Type::histogram:
      return Measure::histogram;
    case dogstatsd::Type::set:
      return Measure::set;
    case dogstatsd::Type::distribution:
      return Measure::distribution;
  }
  return Measure::gauge;
}

// The bytes that say which series it is.
Hash128 alike_of(const Sample& sample) {
  Hash128 hash = hash128(sample.name, static_cast<std::uint64_t>(sample.type));
  for (const std::string_view text :
       {sample.origin.tags, sample.origin.container, sample.origin.cardinality})
    if (!text.empty()) hash = hash128(text, hash.low ^ hash.high);
  return hash;
}

struct Labels {
  std::string host;
  std::vector<std::string> tags;
  std::size_t left_out = 0;
};

// As the Agent: a host among the tags is the host, its own tags are for itself, and a container's
// id is a tag only where so many series are asked for.
Labels labels_of(const dogstatsd::Origin& origin, const std::string& host) {
  Labels labels{.host = host};
  std::string_view rest = origin.tags;
  while (!rest.empty()) {
    const std::size_t comma = rest.find(',');
    const std::string_view tag = rest.substr(0, comma);
    rest.remove_prefix(comma == std::string_view::npos ? rest.size() : comma + 1);
    if (tag.starts_with("host:")) {
      labels.host = pipeline::normal_metric_tag(tag.substr(5));
    } else if (!tag.starts_with("dd.internal.")) {
      labels.tags.push_back(pipeline::normal_metric_tag(tag));
    }
  }
  if (origin.cardinality == "high" && !origin.container.empty()) {
    const bool prefixed = origin.container.starts_with("ci-");
    const std::string_view id = origin.container.substr(prefixed ? 3 : 0);
    if (!id.starts_with("in-"))
      labels.tags.push_back(pipeline::normal_metric_tag("container_id:" + std::string(id)));
  }
  labels.left_out = pipeline::put_in_order(labels.tags);
  return labels;
}

}  // namespace

void StatsdIntake::drop(std::string_view reason, std::uint64_t count) {
  const auto known = dropped_.find(reason);
  if (known != dropped_.end()) {
    known->second += count;
  } else {
    dropped_.emplace(reason, count);
  }
}

void StatsdIntake::take(std::string_view datagram, UnixNanos now) {
  Reader reader(datagram);
  while (true) {
    switch (reader.next()) {
      case Reader::Next::sample:
        take_sample(reader.sample(), now);
        break;
      case Reader::Next::event:
        drop("event_not_kept");
        break;
      case Reader::Next::service_check:
        drop("service_check_not_kept");
        break;
      case Reader::Next::bad:
        drop(reader.problem());
        break;
      case Reader::Next::end:
        return;
    }
  }
}

void StatsdIntake::take_sample(const Sample& sample, UnixNanos now) {
  const Hash128 alike = alike_of(sample);
  const bool counts_texts = sample.type == dogstatsd::Type::set;
  std::string_view values = sample.values, text;
  while (dogstatsd::next_value(values, text)) {
    pipeline::MetricValue value{.member = text, .weight = 1 / sample.rate};
    if (!counts_texts) {
      const std::optional<double> number = dogstatsd::number_of(text);
      if (!number) {
        drop("not_a_number");
        continue;
      }
      value.number = *number;
    }
    ++values_;
    if (sample.timestamp_s) {
      add_stamped(sample, value);
    } else if (!aggregator_.add_alike(alike, value, now)) {
      add(sample, alike, value, now);
    }
  }
}

void StatsdIntake::add(const Sample& sample, const Hash128& alike,
                       const pipeline::MetricValue& value, UnixNanos now) {
  const std::string name = pipeline::normal_metric_name(sample.name);
  if (name.empty()) return drop("no_name");
  const Labels labels = labels_of(sample.origin, host_);
  if (labels.left_out > 0) drop("too_many_tags", labels.left_out);
  const pipeline::MetricLabels series{
      .name = name, .measure = measure_of(sample.type), .host = labels.host, .tags = labels.tags};
  if (!aggregator_.add(alike, series, value, now)) drop("too_many_series");
}

// It was summed up by who sent it.
void StatsdIntake::add_stamped(const Sample& sample, const pipeline::MetricValue& value) {
  if (stamped_.size() >= limits::points_per_request_max) return drop("too_many_points");
  Labels labels = labels_of(sample.origin, host_);
  if (labels.left_out > 0) drop("too_many_tags", labels.left_out);
  const bool count = sample.type == dogstatsd::Type::count;
  stamped_.push_back({.name = std::string(sample.name),
                      .host = std::move(labels.host),
                      .tags = std::move(labels.tags),
                      .kind = count ? model::MetricKind::count : model::MetricKind::gauge,
                      .time = model::metric_time(*sample.timestamp_s),
                      .interval_s = pipeline::MetricAggregator::kIntervalS,
                      .value = count ? value.number * value.weight : value.number});
}

StatsdIntake::Due StatsdIntake::due(UnixNanos until) {
  Due due{.stamped = std::exchange(stamped_, {}),
          .dropped = std::exchange(dropped_, {}),
          .values = std::exchange(values_, 0)};
  while (std::optional<pipeline::MetricInterval> interval = aggregator_.take(until))
    due.intervals.push_back(*std::move(interval));
  return due;
}

}  // namespace catalejo::intake
