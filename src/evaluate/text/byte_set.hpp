// Which bytes belong to a set: one look into a table instead of a comparison for each.
#pragma once

#include <array>
#include <concepts>
#include <string_view>

namespace catalejo::evaluate {

class ByteSet {
 public:
  template <class Belongs>
  requires std::predicate<Belongs, char>
  constexpr explicit ByteSet(Belongs belongs) {
    for (std::size_t i = 0; i < in_.size(); ++i) in_[i] = belongs(static_cast<char>(i));
  }
  constexpr explicit ByteSet(std::string_view bytes)
      : ByteSet([bytes](char c) { return bytes.find(c) != std::string_view::npos; }) {}

  constexpr bool has(char c) const { return in_[static_cast<unsigned char>(c)]; }

 private:
  std::array<bool, 256> in_{};
};

}  // namespace catalejo::evaluate
