#include "store/inserted_times.hpp"

#include <algorithm>

#include "base/limits.hpp"

namespace catalejo::store {

void InsertedTimes::begin(UnixNanos first, UnixNanos last) {
  const std::lock_guard lock(mutex_);
  going_on_ = {first, last};
}

void InsertedTimes::end() {
  const std::lock_guard lock(mutex_);
  if (!going_on_) return;
  ++added_;
  latest_.push_back(*going_on_);
  going_on_.reset();
  if (latest_.size() > limits::inserted_times_max) latest_.pop_front();
}

std::uint64_t InsertedTimes::position() const {
  const std::lock_guard lock(mutex_);
  return added_;
}

bool InsertedTimes::unchanged_since(std::uint64_t position, UnixNanos first, UnixNanos last) const {
  const std::lock_guard lock(mutex_);
  const auto overlaps = [&](const Times& times) {
    return times.first <= last && first <= times.second;
  };
  if (going_on_ && overlaps(*going_on_)) return false;
  const std::uint64_t since = added_ - position;
  if (since > latest_.size()) return false;
  return std::none_of(latest_.end() - static_cast<std::ptrdiff_t>(since), latest_.end(), overlaps);
}

}  // namespace catalejo::store
