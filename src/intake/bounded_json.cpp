#include "intake/bounded_json.hpp"

#include <fmt/format.h>

#include <iterator>

#include "base/limits.hpp"
#include "codec/digest.hpp"
#include "codec/json_writer.hpp"
#include "codec/utf8.hpp"
#include "model/span.hpp"

namespace catalejo::intake {
namespace {

namespace dom = codec::dom;

class Cutter {
 public:
  Cutter(std::string& out, std::uint32_t& flags) : out_(out), flags_(flags) {}

  void value(dom::element element) {
    switch (element.type()) {
      case dom::element_type::OBJECT:
        return object(element.get_object().value_unsafe());
      case dom::element_type::ARRAY:
        return array(element.get_array().value_unsafe(), false);
      case dom::element_type::STRING:
        return text(element.get_string().value_unsafe());
      default:
        return codec::append_json(out_, element);
    }
  }

 private:
  void object(const dom::object& fields) {
    codec::JsonObjectWriter writer(out_);
    for (const dom::key_value_pair field : fields) {
      writer.key(field.key);
      const bool parts = field.key == "image_parts" || field.key == "audio_parts";
      if (parts && field.value.is_array()) {
        array(field.value.get_array().value_unsafe(), true);
      } else {
        value(field.value);
      }
    }
    writer.close();
  }

  void array(const dom::array& items, bool of_parts) {
    char before = '[';
    for (const dom::element item : items) {
      out_ += before;
      before = ',';
      if (of_parts && item.is_object()) {
        part(item.get_object().value_unsafe());
      } else {
        value(item);
      }
    }
    if (before == '[') out_ += '[';
    out_ += ']';
  }

  // {"mime_type":…,"content":…} of an image or a sound.
  void part(const dom::object& fields) {
    codec::JsonObjectWriter writer(out_);
    for (const dom::key_value_pair field : fields) {
      const std::string_view content = codec::text_or_empty(field.value);
      if (field.key == "content" && content.size() > limits::attachment_bytes_max) {
        flags_ |= model::flag_attachment_cut;
        fmt::format_to(std::back_inserter(writer.key("cut")),
                       R"({{"bytes":{},"sha256":"{}","reason":"over 1 MiB"}})", content.size(),
                       codec::sha256_hex(content));
      } else {
        value_of(writer, field);
      }
    }
    writer.close();
  }

  void value_of(codec::JsonObjectWriter& writer, const dom::key_value_pair& field) {
    writer.key(field.key);
    value(field.value);
  }

  void text(std::string_view whole) {
    if (whole.size() <= limits::text_bytes_max) return codec::append_json_string(out_, whole);
    flags_ |= model::flag_text_cut;
    std::string kept(codec::utf8_prefix(whole, limits::text_bytes_max));
    kept += fmt::format("… [cut: {} of {} bytes kept]", kept.size(), whole.size());
    codec::append_json_string(out_, kept);
  }

  std::string& out_;
  std::uint32_t& flags_;
};

static_assert(limits::attachment_bytes_max <= limits::text_bytes_max);

}  // namespace

void append_bounded_json(std::string& out, codec::dom::element value, std::uint32_t& flags) {
  const std::size_t start = out.size();
  codec::append_json(out, value);
  // What is small as a whole has nothing to cut: all but a few values end here.
  if (out.size() - start <= limits::attachment_bytes_max) return;
  out.resize(start);
  Cutter(out, flags).value(value);
}

}  // namespace catalejo::intake
