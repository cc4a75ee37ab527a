#include "cost/model_name.hpp"

#include "base/ascii.hpp"

namespace catalejo::cost {
namespace {

std::string_view trim(std::string_view text) {
  while (!text.empty() && static_cast<unsigned char>(text.front()) <= ' ') text.remove_prefix(1);
  while (!text.empty() && static_cast<unsigned char>(text.back()) <= ' ') text.remove_suffix(1);
  return text;
}

}  // namespace

ModelName parse_model_name(std::string_view text) {
  const std::string lower = lower_ascii(trim(text));
  std::string_view rest = lower;
  for (const std::string_view prefix : {"azure/", "azure_openai/", "azure_ai/", "openai/"})
    if (rest.starts_with(prefix)) rest.remove_prefix(prefix.size());
  ModelName name;
  // OpenAI: "ft:base:organisation:suffix:id". Azure: "base.ft-0a1b2c", or "base.ft-0a1b2c-suffix".
  if (rest.starts_with("ft:")) {
    name.fine_tuned = true;
    rest.remove_prefix(3);
    rest = rest.substr(0, rest.find(':'));
  } else if (const std::size_t at = rest.find(".ft-"); at != std::string_view::npos) {
    name.fine_tuned = true;
    rest = rest.substr(0, at);
  }
  constexpr std::string_view kAzure = "gpt-35", kEverywhere = "gpt-3.5";
  if (rest.starts_with(kAzure)) {
    name.base = std::string(kEverywhere).append(rest.substr(kAzure.size()));
  } else {
    name.base = std::string(rest);
  }
  return name;
}

}  // namespace catalejo::cost
