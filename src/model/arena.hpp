// Bytes that live as long as their batch. Chunks never move, so a view stays valid until the
// arena is destroyed; moving the arena keeps views valid.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace catalejo::model {

class Arena {
 public:
  // A copy of `bytes`.
  std::string_view copy(std::string_view bytes);
  // Takes over a whole buffer (a body, a document) without copying it.
  std::string_view adopt(std::string&& bytes);
  // Keeps any object alive (a parsed document that views point into).
  void keep(std::shared_ptr<const void> object) { kept_.push_back(std::move(object)); }

 private:
  char* allocate(std::size_t size);

  std::vector<std::unique_ptr<char[]>> chunks_;
  std::vector<std::unique_ptr<std::string>> adopted_;
  std::vector<std::shared_ptr<const void>> kept_;
  char* free_ = nullptr;
  std::size_t free_bytes_ = 0;
};

}  // namespace catalejo::model
