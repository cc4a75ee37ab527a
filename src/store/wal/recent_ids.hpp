// The duplicate filter: the newest ids in two generations. When the current one is full it becomes
// the old one and the old one is forgotten, so between half and all of `ids_max` are remembered.
// Owned by the log writer's thread; not thread-safe.
#pragma once

#include <cstddef>
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
  // Open addressing with linear probing; {0,0} marks a free slot.
  class Generation {
   public:
    bool contains(Hash128 id) const;
    void insert(Hash128 id);
    bool erase(Hash128 id);
    std::size_t size() const { return size_; }

   private:
    std::size_t home(Hash128 id) const;
    std::size_t find(Hash128 id) const;  // its slot, or the free one where it belongs
    void grow();

    std::vector<Hash128> slots_;
    std::size_t size_ = 0;
  };

  std::size_t generation_max_;
  Generation current_, old_;
};

}  // namespace catalejo::store
