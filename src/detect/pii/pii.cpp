#include "detect/pii/pii.hpp"

#include <algorithm>
#include <array>

#include "detect/pii/addresses.hpp"
#include "detect/pii/rules.hpp"

namespace catalejo::detect::pii {
namespace {

// Where a digit or an "@" is, something may be.
constexpr auto kTelling = [] {
  std::array<bool, 256> telling{};
  for (std::size_t c = '0'; c <= '9'; ++c) telling[c] = true;
  telling['@'] = true;
  return telling;
}();

// A word longer than this is a hash or base64.
constexpr std::size_t kWordMax = 40;

// Those that may begin with a letter or two that stand alone.
std::vector<Rule> split_rules_of_all() {
  std::vector<Rule> rules;
  for (const auto some : {bank_rules(), european_rules()})
    for (const Rule& rule : some)
      if (rule.name == "iban" || rule.name == "uk_nino" || rule.name == "es_nie" ||
          rule.name == "es_cif" || rule.name == "it_fiscal_code")
        rules.push_back(rule);
  return rules;
}

const std::vector<Rule>& split_rules() {
  static const std::vector<Rule> rules = split_rules_of_all();
  return rules;
}

class Scan {
 public:
  Scan(std::string_view text, const Options& options, std::vector<Finding>& findings)
      : text_(text), options_(options), findings_(findings) {}

  void run() {
    const auto* bytes = reinterpret_cast<const unsigned char*>(text_.data());
    for (std::size_t at = 0; at < text_.size();) {
      if (!kTelling[bytes[at]]) {
        ++at;
        continue;
      }
      at = text_[at] == '@' ? see_at(at) : see_digit(at);
    }
  }

 private:
  void add(std::size_t begin, std::size_t end, std::string_view rule) {
    findings_.push_back(
        {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end), rule, Class::pii});
    from_ = end;
  }

  std::size_t see_at(std::size_t at) {
    const Range email = match_email(text_, at, from_);
    if (email.end == 0) return at + 1;
    add(email.begin, email.end, "email");
    return email.end;
  }

  // The first letter or digit of the word around `at`.
  std::size_t word_begin(std::size_t at) const {
    while (at > from_ && is_alnum(text_[at - 1])) --at;
    // "\n4111…" of a text that was escaped twice: the letter belongs to the escape.
    if (at > 0 && text_[at - 1] == '\\' && at + 1 < text_.size() &&
        (text_[at] == 'n' || text_[at] == 't' || text_[at] == 'r'))
      ++at;
    return at;
  }

  std::size_t word_end(std::size_t at) const {
    while (at < text_.size() && is_alnum(text_[at])) ++at;
    return at;
  }

  std::size_t see_digit(std::size_t at) {
    const std::size_t begin = word_begin(at);
    const std::size_t end = word_end(at);
    if (end - begin > kWordMax) return end;
    if (const std::size_t after = see_address(begin, end)) return after;
    // "0.4111…" is a fraction, and of "12.345.678-Z" the beginning was asked already.
    const char before = begin > 0 ? text_[begin - 1] : ' ';
    if (before == '.' && begin > 1 && is_digit(text_[begin - 2])) return end;
    const std::size_t after = see_number(begin, before);
    return after > 0 ? after : end;
  }

  std::size_t see_address(std::size_t begin, std::size_t end) {
    if (end >= text_.size()) return 0;
    Range range;
    if (text_[end] == '.' && end - begin <= 3) {
      range = match_ipv4(text_, begin, options_.private_addresses);
    } else if (text_[end] == ':' && end - begin <= 4) {
      range = match_ipv6(text_, begin, options_.private_addresses);
    }
    if (range.end == 0) return 0;
    add(range.begin, range.end, "ip_address");
    return range.end;
  }

  // "AB 12 34 56 C", "X-1234567-L": capitals stand alone before the digits.
  std::size_t see_split(std::size_t begin) {
    if (begin < from_ + 2 || (text_[begin - 1] != ' ' && text_[begin - 1] != '-')) return 0;
    std::size_t at = begin - 1;
    while (at > from_ && begin - at < 5 && text_[at - 1] >= 'A' && text_[at - 1] <= 'Z') --at;
    // "RSS MRA 80A01 F205X"
    const bool thrice = begin - at == 4 && at >= from_ + 4 && text_[at - 1] == ' ' &&
                        std::all_of(&text_[at - 4], &text_[at - 1], is_letter);
    if (thrice) at -= 4;
    if (at + 1 == begin || (!thrice && begin - at > 3) || (at > 0 && is_alnum(text_[at - 1])))
      return 0;
    const Run run(text_, at);
    const Context context(text_, at, run.end(run.size()));
    const Candidate candidate{text_, run, context};
    for (const Rule& rule : split_rules()) {
      const std::size_t n = rule.match(candidate);
      if (n == 0) continue;
      add(at, run.end(n), rule.name);
      return run.end(n);
    }
    return 0;
  }

  // The number of a Spanish company or person as one for the whole Union: "ESA12345674".
  std::size_t see_union(std::size_t begin) {
    if (begin + 10 > text_.size() || text_[begin] != 'E' || text_[begin + 1] != 'S') return 0;
    const std::size_t at = begin + (text_[begin + 2] == '-' ? 3 : 2);
    if (at >= text_.size() || !is_alnum(text_[at])) return 0;
    const Run run(text_, at);
    const Context context(text_, begin, run.end(run.size()));
    const Candidate candidate{text_, run, context};
    for (const Rule& rule : european_rules()) {
      if (!rule.name.starts_with("es_")) continue;
      const std::size_t n = rule.match(candidate);
      if (n == 0) continue;
      add(begin, run.end(n), rule.name);
      return run.end(n);
    }
    return 0;
  }

  // "… or 642.750.379": a list of telephone numbers goes on.
  bool follows_phone(std::size_t begin) const {
    constexpr std::size_t kFar = 64;
    return phone_end_ > 0 && begin - phone_end_ < kFar &&
           text_.substr(phone_end_, begin - phone_end_).find('\n') == std::string_view::npos;
  }

  std::size_t see_number(std::size_t begin, char before) {
    if (const std::size_t after = see_split(begin)) return after;
    const Run run(text_, begin);
    if (run.size() < 7) return 0;
    std::size_t from = begin;
    const bool paren = before == '(';
    if (paren) --from;
    const char sign = from > 0 ? text_[from - 1] : ' ';
    // A plus after a letter, digit or bracket is an addition.
    const bool plus =
        sign == '+' && (from < 2 || (!is_alnum(text_[from - 2]) && text_[from - 2] != ')'));
    if (plus) --from;
    // Words behind a number are no part of it, although they may look like one more group.
    const std::size_t reach = run.digits() >= 7 ? run.digits() : run.size();
    const Context context(text_, begin, run.end(reach));
    const Candidate candidate{text_, run, context, plus, paren, follows_phone(begin)};
    for (const auto rules : {bank_rules(), european_rules(), american_rules()}) {
      for (const Rule& rule : rules) {
        const std::size_t n = rule.match(candidate);
        if (n == 0) continue;
        add(begin, run.end(n), rule.name);
        return run.end(n);
      }
    }
    if (const std::size_t after = see_union(begin)) return after;
    const std::size_t n = match_phone(candidate);
    if (n == 0) return 0;
    add(from, run.end(n), "phone");
    phone_end_ = run.end(n);
    return run.end(n);
  }

  std::string_view text_;
  const Options& options_;
  std::vector<Finding>& findings_;
  std::size_t from_ = 0;       // the end of the last finding
  std::size_t phone_end_ = 0;  // and that of the last telephone number
};

}  // namespace

void find(std::string_view text, const Options& options, std::vector<Finding>& findings) {
  Scan(text, options, findings).run();
}

std::vector<std::string_view> rule_names() {
  std::vector<std::string_view> names{"email", "ip_address", "phone"};
  for (const auto rules : {bank_rules(), european_rules(), american_rules()})
    for (const Rule& rule : rules) names.push_back(rule.name);
  return names;
}

}  // namespace catalejo::detect::pii
