// Rules for numbers and ids. Each looks at what begins at one place and says how many letters and
// digits of it are such a number: 0, or the length; none looks further than Run does.
#pragma once

#include <span>
#include <string_view>

#include "detect/pii/context.hpp"
#include "detect/pii/run.hpp"

namespace catalejo::detect::pii {

struct Candidate {
  std::string_view text;
  const Run& run;
  const Context& context;
  bool plus = false;     // "+" stands before it
  bool paren = false;    // "(" stands before it
  bool another = false;  // a telephone number stands before it, in the same line
};

struct Rule {
  std::string_view name;
  std::size_t (*match)(const Candidate& candidate);
};

std::span<const Rule> bank_rules();                   // banks.cpp: cards and accounts
std::span<const Rule> european_rules();               // europe.cpp
std::span<const Rule> american_rules();               // americas.cpp
std::size_t match_phone(const Candidate& candidate);  // phones.cpp

// Digits of the first n characters, weighted from the left; the weights repeat.
int weighted_sum(std::string_view digits, std::span<const int> weights);
bool all_digits(std::string_view text);
bool one_digit_only(std::string_view digits);  // "1111111"
// "850229" of year, month, day; without a century.
bool is_short_date(std::string_view yymmdd);

}  // namespace catalejo::detect::pii
