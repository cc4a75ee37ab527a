// JSON as text, appended to a string: compact, UTF-8 kept as it is, only what JSON demands escaped.
// The text given must be UTF-8.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace catalejo::codec {

void append_json_string(std::string& out, std::string_view text);  // with its quotes
// `before` (a brace or a comma), the key in quotes, a colon.
void append_json_key(std::string& out, char before, std::string_view key);
std::string json_quoted(std::string_view text);  // the same as a value
// The shortest form that reads back as the same number, always recognisable as a float ("1.0");
// "null" for NaN and infinity, which JSON does not have.
void append_json_number(std::string& out, double value);
void append_json_number(std::string& out, float value);
void append_json_number(std::string& out, std::int64_t value);
void append_json_number(std::string& out, std::uint64_t value);

// An object written field by field: {"a":1,"b":[…]}. The caller appends each value to `out`.
class JsonObjectWriter {
 public:
  explicit JsonObjectWriter(std::string& out) : out_(out) {}
  // The buffer to append the value of `key` to.
  std::string& key(std::string_view key);
  void text(std::string_view name, std::string_view value) { append_json_string(key(name), value); }
  bool empty() const { return empty_; }
  // Closes the object; "{}" when nothing was written.
  void close();

 private:
  std::string& out_;
  bool empty_ = true;
};

}  // namespace catalejo::codec
