#include "detect/pii/rules.hpp"

#include <algorithm>

namespace catalejo::detect::pii {

int weighted_sum(std::string_view digits, std::span<const int> weights) {
  int sum = 0;
  for (std::size_t i = 0; i < digits.size(); ++i)
    sum += (digits[i] - '0') * weights[i % weights.size()];
  return sum;
}

bool all_digits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), is_digit);
}

bool one_digit_only(std::string_view digits) {
  return digits.find_first_not_of(digits[0]) == std::string_view::npos;
}

bool is_short_date(std::string_view yymmdd) {
  if (!all_digits(yymmdd)) return false;
  const int month = (yymmdd[2] - '0') * 10 + yymmdd[3] - '0';
  const int day = (yymmdd[4] - '0') * 10 + yymmdd[5] - '0';
  return month >= 1 && month <= 12 && day >= 1 && day <= (month == 2 ? 29 : 31);
}

}  // namespace catalejo::detect::pii
