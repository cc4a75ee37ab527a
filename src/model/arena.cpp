#include "model/arena.hpp"

#include <cstring>

namespace catalejo::model {
namespace {

constexpr std::size_t kChunkBytes = 64u << 10;

}  // namespace

char* Arena::allocate(std::size_t size) {
  if (size > kChunkBytes / 4) {
    chunks_.push_back(std::make_unique_for_overwrite<char[]>(size));
    return chunks_.back().get();
  }
  if (size > free_bytes_) {
    chunks_.push_back(std::make_unique_for_overwrite<char[]>(kChunkBytes));
    free_ = chunks_.back().get();
    free_bytes_ = kChunkBytes;
  }
  char* taken = free_;
  free_ += size;
  free_bytes_ -= size;
  return taken;
}

std::string_view Arena::copy(std::string_view bytes) {
  if (bytes.empty()) return {};
  char* place = allocate(bytes.size());
  std::memcpy(place, bytes.data(), bytes.size());
  return {place, bytes.size()};
}

std::string_view Arena::adopt(std::string&& bytes) {
  adopted_.push_back(std::make_unique<std::string>(std::move(bytes)));
  return *adopted_.back();
}

}  // namespace catalejo::model
