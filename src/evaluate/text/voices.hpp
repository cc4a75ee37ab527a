// The texts of a subject by who speaks.
#pragma once

#include <string>
#include <string_view>

#include "evaluate/subject.hpp"

namespace catalejo::evaluate {

// The last of its kind; empty when there is none.
std::string_view last_text(const Subject& subject, Side side, Voice voice);
// All of its kind, one behind the other with a line end between them.
std::string all_text(const Subject& subject, Side side, Voice voice);

}  // namespace catalejo::evaluate
