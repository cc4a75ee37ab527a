// Words that every topic has.
#pragma once

#include <string_view>

namespace catalejo::insight::topics {

bool is_stop_word(std::string_view folded);

}  // namespace catalejo::insight::topics
