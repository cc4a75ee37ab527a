// Answers about whole slices of time, used again while nothing is inserted there: a page over a day
// asks the database for the last minutes only. Bounded by bytes, the one used longest ago goes
// first. From any thread.
#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "base/limits.hpp"
#include "store/inserted_times.hpp"

namespace catalejo::query {

template <typename Answer>
class SliceCache {
 public:
  // What is asked, and the begin and end of the slice.
  struct Key {
    std::string question;
    UnixNanos first, last;
    auto operator<=>(const Key&) const = default;
  };

  std::shared_ptr<const Answer> find(const Key& key, const store::InsertedTimes& times) {
    const std::lock_guard lock(mutex_);
    const auto place = places_.find(key);
    if (place == places_.end()) return nullptr;
    Kept& kept = *place->second;
    const std::uint64_t position = times.position();
    if (kept.until < now() || !times.unchanged_since(kept.position, key.first, key.last)) {
      drop(place->second);
      return nullptr;
    }
    kept.position = position;
    kept_.splice(kept_.begin(), kept_, place->second);
    return kept.answer;
  }

  // `position` is what InsertedTimes gave before the database was asked.
  void put(Key key, std::uint64_t position, Answer answer, std::size_t bytes) {
    const std::lock_guard lock(mutex_);
    if (const auto place = places_.find(key); place != places_.end()) drop(place->second);
    bytes += key.question.size() + sizeof(Kept);
    kept_.push_front({key,
                      std::make_shared<const Answer>(std::move(answer)),
                      position,
                      {now().value + limits::slice_kept_nanos_max},
                      bytes});
    places_.emplace(std::move(key), kept_.begin());
    bytes_ += bytes;
    while (bytes_ > limits::slice_cache_bytes_max) drop(std::prev(kept_.end()));
  }

 private:
  struct Kept {
    Key key;
    std::shared_ptr<const Answer> answer;
    std::uint64_t position = 0;
    UnixNanos until;  // days are dropped without a word
    std::size_t bytes = 0;
  };

  void drop(typename std::list<Kept>::iterator kept) {
    bytes_ -= kept->bytes;
    places_.erase(kept->key);
    kept_.erase(kept);
  }

  std::mutex mutex_;      // guards the members below
  std::list<Kept> kept_;  // used last first
  std::map<Key, typename std::list<Kept>::iterator> places_;
  std::size_t bytes_ = 0;
};

}  // namespace catalejo::query
