#include "model/ddsketch.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/limits.hpp"

namespace catalejo::model {
namespace {

// ln(1 + 2/128): what a bin is wide. A value is at most half of it from the middle of its bin.
const double kWidth = std::log1p(2.0 / 128);
// The bin of 1e-9 is the first: floor(ln(1e-9) / kWidth) = -1337.
constexpr int kBias = 1338;
constexpr int kKeyMax = std::numeric_limits<DDSketch::Key>::max();

double value_of_bin(int key) {
  return std::exp((key - kBias) * kWidth);
}

}  // namespace

DDSketch::Key DDSketch::key_of(double value) {
  const double size = std::abs(value);
  if (size < value_of_bin(1)) return 0;
  const double key = std::nearbyint(std::log(size) / kWidth) + kBias;
  const int bounded = key > kKeyMax ? kKeyMax : static_cast<int>(key);
  return static_cast<Key>(value < 0 ? -bounded : bounded);
}

double DDSketch::value_of(Key key) {
  if (key == 0) return 0;
  return key < 0 ? -value_of_bin(-key) : value_of_bin(key);
}

bool DDSketch::add(double value, double count) {
  if (!std::isfinite(value) || !add_bin(key_of(value), count)) return false;
  add_sums(count, value * count, value, value);
  return true;
}

bool DDSketch::add_bin(Key key, double count) {
  if (!std::isfinite(count) || !(count > 0)) return false;
  const auto at = std::ranges::lower_bound(bins_, key, {}, &Bin::key);
  if (at != bins_.end() && at->key == key) {
    at->count += count;
    return true;
  }
  bins_.insert(at, {.key = key, .count = count});
  collapse();
  return true;
}

void DDSketch::add_sums(double count, double sum, double min, double max) {
  min_ = count_ > 0 ? std::min(min_, min) : min;
  max_ = count_ > 0 ? std::max(max_, max) : max;
  count_ += count;
  sum_ += sum;
}

void DDSketch::merge(const DDSketch& other) {
  if (!(other.count_ > 0)) return;
  std::vector<Bin> merged;
  merged.reserve(bins_.size() + other.bins_.size());
  std::ranges::merge(bins_, other.bins_, std::back_inserter(merged), {}, &Bin::key, &Bin::key);
  bins_.clear();
  for (const Bin& bin : merged) {
    if (!bins_.empty() && bins_.back().key == bin.key) {
      bins_.back().count += bin.count;
    } else {
      bins_.push_back(bin);
    }
  }
  collapse();
  add_sums(other.count_, other.sum_, other.min_, other.max_);
}

// The lowest bins become one: high quantiles are what people ask for.
void DDSketch::collapse() {
  if (bins_.size() <= limits::sketch_bins_max) return;
  const auto kept = bins_.end() - static_cast<std::ptrdiff_t>(limits::sketch_bins_max);
  for (auto bin = bins_.begin(); bin != kept; ++bin) kept->count += bin->count;
  bins_.erase(bins_.begin(), kept);
}

double DDSketch::quantile(double q) const {
  if (bins_.empty()) return 0;
  const double rank = std::clamp(q, 0.0, 1.0) * (count_ - 1);
  double before = 0;
  for (const Bin& bin : bins_) {
    before += bin.count;
    if (before > rank) return std::clamp(value_of(bin.key), min_, max_);
  }
  return max_;
}

}  // namespace catalejo::model
