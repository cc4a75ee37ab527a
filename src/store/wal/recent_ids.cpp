#include "store/wal/recent_ids.hpp"

#include <algorithm>
#include <utility>

namespace catalejo::store {
namespace {

constexpr std::size_t kSlotsMin = 1024;

}  // namespace

RecentIds::Slot RecentIds::slot_of(Hash128 id) {
  const Slot slot{static_cast<std::uint32_t>(id.high >> 32), static_cast<std::uint32_t>(id.high),
                  static_cast<std::uint32_t>(id.low)};
  return slot == Slot{} ? Slot{0, 0, 1} : slot;  // never a free one
}

std::size_t RecentIds::Generation::home(Slot id) const {
  __extension__ using Wide = unsigned __int128;
  const std::uint64_t high = std::uint64_t{id.top} << 32 | id.middle;
  return static_cast<std::size_t>(static_cast<Wide>(high) * slots_.size() >> 64);
}

std::size_t RecentIds::Generation::find(Slot id) const {
  std::size_t at = home(id);
  while (slots_[at] != Slot{} && slots_[at] != id)
    if (++at == slots_.size()) at = 0;
  return at;
}

bool RecentIds::Generation::contains(Slot id) const {
  return !slots_.empty() && slots_[find(id)] == id;
}

void RecentIds::Generation::grow() {
  // 1.5 rather than 2: the last step decides what a full filter takes of the memory.
  std::vector<Slot> before(std::max(kSlotsMin, slots_.size() + slots_.size() / 2));
  std::swap(before, slots_);
  for (const Slot& id : before)
    if (id != Slot{}) slots_[find(id)] = id;
}

void RecentIds::Generation::insert(Slot id) {
  if (5 * (size_ + 1) > 4 * slots_.size()) grow();
  const std::size_t at = find(id);
  if (slots_[at] == id) return;
  slots_[at] = id;
  ++size_;
}

bool RecentIds::Generation::erase(Slot id) {
  if (!contains(id)) return false;
  std::size_t hole = find(id);
  std::size_t at = hole;
  while (true) {
    if (++at == slots_.size()) at = 0;
    if (slots_[at] == Slot{}) break;
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
  const Slot slot = slot_of(id);
  return current_.contains(slot) || old_.contains(slot);
}

void RecentIds::insert(Hash128 id) {
  if (current_.size() >= generation_max_) old_ = std::exchange(current_, Generation{});
  current_.insert(slot_of(id));
}

void RecentIds::erase(Hash128 id) {
  const Slot slot = slot_of(id);
  if (!current_.erase(slot)) old_.erase(slot);
}

}  // namespace catalejo::store
