#include "codec/json_writer.hpp"
#include "codec/msgpack_json.hpp"
#include "intake/dd_apm/json_traces.hpp"
#include "intake/dd_apm/msgpack_fields.hpp"
#include "intake/dd_apm/traces.hpp"

namespace catalejo::intake::dd_apm {
namespace {

using Type = codec::MsgpackReader::Type;

class V04Parser {
 public:
  V04Parser(std::string_view body, model::Batch& batch)
      : reader_(body), fields_(reader_, batch.arena), batcher_(batch, "dd_apm/v0.4") {
    fields_.begin(span_);
  }

  Result<void> run() {
    const std::uint32_t chunks = reader_.read_array();
    for (std::uint32_t i = 0; i < chunks && !reader_.failed(); ++i) chunk();
    if (too_deep_) return Error{Code::too_deep, "a span event or link is nested too deep", "body"};
    if (reader_.failed() || !reader_.at_end()) return reader_.error();
    return {};
  }

 private:
  void chunk() {
    span_.clear();
    const std::uint32_t spans = fields_.array();
    if (span_.wrong_type) return add();  // something else in the place of a chunk
    batcher_.begin_chunk();
    for (std::uint32_t i = 0; i < spans && !reader_.failed(); ++i) {
      span_.clear();
      span();
      add();
    }
    batcher_.end_chunk();
  }

  // A body that ends inside a span is refused as a whole: its client sends it again.
  void add() {
    if (!reader_.failed()) batcher_.add(span_, 0);
  }

  void span() {
    const std::uint32_t count = fields_.map();
    for (std::uint32_t i = 0; i < count && !reader_.failed(); ++i) {
      const std::string_view key = fields_.text();
      field(key);
    }
  }

  void field(std::string_view key) {
    if (key == "meta") return meta();
    if (key == "metrics") return metrics();
    if (key == "meta_struct") return meta_struct();
    if (key == "service")
      span_.service = fields_.text();
    else if (key == "name")
      span_.name = fields_.text();
    else if (key == "resource")
      span_.resource = fields_.text();
    else if (key == "type")
      span_.type = fields_.text();
    else if (key == "trace_id")
      span_.trace_id = fields_.id();
    else if (key == "span_id")
      span_.span_id = fields_.id();
    else if (key == "parent_id")
      span_.parent_id = fields_.id();
    else if (key == "start")
      span_.start_ns = fields_.integer();
    else if (key == "duration")
      span_.duration_ns = fields_.integer();
    else if (key == "error")
      span_.error = fields_.flag();
    else
      extra(key);
  }

  void meta() {
    const std::uint32_t count = fields_.map();
    for (std::uint32_t i = 0; i < count && !reader_.failed(); ++i) {
      const std::string_view key = fields_.text();
      const std::string_view value = fields_.text();
      span_.meta.push_back({key, value});
    }
  }

  void metrics() {
    const std::uint32_t count = fields_.map();
    for (std::uint32_t i = 0; i < count && !reader_.failed(); ++i) {
      const std::string_view key = fields_.text();
      double value = 0;
      if (fields_.number(value)) span_.metrics.push_back({key, value});
    }
  }

  void meta_struct() {
    const std::uint32_t count = fields_.map();
    for (std::uint32_t i = 0; i < count && !reader_.failed(); ++i) {
      const std::string_view key = fields_.text();
      if (key == "_llmobs" && reader_.peek() == Type::binary) {
        span_.llmobs_msgpack = reader_.read_binary();
      } else {
        reader_.skip();  // structs of other products (security, error origin)
      }
    }
  }

  // span_events, span_links, and whatever a newer tracer adds.
  void extra(std::string_view key) {
    if (reader_.peek() == Type::nil) return reader_.read_nil();
    if (!span_.extra.empty()) span_.extra += ',';
    codec::append_json_string(span_.extra, key);
    span_.extra += ':';
    const Result<codec::Notes> notes = codec::append_msgpack_as_json(span_.extra, reader_);
    if (notes) {
      if ((*notes & codec::note_invalid_utf8) != 0) span_.flags |= model::flag_invalid_utf8;
      if ((*notes & codec::note_number_text) != 0) span_.flags |= model::flag_number_text;
      return;
    }
    too_deep_ = notes.error().code == Code::too_deep;
    reader_.skip();
  }

  codec::MsgpackReader reader_;
  FieldReader fields_;
  ApmBatcher batcher_;
  ApmSpan span_;
  bool too_deep_ = false;
};

}  // namespace

Result<model::Batch> parse_v04(std::string body) {
  if (looks_like_json(body)) return parse_json_traces(std::move(body));
  model::Batch batch;
  V04Parser parser(batch.arena.adopt(std::move(body)), batch);
  CATALEJO_TRY(parser.run());
  return batch;
}

}  // namespace catalejo::intake::dd_apm
