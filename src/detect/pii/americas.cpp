// National ids of the United States, Mexico, Brazil and Argentina, with their check digits where
// they have one.
#include <algorithm>
#include <array>

#include "detect/pii/rules.hpp"

namespace catalejo::detect::pii {
namespace {

using Groups = std::array<std::uint8_t, 9>;

bool grouped(const Run& run, std::size_t n, std::initializer_list<int> sizes) {
  const Groups groups = run.groups(n);
  std::size_t at = 0;
  for (const int size : sizes)
    if (groups[at++] != size) return false;
  return groups[at] == 0;
}

// Both are 3-2-4 digits: area, group, serial.
bool is_itin(std::string_view digits) {
  const int group = (digits[3] - '0') * 10 + digits[4] - '0';
  return digits[0] == '9' && ((group >= 50 && group <= 65) || (group >= 70 && group <= 88) ||
                              (group >= 90 && group <= 92) || (group >= 94 && group <= 99));
}

bool is_ssn(std::string_view digits) {
  return digits[0] != '9' && digits.substr(0, 3) != "000" && digits.substr(0, 3) != "666" &&
         digits.substr(3, 2) != "00" && digits.substr(5) != "0000" && digits != "078051120" &&
         digits != "219099999";
}

bool dashed_or_told(const Candidate& candidate, bool told) {
  constexpr std::size_t kSize = 9;
  const Run& run = candidate.run;
  if (grouped(run, kSize, {3, 2, 4}) && run.even(kSize)) return run.separator(3) == '-' || told;
  return !run.separated(kSize) && told;
}

std::size_t match_us_ssn(const Candidate& candidate) {
  constexpr std::size_t kSize = 9;
  const Run& run = candidate.run;
  if (run.digits() < kSize || !run.whole(kSize) || !is_ssn(run.first(kSize))) return 0;
  if (one_digit_only(run.first(kSize)) || candidate.plus) return 0;
  const bool told =
      candidate.context.has({"ssn", "social security", "social", "ss number", "seguro social",
                             "ssns", "social security number", "taxpayer"});
  const bool another = candidate.context.just_before(
      {"order", "part", "sku", "case", "ticket", "serial", "model", "pedido", "ref", "isbn"});
  return dashed_or_told(candidate, told) && (told || !another) ? kSize : 0;
}

std::size_t match_us_itin(const Candidate& candidate) {
  constexpr std::size_t kSize = 9;
  const Run& run = candidate.run;
  if (run.digits() < kSize || !run.whole(kSize) || !is_itin(run.first(kSize))) return 0;
  if (candidate.plus) return 0;
  const bool told = candidate.context.has({"itin", "taxpayer", "tax id", "tin", "tax"});
  return dashed_or_told(candidate, told) ? kSize : 0;
}

// Of the tables of CURP and RFC, which have an Ñ between N and O.
int mexican_value(char c) {
  if (is_digit(c)) return c - '0';
  return c - 'A' + (c <= 'N' ? 10 : 11);
}

std::size_t match_mx_curp(const Candidate& candidate) {
  constexpr std::size_t kSize = 18;
  constexpr std::string_view kShape = "AAAA999999AAAAAA?9";
  const Run& run = candidate.run;
  if (run.size() < kSize || !run.whole(kSize) || run.separated(kSize)) return 0;
  int sum = 0;
  for (std::size_t i = 0; i < kSize; ++i) {
    if (kShape[i] == 'A' && !is_letter(run[i])) return 0;
    if (kShape[i] == '9' && !is_digit(run[i])) return 0;
    if (i < 17) sum += mexican_value(run[i]) * (18 - static_cast<int>(i));
  }
  if (!is_short_date(run.first(10).substr(4))) return 0;
  if (run[10] != 'H' && run[10] != 'M' && run[10] != 'X') return 0;
  return (10 - sum % 10) % 10 == run[17] - '0' ? kSize : 0;
}

// Of a person (four letters) or a company (three), a date, two characters and a check digit.
std::size_t match_mx_rfc(const Candidate& candidate) {
  const Run& run = candidate.run;
  for (const std::size_t letters : {4, 3}) {
    const std::size_t n = letters + 9;
    if (run.size() < n || !run.whole(n)) continue;
    const std::string_view name = run.first(letters);
    if (!std::all_of(name.begin(), name.end(), is_letter)) continue;
    if (!is_short_date(run.first(letters + 6).substr(letters))) continue;
    int sum = letters == 3 ? 37 * 13 : 0;
    for (std::size_t i = 0; i < n - 1; ++i) sum += mexican_value(run[i]) * static_cast<int>(n - i);
    const int rest = sum % 11;
    const char check = rest == 0 ? '0' : rest == 1 ? 'A' : static_cast<char>('0' + 11 - rest);
    const bool told = candidate.context.has({"rfc", "r.f.c.", "contribuyentes", "sat"});
    // The authority has given out keys whose digit is wrong: with its name beside it, it counts.
    if (told || (run[n - 1] == check && !run.separated(n) && candidate.text[run.begin()] == run[0]))
      return n;
  }
  return 0;
}

// The digit that makes the weighted sum fit, modulo 11; both Brazilian numbers have two of them.
int brazilian_digit(std::string_view digits, int weight, int weight_max) {
  int sum = 0;
  for (const char c : digits) {
    sum += (c - '0') * weight;
    weight = weight == 2 ? weight_max : weight - 1;
  }
  const int rest = sum % 11;
  return rest < 2 ? 0 : 11 - rest;
}

std::size_t match_br_cpf(const Candidate& candidate) {
  constexpr std::size_t kSize = 11;
  const Run& run = candidate.run;
  if (run.digits() < kSize || !run.whole(kSize) || one_digit_only(run.first(kSize))) return 0;
  if (candidate.plus || brazilian_digit(run.first(9), 10, 10) != run[9] - '0') return 0;
  if (brazilian_digit(run.first(10), 11, 11) != run[10] - '0') return 0;
  if (grouped(run, kSize, {3, 3, 3, 2}) || grouped(run, kSize, {9, 2})) return kSize;
  return !run.separated(kSize) && candidate.context.has({"cpf", "cpfs", "contribuinte", "pessoa"})
             ? kSize
             : 0;
}

std::size_t match_br_cnpj(const Candidate& candidate) {
  constexpr std::size_t kSize = 14;
  const Run& run = candidate.run;
  if (run.digits() < kSize || !run.whole(kSize) || one_digit_only(run.first(kSize))) return 0;
  if (brazilian_digit(run.first(12), 5, 9) != run[12] - '0') return 0;
  if (brazilian_digit(run.first(13), 6, 9) != run[13] - '0') return 0;
  if (grouped(run, kSize, {2, 3, 3, 4, 2})) return kSize;
  return !run.separated(kSize) && candidate.context.has({"cnpj", "empresa"}) ? kSize : 0;
}

std::size_t match_ar_cuit(const Candidate& candidate) {
  constexpr std::size_t kSize = 11;
  constexpr int kWeights[] = {5, 4, 3, 2, 7, 6, 5, 4, 3, 2};
  const Run& run = candidate.run;
  if (run.digits() < kSize || !run.whole(kSize) || candidate.plus) return 0;
  const std::string_view type = run.first(2);
  constexpr std::string_view kTypes[] = {"20", "23", "24", "25", "26", "27", "30", "33", "34"};
  if (std::find(std::begin(kTypes), std::end(kTypes), type) == std::end(kTypes)) return 0;
  const int check = (11 - weighted_sum(run.first(10), kWeights) % 11) % 11;
  if (check != run[10] - '0') return 0;
  if (grouped(run, kSize, {2, 8, 1}) || grouped(run, kSize, {2, 2, 3, 3, 1})) return kSize;
  return !run.separated(kSize) && candidate.context.has({"cuit", "cuil", "c.u.i.t.", "c.u.i.l.",
                                                         "cuit/cuil", "afip", "arca", "tributaria"})
             ? kSize
             : 0;
}

// Has no check digit: only with its name beside it.
std::size_t match_ar_dni(const Candidate& candidate) {
  const Run& run = candidate.run;
  for (const std::size_t n : {8, 7}) {
    if (run.digits() < n || !run.whole(n) || run[0] == '0') continue;
    const bool dotted = grouped(run, n, {static_cast<int>(n) - 6, 3, 3});
    if ((run.separated(n) && !dotted) || one_digit_only(run.first(n))) continue;
    // "12345678-A" is a Spanish one whose letter is wrong.
    if (run.size() > n && is_letter(run[n]) && run.separator(n) == '-') continue;
    const bool told = candidate.context.just_before(
        {"dni", "d.n.i.", "d.n.i", "documento nacional", "documento", "libreta cívica"});
    return told ? n : 0;
  }
  return 0;
}

constexpr Rule kRules[] = {
    {"mx_curp", match_mx_curp}, {"mx_rfc", match_mx_rfc},   {"br_cnpj", match_br_cnpj},
    {"br_cpf", match_br_cpf},   {"ar_cuit", match_ar_cuit}, {"us_itin", match_us_itin},
    {"us_ssn", match_us_ssn},   {"ar_dni", match_ar_dni},
};

}  // namespace

std::span<const Rule> american_rules() {
  return kRules;
}

}  // namespace catalejo::detect::pii
