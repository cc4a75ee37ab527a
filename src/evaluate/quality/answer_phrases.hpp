// What the sentences of a non-answer are made of, in English and Spanish.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "evaluate/text/phrases.hpp"

namespace catalejo::evaluate {

enum class Speech : std::uint8_t {
  refusal,     // will not or may not
  no_content,  // does not know, has no access, found nothing
  apology,
  redirect,  // ask somebody else
  excuse,    // why not
  offer,     // anything else?
  greeting,
  idiom,   // looks like one of the above and is not
  weak,    // "I don't …": a refusal when nothing else is said
  effort,  // what was looked through, or tried
};

struct SpeechPhrase {
  Speech speech;
  std::string_view text;  // as of a PhraseSet
};

struct SpeechHit {
  Speech speech;
  std::uint32_t begin, end;
  bool terse = false;  // counts where little else is said
};

// In folded text, in no order.
std::vector<SpeechHit> speech_in(std::string_view folded);

// Those that are terse, and those of services and professions: hand-overs, tool errors, referrals.
std::span<const SpeechPhrase> terse_phrases();
std::span<const SpeechPhrase> service_phrases();

}  // namespace catalejo::evaluate
