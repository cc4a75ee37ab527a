// What a user sets for the evaluators that judge by a list of their own: canaries, topics. JSON, as
// it is kept; whatever does not hold is said by where it stands.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace catalejo::evaluate {

struct Topic {
  std::string name;                // what the verdict says
  std::vector<std::string> words;  // words and phrases; the name itself when empty
};

// {"tokens": ["…"]}. Error bad_request.
Result<std::vector<std::string>> read_tokens(std::string_view json, std::size_t token_bytes_min);
// {"topics": [{"name": "…", "words": ["…"]}]}. Error bad_request.
Result<std::vector<Topic>> read_topics(std::string_view json);

}  // namespace catalejo::evaluate
