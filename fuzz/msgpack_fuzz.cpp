// The pull reader and the way to JSON: what is read must be JSON that reads back without mending,
// and skipping must end where reading ends.
#include "accounted.hpp"
#include "codec/msgpack_json.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string body = catalejo::fuzz::text_of(data, size);
  catalejo::codec::MsgpackReader reader(body), skipper(body);
  std::string json;
  const auto notes = catalejo::codec::append_msgpack_as_json(json, reader);
  skipper.skip();
  if (!notes) return 0;
  catalejo::fuzz::require(!skipper.failed() && skipper.offset() == reader.offset());
  catalejo::fuzz::require_json(json);
  // No more than six characters for a byte, and base64 and the words are shorter.
  catalejo::fuzz::require(json.size() <= 24 * size + 8);
  return 0;
}
