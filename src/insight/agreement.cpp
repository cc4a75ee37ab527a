#include "insight/agreement.hpp"

#include <map>

namespace catalejo::insight {
namespace {

// Over all ordered pairs of different values of a set: how far apart they are, summed. Each value
// is added once, so that a queue of any size takes one pass.
class Pairs {
 public:
  explicit Pairs(Distance distance) : distance_(distance) {}

  void add(double value) {
    ++count_;
    if (distance_ == Distance::nominal) {
      ++counts_[value];
    } else {
      // About the first value, so that large numbers lie close to 0.
      if (count_ == 1) origin_ = value;
      sum_ += value - origin_;
      squares_ += (value - origin_) * (value - origin_);
    }
  }
  double apart() const {
    const double n = static_cast<double>(count_);
    if (distance_ == Distance::interval) return 2 * (n * squares_ - sum_ * sum_);
    double apart = n * n;
    for (const auto& [value, count] : counts_)
      apart -= static_cast<double>(count) * static_cast<double>(count);
    return apart;
  }
  std::size_t count() const { return count_; }

 private:
  Distance distance_;
  std::size_t count_ = 0;
  std::map<double, std::size_t> counts_;
  double origin_ = 0, sum_ = 0, squares_ = 0;
};

}  // namespace

PairAgreement agreement_of_two(std::span<const CategoryPair> pairs) {
  PairAgreement found;
  std::map<std::uint32_t, std::pair<double, double>> said;  // how often by the one and the other
  for (const auto& [one, other] : pairs) {
    ++found.things;
    if (one == other) ++found.same;
    said[one].first += 1;
    said[other].second += 1;
  }
  if (found.things == 0) return found;
  const double n = static_cast<double>(found.things);
  double by_chance = 0;
  for (const auto& [category, counts] : said) by_chance += counts.first * counts.second / (n * n);
  const double observed = static_cast<double>(found.same) / n;
  if (by_chance < 1) found.kappa = (observed - by_chance) / (1 - by_chance);
  return found;
}

std::optional<double> alpha_of(std::span<const std::vector<double>> things, Distance distance) {
  Pairs all(distance);
  double observed = 0;
  for (const std::vector<double>& values : things) {
    if (values.size() < 2) continue;
    Pairs here(distance);
    for (const double value : values) {
      here.add(value);
      all.add(value);
    }
    observed += here.apart() / static_cast<double>(values.size() - 1);
  }
  if (all.count() < 2) return std::nullopt;
  const double n = static_cast<double>(all.count());
  const double expected = all.apart() / (n * (n - 1));
  if (expected <= 0) return std::nullopt;
  return 1 - observed / n / expected;
}

std::optional<double> share_of_same(std::span<const std::vector<double>> things) {
  double pairs = 0, same = 0;
  for (const std::vector<double>& values : things) {
    if (values.size() < 2) continue;
    Pairs here(Distance::nominal);
    for (const double value : values) here.add(value);
    const double all = static_cast<double>(values.size() * (values.size() - 1));
    pairs += all;
    same += all - here.apart();
  }
  if (pairs <= 0) return std::nullopt;
  return same / pairs;
}

}  // namespace catalejo::insight
