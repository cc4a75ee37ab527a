// The bounded queue between threads: many producers, one or more consumers, whole batches.
// Bounded by weight (bytes or items, as the owner counts them). A full queue refuses at once:
// the caller answers 503 and counts it. close() lets consumers drain what is left.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace catalejo {

template <typename T>
class BoundedQueue {
 public:
  explicit BoundedQueue(std::size_t weight_max) : weight_max_(weight_max) {}

  // False when the queue is full or closed; an item heavier than the bound passes when alone.
  bool try_push(T item, std::size_t weight) {
    {
      const std::lock_guard lock(mutex_);
      if (closed_ || (!items_.empty() && weight_ + weight > weight_max_)) return false;
      weight_ += weight;
      items_.emplace_back(std::move(item), weight);
    }
    changed_.notify_one();
    return true;
  }

  // Everything that waits, at least one item; empty only after the deadline or when closed.
  std::vector<T> pop_all(std::chrono::steady_clock::time_point deadline) {
    std::unique_lock lock(mutex_);
    changed_.wait_until(lock, deadline, [&] { return closed_ || !items_.empty(); });
    std::vector<T> taken;
    taken.reserve(items_.size());
    for (auto& [item, weight] : items_) taken.push_back(std::move(item));
    items_.clear();
    weight_ = 0;
    return taken;
  }

  // The next item; nullopt when closed and empty.
  std::optional<T> pop() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return closed_ || !items_.empty(); });
    if (items_.empty()) return std::nullopt;
    auto [item, weight] = std::move(items_.front());
    items_.pop_front();
    weight_ -= weight;
    return std::move(item);
  }

  void close() {
    {
      const std::lock_guard lock(mutex_);
      closed_ = true;
    }
    changed_.notify_all();
  }
  bool closed() const {
    const std::lock_guard lock(mutex_);
    return closed_;
  }
  std::size_t weight() const {
    const std::lock_guard lock(mutex_);
    return weight_;
  }

 private:
  const std::size_t weight_max_;
  mutable std::mutex mutex_;  // guards the members below
  std::condition_variable changed_;
  std::deque<std::pair<T, std::size_t>> items_;
  std::size_t weight_ = 0;
  bool closed_ = false;
};

}  // namespace catalejo
