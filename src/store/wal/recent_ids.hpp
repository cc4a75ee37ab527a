// The duplicate filter: the newest ids in two generations. When the current one is full it becomes
// the old one and the old one is forgotten, so between half and all of `ids_max` are remembered.
// Owned by the log writer's thread; not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/hash.hpp"

namespace catalejo::store {

class RecentIds {
 public:
  explicit RecentIds(std::size_t ids_max) : generation_max_(ids_max / 2) {}

  bool contains(Hash128 id) const;
  void insert(Hash128 id);
  // Takes back an insert: the group it stood in did not become durable.
  void erase(Hash128 id);
  std::size_t size() const { return current_.size() + old_.size(); }

 private:
  // 96 bits of an id: a quarter less memory. Two of a million ids are alike once in 10^16 runs.
  struct Slot {
    std::uint32_t top = 0, middle = 0, bottom = 0;
    bool operator==(const Slot&) const = default;
  };

  // Open addressing with linear probing; all zero marks a free slot.
  class Generation {
   public:
    bool contains(Slot id) const;
    void insert(Slot id);
    bool erase(Slot id);
    std::size_t size() const { return size_; }

   private:
    std::size_t home(Slot id) const;
    std::size_t find(Slot id) const;  // its slot, or the free one where it belongs
    void grow();

    std::vector<Slot> slots_;
    std::size_t size_ = 0;
  };

  static Slot slot_of(Hash128 id);

  std::size_t generation_max_;
  Generation current_, old_;
};

}  // namespace catalejo::store
