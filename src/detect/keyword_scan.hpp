// Finds many fixed words in a text at once (Hyperscan). From any thread; each keeps its own
// working memory.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace catalejo::detect {

class KeywordScan {
 public:
  // A list that cannot be compiled is a bug and ends the program.
  KeywordScan(const std::vector<std::string>& words, const std::vector<bool>& caseless);
  ~KeywordScan();
  KeywordScan(const KeywordScan&) = delete;
  KeywordScan& operator=(const KeywordScan&) = delete;

  // `see(index of the word, place behind it)` for every place, in order of the ends.
  void run(std::string_view text, const std::function<void(std::size_t, std::size_t)>& see) const;

 private:
  struct Database;
  std::unique_ptr<Database> database_;
};

}  // namespace catalejo::detect
