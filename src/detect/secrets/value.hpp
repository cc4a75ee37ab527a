// What a value itself says about being a secret.
#pragma once

#include <string_view>

namespace catalejo::detect::secrets {

// Shannon entropy in bits a byte.
double entropy_of(std::string_view value);
// An example or a place to fill in: "AKIAIOSFODNN7EXAMPLE", "xxxx", "<your-key>", "${TOKEN}".
bool is_placeholder(std::string_view value);
// Letters with digits or marks, as people and generators make them; no name, path, call or UUID.
bool is_password_like(std::string_view value);
bool is_token_like(std::string_view value);
bool is_hex(std::string_view value);
// Words, as names in code are made of: no token.
bool is_name_like(std::string_view value);
// A password that is told by a word which may mean other things: digits, and letters of both cases
// or marks.
bool is_strong_password(std::string_view value);
bool has_mark(std::string_view value);  // "!", "#", …
// Long, and of mixed letters and digits: nothing but a token, whatever stands beside it.
bool is_unmistakable(std::string_view value);

}  // namespace catalejo::detect::secrets
