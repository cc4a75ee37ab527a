#include "insight/topics/clusters.hpp"

#include <algorithm>
#include <cmath>
#include <random>

#include "base/limits.hpp"

namespace catalejo::insight::topics {
namespace {

constexpr int kRoundsMax = 25;
constexpr std::size_t kRowsPerGroup = 4;
// Centres this much alike are of one topic. With bench/topics.py: lower joins what a person would
// tell apart, higher gives several topics of one kind.
constexpr float kJoinedFrom = 0.3F;

// Which centre a row is nearest to, and how near.
struct Near {
  int group = kNoGroup;
  float likeness = -1;
};

Near nearest(const Matrix& centres, std::span<const float> row) {
  Near near;
  for (std::size_t c = 0; c < centres.rows(); ++c) {
    const float likeness = dot(centres.row(c), row);
    if (likeness > near.likeness) near = {static_cast<int>(c), likeness};
  }
  return near;
}

// k-means++: each next centre is a row, taken by chance, more likely the farther it is from those
// there are.
Matrix first_centres(const Matrix& rows, std::span<const float> weights, std::size_t count) {
  std::mt19937_64 chance(7);
  std::vector<double> far(rows.rows());
  for (std::size_t i = 0; i < rows.rows(); ++i)
    far[i] = dot(rows.row(i), rows.row(i)) > 0.5F ? static_cast<double>(weights[i]) : 0.0;
  Matrix centres(count, rows.columns());
  for (std::size_t c = 0; c < count; ++c) {
    double all = 0;
    for (const double value : far) all += value;
    double at = static_cast<double>(chance() >> 11) / static_cast<double>(1ull << 53) * all;
    std::size_t taken = 0;
    while (taken + 1 < far.size() && (at -= far[taken]) >= 0) ++taken;
    std::ranges::copy(rows.row(taken), centres.row(c).begin());
    for (std::size_t i = 0; i < rows.rows(); ++i) {
      const double apart =
          std::max(0.0, 1.0 - static_cast<double>(dot(rows.row(i), centres.row(c))));
      far[i] = std::min(far[i], static_cast<double>(weights[i]) * apart);
    }
  }
  return centres;
}

Matrix sums_of(const Matrix& rows, std::span<const float> weights, std::span<const int> group,
               std::size_t count) {
  Matrix sums(count, rows.columns());
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    if (group[i] == kNoGroup) continue;
    const auto sum = sums.row(static_cast<std::size_t>(group[i]));
    for (std::size_t d = 0; d < sum.size(); ++d) sum[d] += weights[i] * rows.row(i)[d];
  }
  return sums;
}

Matrix centres_of(const Matrix& rows, std::span<const float> weights, std::span<const int> group,
                  std::size_t count) {
  Matrix centres = sums_of(rows, weights, group, count);
  for (std::size_t c = 0; c < count; ++c) normalise(centres.row(c));
  return centres;
}

void assign(const Matrix& rows, const Matrix& centres, std::vector<int>& group) {
  for (std::size_t i = 0; i < rows.rows(); ++i) group[i] = nearest(centres, rows.row(i)).group;
}

// The groups of k-means, put together two by two.
class Joining {
 public:
  Joining(const Matrix& rows, std::span<const float> weights, std::span<const int> group,
          std::size_t count)
      : sums_(sums_of(rows, weights, group, count)), centres_(sums_), into_(count), alive_(count) {
    for (std::size_t c = 0; c < count; ++c) {
      into_[c] = static_cast<int>(c);
      alive_[c] = dot(sums_.row(c), sums_.row(c)) > 0;
      normalise(centres_.row(c));
    }
  }

  // Joins the two groups whose centres are most alike; false when none are alike enough.
  bool join() {
    float best = kJoinedFrom;
    std::size_t one = 0, other = 0;
    for (std::size_t a = 0; a < alive_.size(); ++a) {
      for (std::size_t b = 0; b < a && alive_[a]; ++b) {
        const float likeness = alive_[b] ? dot(centres_.row(a), centres_.row(b)) : -1;
        if (likeness <= best) continue;
        best = likeness;
        one = b;
        other = a;
      }
    }
    if (other == 0) return false;
    for (std::size_t d = 0; d < sums_.columns(); ++d) {
      sums_.row(one)[d] += sums_.row(other)[d];
      centres_.row(one)[d] = sums_.row(one)[d];
    }
    normalise(centres_.row(one));
    alive_[other] = false;
    for (int& into : into_)
      if (into == static_cast<int>(other)) into = static_cast<int>(one);
    return true;
  }

  const std::vector<int>& into() const { return into_; }

 private:
  Matrix sums_, centres_;
  std::vector<int> into_;
  std::vector<bool> alive_;
};

// Numbers of the groups in use, from 0.
std::size_t renumber(std::vector<int>& group) {
  std::vector<int> numbers;
  for (int& g : group) {
    if (g == kNoGroup) continue;
    const auto found = std::ranges::find(numbers, g);
    if (found == numbers.end()) {
      numbers.push_back(g);
      g = static_cast<int>(numbers.size()) - 1;
    } else {
      g = static_cast<int>(found - numbers.begin());
    }
  }
  return numbers.size();
}

// Takes out the groups that are too small. Their rows go to what is near, or to none.
void drop_small(Clusters& clusters, std::span<const float> times, double times_min) {
  std::vector<double> sizes(clusters.centres.rows());
  for (std::size_t i = 0; i < clusters.group.size(); ++i)
    if (clusters.group[i] != kNoGroup)
      sizes[static_cast<std::size_t>(clusters.group[i])] += static_cast<double>(times[i]);
  const auto large = std::ranges::count_if(sizes, [&](double s) { return s >= times_min; });
  Matrix kept(static_cast<std::size_t>(large), clusters.centres.columns());
  std::size_t next = 0;
  for (std::size_t c = 0; c < sizes.size(); ++c)
    if (sizes[c] >= times_min) std::ranges::copy(clusters.centres.row(c), kept.row(next++).begin());
  clusters.centres = std::move(kept);
}

}  // namespace

int nearest_group(const Clusters& clusters, std::span<const float> row, float said) {
  const Near near = nearest(clusters.centres, row);
  return near.likeness * said >= kLikenessMin ? near.group : kNoGroup;
}

Clusters find_clusters(const Vectors& vectors, double times_min, const Stopped& stopped) {
  const Matrix& rows = vectors.rows;
  const std::span<const float> weights = vectors.weights;
  Clusters found;
  found.group.assign(rows.rows(), kNoGroup);
  const std::size_t count = std::min(limits::topics_max, rows.rows() / kRowsPerGroup);
  if (count < 1 || rows.columns() == 0) return found;
  Matrix centres = first_centres(rows, weights, count);
  std::vector<int> group(rows.rows(), kNoGroup);
  for (int round = 0; round < kRoundsMax && !stopped(); ++round) {
    const std::vector<int> last = group;
    assign(rows, centres, group);
    if (group == last) break;
    centres = centres_of(rows, weights, group, count);
  }
  Joining joining(rows, weights, group, count);
  while (joining.join()) {
  }
  for (int& g : group)
    if (g != kNoGroup) g = joining.into()[static_cast<std::size_t>(g)];
  const std::size_t left = renumber(group);
  found.centres = centres_of(rows, weights, group, left);
  const auto assign_near = [&] {
    for (std::size_t i = 0; i < rows.rows(); ++i)
      found.group[i] = nearest_group(found, rows.row(i), vectors.said[i]);
  };
  assign_near();
  drop_small(found, vectors.times, times_min);
  assign_near();
  return found;
}

}  // namespace catalejo::insight::topics
