#include "store/wal/recent_ids.hpp"

#include <algorithm>
#include <utility>

namespace catalejo::store {
namespace {

constexpr std::size_t kSlotsMin = 1024;

Hash128 never_free(Hash128 id) {
  return id == Hash128{} ? Hash128{0, 1} : id;
}

}  // namespace

std::size_t RecentIds::Generation::home(Hash128 id) const {
  __extension__ using Wide = unsigned __int128;
  return static_cast<std::size_t>(static_cast<Wide>(id.high) * slots_.size() >> 64);
}

std::size_t RecentIds::Generation::find(Hash128 id) const {
  std::size_t at = home(id);
  while (slots_[at] != Hash128{} && slots_[at] != id)
    if (++at == slots_.size()) at = 0;
  return at;
}

bool RecentIds::Generation::contains(Hash128 id) const {
  return !slots_.empty() && slots_[find(id)] == id;
}

void RecentIds::Generation::grow() {
  // 1.5 rather than 2: the last step decides what a full filter takes of the memory.
  std::vector<Hash128> before(std::max(kSlotsMin, slots_.size() + slots_.size() / 2));
  std::swap(before, slots_);
  for (const Hash128& id : before)
    if (id != Hash128{}) slots_[find(id)] = id;
}

void RecentIds::Generation::insert(Hash128 id) {
  if (5 * (size_ + 1) > 4 * slots_.size()) grow();
  const std::size_t at = find(id);
  if (slots_[at] == id) return;
  slots_[at] = id;
  ++size_;
}

bool RecentIds::Generation::erase(Hash128 id) {
  if (!contains(id)) return false;
  std::size_t hole = find(id);
  std::size_t at = hole;
  while (true) {
    if (++at == slots_.size()) at = 0;
    if (slots_[at] == Hash128{}) break;
    const std::size_t wanted = home(slots_[at]);
    // An id may move back into the hole unless its home lies behind the hole (cyclically).
    const bool behind = hole <= at ? hole < wanted && wanted <= at : hole < wanted || wanted <= at;
    if (behind) continue;
    slots_[hole] = slots_[at];
    hole = at;
  }
  slots_[hole] = {};
  --size_;
  return true;
}

bool RecentIds::contains(Hash128 id) const {
  id = never_free(id);
  return current_.contains(id) || old_.contains(id);
}

void RecentIds::insert(Hash128 id) {
  if (current_.size() >= generation_max_) old_ = std::exchange(current_, Generation{});
  current_.insert(never_free(id));
}

void RecentIds::erase(Hash128 id) {
  id = never_free(id);
  if (!current_.erase(id)) old_.erase(id);
}

}  // namespace catalejo::store
