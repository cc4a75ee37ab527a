#include "detect/secrets/value.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

namespace catalejo::detect::secrets {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}
bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}

constexpr std::string_view kPlaceholderParts[] = {
    "example",    "placeholder", "your_",      "your-",       "yourkey",   "yourapi",
    "yourtoken",  "yoursecret",  "yourpass",   "changeme",    "change_me", "change-me",
    "replaceme",  "replace_",    "replace-",   "redacted",    "xxxx",      "****",
    "....",       "insert_",     "insert-",    "dummy",       "my_secret", "mysecret",
    "my-secret",  "mypassword",  "my-api-key", "my_api_key",  "my-token",  "fake",
    "sample",     "todo",        "12345678",   "abcdefgh",    "0123456",   "abcd1234",
    "abc123",     "00000000",    "11111111",   "test-key",    "test_key",  "secret_key_here",
    "_here",      "-here",       "goes_here",  "tu_clave",    "tu-clave",  "tu_token",
    "tu-token",   "su_clave",    "ejemplo",    "contraseña_", "foobar",    "deadbeef",
    "not-a-real", "notareal",    "lorem",      "undefined"};

constexpr std::string_view kPlaceholders[] = {
    "password", "passwd",     "pass",   "secret",     "token",   "user",     "pwd",      "admin",
    "root",     "null",       "none",   "true",       "false",   "required", "optional", "string",
    "hidden",   "masked",     "mypass", "test",       "testing", "key",      "postgres", "guest",
    "nil",      "contraseña", "clave",  "mypassword", "apikey",  "username"};

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (is_upper(c)) c = static_cast<char>(c + 32);
  return out;
}

bool is_uuid(std::string_view value) {
  if (value.size() != 36) return false;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash != (value[i] == '-')) return false;
  }
  return true;
}

// "UaFrexAzjHGkw": letters alone, of which no words are made; "getURLForPool" is.
bool is_scrambled(std::string_view value) {
  constexpr std::size_t kLeast = 10;
  std::size_t changes = 0, capitals = 0;
  bool run = false;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const bool upper = is_upper(value[i]);
    if (!upper && !is_lower(value[i]) && value[i] != '-') return false;
    if (i > 0 && upper != is_upper(value[i - 1])) ++changes;
    if (!upper && capitals > 1) run = true;
    capitals = upper ? capitals + 1 : 0;
  }
  return value.size() >= kLeast && run && changes * 5 >= value.size() * 2;
}

// Small and capital letters and digits follow each other as chance has it: in two places of three,
// in "Ed25519PrivateKey" in one.
bool is_mixed(std::string_view value) {
  const auto kind = [](char c) { return is_lower(c) ? 1 : is_upper(c) ? 2 : is_digit(c) ? 3 : 4; };
  std::size_t changes = 0;
  for (std::size_t i = 1; i < value.size(); ++i) changes += kind(value[i]) != kind(value[i - 1]);
  return changes * 5 >= value.size() * 2;
}

// "pedido_2024_FK", "projects/123456/secrets/api": several words, each of letters of one case (the
// first one apart) or of digits.
bool is_identifier(std::string_view value) {
  std::size_t words = 1, begin = 0;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const char c = value[i];
    if (c == '_' || c == '-' || c == '.' || c == '/') {
      ++words;
      begin = i + 1;
    } else if (i > begin) {
      const char last = value[i - 1];
      const bool same = (is_lower(c) && is_lower(last)) || (is_upper(c) && is_upper(last)) ||
                        (is_digit(c) && is_digit(last));
      const bool capital = i == begin + 1 && is_upper(last) && is_lower(c);
      if (!same && !capital) return false;
    } else if (!is_lower(c) && !is_upper(c) && !is_digit(c)) {
      return false;
    }
  }
  return words > 1;
}

}  // namespace

double entropy_of(std::string_view value) {
  if (value.empty()) return 0;
  std::array<unsigned, 256> counts{};
  for (const char c : value) ++counts[static_cast<unsigned char>(c)];
  double bits = 0;
  const auto size = static_cast<double>(value.size());
  for (const unsigned count : counts) {
    if (count == 0) continue;
    const double share = count / size;
    bits -= share * std::log2(share);
  }
  return bits;
}

bool is_placeholder(std::string_view value) {
  const std::string plain = lower(value);
  for (const char mark : {'<', '>', '{', '}', '$', '%'})
    if (plain.front() == mark && (mark == '<' || mark == '{' || plain.size() < 2 || mark == '$'))
      return true;
  if (plain.find("${") != std::string::npos || plain.find("{{") != std::string::npos ||
      plain.find("$(") != std::string::npos)
    return true;
  for (const std::string_view whole : kPlaceholders)
    if (plain == whole) return true;
  return std::any_of(std::begin(kPlaceholderParts), std::end(kPlaceholderParts),
                     [&](std::string_view part) { return plain.find(part) != std::string::npos; });
}

bool has_mark(std::string_view value) {
  return value.find_first_of("!@#$%^&*?~") != std::string_view::npos;
}

bool is_password_like(std::string_view value) {
  const bool letter =
      std::any_of(value.begin(), value.end(), [](char c) { return is_lower(c) || is_upper(c); });
  const bool digit = std::any_of(value.begin(), value.end(), is_digit);
  const bool mark = has_mark(value);
  if (!letter || (!digit && !mark && !is_scrambled(value))) return false;
  // A call, a path, an address or a variable of some language.
  if (value.find_first_of("()[]{}\\`") != std::string_view::npos) return false;
  if (value.find("://") != std::string_view::npos || value.front() == '/' || value.front() == '$' ||
      value.front() == '.' || value.front() == '%')
    return false;
  const std::string plain = lower(value);
  for (const std::string_view name :
       {"process.env", "os.environ", "self.", "config.", "settings.", "env.", "secrets.",
        "vault:", "arn:", "var.", "args.", "req."})
    if (plain.starts_with(name)) return false;
  return !is_uuid(value);
}

bool is_token_like(std::string_view value) {
  if (!is_password_like(value) || is_identifier(value)) return false;
  const auto digits = std::count_if(value.begin(), value.end(), is_digit);
  // "sha256-of-the-body", "gpt-4o-mini-2024-07-18", "com.example.Class2": words, not a token.
  const auto breaks =
      static_cast<std::size_t>(std::count_if(value.begin(), value.end(), [](char c) {
        return c == '-' || c == '_' || c == '.' || c == '/';
      }));
  return digits >= 2 && breaks * 6 <= value.size();
}

bool is_name_like(std::string_view value) {
  constexpr std::size_t kLong = 20;
  const bool digit = std::any_of(value.begin(), value.end(), is_digit);
  return is_identifier(value) || (value.size() >= kLong && !digit && !is_scrambled(value));
}

bool is_hex(std::string_view value) {
  return value.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

bool is_strong_password(std::string_view value) {
  if (!is_password_like(value) || value.find('/') != std::string_view::npos ||
      value.find(':') != std::string_view::npos || is_identifier(value))
    return false;
  const std::size_t at = value.find('@');
  if (at != std::string_view::npos && value.find('.', at) != std::string_view::npos) return false;
  const bool mark = value.find_first_of("!@#$%^&*?~+=") != std::string_view::npos;
  const bool both = std::any_of(value.begin(), value.end(), is_lower) &&
                    std::any_of(value.begin(), value.end(), is_upper);
  const std::size_t inner = value.find_first_of("!#$%^&*~");
  const bool marked =
      both && inner != std::string_view::npos && inner > 0 && inner + 1 < value.size();
  return is_scrambled(value) || marked ||
         (std::any_of(value.begin(), value.end(), is_digit) && (mark || both));
}

bool is_unmistakable(std::string_view value) {
  constexpr std::size_t kLeast = 20, kLeastOfHex = 32;
  if (value.size() < kLeast || value.starts_with("0x") || !is_token_like(value)) return false;
  const bool lower = std::any_of(value.begin(), value.end(), is_lower);
  const bool upper = std::any_of(value.begin(), value.end(), is_upper);
  if (lower && upper && !is_hex(value)) return is_mixed(value);
  // Of one case: no words in it, and many digits.
  const bool whole = value.find_first_of("-_./") == std::string_view::npos;
  const auto digits = std::count_if(value.begin(), value.end(), is_digit);
  return value.size() >= kLeastOfHex && whole &&
         static_cast<std::size_t>(digits) * 8 >= value.size();
}

}  // namespace catalejo::detect::secrets
