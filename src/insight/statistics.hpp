// Tests against noise. Each gives the probability that two periods which do not differ would look
// at least this different (two-sided).
#pragma once

#include <cstdint>

#include "insight/histogram.hpp"

namespace catalejo::insight {

// Of |z| or more from a standard normal.
double tail_of(double z);

// `inflation` >= 1 widens the noise to what the period before showed of itself.
// k of n against k of n, with the pooled share.
double proportion_test(std::uint64_t before, std::uint64_t before_of, std::uint64_t now,
                       std::uint64_t now_of, double inflation);
// Mann-Whitney with ties: is the one as a whole slower than the other?
double rank_test(const Histogram& before, const Histogram& now, double inflation);
// Means with their variances of one value each (Welch).
double mean_test(double mean_before, double variance_before, double n_before, double mean_now,
                 double variance_now, double n_now, double inflation);

}  // namespace catalejo::insight
