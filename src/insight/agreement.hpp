// How far people who judged the same things agree, beyond what chance would give.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace catalejo::insight {

// What two judges said about one thing, as categories that are numbers from 0.
using CategoryPair = std::pair<std::uint32_t, std::uint32_t>;

struct PairAgreement {
  std::size_t things = 0, same = 0;
  // Cohen (1960), not weighted. Nothing when there is no thing, or when both judges always say one
  // and the same: then chance explains everything.
  std::optional<double> kappa;
};
PairAgreement agreement_of_two(std::span<const CategoryPair> pairs);

// nominal: values are the same or not. interval: the square of their distance counts.
enum class Distance { nominal, interval };

// Krippendorff's alpha of any number of judges, of whom each may have left things out. `things`
// holds the values each thing was given; one with fewer than two says nothing. Nothing when no two
// values can be compared, or when all values are the same.
std::optional<double> alpha_of(std::span<const std::vector<double>> things, Distance distance);

// The share of pairs of judges, over all things, that said the same; nothing without pairs.
std::optional<double> share_of_same(std::span<const std::vector<double>> things);

}  // namespace catalejo::insight
