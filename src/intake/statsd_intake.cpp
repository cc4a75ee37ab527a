#include "intake/statsd_intake.hpp"

#include <optional>
#include <utility>

#include "base/limits.hpp"
#include "codec/utf8.hpp"
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
Labels labels_as_sent(const dogstatsd::Origin& origin, const std::string& host) {
  Labels labels{.host = host};
  std::string_view rest = origin.tags;
  while (!rest.empty()) {
    const std::size_t comma = rest.find(',');
    const std::string_view tag = rest.substr(0, comma);
    rest.remove_prefix(comma == std::string_view::npos ? rest.size() : comma + 1);
    if (tag.starts_with("host:")) {
      labels.host = tag.substr(5);
    } else if (!tag.starts_with("dd.internal.")) {
      labels.tags.emplace_back(tag);
    }
  }
  if (origin.cardinality == "high" && !origin.container.empty()) {
    const bool prefixed = origin.container.starts_with("ci-");
    const std::string_view id = origin.container.substr(prefixed ? 3 : 0);
    if (!id.starts_with("in-")) labels.tags.push_back("container_id:" + std::string(id));
  }
  return labels;
}

Labels labels_of(const dogstatsd::Origin& origin, const std::string& host) {
  Labels labels = labels_as_sent(origin, host);
  labels.host = pipeline::normal_metric_tag(labels.host);
  for (std::string& tag : labels.tags) tag = pipeline::normal_metric_tag(tag);
  labels.left_out = pipeline::put_in_order(labels.tags);
  return labels;
}

void add(model::Rejections& dropped, std::string_view reason, std::uint64_t count) {
  const auto known = dropped.find(reason);
  if (known != dropped.end()) {
    known->second += count;
  } else {
    dropped.emplace(reason, count);
  }
}

// A datagram is cut up at line breaks, so clients write them as two characters, and the "m:" that
// would begin a message as "m\:".
std::string unescaped(std::string_view text, std::string_view written, std::string_view meant) {
  std::string out;
  for (std::size_t at; (at = text.find(written)) != std::string_view::npos;) {
    out.append(text.substr(0, at)).append(meant);
    text.remove_prefix(at + written.size());
  }
  return out.append(text);
}

void make_utf8(std::string& text, model::Event& event) {
  std::string clean;
  if (codec::is_utf8(text)) return;
  codec::append_as_utf8(clean, text);
  text = std::move(clean);
  event.flags |= model::flag_invalid_utf8;
}

}  // namespace

void StatsdIntake::drop(std::string_view reason, std::uint64_t count) {
  intake::add(dropped_, reason, count);
}

void StatsdIntake::drop_event(std::string_view reason, std::uint64_t count) {
  intake::add(events_dropped_, reason, count);
}

void StatsdIntake::take(std::string_view datagram, UnixNanos now) {
  Reader reader(datagram);
  while (true) {
    switch (reader.next()) {
      case Reader::Next::sample:
        take_sample(reader.sample(), now);
        break;
      case Reader::Next::event:
        take_event(reader.event(), now);
        break;
      case Reader::Next::service_check:
        take_check(reader.service_check(), now);
        break;
      case Reader::Next::bad:
        if (reader.problem_is_of_event()) {
          drop_event(reader.problem());
        } else {
          drop(reader.problem());
        }
        break;
      case Reader::Next::end:
        return;
    }
  }
}

void StatsdIntake::put_event(model::Event event, const dogstatsd::Origin& origin,
                             std::optional<std::int64_t> time_s, UnixNanos now) {
  if (events_.size() >= limits::events_waiting_max) return drop_event("too_many_events");
  // As they were sent: what is to be redacted is found before a tag is made small.
  Labels labels = labels_as_sent(origin, host_);
  if (event.host.empty()) event.host = std::move(labels.host);
  event.tags = std::move(labels.tags);
  for (std::string* text : {&event.title, &event.text, &event.host, &event.aggregation_key,
                            &event.priority, &event.source_type, &event.alert_type})
    make_utf8(*text, event);
  for (std::string& tag : event.tags) make_utf8(tag, event);
  event.time = time_s ? model::metric_time(*time_s) : now;
  event.id = model::new_event_id();
  events_.push_back(std::move(event));
}

void StatsdIntake::take_event(const dogstatsd::Event& event, UnixNanos now) {
  put_event({.title = unescaped(event.title, "\\n", "\n"),
             .text = unescaped(event.text, "\\n", "\n"),
             .host = std::string(event.host),
             .aggregation_key = std::string(event.aggregation_key),
             .priority = std::string(event.priority),
             .source_type = std::string(event.source),
             .alert_type = std::string(event.alert_type)},
            event.origin, event.timestamp_s, now);
}

void StatsdIntake::take_check(const dogstatsd::ServiceCheck& check, UnixNanos now) {
  put_event({.kind = model::EventKind::service_check,
             .title = std::string(check.name),
             .text = unescaped(unescaped(check.message, "\\n", "\n"), "m\\:", "m:"),
             .host = std::string(check.host),
             .status = static_cast<model::CheckStatus>(check.status)},
            check.origin, check.timestamp_s, now);
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
          .events = std::exchange(events_, {}),
          .events_dropped = std::exchange(events_dropped_, {}),
          .values = std::exchange(values_, 0)};
  while (std::optional<pipeline::MetricInterval> interval = aggregator_.take(until))
    due.intervals.push_back(*std::move(interval));
  return due;
}

}  // namespace catalejo::intake
