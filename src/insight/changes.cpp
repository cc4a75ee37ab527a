#include "insight/changes.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <optional>

#include "base/limits.hpp"
#include "insight/statistics.hpp"

namespace catalejo::insight {
namespace {

// Groups are made by these: one dimension each, and what people say in one breath.
constexpr unsigned bit(Dim dim) {
  return 1u << static_cast<unsigned>(dim);
}
constexpr std::array kMasks = {
    bit(Dim::ml_app),
    bit(Dim::model),
    bit(Dim::deployment),
    bit(Dim::prompt),
    bit(Dim::step),
    bit(Dim::ml_app) | bit(Dim::model),
    bit(Dim::ml_app) | bit(Dim::deployment),
    bit(Dim::ml_app) | bit(Dim::prompt),
    bit(Dim::ml_app) | bit(Dim::step),
};

// A difference below these is none to a person, however certain it is.
constexpr std::uint64_t kCallsMin = 20;
constexpr double kLatencyRatioMin = 1.2, kLatencyNanosMin = 20e6;
constexpr double kSharePointsMin = 0.01;
constexpr double kPerCallRatioMin = 1.1;
// A narrower group explains a wider one when it holds this much of its difference.
constexpr double kExplained = 0.8;
// One more failure weighs as ten calls that take twice as long.
constexpr double kFailureWeight = 10;
constexpr double kBetterWeight = 0.25;

struct Group {
  unsigned mask = 0;
  std::vector<std::size_t> cells;
};

struct Measured {
  double before = 0, now = 0, quantile = 0, probability = 1, score = 0;
  bool matters = false;
};

double number(std::uint64_t count) {
  return static_cast<double>(count);
}

bool doubled(double before, double now, double ratio_min) {
  return std::max(before, now) >= ratio_min * std::min(before, now);
}

double octaves(double before, double now) {
  return std::min(std::abs(std::log2(std::max(now, 1e-9) / std::max(before, 1e-9))), 8.0);
}

Measured measure_latency(const Figures& before, const Figures& now) {
  const Histogram &a = before.durations, &b = now.durations;
  if (a.count() < kCallsMin || b.count() < kCallsMin) return {};
  const double inflation = inflation_of_durations(before);
  const double limit = a.quantile(0.95);
  Measured best;
  // The whole, and the slow end of it: two tests.
  for (const double quantile : {0.5, 0.95}) {
    Measured one{.before = a.quantile(quantile), .now = b.quantile(quantile), .quantile = quantile};
    one.probability =
        2 * (quantile == 0.5 ? rank_test(a, b, inflation)
                             : proportion_test(a.count_above(limit), a.count(),
                                               b.count_above(limit), b.count(), inflation));
    one.matters = doubled(one.before, one.now, kLatencyRatioMin) &&
                  std::abs(one.now - one.before) >= kLatencyNanosMin;
    // The sum of doublings over all calls: that of a whole is the sum of those of its parts.
    const double shift = b.log_mean() - a.log_mean();
    one.score = one.now > one.before ? number(b.count()) * shift : -number(b.count()) * shift;
    if (one.matters && (!best.matters || one.score > best.score)) best = one;
  }
  return best;
}

Measured measure_share(const Figures& before, const Figures& now) {
  const Sums &a = before.sums, &b = now.sums;
  if (a.calls < kCallsMin || b.calls < kCallsMin || a.failed + b.failed < 5) return {};
  Measured one{.before = number(a.failed) / number(a.calls),
               .now = number(b.failed) / number(b.calls)};
  one.probability =
      proportion_test(a.failed, a.calls, b.failed, b.calls, inflation_of_share(before));
  one.matters = std::abs(one.now - one.before) >= kSharePointsMin;
  one.score = kFailureWeight * std::abs(one.now - one.before) * number(b.calls);
  return one;
}

Measured measure_tokens(const Figures& before, const Figures& now) {
  const Sums &a = before.sums, &b = now.sums;
  if (a.counted < kCallsMin || b.counted < kCallsMin) return {};
  Measured one{.before = a.tokens / number(a.counted), .now = b.tokens / number(b.counted)};
  const auto variance = [](const Sums& sums, double mean) {
    return std::max(sums.token_squares / number(sums.counted) - mean * mean, 0.0);
  };
  one.probability = mean_test(one.before, variance(a, one.before), number(a.counted), one.now,
                              variance(b, one.now), number(b.counted), inflation_of_tokens(before));
  one.matters = doubled(one.before, one.now, kPerCallRatioMin);
  one.score = number(b.counted) * octaves(one.before, one.now);
  return one;
}

Measured measure_cost(const Figures& before, const Figures& now) {
  const Sums &a = before.sums, &b = now.sums;
  if (a.priced < kCallsMin || b.priced < kCallsMin) return {};
  Measured one{.before = a.nano_usd / number(a.priced), .now = b.nano_usd / number(b.priced)};
  const double variance = cost_variance(before), variance_now = cost_variance(now);
  if (variance < 0 || variance_now < 0) return {};
  one.probability = mean_test(one.before, variance, number(a.priced), one.now,
                              std::max(variance, variance_now), number(b.priced), 1);
  one.matters = doubled(one.before, one.now, kPerCallRatioMin);
  one.score = number(b.priced) * octaves(one.before, one.now);
  return one;
}

using Measure = Measured (*)(const Figures&, const Figures&);
constexpr std::array kCallMeasures = {
    std::pair{Metric::latency, &measure_latency}, std::pair{Metric::errors, &measure_share},
    std::pair{Metric::tokens, &measure_tokens}, std::pair{Metric::cost, &measure_cost}};

std::vector<Group> groups_of(const std::vector<Cell>& cells, unsigned always) {
  std::map<std::pair<unsigned, std::string>, Group> groups;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    for (unsigned mask : kMasks) {
      mask |= always;
      std::string key;
      bool whole = true;
      for (std::size_t dim = 0; dim < kDims; ++dim) {
        if ((mask & (1u << dim)) == 0) continue;
        whole = whole && !cells[i].where[dim].empty();
        key += cells[i].where[dim] + '\x1f';
      }
      if (!whole) continue;
      Group& group = groups[{mask, key}];
      group.mask = mask;
      group.cells.push_back(i);
    }
  }
  std::vector<Group> made;
  made.reserve(groups.size());
  for (auto& [key, group] : groups) made.push_back(std::move(group));
  return made;
}

// The search for one metric: take the group with the most to it, look for the narrowest part that
// explains it, take that away and look again at what is left.
class Search {
 public:
  Search(const std::vector<Cell>& cells, const std::vector<Group>& groups, Metric metric,
         Measure measure, double probability_max)
      : cells_(cells),
        groups_(groups),
        left_(cells.size(), true),
        metric_(metric),
        measure_(measure),
        probability_max_(probability_max) {}

  void run(std::vector<Change>& found) {
    for (std::size_t round = 0; round < limits::insight_changes_max; ++round) {
      const auto widest = best();
      if (!widest) return;
      found.push_back(change_of(narrowest(*widest)));
    }
  }

 private:
  struct Candidate {
    const Group* group = nullptr;
    Measured measured;
    std::vector<std::size_t> cells;
  };

  Candidate look_at(const Group& group) const {
    Candidate candidate{&group, {}, {}};
    Figures before, now;
    for (const std::size_t cell : group.cells) {
      if (!left_[cell]) continue;
      candidate.cells.push_back(cell);
      before.add(cells_[cell].before);
      now.add(cells_[cell].now);
    }
    if (!candidate.cells.empty()) candidate.measured = measure_(before, now);
    return candidate;
  }

  bool holds(const Candidate& candidate) const {
    return candidate.measured.matters && candidate.measured.probability <= probability_max_;
  }

  std::optional<Candidate> best() const {
    std::optional<Candidate> chosen;
    for (const Group& group : groups_) {
      Candidate candidate = look_at(group);
      if (holds(candidate) && (!chosen || candidate.measured.score > chosen->measured.score))
        chosen = std::move(candidate);
    }
    return chosen;
  }

  Candidate narrowest(const Candidate& widest) const {
    Candidate chosen = widest;
    for (const Group& group : groups_) {
      if (group.cells.size() > widest.group->cells.size()) continue;
      if (!std::ranges::includes(widest.group->cells, group.cells)) continue;
      Candidate candidate = look_at(group);
      if (!holds(candidate) || (candidate.measured.now > candidate.measured.before) !=
                                   (widest.measured.now > widest.measured.before))
        continue;
      if (candidate.measured.score < kExplained * widest.measured.score) continue;
      if (candidate.cells.size() < chosen.cells.size()) chosen = std::move(candidate);
    }
    return chosen;
  }

  Change change_of(const Candidate& candidate) {
    Change change;
    change.metric = metric_;
    change.where = cells_[candidate.cells.front()].where;
    for (const std::size_t cell : candidate.cells) {
      left_[cell] = false;
      change.before.add(cells_[cell].before);
      change.now.add(cells_[cell].now);
      for (std::size_t dim = 0; dim < kDims; ++dim)
        if (change.where[dim] != cells_[cell].where[dim]) change.where[dim].clear();
    }
    for (std::size_t dim = 0; dim < kDims; ++dim)
      change.chosen_by[dim] = (candidate.group->mask & (1u << dim)) != 0;
    change.value_before = candidate.measured.before;
    change.value_now = candidate.measured.now;
    change.quantile = candidate.measured.quantile;
    change.probability = candidate.measured.probability;
    change.worse = change.value_now > change.value_before;
    change.score = candidate.measured.score * (change.worse ? 1 : kBetterWeight);
    return change;
  }

  const std::vector<Cell>& cells_;
  const std::vector<Group>& groups_;
  std::vector<bool> left_;
  Metric metric_;
  Measure measure_;
  double probability_max_;
};

// Deployments, models and prompt versions that came or went. Nothing to test: they did.
void find_arrivals(const std::vector<Cell>& cells, const std::vector<Group>& groups,
                   std::vector<Change>& found) {
  std::uint64_t all_before = 0, all_now = 0;
  for (const Cell& cell : cells) {
    all_before += cell.before.sums.calls;
    all_now += cell.now.sums.calls;
  }
  if (all_before < kCallsMin || all_now < kCallsMin) return;
  for (const Group& group : groups) {
    const bool single = group.mask == bit(Dim::deployment) || group.mask == bit(Dim::model) ||
                        group.mask == bit(Dim::prompt);
    if (!single) continue;
    Change change;
    change.where = cells[group.cells.front()].where;
    for (const std::size_t cell : group.cells) {
      change.before.add(cells[cell].before);
      change.now.add(cells[cell].now);
      for (std::size_t dim = 0; dim < kDims; ++dim)
        if (change.where[dim] != cells[cell].where[dim]) change.where[dim].clear();
    }
    for (std::size_t dim = 0; dim < kDims; ++dim)
      change.chosen_by[dim] = (group.mask & (1u << dim)) != 0;
    const std::uint64_t before = change.before.sums.calls, now = change.now.sums.calls;
    if (before >= kCallsMin && now == 0) {
      change.metric = Metric::gone;
    } else if (now >= kCallsMin && before == 0) {
      change.metric = Metric::appeared;
    } else {
      continue;
    }
    change.value_before = number(before);
    change.value_now = number(now);
    change.probability = 0;
    change.score = kBetterWeight * number(before + now);
    found.push_back(std::move(change));
  }
}

}  // namespace

Changes find_changes(const std::vector<Cell>& calls, const std::vector<Cell>& evaluations) {
  const std::vector<Group> call_groups = groups_of(calls, 0);
  const std::vector<Group> judged_groups = groups_of(evaluations, bit(Dim::label));
  Changes changes;
  changes.tests = call_groups.size() * kCallMeasures.size() + judged_groups.size();
  // Bonferroni: the tests depend on each other, so nothing finer is safe.
  const double probability_max = kFalseAlarms / number(std::max<std::uint64_t>(changes.tests, 1));
  for (const auto& [metric, measure] : kCallMeasures)
    Search(calls, call_groups, metric, measure, probability_max).run(changes.found);
  Search(evaluations, judged_groups, Metric::evaluations, &measure_share, probability_max)
      .run(changes.found);
  find_arrivals(calls, call_groups, changes.found);
  std::ranges::stable_sort(changes.found, std::greater{}, &Change::score);
  if (changes.found.size() > limits::insight_changes_max)
    changes.found.resize(limits::insight_changes_max);
  return changes;
}

}  // namespace catalejo::insight
