#include "codec/json_merge.hpp"

#include "codec/json_writer.hpp"

namespace catalejo::codec {

std::string merged(dom::object kept, dom::object change) {
  std::string out;
  JsonObjectWriter object(out);
  for (const dom::key_value_pair field : kept)
    if (change[field.key].error() != simdjson::SUCCESS)
      append_json(object.key(field.key), field.value);
  for (const dom::key_value_pair field : change) append_json(object.key(field.key), field.value);
  object.close();
  return out;
}

}  // namespace catalejo::codec
