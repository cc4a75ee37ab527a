// Base64 with padding (RFC 4648 §4), for bytes that must travel in JSON.
#pragma once

#include <string>
#include <string_view>

namespace catalejo::codec {

void append_base64(std::string& out, std::string_view bytes);

}  // namespace catalejo::codec
