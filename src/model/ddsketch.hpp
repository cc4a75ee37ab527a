// A DDSketch: how values are distributed, in bins that grow with the value, so that any quantile
// is at most 1/128 (0.8 %) off, whatever was merged before. The bins are those of the Datadog
// Agent (gamma 1 + 2/128, smallest value 1e-9, see docs/formats/metrics.md), so that its sketches
// are kept without loss. A value; merging is the sum of bins. No thread of its own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace catalejo::model {

class DDSketch {
 public:
  // 0 is the bin of values next to zero; -k that of the negatives of bin k.
  using Key = std::int16_t;
  struct Bin {
    Key key = 0;
    double count = 0;
    bool operator==(const Bin&) const = default;
  };

  // `count` times `value`: a sampled value stands for more than itself. Values that are not finite
  // and counts that are not above zero are not taken; false then.
  bool add(double value, double count = 1);
  // Bins of another's making, in any order; sums as the other had them. The same conditions.
  bool add_bin(Key key, double count);
  void add_sums(double count, double sum, double min, double max);
  void merge(const DDSketch& other);

  double count() const { return count_; }
  double sum() const { return sum_; }
  double min() const { return min_; }  // 0 when empty, as all of these
  double max() const { return max_; }
  double average() const { return count_ > 0 ? sum_ / count_ : 0; }
  const std::vector<Bin>& bins() const { return bins_; }  // keys rise

  // The value below which the part `q` (0 … 1) of the values lies; 0 when empty.
  double quantile(double q) const;

  static Key key_of(double value);
  static double value_of(Key key);  // in the middle of its bin

 private:
  void collapse();

  std::vector<Bin> bins_;
  double count_ = 0, sum_ = 0, min_ = 0, max_ = 0;
};

}  // namespace catalejo::model
