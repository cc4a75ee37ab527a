// Errors from a stranger: a fingerprint is bounded and stays UTF-8.
#include <cstdint>
#include <cstdlib>

#include "codec/utf8.hpp"
#include "insight/fingerprint.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string text;  // as intake leaves it
  catalejo::codec::append_as_utf8(text, {reinterpret_cast<const char*>(data), size});
  const std::string message = catalejo::insight::normalise_message(text);
  if (message.size() > 240) std::abort();
  if (!catalejo::codec::is_utf8(message)) std::abort();
  const std::string place = catalejo::insight::place_of(text);
  // A file and a function, which may be the same text where a frame is odd.
  if (place.size() > 2 * text.size() + 16) std::abort();
  return 0;
}
