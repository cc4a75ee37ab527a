// Other spellings that a text may hide in: base64, hexadecimal, percent signs, entities, escapes,
// rot13, reversed, leetspeak, s p a c e d letters, syl-la-bles, sentences in pieces, and tags that
// nobody sees.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace catalejo::evaluate {

struct Decoded {
  std::string_view how;  // "base64"
  std::string text;      // folded
};

// The readings worth judging of a text; none of an ordinary one. Together not longer than a few
// times the text.
std::vector<Decoded> decodings(std::string_view text, std::string_view folded);

// Bytes of base64, both alphabets; no padding.
std::string from_base64(std::string_view run);
// Of parts that are whole by themselves, together.
std::string from_base64(std::span<const std::string_view> parts);

// What runs of base64 and hexadecimal stand for, words or not.
std::vector<std::string> decoded_bytes(std::string_view text);

}  // namespace catalejo::evaluate
