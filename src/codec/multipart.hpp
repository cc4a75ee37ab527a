// The file in a multipart/form-data body (RFC 7578).
#pragma once

#include <optional>
#include <string_view>

namespace catalejo::codec {

// The content of the first part that has a filename, or else of the first part; nullopt when the
// body is no such form. Points into `body`.
std::optional<std::string_view> multipart_file(std::string_view content_type,
                                               std::string_view body);

}  // namespace catalejo::codec
