// What reads like a failure to answer may be what was asked for: whom to call, whether something is
// there, a text that refuses, what somebody said.
#pragma once

#include <cstdint>
#include <string_view>

namespace catalejo::evaluate {

enum class Reading : std::uint8_t { answered, refusal, no_content, apology, redirect, empty };

// All of it folded. `spoken` is the answer without code and citations, `words` has the latter.
struct Exchange {
  std::string_view request, spoken, words;
};

// "No.": whether something is so was asked, and not for something to be done.
bool asks_whether(std::string_view request);

bool is_asked_for(Reading reading, const Exchange& exchange);

// A letter, a scene, a translation.
bool is_composed(Reading reading, const Exchange& exchange);

}  // namespace catalejo::evaluate
