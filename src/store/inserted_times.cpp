#include "store/inserted_times.hpp"

#include <algorithm>

#include "base/limits.hpp"

namespace catalejo::store {

void InsertedTimes::add(UnixNanos first, UnixNanos last) {
  const std::lock_guard lock(mutex_);
  ++added_;
  latest_.emplace_back(first, last);
  if (latest_.size() > limits::inserted_times_max) latest_.pop_front();
}

std::uint64_t InsertedTimes::position() const {
  const std::lock_guard lock(mutex_);
  return added_;
}

bool InsertedTimes::unchanged_since(std::uint64_t position, UnixNanos first, UnixNanos last) const {
  const std::lock_guard lock(mutex_);
  const std::uint64_t since = added_ - position;
  if (since > latest_.size()) return false;
  return std::none_of(
      latest_.end() - static_cast<std::ptrdiff_t>(since), latest_.end(),
      [&](const auto& times) { return times.first <= last && first <= times.second; });
}

}  // namespace catalejo::store
