// How much a judge may spend in a day (UTC). From one thread at a time.
#pragma once

#include <cstdint>

#include "base/time.hpp"

namespace catalejo::evaluate::judge {

class Budget {
 public:
  // 0 = without end.
  Budget(std::int64_t calls_per_day, std::int64_t tokens_per_day)
      : calls_per_day_(calls_per_day), tokens_per_day_(tokens_per_day) {}

  // What a day spent before a restart.
  void restore(UnixNanos now, std::int64_t calls, std::int64_t tokens);
  // Counts a call, or says that the day has no room for one.
  bool take(UnixNanos now);
  // Adds what a call took; the last one of a day may go over by that much.
  void spend(UnixNanos now, std::int64_t tokens);

  std::int64_t calls() const { return calls_; }
  std::int64_t tokens() const { return tokens_; }

 private:
  void turn_page(UnixNanos now);

  std::int64_t calls_per_day_, tokens_per_day_;
  std::int64_t day_ = 0, calls_ = 0, tokens_ = 0;
};

}  // namespace catalejo::evaluate::judge
