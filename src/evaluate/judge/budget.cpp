#include "evaluate/judge/budget.hpp"

namespace catalejo::evaluate::judge {

void Budget::turn_page(UnixNanos now) {
  const std::int64_t day = now.value / kNanosPerDay;
  if (day <= day_) return;  // a clock set back gives nothing a second time
  day_ = day;
  calls_ = 0;
  tokens_ = 0;
}

void Budget::restore(UnixNanos now, std::int64_t calls, std::int64_t tokens) {
  turn_page(now);
  calls_ += calls;
  tokens_ += tokens;
}

bool Budget::take(UnixNanos now) {
  turn_page(now);
  if (calls_per_day_ > 0 && calls_ >= calls_per_day_) return false;
  if (tokens_per_day_ > 0 && tokens_ >= tokens_per_day_) return false;
  ++calls_;
  return true;
}

void Budget::spend(UnixNanos now, std::int64_t tokens) {
  turn_page(now);
  tokens_ += tokens;
}

}  // namespace catalejo::evaluate::judge
