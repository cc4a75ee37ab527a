// Which stretches of time got spans lately, so that an answer about a stretch that got none can be
// used again. From any thread.
#pragma once

#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>

#include "base/time.hpp"

namespace catalejo::store {

class InsertedTimes {
 public:
  // Spans that started between these times are being inserted: some can be read already. One
  // thread inserts.
  void begin(UnixNanos first, UnixNanos last);
  // All of them can be read.
  void end();
  // To be taken before the database is asked.
  std::uint64_t position() const;
  // Whether nothing between these times was inserted since, or is being; false when that is no
  // longer known.
  bool unchanged_since(std::uint64_t position, UnixNanos first, UnixNanos last) const;

 private:
  mutable std::mutex mutex_;  // guards the members below
  using Times = std::pair<UnixNanos, UnixNanos>;
  std::uint64_t added_ = 0;
  std::deque<Times> latest_;  // the last of them
  std::optional<Times> going_on_;
};

}  // namespace catalejo::store
