#include "insight/histogram.hpp"

#include <algorithm>
#include <cmath>

namespace catalejo::insight {
namespace {

double edge(double bucket) {
  return std::exp2(bucket / Histogram::kBucketsPerOctave);
}

}  // namespace

std::int32_t Histogram::bucket_of(std::int64_t duration_ns) {
  const auto value = static_cast<double>(std::max<std::int64_t>(duration_ns, 1));
  return static_cast<std::int32_t>(std::floor(std::log2(value) * kBucketsPerOctave));
}

void Histogram::add(std::int32_t bucket, std::uint64_t count) {
  if (count == 0) return;
  buckets_[bucket] += count;
  count_ += count;
}

void Histogram::add(const Histogram& other) {
  for (const auto& [bucket, count] : other.buckets_) add(bucket, count);
}

double Histogram::quantile(double share) const {
  const double wanted = share * static_cast<double>(count_);
  double seen = 0;
  for (const auto& [bucket, count] : buckets_) {
    const auto inside = static_cast<double>(count);
    if (seen + inside >= wanted) return edge(bucket + std::clamp((wanted - seen) / inside, 0., 1.));
    seen += inside;
  }
  return 0;
}

std::uint64_t Histogram::count_above(double duration_ns) const {
  const double bucket = std::floor(std::log2(std::max(duration_ns, 1.0)) * kBucketsPerOctave);
  std::uint64_t above = 0;
  for (auto at = buckets_.upper_bound(static_cast<std::int32_t>(bucket)); at != buckets_.end();
       ++at)
    above += at->second;
  return above;
}

double Histogram::log_mean() const {
  if (count_ == 0) return 0;
  double sum = 0;
  for (const auto& [bucket, count] : buckets_)
    sum += (bucket + 0.5) / kBucketsPerOctave * static_cast<double>(count);
  return sum / static_cast<double>(count_);
}

double Histogram::log_variance() const {
  if (count_ < 2) return 0;
  const double mean = log_mean();
  double sum = 0;
  for (const auto& [bucket, count] : buckets_) {
    const double off = (bucket + 0.5) / kBucketsPerOctave - mean;
    sum += off * off * static_cast<double>(count);
  }
  return sum / static_cast<double>(count_ - 1);
}

}  // namespace catalejo::insight
