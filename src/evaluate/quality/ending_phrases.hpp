// What users say when a conversation ends well or badly, in English and Spanish.
#pragma once

#include <string_view>

namespace catalejo::evaluate {

struct Ending {
  bool thanks = false;     // or says that it is solved
  bool complaint = false;  // wrong, of no use, still the same
  bool gives_up = false;   // or wants a person
  bool asks = false;       // something else
};

// Of what a user wrote. What is quoted, told of others or supposed is not said.
Ending ending_of(std::string_view text);

}  // namespace catalejo::evaluate
