#include "azure/metric_name.hpp"

#include "base/ascii.hpp"

namespace catalejo::azure {
namespace {

bool is_small(char c) {
  return c >= 'a' && c <= 'z';
}
bool is_big(char c) {
  return c >= 'A' && c <= 'Z';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Whether a word begins at `at` though nothing stands between: "OpenAI", "FineTuned", "APIName".
bool begins_word(std::string_view text, std::size_t at) {
  if (at == 0 || !is_big(text[at])) return false;
  const char before = text[at - 1];
  if (is_small(before) || is_digit(before)) return true;
  return is_big(before) && at + 1 < text.size() && is_small(text[at + 1]);
}

}  // namespace

std::string words_of(std::string_view display_name) {
  while (display_name.ends_with(' ')) display_name.remove_suffix(1);
  if (display_name.ends_with(')'))
    if (const std::size_t open = display_name.rfind('('); open != std::string_view::npos)
      display_name = display_name.substr(0, open);
  std::string words;
  bool letter = false, apart = false;
  for (std::size_t i = 0; i < display_name.size(); ++i) {
    const char c = display_name[i];
    if (!is_small(c) && !is_big(c) && !is_digit(c)) {
      apart = true;
      continue;
    }
    if ((apart || begins_word(display_name, i)) && !words.empty()) words += '_';
    apart = false;
    letter |= !is_digit(c);
    words += lower_ascii(c);
  }
  return letter ? words : std::string();
}

std::string metric_name(std::string_view resource_type, std::string_view display_name) {
  const std::string words = words_of(display_name);
  if (words.empty()) return {};
  constexpr std::string_view kVendor = "microsoft.";
  if (resource_type.size() > kVendor.size() &&
      equal_ignoring_case(resource_type.substr(0, kVendor.size()), kVendor))
    resource_type.remove_prefix(kVendor.size());
  std::string name = "azure.";
  for (const char c : resource_type) name += c == '/' || c == '.' ? '_' : lower_ascii(c);
  return name + '.' + words;
}

}  // namespace catalejo::azure
