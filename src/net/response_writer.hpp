// The head of an answer as it goes over the wire.
#pragma once

#include <string>

#include "net/http.hpp"

namespace catalejo::net {

struct HeadOptions {
  bool http_1_1 = true;
  bool close = false;
  bool streamed = false;  // chunked (or until the end, for HTTP/1.0) instead of a length
};

// Framing headers of the handler (Content-Length, Connection, Transfer-Encoding) are replaced by
// ours; a header that would break out of its line is left out.
std::string encode_head(const Response& response, const HeadOptions& options);
// 204, 304 and 1xx never have one.
bool may_have_body(int status);
std::string encode_chunk(std::string_view data);

}  // namespace catalejo::net
