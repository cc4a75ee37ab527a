#include "detect/secrets/secrets.hpp"

#include <algorithm>
#include <atomic>

#include "detect/keyword_scan.hpp"
#include "detect/secrets/formats.hpp"
#include "detect/secrets/link.hpp"
#include "detect/secrets/value.hpp"

namespace catalejo::detect::secrets {
namespace {

// The longest key (a service account's token) and the longest PEM block that are looked at.
constexpr std::size_t kValueMax = 4'096, kBlockMax = 20'000;
// Before a mark within a value (84 letters of an Azure key).
constexpr std::size_t kMarkMax = 84;

bool is_alnum(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}
bool is_name(char c) {
  return is_alnum(c) || c == '_' || c == '-' || c == '.';
}

bool is_generic(std::string_view rule) {
  return rule.starts_with("generic_");
}

class Scan {
 public:
  Scan(std::string_view text, std::vector<Finding>& findings)
      : text_(text), findings_(findings), first_(findings.size()) {}

  // Keywords come in the order of their ends.
  void see(std::size_t keyword, std::size_t end) {
    const Formats& all = formats();
    const std::size_t begin = end - all.keywords[keyword].size();
    Place value;
    bool looked = false;
    for (const std::uint16_t index : all.formats_of[keyword]) {
      const Format& format = all.formats[index];
      if (format.kind == Kind::around) {
        if (try_format(format, {word_begin(begin), Link::assigned})) return;
        continue;
      }
      if (format.kind != Kind::word && format.kind != Kind::ending) {
        if (fits_before(begin) && try_format(format, {begin, Link::assigned}) &&
            format.kind != Kind::beside)
          return;
        continue;
      }
      if (format.kind == Kind::ending && !is_end_of_name(text_, begin, end)) continue;
      if (!looked) value = place_of_value(text_, begin, end);
      looked = true;
      if (try_linked(format, value, end)) return;
    }
  }

  // What several formats claim is the first one's, and a generic one's last; a longer one swallows
  // what is inside it.
  void finish() {
    const auto begin = findings_.begin() + static_cast<std::ptrdiff_t>(first_);
    std::stable_sort(begin, findings_.end(), [](const Finding& a, const Finding& b) {
      if (a.begin != b.begin) return a.begin < b.begin;
      return a.end != b.end ? a.end > b.end : is_generic(a.rule) < is_generic(b.rule);
    });
    std::uint32_t covered = 0;
    const auto end = std::remove_if(begin, findings_.end(), [&](const Finding& finding) {
      if (finding.begin < covered) return true;
      covered = finding.end;
      return false;
    });
    findings_.erase(end, findings_.end());
  }

 private:
  // Of the word that `at` is in; no value has more before its mark.
  std::size_t word_begin(std::size_t at) const {
    const std::size_t least = at > kMarkMax ? at - kMarkMax : 0;
    while (at > least && (is_name(text_[at - 1]) || text_[at - 1] == '~')) --at;
    return at;
  }

  bool fits_before(std::size_t begin) const {
    if (begin == 0 || !is_alnum(text_[begin])) return true;
    const char before = text_[begin - 1];
    // "\nsk-…" of a text that was escaped twice: the letter belongs to the escape.
    const bool escape =
        begin > 1 && text_[begin - 2] == '\\' && (before == 'n' || before == 't' || before == 'r');
    return escape || (!is_alnum(before) && before != '_' && before != '-');
  }

  bool try_linked(const Format& format, const Place& value, std::size_t end) {
    if (value.link != Link::none && try_format(format, value)) return true;
    const bool goes_on = end < text_.size() && text_[end] == ' ';
    if (!format.generic || (value.link == Link::assigned && !goes_on)) return false;
    constexpr int kPlacesMost = 3;  // "my key to the vault: …": not all is the last
    std::size_t at = end;
    for (int i = 0; i < kPlacesMost; ++i) {
      const Place far = place_behind_words(text_, end, at);
      if (far.link == Link::none) return false;
      if (try_format(format, far)) return true;
      at = far.at;
    }
    return false;
  }

  bool try_format(const Format& format, const Place& place) {
    const std::size_t at = place.at;
    const std::size_t most = format.kind == Kind::block ? kBlockMax : kValueMax;
    const std::string_view window = text_.substr(at, most);
    re2::StringPiece groups[2];
    const int wanted = format.pattern->NumberOfCapturingGroups() > 0 ? 2 : 1;
    if (!format.pattern->Match({window.data(), window.size()}, 0, window.size(),
                               re2::RE2::ANCHOR_START, groups, wanted))
      return false;
    re2::StringPiece found = groups[wanted - 1];
    if (found.data() == nullptr) found = groups[0];
    std::string_view value(found.data(), found.size());
    // "<password>value</password>"
    if (format.password) value = value.substr(0, value.find("</"));
    const auto begin = static_cast<std::size_t>(found.data() - text_.data());
    if (!ends_there(format, begin + value.size()) || !judge(format, value, place)) return false;
    findings_.push_back({static_cast<std::uint32_t>(begin),
                         static_cast<std::uint32_t>(begin + value.size()), format.id,
                         Class::secret});
    return true;
  }

  bool ends_there(const Format& format, std::size_t end) const {
    if (end >= text_.size() || format.kind == Kind::block) return true;
    const char next = text_[end];
    if (format.generic && next == '(') return false;
    if (!is_alnum(text_[end - 1])) return true;
    return !is_alnum(next) &&
           (format.kind != Kind::word || (next != '_' && next != '/' && next != '+'));
  }

  static bool judge(const Format& format, std::string_view value, const Place& place) {
    if (value.empty() || entropy_of(value) < format.entropy) return false;
    if (format.kind != Kind::block && is_placeholder(value)) return false;
    if (place.link == Link::beside) return judge_beside(format, value, place);
    if (format.password) {
      const bool weak = place.link == Link::far || format.kind == Kind::ending;
      return weak ? is_strong_password(value) : is_password_like(value);
    }
    if (format.kind == Kind::ending || place.link == Link::far) return is_unmistakable(value);
    if (format.kind == Kind::word && !format.generic && is_name_like(value)) return false;
    if (format.id != "generic_secret") return true;
    constexpr std::size_t kHex = 32;
    constexpr double kMixed = 3.5;
    const bool random = (is_hex(value) && value.size() >= kHex) || entropy_of(value) >= kMixed;
    return random && is_token_like(value);
  }

  // Nothing but a blank is between the name and the value.
  static bool judge_beside(const Format& format, std::string_view value, const Place& place) {
    if (format.password) return is_strong_password(value) && (place.quoted || has_mark(value));
    if (is_unmistakable(value)) return true;
    constexpr std::size_t kLeast = 20;
    return !format.generic && place.filled && value.size() >= kLeast;
  }

  std::string_view text_;
  std::vector<Finding>& findings_;
  std::size_t first_;
};

const KeywordScan& keyword_scan() {
  static const KeywordScan scan(formats().keywords, formats().caseless);
  return scan;
}

}  // namespace

void find(std::string_view text, std::vector<Finding>& findings) {
  Scan scan(text, findings);
  keyword_scan().run(text, [&](std::size_t keyword, std::size_t end) { scan.see(keyword, end); });
  scan.finish();
}

std::vector<std::string_view> rule_names() {
  std::vector<std::string_view> names;
  for (const Format& format : formats().formats) names.push_back(format.id);
  return names;
}

std::string_view provider_of(std::string_view rule) {
  for (const Format& format : formats().formats)
    if (format.id == rule) return format.provider;
  return {};
}

}  // namespace catalejo::detect::secrets
