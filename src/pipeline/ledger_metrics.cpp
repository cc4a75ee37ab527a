#include "pipeline/ledger_metrics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace catalejo::pipeline {
namespace {

constexpr std::uint32_t kEveryS = 60;

class Points {
 public:
  explicit Points(UnixNanos time) : time_(time) {}

  void add(std::string name, std::vector<std::string> tags, std::uint64_t before,
           std::uint64_t after) {
    if (after <= before) return;
    std::ranges::sort(tags);
    points_.push_back({.name = std::move(name),
                       .host = {},
                       .tags = std::move(tags),
                       .kind = model::MetricKind::count,
                       .time = time_,
                       .interval_s = kEveryS,
                       .value = static_cast<double>(after - before),
                       .sketch = {},
                       .source = {}});
  }
  void add_reasons(const std::string& name, const std::vector<std::string>& tags,
                   const std::map<std::string, std::uint64_t, std::less<>>& before,
                   const std::map<std::string, std::uint64_t, std::less<>>& after) {
    for (const auto& [reason, count] : after) {
      std::vector<std::string> all = tags;
      all.push_back("reason:" + reason);
      const auto known = before.find(reason);
      add(name, std::move(all), known == before.end() ? 0 : known->second, count);
    }
  }
  void add_account(const std::string& name, const model::Account& before,
                   const model::Account& after) {
    const auto outcome = [&](std::string_view word, std::uint64_t model::Account::*count) {
      add(name, {fmt::format("outcome:{}", word)}, before.*count, after.*count);
    };
    add(name + ".received", {}, before.received, after.received);
    outcome("stored", &model::Account::stored);
    outcome("cut", &model::Account::cut);
    outcome("duplicate", &model::Account::duplicate);
    outcome("sampled_out", &model::Account::sampled_out);
    add_reasons(name, {"outcome:rejected"}, before.rejected, after.rejected);
  }
  std::vector<model::MetricPoint> take() { return std::move(points_); }

 private:
  UnixNanos time_;
  std::vector<model::MetricPoint> points_;
};

}  // namespace

LedgerState state_of(const model::Ledger& ledger) {
  return {.spans = ledger.spans(),
          .evaluations = ledger.evaluations(),
          .points = ledger.points(),
          .events = ledger.events(),
          .requests_rejected = ledger.requests_rejected()};
}

std::vector<model::MetricPoint> points_between(const LedgerState& before, const LedgerState& after,
                                               UnixNanos time) {
  Points points(time);
  points.add_account("catalejo.spans", before.spans, after.spans);
  points.add_account("catalejo.evaluations", before.evaluations, after.evaluations);
  points.add_account("catalejo.metric_points", before.points, after.points);
  points.add_account("catalejo.events", before.events, after.events);
  points.add_reasons("catalejo.requests.rejected", {}, before.requests_rejected,
                     after.requests_rejected);
  return points.take();
}

std::vector<model::MetricPoint> LedgerMetrics::due(const model::Ledger& ledger, UnixNanos now,
                                                   bool at_end) {
  if (!at_end && now.value - since_.value < kEveryS * kNanosPerSecond) return {};
  LedgerState after = state_of(ledger);
  std::vector<model::MetricPoint> points = points_between(before_, after, since_);
  before_ = std::move(after);
  since_ = now;
  // They are no news of the next minute.
  before_.points.received += points.size();
  before_.points.stored += points.size();
  return points;
}

}  // namespace catalejo::pipeline
