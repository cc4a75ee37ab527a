#include "evaluate/usual/outliers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/time.hpp"

namespace catalejo::evaluate {
namespace {

constexpr Threshold kThreshold{.score = 3};
// In standard deviations of the logarithm: times and costs spread by factors.
constexpr double kDeviationsMin = 4;
// Where all calls are alike, not every small difference is a great one.
constexpr double kDeviationLeast = 0.05;
// Differences below these are nobody's business, however many times the usual they are.
constexpr double kSecondMore = kNanosPerSecond;
constexpr double kCentMore = 1e7;  // of a dollar, in billionths

// Whether it lies outside what chance would give among calls that spread like these.
bool is_beyond_chance(double value, const Usual& usual) {
  if (usual.half <= 0) return true;
  const double deviation = std::max(std::log(usual.upper / usual.half), kDeviationLeast);
  return std::log(value / usual.half) >= kDeviationsMin * deviation;
}

std::string calls_like(const Subject& subject) {
  const std::string_view model =
      subject.deployment.empty() ? subject.model_name : subject.deployment;
  std::string words = fmt::format("the calls of {}", model.empty() ? subject.name : model);
  if (!model.empty() && !subject.name.empty()) words += fmt::format(" by {}", subject.name);
  if (!subject.ml_app.empty()) words += fmt::format(" in {}", subject.ml_app);
  return words;
}

std::string time_words(double nanos) {
  if (nanos < kNanosPerSecond) return fmt::format("{:.0f} ms", nanos / kNanosPerMilli);
  return fmt::format("{:.1f} s", nanos / kNanosPerSecond);
}

std::string cost_words(double nano_usd) {
  const double dollars = nano_usd / 1e9;
  return fmt::format("${:.{}f}", dollars, dollars < 1 ? 4 : 2);
}

Verdict verdict_of(std::string_view label, double value, const Usual& usual, double more_min) {
  Verdict verdict{.label = label, .type = model::MetricType::score};
  // What was free until now has no times.
  verdict.score = value / std::max(usual.half, 1.0);
  const bool far = value - usual.half >= more_min && is_beyond_chance(value, usual);
  verdict.assessment =
      far && verdict.score >= kThreshold.score ? Assessment::fail : Assessment::pass;
  verdict.passes_anyway = !far;
  return verdict;
}

}  // namespace

std::optional<Threshold> LatencyOutlier::threshold() const {
  return kThreshold;
}

void LatencyOutlier::judge(const Subject& subject, std::vector<Verdict>& verdicts) const {
  if (!subject.usual_duration) return;
  const Usual& usual = *subject.usual_duration;
  const auto took = static_cast<double>(subject.duration_ns);
  Verdict verdict = verdict_of(id(), took, usual, kSecondMore);
  verdict.reasoning = fmt::format("{}; half of {} take less than {}.", time_words(took),
                                  calls_like(subject), time_words(usual.half));
  verdicts.push_back(std::move(verdict));
}

std::optional<Threshold> CostOutlier::threshold() const {
  return kThreshold;
}

void CostOutlier::judge(const Subject& subject, std::vector<Verdict>& verdicts) const {
  if (!subject.usual_cost || !subject.cost_nano_usd) return;
  const Usual& usual = *subject.usual_cost;
  Verdict verdict = verdict_of(id(), *subject.cost_nano_usd, usual, kCentMore);
  verdict.reasoning =
      fmt::format("{}; half of {} cost less than {}.", cost_words(*subject.cost_nano_usd),
                  calls_like(subject), cost_words(usual.half));
  verdicts.push_back(std::move(verdict));
}

}  // namespace catalejo::evaluate
