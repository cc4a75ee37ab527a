#include "insight/statistics.hpp"

#include <cmath>
#include <numbers>
#include <set>

namespace catalejo::insight {
namespace {

double from_z(double difference, double variance, double inflation) {
  if (!(variance > 0)) return difference == 0 ? 1 : 0;
  return tail_of(difference / std::sqrt(variance * inflation));
}

}  // namespace

double tail_of(double z) {
  return std::erfc(std::abs(z) / std::numbers::sqrt2);
}

double proportion_test(std::uint64_t before, std::uint64_t before_of, std::uint64_t now,
                       std::uint64_t now_of, double inflation) {
  if (before_of == 0 || now_of == 0) return 1;
  const auto n = static_cast<double>(before_of), m = static_cast<double>(now_of);
  const auto a = static_cast<double>(before), b = static_cast<double>(now);
  // Half a case to each side keeps small counts honest.
  const double difference = std::abs(b / m - a / n) - 0.5 * (1 / n + 1 / m);
  if (difference <= 0) return 1;
  const double pooled = (a + b) / (n + m);
  return from_z(difference, pooled * (1 - pooled) * (1 / n + 1 / m), inflation);
}

double rank_test(const Histogram& before, const Histogram& now, double inflation) {
  const auto n = static_cast<double>(before.count()), m = static_cast<double>(now.count());
  if (n == 0 || m == 0) return 1;
  std::set<std::int32_t> buckets;
  for (const auto& [bucket, count] : before.buckets()) buckets.insert(bucket);
  for (const auto& [bucket, count] : now.buckets()) buckets.insert(bucket);
  double below = 0, wins = 0, ties = 0;
  for (const std::int32_t bucket : buckets) {
    const auto a = before.buckets().find(bucket);
    const auto b = now.buckets().find(bucket);
    const double x = a == before.buckets().end() ? 0 : static_cast<double>(a->second);
    const double y = b == now.buckets().end() ? 0 : static_cast<double>(b->second);
    wins += y * (below + x / 2);
    below += x;
    const double together = x + y;
    ties += together * together * together - together;
  }
  const double all = n + m;
  const double variance = n * m / 12 * (all + 1 - ties / (all * (all - 1)));
  return from_z(wins - n * m / 2, variance, inflation);
}

double mean_test(double mean_before, double variance_before, double n_before, double mean_now,
                 double variance_now, double n_now, double inflation) {
  if (n_before <= 0 || n_now <= 0) return 1;
  return from_z(mean_now - mean_before, variance_before / n_before + variance_now / n_now,
                inflation);
}

}  // namespace catalejo::insight
