// HTTP responses as the Python tracer's native core reads them: however the bytes are cut into
// pieces, they mean the same.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "../python/native/http_response.hpp"

using catalejo::tracer::ResponseParser;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::size_t piece = 1 + data[0] % 64;
  std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  ResponseParser whole, cut;
  whole.feed(bytes);
  while (!bytes.empty()) {
    cut.feed(bytes.substr(0, piece));
    bytes.remove_prefix(std::min(piece, bytes.size()));
  }
  if (whole.state() != cut.state()) std::abort();
  whole.end();
  if (whole.state() != cut.end()) std::abort();
  if (whole.state() != ResponseParser::State::done) return 0;
  if (whole.status() != cut.status() || whole.body() != cut.body()) std::abort();
  if (whole.status() < 200 || whole.status() > 999) std::abort();
  return 0;
}
