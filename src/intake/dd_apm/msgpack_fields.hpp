// Fields of MessagePack spans as lenient as the real agent: null stands for the empty value, an
// integer may be signed or a whole float. A value of another type is passed over and marks the
// span, not the whole body.
#pragma once

#include <string_view>

#include "codec/msgpack.hpp"
#include "intake/apm_span.hpp"
#include "model/arena.hpp"

namespace catalejo::intake::dd_apm {

class FieldReader {
 public:
  FieldReader(codec::MsgpackReader& reader, model::Arena& arena) : reader_(reader), arena_(arena) {}

  // The span whose fields are read from here on.
  void begin(ApmSpan& span) { span_ = &span; }

  std::string_view text();
  // A view of UTF-8: bytes that are none are replaced in a copy, and the span says so.
  std::string_view clean(std::string_view text);
  std::uint64_t id();
  std::int64_t integer();
  // False when the value is no finite number; then it has been passed over.
  bool number(double& out);
  bool flag();
  // The count of a container; 0 for null.
  std::uint32_t array();
  std::uint32_t map();
  void wrong_type();

 private:
  codec::MsgpackReader& reader_;
  model::Arena& arena_;
  ApmSpan* span_ = nullptr;
};

}  // namespace catalejo::intake::dd_apm
