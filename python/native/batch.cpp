#include "batch.hpp"

#include <string_view>
#include <utility>

#include "codec/json_writer.hpp"

namespace catalejo::tracer {
namespace {

std::string_view end_of(Kind kind) {
  return kind == Kind::span ? "]}]" : "]}}}";
}

}  // namespace

Batch encode(Kind kind, std::vector<Item> items, const std::string& tracer_version,
             const Redaction* redaction, LeftOut& left_out) {
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
    batch.starts.push_back(batch.body.size());
    item.tape->append_to(batch.body);
    item.tape.reset();
    const bool sound = redaction == nullptr ||
                       redaction->apply(kind, batch.body, batch.starts.back(), left_out.redacted);
    const bool fits = batch.body.size() - before <= kEventBytesMax;
    if (sound && fits) {
      ++batch.events;
      continue;
    }
    batch.body.resize(before);
    batch.starts.pop_back();
    ++(sound ? left_out.too_large : left_out.failed);
  }
  batch.body += end_of(kind);
  return batch;
}

std::pair<Batch, Batch> split(const Batch& batch) {
  const std::size_t half = batch.events / 2, first = batch.starts.front();
  const std::size_t middle = batch.starts[half];
  Batch left{.kind = batch.kind, .attempted = batch.attempted, .written = batch.written};
  Batch right = left;
  left.body = batch.body.substr(0, middle - 1);  // without the comma
  left.body += end_of(batch.kind);
  left.starts.assign(batch.starts.begin(), batch.starts.begin() + static_cast<long>(half));
  right.body = batch.body.substr(0, first);
  right.body.append(batch.body, middle);
  for (std::size_t at = half; at < batch.events; ++at) {
    right.starts.push_back(batch.starts[at] - middle + first);
  }
  left.events = half;
  right.events = batch.events - half;
  left.bytes = batch.bytes / 2;
  right.bytes = batch.bytes - left.bytes;
  return {std::move(left), std::move(right)};
}

}  // namespace catalejo::tracer
