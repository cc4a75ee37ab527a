// Which stretches of time got spans lately, so that an answer about a stretch that got none can be
// used again. From any thread.
#pragma once

#include <cstdint>
#include <deque>
#include <mutex>
#include <utility>

#include "base/time.hpp"

namespace catalejo::store {

class InsertedTimes {
 public:
  // Spans that started between these times can be read from now on.
  void add(UnixNanos first, UnixNanos last);
  // To be taken before the database is asked.
  std::uint64_t position() const;
  // Whether nothing between these times was added since; false when that is no longer known.
  bool unchanged_since(std::uint64_t position, UnixNanos first, UnixNanos last) const;

 private:
  mutable std::mutex mutex_;  // guards the members below
  std::uint64_t added_ = 0;
  std::deque<std::pair<UnixNanos, UnixNanos>> latest_;  // the last of them
};

}  // namespace catalejo::store
