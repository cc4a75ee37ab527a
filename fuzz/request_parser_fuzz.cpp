// The bytes of one connection: however they are cut into pieces, the same requests come out, no
// body exceeds its bound, and after a refusal nothing more is read.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "net/request_parser.hpp"

using catalejo::net::RequestParser;

namespace {

constexpr RequestParser::Bounds kBounds{4096, 8192};

// Every whole request of the connection as text. Every piece has `piece_bytes` at most. Whether a
// broken tail is refused yet or waited for may depend on the pieces; what was taken as whole may
// not.
std::string requests_in(std::string_view bytes, std::size_t piece_bytes) {
  RequestParser parser(kBounds);
  std::string seen;
  while (!bytes.empty()) {
    const std::string_view piece = bytes.substr(0, piece_bytes);
    const std::size_t taken = parser.feed(piece);
    if (taken > piece.size() || parser.body_bytes() > kBounds.body_bytes_max) std::abort();
    bytes.remove_prefix(taken);
    if (parser.state() == RequestParser::State::refused) {
      if (parser.refusal().status < 400 || parser.feed(bytes) != 0) std::abort();
      return seen;
    }
    if (parser.state() == RequestParser::State::done) {
      const auto& request = parser.request();
      seen += request.method + ' ' + request.path + '?' + request.query + '\n';
      for (const auto& [name, value] : request.headers) seen += name + ':' + value + '\n';
      seen += request.body + '\n';
      if (!parser.keep_alive()) return seen;
      parser.restart();
    } else if (taken == 0) {
      std::abort();  // it would wait for ever
    }
  }
  return seen;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::size_t piece_bytes = 1 + data[0] % 64;
  if (requests_in(bytes, bytes.size()) != requests_in(bytes, piece_bytes)) std::abort();
  return 0;
}
