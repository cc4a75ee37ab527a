// Vectors → groups: spherical k-means with more groups than are wanted, seeded the same way each
// time, which are then put together while that makes them stand apart better. Pure.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "insight/topics/vectors.hpp"

namespace catalejo::insight::topics {

inline constexpr int kNoGroup = -1;
// Below it a text is about something else.
inline constexpr float kLikenessMin = 0.2F;

struct Clusters {
  Matrix centres;          // of length 1
  std::vector<int> group;  // of each row, kNoGroup when it is near to none
};

struct Vectors {
  const Matrix& rows;              // of length 1; 0 for a text of which nothing is known
  std::span<const float> weights;  // how much each counts for where the centres are
  std::span<const float> said;     // how much of each text its row says
  std::span<const float> times;    // how often each text came
};
// No group has less than `times_min` texts.
Clusters find_clusters(const Vectors& vectors, double times_min, const Stopped& stopped);

// The group of one row by the same rule.
int nearest_group(const Clusters& clusters, std::span<const float> row, float said);

}  // namespace catalejo::insight::topics
