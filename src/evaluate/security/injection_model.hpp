// Linear models of attacks in words: of passages, and of single sentences. Stretches of the same
// number of words are scored each by itself, so that the length of a text says nothing. Trained by
// bench/accuracy/train_injection.py and train_sentences.py.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace catalejo::evaluate {

// A place of a text; `score` is how far it is above the alarm.
struct Stretch {
  std::size_t begin, end;
  double score;
};

struct Stretches {
  std::vector<Stretch> passages;   // attacks that circulate, in English
  std::vector<Stretch> sentences;  // in English and Spanish
  double sentence_alarm;           // above zero, where an attack is as likely as none
};

Stretches injection_stretches(std::string_view folded);

// The models as data: a byte for each bucket of hashed words and pairs of words.
struct InjectionWeights {
  double unit, bias, alarm;
  std::span<const std::string_view> base64;  // parts, each by itself
};
InjectionWeights injection_weights();
InjectionWeights sentence_weights();

}  // namespace catalejo::evaluate
