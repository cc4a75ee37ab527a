#include "insight/figures.hpp"

#include <algorithm>
#include <cmath>

namespace catalejo::insight {
namespace {

// Fewer tell nothing about how much they vary.
constexpr int kSlicesMin = 4;
constexpr double kSliceCallsMin = 5;

// Mean of squared standardised deviations over the slices: what chance makes of it is 1.
template <typename Count, typename Mean>
double inflation(const Figures& figures, double mean, double variance, Count&& count_of,
                 Mean&& mean_of) {
  if (!(variance > 0)) return 1;
  double sum = 0;
  int used = 0;
  for (const Sums& slice : figures.slices) {
    const double n = count_of(slice);
    if (n < kSliceCallsMin) continue;
    const double off = mean_of(slice) - mean;
    sum += off * off * n / variance;
    ++used;
  }
  return used < kSlicesMin ? 1 : std::max(1.0, sum / (used - 1));
}

double number(std::uint64_t count) {
  return static_cast<double>(count);
}

}  // namespace

void Sums::add(const Sums& other) {
  calls += other.calls;
  failed += other.failed;
  counted += other.counted;
  priced += other.priced;
  tokens += other.tokens;
  token_squares += other.token_squares;
  nano_usd += other.nano_usd;
  answered += other.answered;
  log_duration += other.log_duration;
}

void Figures::add(const Figures& other) {
  sums.add(other.sums);
  durations.add(other.durations);
  for (std::size_t i = 0; i < kSlices; ++i) slices[i].add(other.slices[i]);
}

double inflation_of_share(const Figures& figures) {
  if (figures.sums.calls == 0) return 1;
  const double share = number(figures.sums.failed) / number(figures.sums.calls);
  return inflation(
      figures, share, share * (1 - share), [](const Sums& s) { return number(s.calls); },
      [](const Sums& s) { return number(s.failed) / number(s.calls); });
}

double inflation_of_durations(const Figures& figures) {
  return inflation(
      figures, figures.durations.log_mean(), figures.durations.log_variance(),
      [](const Sums& s) { return number(s.answered); },
      [](const Sums& s) { return s.log_duration / number(s.answered); });
}

double inflation_of_tokens(const Figures& figures) {
  const Sums& all = figures.sums;
  if (all.counted < 2) return 1;
  const double mean = all.tokens / number(all.counted);
  const double variance = all.token_squares / number(all.counted) - mean * mean;
  return inflation(
      figures, mean, variance, [](const Sums& s) { return number(s.counted); },
      [](const Sums& s) { return s.tokens / number(s.counted); });
}

double cost_variance(const Figures& figures) {
  if (figures.sums.priced == 0) return -1;
  const double mean = figures.sums.nano_usd / number(figures.sums.priced);
  double sum = 0;
  int used = 0;
  for (const Sums& slice : figures.slices) {
    if (slice.priced == 0) continue;
    const double off = slice.nano_usd - mean * number(slice.priced);
    sum += off * off;
    ++used;
  }
  if (used < kSlicesMin) return -1;
  return sum * used / (used - 1) / number(figures.sums.priced);
}

}  // namespace catalejo::insight
