// Many patterns, one pass: a set is compiled once and scans a text in time linear in its length.
// The syntax is Hyperscan's part of PCRE, on bytes; patterns are the program's own, so one that
// does not compile is a bug. Only ends are told: to know beginnings makes compiling ten times and
// scanning several times as dear, and few hits are shown. Safe from any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace catalejo::detect {

class PatternSet {
 public:
  struct Hit {
    std::uint32_t pattern;  // its index in what was compiled
    std::uint32_t end;
  };

  explicit PatternSet(std::span<const std::string> patterns);
  ~PatternSet();
  PatternSet(PatternSet&&) noexcept;
  PatternSet& operator=(PatternSet&&) noexcept;

  // Appends what is found, in no order; of a pattern that could end in several places, each. At
  // most kHitsMax, so that no text makes the work grow faster than itself.
  void scan(std::string_view text, std::vector<Hit>& hits) const;

  static constexpr std::size_t kHitsMax = 4'096;

 private:
  struct Compiled;
  std::unique_ptr<Compiled> compiled_;
};

}  // namespace catalejo::detect
