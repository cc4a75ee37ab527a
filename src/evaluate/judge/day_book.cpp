#include "evaluate/judge/day_book.hpp"

namespace catalejo::evaluate::judge {
namespace {

std::int64_t& amount_of(store::JudgeAmounts& amounts, std::string_view what) {
  const auto found = amounts.find(what);
  return found != amounts.end() ? found->second : amounts[std::string(what)];
}

bool used_up(std::int64_t used, std::int64_t per_day) {
  return per_day > 0 && used >= per_day;
}

}  // namespace

void DayBook::turn_page(UnixNanos now) {
  const std::int64_t day = now.value / kNanosPerDay;
  if (day <= day_) return;  // a clock set back gives nothing a second time
  day_ = day;
  amounts_.clear();
  changed_.clear();
}

Result<void> DayBook::load(UnixNanos now) {
  const std::lock_guard lock(mutex_);
  turn_page(now);
  auto amounts = control_.day(day_);
  if (!amounts) return amounts.error();
  amounts_ = *std::move(amounts);
  return {};
}

bool DayBook::take(std::int64_t judge, const Settings& settings, UnixNanos now) {
  const std::lock_guard lock(mutex_);
  turn_page(now);
  store::JudgeAmounts& amounts = amounts_[judge];
  std::int64_t& calls = amount_of(amounts, "calls");
  if (used_up(calls, settings.calls_per_day) ||
      used_up(amount_of(amounts, "tokens"), settings.tokens_per_day))
    return false;
  ++calls;
  changed_.insert(judge);
  return true;
}

void DayBook::add(std::int64_t judge, std::string_view what, std::int64_t amount, UnixNanos now) {
  const std::lock_guard lock(mutex_);
  turn_page(now);
  amount_of(amounts_[judge], what) += amount;
  changed_.insert(judge);
}

std::map<std::int64_t, store::JudgeAmounts> DayBook::today(UnixNanos now) {
  const std::lock_guard lock(mutex_);
  turn_page(now);
  return amounts_;
}

Result<void> DayBook::save() {
  const std::lock_guard saving(saving_);
  std::map<std::int64_t, store::JudgeAmounts> amounts;
  std::int64_t day = 0;
  {
    const std::lock_guard lock(mutex_);
    for (const std::int64_t judge : changed_) amounts[judge] = amounts_[judge];
    changed_.clear();
    day = day_;
  }
  if (amounts.empty()) return {};
  return control_.put_day(day, amounts);
}

}  // namespace catalejo::evaluate::judge
