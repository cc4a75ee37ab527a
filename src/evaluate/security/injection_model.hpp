// A linear model over hashed word n-grams, trained by bench/accuracy/train_injection.py.
#pragma once

#include <string_view>

namespace catalejo::evaluate {

// How much a window of folded text reads like an attack, in the points of the rules; at most 12.
int injection_model_points(std::string_view folded_window);

}  // namespace catalejo::evaluate
