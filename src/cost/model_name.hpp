// One spelling for the many names of a model: what clients, Azure and price lists write differs in
// case, in prefixes and in "35" for "3.5".
#pragma once

#include <string>
#include <string_view>

namespace catalejo::cost {

struct ModelName {
  std::string base;         // "gpt-4o-mini-2024-07-18"
  bool fine_tuned = false;  // "ft:gpt-4o-mini-2024-07-18:org::id", "….ft-0a1b2c"
  auto operator<=>(const ModelName&) const = default;
};

// Never fails; what it does not know stays as it is, in lower case.
ModelName parse_model_name(std::string_view text);

}  // namespace catalejo::cost
