// Texts from a stranger: findings lie within the text, in order, and name a rule.
#include <cstdint>
#include <cstdlib>

#include "detect/scanner.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace catalejo::detect;
  static const Scanner scanner(
      {.pii_options = {.private_addresses = true}, .own = {{"own", "[A-Z]{2}-[0-9]+"}}});
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  std::uint32_t at = 0;
  for (const Finding& finding : scanner.find(text)) {
    if (finding.begin < at || finding.end <= finding.begin || finding.end > size) std::abort();
    if (finding.rule.empty()) std::abort();
    at = finding.end;
  }
  return 0;
}
