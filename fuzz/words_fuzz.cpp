// The words of any bytes: those that a reading byte by byte finds, each once.
#include <cstdint>
#include <cstdlib>
#include <set>
#include <string>

#include "base/limits.hpp"
#include "store/batch/word_set.hpp"

namespace {

void expect_words(std::string_view text, std::string& expected, std::set<std::string>& seen) {
  std::string word;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    const char c = i < text.size() ? text[i] : ' ';
    const bool capital = c >= 'A' && c <= 'Z';
    if (capital || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c & 0x80) != 0) {
      word += capital ? static_cast<char>(c - 'A' + 'a') : c;
      continue;
    }
    if (word.size() >= catalejo::limits::word_bytes_min && seen.insert(word).second)
      expected += word + '\n';
    word.clear();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > catalejo::limits::word_bytes_max) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  static catalejo::store::WordSet words;
  words.clear();
  std::string expected;
  std::set<std::string> seen;
  for (const std::string_view part : {text.substr(0, size / 3), text.substr(size / 3)}) {
    expect_words(part, expected, seen);
    words.add_text(part);
  }
  if (words.words() != expected) std::abort();
  return 0;
}
