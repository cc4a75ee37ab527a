// The rules of prompt injection, as data. For folded text; the signs are those of
// evaluate/text/phrases.hpp.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace catalejo::evaluate {

// Rules of one kind hardly add to each other; kinds do.
enum class Attack : std::uint8_t {
  override,    // "ignore previous instructions"
  extraction,  // asks for the system prompt
  persona,     // be somebody without rules
  lifting,     // no restrictions, never refuse
  staging,     // from now on, two answers, stay in character
  forgery,     // pretends to be the system: chat markers, headers
  hidden,      // speaks to a model from within a document
  delivery,    // do not tell the user, send it to
};

enum class Where : std::uint8_t { anywhere, document };

struct InjectionRule {
  std::string_view id;
  Attack attack;
  std::uint8_t points;  // kAlarm of them raise an alarm
  Where where;
  std::string_view phrase;
};

inline constexpr int kAlarm = 10;

std::span<const InjectionRule> injection_rules();

}  // namespace catalejo::evaluate
