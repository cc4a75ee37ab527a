// National ids of Spain, Portugal, France, Germany, Italy and the United Kingdom, with their check
// digits. What any number of the same length may be by chance wants a word beside it.
#include <algorithm>
#include <array>

#include "detect/pii/rules.hpp"

namespace catalejo::detect::pii {
namespace {

constexpr std::string_view kDniLetters = "TRWAGMYFPDXBNJZSQVHLCKE";

int number_of(std::string_view digits) {
  int value = 0;
  for (const char c : digits) value = value * 10 + c - '0';
  return value;
}

std::size_t match_es_dni(const Candidate& candidate) {
  const Run& run = candidate.run;
  // Older ones are also written with seven digits.
  for (const std::size_t digits : {8, 7}) {
    const std::size_t n = digits + 1;
    if (run.size() < n || run.digits() != digits || !run.whole(n)) continue;
    if (run[digits] != kDniLetters[static_cast<std::size_t>(number_of(run.first(digits)) % 23)])
      return 0;
    const auto groups = run.groups(n);
    // "12.345.678-Z", "12345678 Z", "12345678Z"
    if (groups[0] != digits && groups[0] != n && !(groups[0] <= 2 && groups[1] == 3)) return 0;
    const bool told = candidate.context.has({"dni", "nif", "documento", "identidad", "d.n.i",
                                             "d.n.i.", "n.i.f.", "id card", "national id"});
    if (digits == 7 || run.separator(digits) == ' ') return told ? n : 0;
    return n;
  }
  return 0;
}

std::size_t match_es_nie(const Candidate& candidate) {
  constexpr std::size_t kSize = 9;
  const Run& run = candidate.run;
  if (run.size() < kSize || run[0] < 'X' || run[0] > 'Z' || !run.whole(kSize)) return 0;
  const std::string_view digits = run.first(8).substr(1);
  if (!all_digits(digits) || run[0] == 0) return 0;
  const int value = (run[0] - 'X') * 10'000'000 + number_of(digits);
  return run[8] == kDniLetters[static_cast<std::size_t>(value % 23)] ? kSize : 0;
}

const std::initializer_list<std::string_view> kCompanyWords = {"cif",
                                                               "nif",
                                                               "c.i.f",
                                                               "c.i.f.",
                                                               "n.i.f",
                                                               "n.i.f.",
                                                               "nif iva",
                                                               "identificación fiscal",
                                                               "fiscal",
                                                               "iva",
                                                               "vat",
                                                               "vies",
                                                               "tax id",
                                                               "tax number",
                                                               "razón social",
                                                               "razon social",
                                                               "empresa",
                                                               "sociedad",
                                                               "ayuntamiento",
                                                               "proveedor",
                                                               "s.l",
                                                               "s.l.",
                                                               "sl",
                                                               "slu",
                                                               "s.l.u.",
                                                               "s.a",
                                                               "s.a.",
                                                               "sa",
                                                               "s. coop",
                                                               "fundación",
                                                               "asociación",
                                                               "cooperativa",
                                                               "comunidad de bienes",
                                                               "diputación",
                                                               "consejería",
                                                               "facturar",
                                                               "facturad",
                                                               "licita",
                                                               "adjudicataria"};

std::size_t match_es_cif(const Candidate& candidate) {
  constexpr std::size_t kSize = 9;
  const Run& run = candidate.run;
  if (run.size() < kSize || !run.whole(kSize)) return 0;
  if (std::string_view("ABCDEFGHJNPQRSUVW").find(run[0]) == std::string_view::npos) return 0;
  const std::string_view digits = run.first(8).substr(1);
  if (!all_digits(digits)) return 0;
  int sum = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    const int value = (digits[i] - '0') * (i % 2 == 0 ? 2 : 1);
    sum += value / 10 + value % 10;
  }
  const int check = (10 - sum % 10) % 10;
  // Companies have a digit, bodies of the state and foreigners a letter, the rest one or other.
  const bool digit = run[8] == '0' + check;
  const bool letter = run[8] == "JABCDEFGHI"[check];
  const bool company = std::string_view("ABEH").find(run[0]) != std::string_view::npos;
  const bool state = std::string_view("NPQRSW").find(run[0]) != std::string_view::npos;
  if ((!digit && !letter) || (digit && state) || (letter && company)) return 0;
  return candidate.context.has(kCompanyWords) ? kSize : 0;
}

std::size_t match_pt_nif(const Candidate& candidate) {
  constexpr std::size_t kSize = 9;
  constexpr int kWeights[] = {9, 8, 7, 6, 5, 4, 3, 2};
  const Run& run = candidate.run;
  if (run.digits() < kSize || !run.whole(kSize) || run[0] == '0' || run[0] == '4') return 0;
  const int rest = weighted_sum(run.first(8), kWeights) % 11;
  if (run[8] - '0' != (rest < 2 ? 0 : 11 - rest)) return 0;
  return candidate.context.has({"nif", "contribuinte", "nipc", "fiscal", "portugal", "n.i.f."})
             ? kSize
             : 0;
}

// "12345678 9 ZZ4": number, its check digit, two letters or digits, and a check digit over all.
std::size_t match_pt_cc(const Candidate& candidate) {
  constexpr std::size_t kSize = 12;
  const Run& run = candidate.run;
  if (run.size() < kSize || run.digits() < 9 || !run.whole(kSize) || !is_digit(run[11])) return 0;
  int sum = 0;
  for (std::size_t i = 0; i < kSize; ++i) {
    int value = is_digit(run[i]) ? run[i] - '0' : run[i] - 'A' + 10;
    if (i % 2 == 0) value = value * 2 > 9 ? value * 2 - 9 : value * 2;
    sum += value;
  }
  if (sum % 10 != 0) return 0;
  const bool letters = is_letter(run[9]) && is_letter(run[10]);
  return letters || candidate.context.has({"cc", "cidadão", "cidadao", "bi"}) ? kSize : 0;
}

// Sex, year, month, department, commune, order, and 97 minus the rest of the division by 97.
std::size_t match_fr_nir(const Candidate& candidate) {
  constexpr std::size_t kSize = 15;
  const Run& run = candidate.run;
  if (run.size() < kSize || !run.whole(kSize)) return 0;
  if (run[0] != '1' && run[0] != '2') return 0;
  std::array<char, kSize> digits{};
  const std::string_view first = run.first(kSize);
  std::copy(first.begin(), first.end(), digits.begin());
  std::int64_t minus = 0;
  if (digits[5] == '2' && (digits[6] == 'A' || digits[6] == 'B')) {
    minus = digits[6] == 'A' ? 1'000'000 : 2'000'000;
    digits[6] = '0';
  }
  const std::string_view all(digits.data(), kSize);
  if (!all_digits(all)) return 0;
  const int month = number_of(all.substr(3, 2));
  if (month == 0 || (month > 12 && month < 20) || (month > 42 && month < 50)) return 0;
  std::int64_t value = 0;
  for (const char c : all.substr(0, 13)) value = value * 10 + c - '0';
  if (97 - (value - minus) % 97 != number_of(all.substr(13))) return 0;
  const bool told = candidate.context.has({"nir", "insee", "sécurité sociale", "securite sociale",
                                           "sécu", "secu", "social security", "vitale"});
  return run.separated(kSize) || told || minus != 0 || month <= 12 ? kSize : 0;
}

// ISO 7064 mod 11,10; of the first ten digits exactly one occurs twice or three times.
std::size_t match_de_tax_id(const Candidate& candidate) {
  constexpr std::size_t kSize = 11;
  const Run& run = candidate.run;
  if (run.digits() < kSize || !run.whole(kSize) || run[0] == '0') return 0;
  int product = 10;
  std::array<int, 10> counts{};
  for (std::size_t i = 0; i < 10; ++i) {
    const int digit = run[i] - '0';
    ++counts[static_cast<std::size_t>(digit)];
    const int sum = (digit + product) % 10;
    product = (sum == 0 ? 10 : sum) * 2 % 11;
  }
  if ((11 - product) % 10 != run[10] - '0') return 0;
  const auto repeated = std::count_if(counts.begin(), counts.end(), [](int n) { return n > 1; });
  if (repeated != 1 || *std::max_element(counts.begin(), counts.end()) > 3) return 0;
  const bool told = candidate.context.has(
      {"steuer", "steuer id", "steuerid", "idnr", "tin", "steuernummer", "identifikationsnummer",
       "tax id", "id nr", "id nr.", "steuerliche", "tax", "steueridentifikationsnummer"});
  return told ? kSize : 0;
}

std::size_t match_de_id_card(const Candidate& candidate) {
  constexpr std::size_t kSize = 10;
  constexpr int kWeights[] = {7, 3, 1};
  constexpr std::string_view kFirst = "CFGHJKLMNPRTVWXYZ";
  const Run& run = candidate.run;
  if (run.size() < 9 || kFirst.find(run[0]) == std::string_view::npos) return 0;
  if (!candidate.context.has({"personalausweis", "ausweis", "ausweisnummer", "id card", "reisepass",
                              "pass", "identity card", "perso", "personalausweisnummer", "passport",
                              "reisepassnummer", "dokumentennummer"}))
    return 0;
  const std::size_t n = run.size() >= kSize && run.whole(kSize) && is_digit(run[9]) ? kSize : 9;
  if (!run.whole(n) || run.separated(9)) return 0;
  int sum = 0;
  for (std::size_t i = 0; i < 9; ++i) {
    const bool known = is_digit(run[i]) || kFirst.find(run[i]) != std::string_view::npos;
    if (!known) return 0;
    sum += (is_digit(run[i]) ? run[i] - '0' : run[i] - 'A' + 10) * kWeights[i % 3];
  }
  return n == 9 || sum % 10 == run[9] - '0' ? n : 0;
}

// Names, year, month and day, place, and a check letter.
std::size_t match_it_fiscal_code(const Candidate& candidate) {
  constexpr std::size_t kSize = 16;
  constexpr std::string_view kShape = "AAAAAA99A99A999A";
  constexpr std::string_view kStandIns = "LMNPQRSTUV";  // for digits, when two people share a code
  constexpr int kOdd[] = {1,  0,  5, 7, 9, 13, 15, 17, 19, 21, 2,  4,  18,
                          20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23};
  const Run& run = candidate.run;
  if (run.size() < kSize || !run.whole(kSize)) return 0;
  int sum = 0;
  for (std::size_t i = 0; i < kSize; ++i) {
    const bool stands_in = kStandIns.find(run[i]) != std::string_view::npos;
    if (kShape[i] == 'A' ? !is_letter(run[i]) : !is_digit(run[i]) && !stands_in) return 0;
    if (i == kSize - 1) break;
    const int value = is_digit(run[i]) ? run[i] - '0' : run[i] - 'A';
    sum += i % 2 == 0 ? kOdd[value] : value;
  }
  if (std::string_view("ABCDEHLMPRST").find(run[8]) == std::string_view::npos) return 0;
  return run[15] == 'A' + sum % 26 ? kSize : 0;
}

std::size_t match_uk_nino(const Candidate& candidate) {
  constexpr std::size_t kSize = 9;
  const Run& run = candidate.run;
  if (run.size() < kSize || !run.whole(kSize)) return 0;
  if (!is_letter(run[0]) || !is_letter(run[1]) || !all_digits(run.first(8).substr(2))) return 0;
  if (run[8] < 'A' || run[8] > 'D') return 0;
  const std::string_view prefix = run.first(2);
  const bool told = candidate.context.has(
      {"nino", "ni", "national insurance", "ni number", "insurance number", "ni no"});
  const bool example = prefix == "QQ";
  constexpr std::string_view kNever = "DFIQUV";
  if (!example && (kNever.find(run[0]) != std::string_view::npos || run[1] == 'O' ||
                   kNever.find(run[1]) != std::string_view::npos))
    return 0;
  for (const std::string_view none : {"BG", "GB", "NK", "KN", "TN", "NT", "ZZ"})
    if (prefix == none) return 0;
  // In capitals only: "ab123456c" is a part of a hash.
  if (candidate.text[run.begin()] != run[0] && !told) return 0;
  return told || !example ? kSize : 0;
}

std::size_t match_uk_nhs(const Candidate& candidate) {
  constexpr std::size_t kSize = 10;
  constexpr int kWeights[] = {10, 9, 8, 7, 6, 5, 4, 3, 2};
  const Run& run = candidate.run;
  if (run.digits() < kSize || !run.whole(kSize) || one_digit_only(run.first(kSize))) return 0;
  const int check = 11 - weighted_sum(run.first(9), kWeights) % 11;
  if (check == 10 || check % 11 != run[9] - '0') return 0;
  return candidate.context.has({"nhs", "patient", "health service", "health"}) ? kSize : 0;
}

constexpr Rule kRules[] = {
    {"es_dni", match_es_dni},
    {"es_nie", match_es_nie},
    {"es_cif", match_es_cif},
    {"pt_cc", match_pt_cc},
    {"pt_nif", match_pt_nif},
    {"fr_nir", match_fr_nir},
    {"de_tax_id", match_de_tax_id},
    {"de_id_card", match_de_id_card},
    {"it_fiscal_code", match_it_fiscal_code},
    {"uk_nino", match_uk_nino},
    {"uk_nhs", match_uk_nhs},
};

}  // namespace

std::span<const Rule> european_rules() {
  return kRules;
}

}  // namespace catalejo::detect::pii
