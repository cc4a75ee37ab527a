// Undoes the Content-Encoding of a body, bounded by its output: a small body that claims to be a
// large one costs no more memory than limits::inflated_body_bytes_max.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/limits.hpp"
#include "base/result.hpp"

namespace catalejo::codec {

// `encoding` is the value of the header: "", "identity", "gzip", "x-gzip", "deflate" (zlib or raw,
// as both are in use), "zstd" or Datadog's name for it, "zstd1", in any case. Several at once are
// refused like unknown ones. Errors: unsupported_encoding, body_too_large, malformed (cut short or
// damaged).
Result<std::string> inflate(std::string_view encoding, std::string body,
                            std::size_t bytes_max = limits::inflated_body_bytes_max);

}  // namespace catalejo::codec
