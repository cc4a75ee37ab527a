// Telephone numbers: international ones by country code and length, national ones by the groups
// they are written in. What may also be an amount, a date or an order number wants a word beside
// it.
#include <algorithm>
#include <array>

#include "detect/pii/rules.hpp"

namespace catalejo::detect::pii {
namespace {

struct Calling {
  std::string_view code;
  std::uint8_t shortest, longest;  // digits behind the code
};
// The longest code that fits counts; by ITU-T E.164 and the national plans.
constexpr Calling kCalling[] = {
    {"1", 10, 10},  {"7", 10, 10}, {"20", 8, 10},  {"27", 9, 9},    {"30", 10, 10}, {"31", 9, 9},
    {"32", 8, 9},   {"33", 9, 9},  {"34", 9, 9},   {"36", 8, 9},    {"39", 6, 11},  {"40", 9, 9},
    {"41", 9, 9},   {"43", 7, 13}, {"44", 9, 10},  {"45", 8, 8},    {"46", 7, 10},  {"47", 8, 8},
    {"48", 9, 9},   {"49", 7, 12}, {"51", 8, 9},   {"52", 10, 11},  {"53", 8, 8},   {"54", 10, 11},
    {"55", 10, 11}, {"56", 9, 9},  {"57", 8, 10},  {"58", 10, 10},  {"60", 8, 10},  {"61", 9, 9},
    {"62", 8, 12},  {"63", 8, 10}, {"64", 8, 10},  {"65", 8, 8},    {"66", 8, 9},   {"81", 9, 10},
    {"82", 8, 10},  {"84", 9, 10}, {"86", 10, 11}, {"90", 10, 10},  {"91", 10, 10}, {"92", 10, 10},
    {"93", 9, 9},   {"94", 9, 9},  {"95", 8, 10},  {"98", 10, 10},  {"212", 9, 9},  {"213", 8, 9},
    {"216", 8, 8},  {"218", 9, 9}, {"221", 9, 9},  {"225", 8, 10},  {"233", 9, 9},  {"234", 8, 10},
    {"237", 9, 9},  {"240", 9, 9}, {"243", 9, 9},  {"244", 9, 9},   {"249", 9, 9},  {"251", 9, 9},
    {"254", 9, 9},  {"255", 9, 9}, {"256", 9, 9},  {"258", 8, 9},   {"351", 9, 9},  {"352", 6, 9},
    {"353", 7, 9},  {"354", 7, 7}, {"355", 8, 9},  {"356", 8, 8},   {"357", 8, 8},  {"358", 6, 11},
    {"359", 8, 9},  {"370", 8, 8}, {"371", 8, 8},  {"372", 7, 8},   {"373", 8, 8},  {"375", 9, 9},
    {"376", 6, 6},  {"380", 9, 9}, {"381", 8, 9},  {"385", 8, 9},   {"386", 8, 8},  {"387", 8, 8},
    {"420", 9, 9},  {"421", 9, 9}, {"423", 7, 7},  {"502", 8, 8},   {"503", 8, 8},  {"504", 8, 8},
    {"505", 8, 8},  {"506", 8, 8}, {"507", 7, 8},  {"591", 8, 8},   {"593", 8, 9},  {"595", 9, 9},
    {"598", 8, 8},  {"852", 8, 8}, {"853", 8, 8},  {"880", 10, 10}, {"886", 8, 9},  {"961", 7, 8},
    {"962", 8, 9},  {"965", 8, 8}, {"966", 9, 9},  {"968", 8, 8},   {"971", 8, 9},  {"972", 8, 9},
    {"973", 8, 8},  {"974", 8, 8}, {"977", 8, 10}, {"994", 9, 9},   {"995", 9, 9},  {"998", 9, 9},
};

// The North American plan: neither area nor exchange begins with 0 or 1 or ends with 11.
bool is_nanp(std::string_view ten) {
  return ten[0] >= '2' && ten[3] >= '2' && ten.substr(1, 2) != "11" && ten.substr(4, 2) != "11";
}

const Calling* calling_of(std::string_view digits) {
  const Calling* best = nullptr;
  for (const Calling& calling : kCalling)
    if (digits.starts_with(calling.code) && (!best || calling.code.size() > best->code.size()))
      best = &calling;
  return best;
}

bool has_trunk_zero(const Run& run, std::size_t code) {  // "+44 (0)20 …"
  return code + 1 < run.digits() && run[code] == '0' && run.separator(code) != 0 &&
         run.separator(code + 1) != 0;
}

// `skip` digits are the "00" that stands for the plus.
std::size_t match_international(const Candidate& candidate, std::size_t skip) {
  const Run& run = candidate.run;
  if (run.digits() < skip + 8) return 0;
  const Calling* calling = calling_of(run.first(run.digits()).substr(skip));
  if (calling == nullptr) return 0;
  const std::size_t code = skip + calling->code.size();
  const std::size_t trunk = has_trunk_zero(run, code) ? 1 : 0;
  const std::size_t shortest = code + trunk + calling->shortest;
  for (std::size_t n = std::min<std::size_t>(run.digits(), code + trunk + calling->longest);
       n >= shortest; --n) {
    if (!run.whole(n)) continue;
    const std::string_view national = run.first(n).substr(code);
    if (calling->code == "1" && !is_nanp(national)) return 0;
    if (calling->code == "34" && (national[0] < '6' || national[0] > '9')) return 0;
    if (calling->code == "351" && national[0] != '2' && national[0] != '9' && national[0] != '3' &&
        national[0] != '8')
      return 0;
    if (one_digit_only(national)) return 0;
    return n;
  }
  return 0;
}

enum class Told : std::uint8_t {
  always,  // so written, it is nothing else
  marks,   // without a word only with dashes, dots or brackets
  word,    // only with a word beside it
};

struct Shape {
  std::string_view leads;              // first digits, any of them; empty = any
  std::array<std::uint8_t, 6> groups;  // 0 ends them
  Told told;
  bool nanp = false;
};

constexpr Shape kShapes[] = {
    {"23456789", {3, 3, 4}, Told::marks, true},  // US: (212) 555-0123
    {"1", {1, 3, 3, 4}, Told::marks, true},      // US: 1-800-555-0199
    {"0", {2, 2, 2, 2, 2}, Told::always},        // FR: 01 23 45 67 89
    {"6789", {3, 2, 2, 2}, Told::always},        // ES: 612 34 56 78
    {"89", {2, 3, 2, 2}, Told::always},          // ES: 91 234 56 78
    {"6789", {3, 3, 3}, Told::word},             // ES: 612 345 678
    {"23", {3, 3, 3}, Told::word},               // PT: 212 345 678
    {"0", {3, 4, 4}, Told::always},              // UK: 020 7946 0958, AR: 011 4321-1234
    {"0", {5, 6}, Told::always},                 // UK: 07700 900123
    {"0", {5, 3, 3}, Told::always},              // UK: 01632 960 001
    {"0", {4, 3, 4}, Told::always},              // UK: 0121 496 0123
    {"01", {4, 7}, Told::marks},                 // UK, DE: 0151-1234567
    {"01", {4, 8}, Told::marks},                 // DE: 0151/12345678
    {"0", {3, 8}, Told::marks},                  // DE: 030/12345678
    {"0", {3, 7}, Told::marks},                  // DE: 089-1234567
    {"0", {2, 4, 4}, Told::always},              // IT: 06 1234 5678
    {"123456789", {2, 4, 4}, Told::word},        // MX: 55 1234 5678, BR: (11) 3456-7890
    {"123456789", {2, 5, 4}, Told::marks},       // BR: (11) 91234-5678
    {"23456789", {4, 4}, Told::word},            // many: 2345 6789
};

const std::initializer_list<std::string_view> kPhoneWords = {"phone",
                                                             "phones",
                                                             "telephone",
                                                             "tel",
                                                             "tel.",
                                                             "mobile",
                                                             "cell",
                                                             "cellphone",
                                                             "fax",
                                                             "call",
                                                             "calling",
                                                             "whatsapp",
                                                             "sms",
                                                             "text me",
                                                             "dial",
                                                             "ring",
                                                             "reach me",
                                                             "hotline",
                                                             "landline",
                                                             "ph",
                                                             "phone number",
                                                             "contact number",
                                                             "contact",
                                                             "smartphone",
                                                             "teléfono",
                                                             "teléfonos",
                                                             "telefono",
                                                             "tfno",
                                                             "tlf",
                                                             "telf",
                                                             "tlfn",
                                                             "móvil",
                                                             "movil",
                                                             "celular",
                                                             "llamar",
                                                             "llámame",
                                                             "llamame",
                                                             "llame",
                                                             "llámenos",
                                                             "llamada",
                                                             "contacto",
                                                             "fijo",
                                                             "telefone",
                                                             "telemóvel",
                                                             "telemovel",
                                                             "ligue",
                                                             "ligar",
                                                             "téléphone",
                                                             "portable",
                                                             "appeler",
                                                             "appelez",
                                                             "tél",
                                                             "telefon",
                                                             "handy",
                                                             "mobil",
                                                             "rufnummer",
                                                             "anrufen",
                                                             "telefonnummer",
                                                             "cellulare",
                                                             "chiama",
                                                             "chiamare",
                                                             "numero di telefono",
                                                             "bizum",
                                                             "marcar",
                                                             "marque",
                                                             "msisdn",
                                                             "rufen",
                                                             "mob",
                                                             "llámeme",
                                                             "llámenme",
                                                             "llamenme",
                                                             "llamen",
                                                             "llamadme",
                                                             "llámanos",
                                                             "llamadnos",
                                                             "llamarme",
                                                             "llamarnos",
                                                             "llamo",
                                                             "llamando",
                                                             "localizar",
                                                             "localizarme",
                                                             "localízame",
                                                             "whats",
                                                             "wasap",
                                                             "guasap",
                                                             "cel",
                                                             "tlfno",
                                                             "telefónico",
                                                             "telefónicos",
                                                             "fono",
                                                             "marcad",
                                                             "mi número",
                                                             "número de contacto",
                                                             "comunicarse",
                                                             "comunicate",
                                                             "comunícate",
                                                             "contactarme",
                                                             "contáctame",
                                                             "contáctenos",
                                                             "cojo",
                                                             "wa.me",
                                                             "my number",
                                                             "phoned",
                                                             "rang",
                                                             "voicemail",
                                                             "texted",
                                                             "call me",
                                                             "callback",
                                                             "tlm",
                                                             "fone",
                                                             "zap",
                                                             "contato",
                                                             "joindre",
                                                             "gsm",
                                                             "numéro de téléphone",
                                                             "erreichbar",
                                                             "rückruf",
                                                             "telefonisch",
                                                             "mobilnummer",
                                                             "handynummer",
                                                             "anruf",
                                                             "recapito",
                                                             "chiamami",
                                                             "chiamatemi",
                                                             "chiamarmi",
                                                             "chiamateci",
                                                             "contattare",
                                                             "richiamare",
                                                             "avisadme",
                                                             "avísame",
                                                             "avisarme",
                                                             "avísenme",
                                                             "chiami",
                                                             "chiamate",
                                                             "erreichen",
                                                             "celu",
                                                             "lada",
                                                             "appelez moi",
                                                             "festnetz",
                                                             "contacte",
                                                             "contacte nos",
                                                             "contáctenos",
                                                             "centralita",
                                                             "switchboard",
                                                             "toll free",
                                                             "liga",
                                                             "liga para"};

const std::initializer_list<std::string_view> kOtherWords = {
    "order",  "pedido",    "tracking",   "isbn",      "invoice",    "factura", "ticket",
    "sku",    "ref",       "referencia", "reference", "version",    "versión", "id",
    "serial", "timestamp", "epoch",      "case",      "expediente", "issn",    "doi",
    "part",   "build",     "seed",       "port",      "ean",        "upc",     "model"};

bool told(const Candidate& candidate) {
  return candidate.another || candidate.context.has(kPhoneWords);
}

// "al 612 345 678", "es el 612 345 678": a number that has an article in Spanish, and is written
// like a telephone's, is one.
bool has_article(const Candidate& candidate) {
  std::string_view before = candidate.text.substr(0, candidate.run.begin());
  return before.ends_with(" al ") || before.ends_with(" el ");
}

bool looks_like_date(const Run& run, std::size_t n) {
  const auto groups = run.groups(n);
  const bool year_first = groups[0] == 4 && groups[1] == 2 && groups[2] == 2;
  const bool year_last = groups[0] == 2 && groups[1] == 2 && groups[2] == 4;
  const bool compact = groups[0] == 8 && (run.first(2) == "19" || run.first(2) == "20");
  return year_first || year_last || compact;
}

bool is_amount(const Candidate& candidate) {
  return candidate.context.just_after(
      {"€",          "eur",         "euros",    "usd",      "dollars", "dólares",  "pesos",
       "habitantes", "inhabitants", "people",   "personas", "tokens",  "bytes",    "rows",
       "filas",      "years",       "años",     "km",       "users",   "usuarios", "unidades",
       "units",      "ms",          "requests", "cop",      "mxn",     "ars",      "clp",
       "gbp",        "brl",         "kwh",      "m3",       "votos",   "votes",    "millones",
       "million",    "acciones",    "shares"});
}

std::size_t match_shape(const Candidate& candidate, const Shape& shape) {
  const Run& run = candidate.run;
  std::size_t n = 0, count = 0;
  while (count < shape.groups.size() && shape.groups[count] != 0) n += shape.groups[count++];
  if (run.digits() < n || !run.whole(n)) return 0;
  const auto groups = run.groups(n);
  if (!std::equal(shape.groups.begin(), shape.groups.begin() + count, groups.begin()) ||
      groups[count] != 0)
    return 0;
  if (!shape.leads.empty() && shape.leads.find(run[0]) == std::string_view::npos) return 0;
  if (shape.nanp && !is_nanp(run.first(n).substr(n - 10))) return 0;
  if (one_digit_only(run.first(n)) || candidate.context.just_before(kOtherWords)) return 0;
  if (shape.told == Told::always) return n;
  const bool marks = candidate.paren || run.separator(n - 4) == '-' ||
                     run.separator(n - 4) == '.' || run.separator(shape.groups[0]) == '/';
  if (shape.told == Told::marks && (marks || (shape.nanp && candidate.plus))) return n;
  const bool spanish = shape.leads == "6789" && has_article(candidate);
  return (spanish || told(candidate)) && !is_amount(candidate) ? n : 0;
}

// Written as one, the first digits and the length of a mobile number of Spain, Portugal, Italy,
// France or the United Kingdom.
bool is_mobile(std::string_view digits) {
  switch (digits.size()) {
    case 9:
      return digits[0] == '6' || digits[0] == '7' || digits[0] == '9';
    case 10:
      return digits[0] == '3' || digits.starts_with("06") || digits.starts_with("07");
    case 11:
      return digits.starts_with("07");
    default:
      return false;
  }
}

// "2026-000123" is the number of a document, 1765447382 a time.
bool is_no_number(const Run& run, std::size_t n, std::uint8_t first) {
  const bool year = first == 4 && (run.first(2) == "19" || run.first(2) == "20");
  const bool time = !run.separated(n) && run[0] == '1' && (n == 10 || n == 13);
  return time || (year && run.separator(4) != ' ');
}

// With a word beside it, whatever its groups: 7 to 13 digits in groups of at least two.
std::size_t match_told(const Candidate& candidate) {
  constexpr std::size_t kShort = 8;  // as one, so many are numbers of all kinds
  const Run& run = candidate.run;
  const Context& context = candidate.context;
  if (run.digits() < 7 || run[0] == 0) return 0;
  for (std::size_t n = std::min<std::size_t>(run.digits(), 13); n >= 7; --n) {
    if (!run.whole(n) || one_digit_only(run.first(n)) || looks_like_date(run, n)) continue;
    const auto groups = run.groups(n);
    if (groups[0] == 0 || is_no_number(run, n, groups[0])) continue;
    const auto end = std::find(groups.begin(), groups.end(), 0);
    if (std::any_of(groups.begin() + 1, end, [](int size) { return size < 2; })) continue;
    bool near = context.just_before(kPhoneWords);
    if (run.separated(n)) {
      near = near || context.has(kPhoneWords);
    } else if (n <= kShort) {
      near = context.right_before(kPhoneWords);
    } else if (is_mobile(run.first(n))) {
      near = near || context.has(kPhoneWords) || (run[0] < '8' && has_article(candidate));
    }
    return near && !context.just_before(kOtherWords) && !is_amount(candidate) ? n : 0;
  }
  return 0;
}

}  // namespace

std::size_t match_phone(const Candidate& candidate) {
  const Run& run = candidate.run;
  if (run.digits() < 7) return 0;
  if (candidate.plus) return match_international(candidate, 0);
  if (run[0] == '0' && run[1] == '0' && run[2] != '0') {
    const std::size_t n = match_international(candidate, 2);
    if (n > 0 && (run.separated(n) || told(candidate))) return n;
  }
  for (const Shape& shape : kShapes)
    if (const std::size_t n = match_shape(candidate, shape)) return n;
  return match_told(candidate);
}

}  // namespace catalejo::detect::pii
