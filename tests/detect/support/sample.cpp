#include "sample.hpp"

#include <cctype>
#include <vector>

namespace catalejo::detect {
namespace {

class Sampler {
 public:
  Sampler(std::string_view pattern, std::mt19937& random) : pattern_(pattern), random_(random) {}

  // One of the alternatives up to ")" or the end; all are made, one is kept.
  std::string alternatives() {
    std::vector<std::string> all(1);
    while (at_ < pattern_.size() && pattern_[at_] != ')') {
      if (pattern_[at_] == '|') {
        ++at_;
        all.emplace_back();
        continue;
      }
      all.back() += repeated();
    }
    return all[below(all.size())];
  }

 private:
  std::size_t below(std::size_t n) {
    return std::uniform_int_distribution<std::size_t>(0, n - 1)(random_);
  }

  std::string repeated() {
    const std::size_t from = at_;
    std::string one = atom();
    const std::size_t behind = at_;
    std::size_t least = 1, most = 1;
    quantifier(least, most);
    const std::size_t after = at_;
    const std::size_t count = least + (most > least ? below(most - least + 1) : 0);
    std::string all;
    for (std::size_t i = 0; i < count; ++i) {
      at_ = from;
      all += atom();
    }
    at_ = after > behind ? after : behind;
    return all;
  }

  void quantifier(std::size_t& least, std::size_t& most) {
    if (at_ >= pattern_.size()) return;
    const char c = pattern_[at_];
    if (c == '?' || c == '*' || c == '+') {
      ++at_;
      least = c == '+' ? 1 : 0;
      most = c == '?' ? 1 : 8;
    } else if (c == '{') {
      const std::size_t end = pattern_.find('}', at_);
      const std::string inside(pattern_.substr(at_ + 1, end - at_ - 1));
      const std::size_t comma = inside.find(',');
      least = std::stoul(inside);
      most = comma == std::string::npos   ? least
             : comma + 1 == inside.size() ? least + 40
                                          : std::stoul(inside.substr(comma + 1));
      at_ = end + 1;
    } else {
      return;
    }
    if (at_ < pattern_.size() && pattern_[at_] == '?') ++at_;
  }

  std::string atom() {
    const char c = pattern_[at_++];
    if (c == '[') return {one_of(read_class())};
    if (c == '\\') return {one_of(escaped(pattern_[at_++]))};
    if (c != '(') return {c};
    if (pattern_[at_] == '?') {
      const std::size_t colon = pattern_.find(':', at_);
      at_ = colon + 1;
    }
    std::string inside = alternatives();
    ++at_;
    return inside;
  }

  std::string escaped(char c) {
    if (c == 'd') return "0123456789";
    if (c == 's') return "\n";
    if (c == 'n') return "n";
    if (c == 'x') {
      at_ += 2;
      return {static_cast<char>(std::stoi(std::string(pattern_.substr(at_ - 2, 2)), nullptr, 16))};
    }
    return {c};
  }

  std::string read_class() {
    const bool negated = pattern_[at_] == '^';
    if (negated) ++at_;
    std::string set;
    while (pattern_[at_] != ']') {
      char c = pattern_[at_++];
      std::string first(1, c);
      if (c == '\\') first = escaped(pattern_[at_++]);
      if (first.size() == 1 && pattern_[at_] == '-' && pattern_[at_ + 1] != ']') {
        ++at_;
        char last = pattern_[at_++];
        if (last == '\\') last = escaped(pattern_[at_++])[0];
        for (int i = first[0]; i <= last; ++i) set += static_cast<char>(i);
      } else {
        set += first;
      }
    }
    ++at_;
    // Of what may be anything, letters and digits are enough; "\n" is for formats over lines.
    if (negated) return "abcdefghijklmnopqrstuvwxyz0123456789ABCDEF";
    std::string plain;
    for (const char c : set)
      if (std::isalnum(static_cast<unsigned char>(c))) plain += c;
    return plain.empty() ? set : plain;
  }

  char one_of(const std::string& set) { return set[below(set.size())]; }

  std::string_view pattern_;
  std::mt19937& random_;
  std::size_t at_ = 0;
};

}  // namespace

std::string sample_of(std::string_view pattern, std::mt19937& random) {
  return Sampler(pattern, random).alternatives();
}

}  // namespace catalejo::detect
