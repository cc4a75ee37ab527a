#include "batch.hpp"

#include <utility>

#include "codec/json_writer.hpp"

namespace catalejo::tracer {

Batch encode(Kind kind, std::vector<Item> items, const std::string& tracer_version,
             std::size_t& too_large) {
  Batch batch{.kind = kind};
  for (const Item& item : items) batch.bytes += item.bytes;
  batch.body.reserve(batch.bytes + batch.bytes / 16 + 256);
  if (kind == Kind::span) {
    batch.body += R"([{"_dd.stage":"raw","_dd.tracer_version":)";
    codec::append_json_string(batch.body, tracer_version);
    batch.body += R"(,"event_type":"span","spans":[)";
  } else {
    batch.body += R"({"data":{"type":"evaluation_metric","attributes":{"metrics":[)";
  }
  for (Item& item : items) {
    const std::size_t before = batch.body.size();
    if (batch.events > 0) batch.body += ',';
    item.tape->append_to(batch.body);
    item.tape.reset();
    if (batch.body.size() - before > kEventBytesMax) {
      batch.body.resize(before);
      ++too_large;
    } else {
      ++batch.events;
    }
  }
  batch.body += kind == Kind::span ? "]}]" : "]}}}";
  return batch;
}

}  // namespace catalejo::tracer
