// Errors that are the same but for their numbers: what varies is taken out of a message and a
// place, and what is left is compared. Pure.
#pragma once

#include <string>
#include <string_view>

namespace catalejo::insight {

// Numbers, ids, addresses, times and long hex become "#"; white space is one blank;
// at most 240 bytes.
std::string normalise_message(std::string_view message);

// Of a stack trace: file and function of the last frame that is the application's own, without
// line numbers; "" when there is none. Reads Python's and JavaScript's form.
std::string place_of(std::string_view stack);

}  // namespace catalejo::insight
