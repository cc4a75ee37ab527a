#include "codec/msgpack_json.hpp"

#include <cmath>

#include "base/limits.hpp"
#include "codec/base64.hpp"
#include "codec/json_writer.hpp"
#include "codec/utf8.hpp"

namespace catalejo::codec {
namespace {

using Type = MsgpackReader::Type;

class Transcoder {
 public:
  Transcoder(std::string& out, MsgpackReader& reader) : out_(out), reader_(reader) {}

  // `depth` is the count of arrays and maps around this value.
  void value(std::size_t depth) {
    switch (reader_.peek()) {
      case Type::array:
        return array(depth);
      case Type::map:
        return map(depth);
      case Type::text:
        return append_json_string(out_, reader_.read_text());
      case Type::unsigned_integer:
        return append_json_number(out_, reader_.read_unsigned());
      case Type::signed_integer:
        return append_json_number(out_, reader_.read_signed());
      case Type::float32:
        return number(static_cast<float>(reader_.read_float()));
      case Type::float64:
        return number(reader_.read_float());
      case Type::boolean:
        out_ += reader_.read_bool() ? "true" : "false";
        return;
      case Type::binary:
        return binary();
      case Type::nil:
      case Type::extension:
        out_ += "null";
        return reader_.skip();
      case Type::invalid:
        break;
    }
    reader_.skip();  // fails, with the right offset
  }

  bool too_deep() const { return too_deep_; }
  Notes notes() const { return notes_; }

 private:
  bool enter(std::size_t depth) {
    too_deep_ = too_deep_ || depth >= limits::nesting_depth_max;
    return !too_deep_;
  }

  template <typename Float>
  void number(Float value) {
    if (!std::isfinite(value)) notes_ |= note_number_text;
    append_json_number(out_, value);
  }

  void binary() {
    out_ += '"';
    append_base64(out_, reader_.read_binary());
    out_ += '"';
  }

  void array(std::size_t depth) {
    if (!enter(depth)) return;
    const std::uint32_t count = reader_.read_array();
    out_ += '[';
    for (std::uint32_t i = 0; i < count && !stopped(); ++i) {
      if (i > 0) out_ += ',';
      value(depth + 1);
    }
    out_ += ']';
  }

  void map(std::size_t depth) {
    if (!enter(depth)) return;
    const std::uint32_t count = reader_.read_map();
    char before = '{';
    for (std::uint32_t i = 0; i < count && !stopped(); ++i) {
      key(before);
      value(depth + 1);
      before = ',';
    }
    if (before == '{') out_ += '{';
    out_ += '}';
  }

  // JSON keys are text: another scalar stands as its own JSON in quotes. A container as a key is
  // only named: written out, its quotes would double with every level of nesting.
  void key(char before) {
    if (reader_.peek() == Type::text) return append_json_key(out_, before, reader_.read_text());
    out_ += before;
    switch (reader_.peek()) {
      case Type::binary:
        binary();
        break;
      case Type::array:
        out_ += "\"[array]\"";
        reader_.skip();
        break;
      case Type::map:
        out_ += "\"[map]\"";
        reader_.skip();
        break;
      default:
        out_ += '"';
        value(0);
        out_ += '"';
    }
    out_ += ':';
  }

  bool stopped() const { return too_deep_ || reader_.failed(); }

  std::string& out_;
  MsgpackReader& reader_;
  Notes notes_ = 0;
  bool too_deep_ = false;
};

}  // namespace

Result<Notes> append_msgpack_as_json(std::string& out, MsgpackReader& reader) {
  const std::size_t start = out.size();
  Transcoder transcoder(out, reader);
  transcoder.value(0);
  if (transcoder.too_deep())
    return Error{Code::too_deep, "a value is nested too deep; 128 levels are read", "body"};
  if (reader.failed()) return reader.error();
  const std::string_view written = std::string_view(out).substr(start);
  if (is_utf8(written)) return transcoder.notes();
  std::string replaced;
  append_as_utf8(replaced, written);
  out.replace(start, std::string::npos, replaced);
  return transcoder.notes() | note_invalid_utf8;
}

}  // namespace catalejo::codec
