// A form from a stranger: what is found lies inside its body.
#include <cstdint>
#include <cstdlib>

#include "codec/multipart.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t line = text.find('\n');
  if (line == std::string_view::npos) return 0;
  const std::string_view body = text.substr(line + 1);
  const auto file = catalejo::codec::multipart_file(text.substr(0, line), body);
  if (file && (file->data() < body.data() || file->data() + file->size() > text.data() + size))
    std::abort();
  return 0;
}
