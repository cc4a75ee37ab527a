// Payment cards (ISO/IEC 7812: issuer range, length, Luhn), bank accounts (ISO 13616: country,
// length, mod 97) and the Mexican CLABE.
#include <algorithm>
#include <array>

#include "detect/pii/rules.hpp"

namespace catalejo::detect::pii {
namespace {

bool luhn(std::string_view digits) {
  int sum = 0;
  bool twice = false;
  for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit, twice = !twice) {
    const int value = (*digit - '0') * (twice ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  }
  return sum % 10 == 0;
}

struct Issuer {
  int first, last;  // of the first four digits
  std::array<std::uint8_t, 3> lengths;
};
constexpr Issuer kIssuers[] = {
    {4000, 4999, {16, 19, 13}},  // Visa
    {5100, 5599, {16}},          // Mastercard
    {2221, 2720, {16}},          // Mastercard
    {3400, 3499, {15}},          // American Express
    {3700, 3799, {15}},          // American Express
    {3000, 3059, {14, 16}},      // Diners Club
    {3095, 3095, {14, 16}},      // Diners Club
    {3600, 3699, {14, 16}},      // Diners Club
    {3800, 3999, {14, 16}},      // Diners Club
    {6011, 6011, {16, 19}},      // Discover
    {6440, 6599, {16, 19}},      // Discover
    {6221, 6229, {16, 19}},      // UnionPay
    {6200, 6299, {16, 19}},      // UnionPay
    {8100, 8171, {16, 19}},      // UnionPay
    {3528, 3589, {16, 19}},      // JCB
    {5018, 5099, {16, 19, 13}},  // Maestro, Elo
    {5600, 5999, {16, 19, 13}},  // Maestro
    {6300, 6399, {16, 19, 13}},  // Maestro, Elo, Hipercard
    {6060, 6099, {16}},          // Hipercard, RuPay
    {6304, 6304, {18}},          // Laser
    {6759, 6771, {16, 18, 19}},  // Maestro
    {2200, 2204, {16}},          // Mir
    {9792, 9792, {16}},          // Troy
};

bool issued(std::string_view digits) {
  const int head =
      (digits[0] - '0') * 1000 + (digits[1] - '0') * 100 + (digits[2] - '0') * 10 + digits[3] - '0';
  return std::any_of(std::begin(kIssuers), std::end(kIssuers), [&](const Issuer& issuer) {
    return head >= issuer.first && head <= issuer.last &&
           std::find(issuer.lengths.begin(), issuer.lengths.end(), digits.size()) !=
               issuer.lengths.end();
  });
}

// As cards are printed: fours, or 4-6-5, 4-6-4.
bool printed(const std::array<std::uint8_t, 9>& groups, std::size_t n) {
  if (groups[0] != 4) return false;
  if (groups[1] == 6) return groups[3] == 0 && (groups[2] == 5 || groups[2] == 4);
  std::size_t at = 0;
  for (std::size_t left = n; left > 0; ++at) {
    const std::size_t wanted = left < 4 ? left : 4;
    if (groups[at] != wanted) return false;
    left -= wanted;
  }
  return groups[at] == 0;
}

std::size_t match_card(const Candidate& candidate) {
  const Run& run = candidate.run;
  if (run.digits() < 13) return 0;
  for (const std::size_t n : {16, 15, 14, 19, 18, 13}) {
    if (run.digits() < n || !run.whole(n) || one_digit_only(run.first(n))) continue;
    if (!issued(run.first(n)) || !luhn(run.first(n))) continue;
    const bool separated = run.separated(n);
    const bool told =
        candidate.context.has({"card",     "cards",      "credit",   "debit",
                               "visa",     "mastercard", "amex",     "american express",
                               "discover", "maestro",    "diners",   "jcb",
                               "unionpay", "tarjeta",    "tarjetas", "cartão",
                               "cartao",   "carte",      "karte",    "kreditkarte",
                               "carta",    "pan",        "cc",       "cvv",
                               "cvc",      "ccnum",      "payment",  "pago"});
    if (separated && (!run.even(n) || !printed(run.groups(n), n)) && !told) continue;
    // Without blanks one number in ten of any kind passes: of odd lengths only what is told to be
    // a card, of the usual ones what is not told to be another thing.
    const bool usual = n == 16 || n == 15;
    if (!separated && !usual && !told) continue;
    if (!told && candidate.context.just_before(
                     {"order",    "pedido",  "tracking", "trace",   "span",       "isbn",
                      "imei",     "invoice", "factura",  "ticket",  "timestamp",  "seguimiento",
                      "envío",    "envio",   "uuid",     "serial",  "request",    "build",
                      "commit",   "sku",     "ean",      "barcode", "trace id",   "span id",
                      "checksum", "hash",    "epoch",    "tweet",   "message id", "number of"}))
      continue;
    return n;
  }
  return 0;
}

struct Country {
  char code[3];
  std::uint8_t size;
};
constexpr Country kIbanSizes[] = {
    {"AD", 24}, {"AE", 23}, {"AL", 28}, {"AT", 20}, {"AZ", 28}, {"BA", 20}, {"BE", 16}, {"BG", 22},
    {"BH", 22}, {"BI", 27}, {"BR", 29}, {"BY", 28}, {"CH", 21}, {"CR", 22}, {"CY", 28}, {"CZ", 24},
    {"DE", 22}, {"DJ", 27}, {"DK", 18}, {"DO", 28}, {"EE", 20}, {"EG", 29}, {"ES", 24}, {"FI", 18},
    {"FK", 18}, {"FO", 18}, {"FR", 27}, {"GB", 22}, {"GE", 22}, {"GI", 23}, {"GL", 18}, {"GR", 27},
    {"GT", 28}, {"HR", 21}, {"HU", 28}, {"IE", 22}, {"IL", 23}, {"IQ", 23}, {"IS", 26}, {"IT", 27},
    {"JO", 30}, {"KW", 30}, {"KZ", 20}, {"LB", 28}, {"LC", 32}, {"LI", 21}, {"LT", 20}, {"LU", 20},
    {"LV", 21}, {"LY", 25}, {"MC", 27}, {"MD", 24}, {"ME", 22}, {"MK", 19}, {"MN", 20}, {"MR", 27},
    {"MT", 31}, {"MU", 30}, {"NI", 28}, {"NL", 18}, {"NO", 15}, {"OM", 23}, {"PK", 24}, {"PL", 28},
    {"PS", 29}, {"PT", 25}, {"QA", 29}, {"RO", 24}, {"RS", 22}, {"RU", 33}, {"SA", 24}, {"SC", 31},
    {"SD", 18}, {"SE", 24}, {"SI", 19}, {"SK", 24}, {"SM", 27}, {"SO", 23}, {"ST", 25}, {"SV", 28},
    {"TL", 23}, {"TN", 24}, {"TR", 26}, {"UA", 29}, {"VA", 22}, {"VG", 24}, {"XK", 20},
};

bool mod97_is_one(std::string_view iban) {
  int rest = 0;
  for (std::size_t i = 0; i < iban.size(); ++i) {
    const char c = iban[(i + 4) % iban.size()];
    rest = is_digit(c) ? (rest * 10 + c - '0') % 97 : (rest * 100 + c - 'A' + 10) % 97;
  }
  return rest == 1;
}

std::size_t match_iban(const Candidate& candidate) {
  const Run& run = candidate.run;
  if (run.size() < 15 || !is_letter(run[0]) || !is_letter(run[1]) ||
      !all_digits({&run.first(4)[2], 2}))
    return 0;
  for (const Country& country : kIbanSizes) {
    if (run[0] != country.code[0] || run[1] != country.code[1]) continue;
    const std::size_t n = country.size;
    return run.size() >= n && run.whole(n) && mod97_is_one(run.first(n)) ? n : 0;
  }
  return 0;
}

std::size_t match_clabe(const Candidate& candidate) {
  constexpr int kWeights[] = {3, 7, 1};
  constexpr std::size_t kSize = 18;
  const Run& run = candidate.run;
  if (run.digits() < kSize || !run.whole(kSize)) return 0;
  int sum = 0;
  for (std::size_t i = 0; i + 1 < kSize; ++i) sum += (run[i] - '0') * kWeights[i % 3] % 10;
  if ((10 - sum % 10) % 10 != run[kSize - 1] - '0') return 0;
  return candidate.context.has({"clabe", "interbancaria"}) ? kSize : 0;
}

constexpr Rule kRules[] = {
    {"iban", match_iban}, {"mx_clabe", match_clabe}, {"card_number", match_card}};

}  // namespace

std::span<const Rule> bank_rules() {
  return kRules;
}

}  // namespace catalejo::detect::pii
