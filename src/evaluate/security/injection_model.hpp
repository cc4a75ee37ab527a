// A linear model beside the rules: how much a stretch of a text reads like an attack, by its words
// and pairs of words. Trained by bench/accuracy/train_injection.py, which tells from what.
#pragma once

#include <string_view>
#include <vector>

namespace catalejo::evaluate {

// The result of the training: a byte for each bucket of words, and what they mean.
struct InjectionWeights {
  double unit, bias, alarm;
  std::string_view base64;
};
InjectionWeights injection_weights();

struct Stretch {
  std::size_t begin, end;  // bytes
  double score;            // 0 and more raise an alarm
};

// Of a folded text, by begin; they overlap. All have the same number of words, so that the length
// of a text says nothing.
std::vector<Stretch> injection_stretches(std::string_view folded);

}  // namespace catalejo::evaluate
