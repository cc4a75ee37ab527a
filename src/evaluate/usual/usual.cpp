#include "evaluate/usual/usual.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "query/cost_sum.hpp"

namespace catalejo::evaluate {
namespace {

// Above it is a sixth of the values: one standard deviation, where they are normal.
constexpr double kOneDeviation = 0.8413;

std::optional<double> cost_of(const query::SpanRow& row, const cost::PriceBook* book) {
  if (row.cost_nano_usd >= 0) return static_cast<double>(row.cost_nano_usd);
  if (book == nullptr) return std::nullopt;
  // Not owned: it lives through this call.
  const query::Pricing pricing{
      .book = {std::shared_ptr<void>(), book}, .days = {}, .now = row.start};
  const query::SpanCost found = query::span_cost(row, pricing, false);
  if (!found.cost.known() || found.cost.kind == cost::Kind::none) return std::nullopt;
  return static_cast<double>(found.cost.amount.value);
}

}  // namespace

void Window::add(double value) {
  const auto kept = static_cast<float>(value);
  if (values_.size() < kValuesMax) {
    values_.push_back(kept);
  } else {
    values_[oldest_] = kept;
    oldest_ = (oldest_ + 1) % kValuesMax;
  }
}

std::optional<Usual> Window::usual() const {
  if (values_.size() < kValuesMin) return std::nullopt;
  std::array<float, kValuesMax> sorted;
  const auto end = std::ranges::copy(values_, sorted.begin()).out;
  const auto size = static_cast<double>(values_.size());
  const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(size / 2);
  std::nth_element(sorted.begin(), middle, end);
  const auto upper = sorted.begin() + static_cast<std::ptrdiff_t>(size * kOneDeviation);
  std::nth_element(middle + 1, upper, end);
  return Usual{.half = *middle, .upper = *upper};
}

Usuals::Kind& Usuals::kind_of(const query::SpanRow& row) {
  // A zero byte stands between them, which no name has.
  const std::string_view between("\0", 1);
  const Hash128 key = hash128(fmt::format("{1}{0}{2}{0}{3}{0}{4}{0}{5}", between, row.ml_app,
                                          row.kind, row.name, row.model, row.deployment));
  const auto known = kinds_.find(key);
  if (known != kinds_.end()) {
    by_use_.splice(by_use_.begin(), by_use_, known->second.use);
    return known->second;
  }
  if (kinds_.size() >= kKindsMax) {
    kinds_.erase(by_use_.back());
    by_use_.pop_back();
  }
  by_use_.push_front(key);
  Kind& made = kinds_[key];
  made.use = by_use_.begin();
  return made;
}

void Usuals::compare(const query::SpanRow& row, const cost::PriceBook* book, Subject& subject) {
  Kind& kind = kind_of(row);
  subject.usual_duration = kind.durations.usual();
  subject.cost_nano_usd = cost_of(row, book);
  subject.usual_cost = kind.costs.usual();
  if (row.error) return;
  kind.durations.add(static_cast<double>(row.duration_ns));
  if (subject.cost_nano_usd) kind.costs.add(*subject.cost_nano_usd);
}

void Usuals::add(const query::SpanRow& row, const cost::PriceBook* book) {
  Subject unread;
  compare(row, book, unread);
}

}  // namespace catalejo::evaluate
