// What judges did and spent today (UTC), kept so that a budget outlives a restart. Thread-safe.
#pragma once

#include <map>
#include <mutex>
#include <set>
#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"
#include "evaluate/judge/settings.hpp"
#include "store/judges.hpp"

namespace catalejo::evaluate::judge {

class DayBook {
 public:
  // It outlives the book.
  explicit DayBook(store::Judges& control) : control_(control) {}

  // What the day knew before a restart.
  Result<void> load(UnixNanos now);
  // Counts a call, or says that the judge's day has no room for one.
  bool take(std::int64_t judge, const Settings& settings, UnixNanos now);
  void add(std::int64_t judge, std::string_view what, std::int64_t amount, UnixNanos now);
  std::map<std::int64_t, store::JudgeAmounts> today(UnixNanos now);
  // What changed since, into the control store.
  Result<void> save();

 private:
  void turn_page(UnixNanos now);  // mutex_ is held

  store::Judges& control_;
  std::mutex saving_;  // one save at a time: what was true later is kept later
  std::mutex mutex_;   // guards the members below
  std::int64_t day_ = 0;
  std::map<std::int64_t, store::JudgeAmounts> amounts_;
  std::set<std::int64_t> changed_;
};

}  // namespace catalejo::evaluate::judge
