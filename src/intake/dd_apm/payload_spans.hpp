// The spans of an Agent's payload on their way into a batch, with what the payload, the tracer and
// the chunk say of all of them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "codec/json_writer.hpp"
#include "codec/protobuf.hpp"
#include "intake/apm_span.hpp"
#include "model/batch.hpp"

namespace catalejo::intake::dd_apm {

class PayloadSpans {
 public:
  explicit PayloadSpans(model::Batch& batch) : batch_(batch), batcher_(batch, "dd_apm/agent") {}

  // Of the payload, then of one tracer; spans that have their own keep it.
  struct Origin {
    std::string_view env, host, version;
  };
  void begin_tracer(const Origin& origin) { origin_ = origin; }

  struct Chunk {
    // Of the sampler; Agents write this one where there is none.
    static constexpr std::int64_t kNoPriority = -128;
    std::int64_t priority = kNoPriority;
    std::string_view origin;  // "lambda", "rum"
    std::vector<model::Tag> tags;
    std::vector<model::Metric> metrics;
  };
  void begin_chunk(Chunk chunk);
  void end_chunk() { batcher_.end_chunk(); }

  // The span to fill, then to add.
  ApmSpan& begin_span();
  void add_span();

  // Links or events of the span as a member of its JSON: `append(out, item)` writes one of them.
  template <typename Append>
  void add_list(std::string_view name, const std::vector<std::string_view>& items,
                Append&& append) {
    if (items.empty()) return;
    std::string& out = span_.extra;
    if (!out.empty()) out += ',';
    codec::append_json_string(out, name);
    out += ':';
    char before = '[';
    for (const std::string_view item : items) {
      out += std::exchange(before, ',');
      append(out, item);
    }
    out += ']';
  }

  // A view of UTF-8; bytes that are none are replaced, and the span says so.
  std::string_view clean(std::string_view text);
  std::string_view text(codec::ProtobufReader& in) { return clean(in.bytes()); }
  model::Arena& arena() { return batch_.arena; }

  // The bytes are no protobuf: the whole body is refused, and its Agent is told.
  void check(const codec::ProtobufReader& in) { malformed_ |= in.failed(); }
  void set_too_deep() { too_deep_ = true; }
  void set_too_large() { too_large_ = true; }
  std::optional<Error> error() const;

 private:
  void say(std::string_view key, std::string_view value);

  model::Batch& batch_;
  ApmBatcher batcher_;
  ApmSpan span_;
  Origin origin_;
  Chunk chunk_;
  bool first_of_chunk_ = false, malformed_ = false, too_deep_ = false, too_large_ = false;
};

// A TracerPayload whose texts stand in a table (datadog.trace.idx).
void read_indexed_tracer(std::string_view bytes, const PayloadSpans::Origin& agent,
                         PayloadSpans& spans);

}  // namespace catalejo::intake::dd_apm
