// How long calls took, as counts in buckets of a sixteenth of an octave: 4.4 % wide, so that
// figures of any group are sums of figures of its parts. What the database counts, this reads.
#pragma once

#include <cstdint>
#include <map>

namespace catalejo::insight {

class Histogram {
 public:
  static constexpr int kBucketsPerOctave = 16;
  // The bucket of a duration; the SQL of plans.cpp computes the same.
  static std::int32_t bucket_of(std::int64_t duration_ns);

  void add(std::int32_t bucket, std::uint64_t count);
  void add(const Histogram& other);

  std::uint64_t count() const { return count_; }
  // In nanoseconds, interpolated inside a bucket; 0 when empty.
  double quantile(double share) const;
  // Of the values, those above the end of the bucket that `duration_ns` lies in.
  std::uint64_t count_above(double duration_ns) const;
  // Mean and variance of the binary logarithm.
  double log_mean() const;
  double log_variance() const;
  const std::map<std::int32_t, std::uint64_t>& buckets() const { return buckets_; }

 private:
  std::map<std::int32_t, std::uint64_t> buckets_;
  std::uint64_t count_ = 0;
};

}  // namespace catalejo::insight
