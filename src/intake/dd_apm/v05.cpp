#include <vector>

#include "intake/dd_apm/msgpack_fields.hpp"
#include "intake/dd_apm/traces.hpp"

namespace catalejo::intake::dd_apm {
namespace {

class V05Parser {
 public:
  V05Parser(std::string_view body, model::Batch& batch)
      : reader_(body), fields_(reader_, batch.arena), batcher_(batch, "dd_apm/v0.5") {
    fields_.begin(span_);
  }

  Result<void> run() {
    const bool begun = reader_.read_array() == 2 && table();
    if (too_large_) return Error{Code::body_too_large, "its table has a million texts", "body"};
    if (!begun) return reader_.error();
    const std::uint32_t chunks = reader_.read_array();
    for (std::uint32_t i = 0; i < chunks && !reader_.failed(); ++i) chunk();
    if (reader_.failed() || !reader_.at_end()) return reader_.error();
    return {};
  }

 private:
  struct Text {
    std::string_view text;
    std::uint32_t flags = 0;
  };

  bool table() {
    const std::uint32_t count = reader_.read_array();
    too_large_ = count > kTextsMax;
    if (too_large_) return false;
    texts_.reserve(count);
    for (std::uint32_t i = 0; i < count && !reader_.failed(); ++i) {
      span_.flags = 0;
      texts_.push_back({fields_.clean(reader_.read_text()), 0});
      texts_.back().flags = span_.flags;
    }
    return !reader_.failed();
  }

  void chunk() {
    const std::uint32_t spans = reader_.read_array();
    batcher_.begin_chunk();
    for (std::uint32_t i = 0; i < spans && !reader_.failed(); ++i) {
      span_.clear();
      span();
      if (!reader_.failed()) batcher_.add(span_, 0);
    }
    batcher_.end_chunk();
  }

  void span() {
    const std::uint32_t count = fields_.array();
    if (count != 12) {
      for (std::uint32_t i = 0; i < count && !reader_.failed(); ++i) reader_.skip();
      span_.wrong_type = true;
      return;
    }
    span_.service = text();
    span_.name = text();
    span_.resource = text();
    span_.trace_id = fields_.id();
    span_.span_id = fields_.id();
    span_.parent_id = fields_.id();
    span_.start_ns = fields_.integer();
    span_.duration_ns = fields_.integer();
    span_.error = fields_.flag();
    const std::uint32_t tags = fields_.map();
    for (std::uint32_t i = 0; i < tags && !reader_.failed(); ++i) {
      const std::string_view key = text();
      span_.meta.push_back({key, text()});
    }
    const std::uint32_t metrics = fields_.map();
    for (std::uint32_t i = 0; i < metrics && !reader_.failed(); ++i) {
      const std::string_view key = text();
      double value = 0;
      if (fields_.number(value)) span_.metrics.push_back({key, value});
    }
    span_.type = text();
  }

  // The text that an index stands for.
  std::string_view text() {
    const std::int64_t index = fields_.integer();
    if (index < 0 || static_cast<std::uint64_t>(index) >= texts_.size()) {
      span_.wrong_type = true;
      return {};
    }
    const Text& text = texts_[static_cast<std::size_t>(index)];
    span_.flags |= text.flags;
    return text.text;
  }

  codec::MsgpackReader reader_;
  FieldReader fields_;
  ApmBatcher batcher_;
  ApmSpan span_;
  std::vector<Text> texts_;
  bool too_large_ = false;
};

}  // namespace

Result<model::Batch> parse_v05(std::string body) {
  model::Batch batch;
  V05Parser parser(batch.arena.adopt(std::move(body)), batch);
  CATALEJO_TRY(parser.run());
  return batch;
}

}  // namespace catalejo::intake::dd_apm
