#include "intake/dd_metrics/payloads.hpp"

#include <cmath>
#include <limits>
#include <optional>

#include "base/limits.hpp"
#include "codec/protobuf.hpp"
#include "intake/dd_metrics/series_writer.hpp"

namespace catalejo::intake::dd_metrics {
namespace {

using codec::ProtobufReader;

// Each reads one message; false when its bytes are none.
using ReadSeries = bool (*)(std::string_view, SeriesWriter&);

bool read_resource(std::string_view bytes, SeriesWriter& out) {
  ProtobufReader in(bytes);
  std::string type, name;
  while (in.next()) {
    if (in.field() == 1) type = in.bytes();
    if (in.field() == 2) name = in.bytes();
  }
  if (!type.empty()) out.add_resource(type, name);
  return !in.failed();
}

bool read_point(std::string_view bytes, SeriesWriter& out) {
  ProtobufReader in(bytes);
  double value = 0;
  std::int64_t time = 0;
  while (in.next()) {
    if (in.field() == 1) value = in.number();
    if (in.field() == 2) time = in.integer();
  }
  if (!in.failed()) out.add(time, value);
  return !in.failed();
}

// Fields that stand before the points or behind them: the points wait.
bool read_series(std::string_view bytes, SeriesWriter& out) {
  ProtobufReader in(bytes);
  bool good = true;
  while (in.next()) {
    model::MetricPoint& head = out.head();
    if (in.field() == 1) good &= read_resource(in.bytes(), out);
    if (in.field() == 2) head.name = in.bytes();
    if (in.field() == 3) head.tags.emplace_back(in.bytes());
    if (in.field() == 5) out.set_kind(in.unsigned_integer());
    if (in.field() == 8) out.set_interval(in.unsigned_integer());
  }
  ProtobufReader points(bytes);
  while (points.next())
    if (points.field() == 4) good &= read_point(points.bytes(), out);
  return good && !in.failed();
}

struct Summary {
  std::int64_t time = 0, count = 0;
  double min = 0, max = 0, sum = 0;
  std::vector<std::uint64_t> keys, counts;
};

// Nothing when it is no sketch of the Agent's.
std::optional<model::DDSketch> sketch_of(const Summary& summary) {
  constexpr std::int64_t kKeyMost = std::numeric_limits<model::DDSketch::Key>::max();
  if (summary.keys.size() != summary.counts.size() || summary.count <= 0) return std::nullopt;
  model::DDSketch sketch;
  for (std::size_t i = 0; i < summary.keys.size(); ++i) {
    const std::int64_t key = codec::from_zigzag(summary.keys[i]);
    if (key > kKeyMost || key < -kKeyMost) return std::nullopt;
    const auto count = static_cast<double>(summary.counts[i]);
    if (!sketch.add_bin(static_cast<model::DDSketch::Key>(key), count)) return std::nullopt;
  }
  sketch.add_sums(static_cast<double>(summary.count), summary.sum, summary.min, summary.max);
  return sketch;
}

void keep_up_to_bins(std::vector<std::uint64_t>& numbers, std::uint64_t number) {
  if (numbers.size() <= limits::sketch_bins_max) numbers.push_back(number);
}

bool read_sketch(std::string_view bytes, SeriesWriter& out) {
  ProtobufReader in(bytes);
  Summary read;
  while (in.next()) {
    if (in.field() == 1) read.time = in.integer();
    if (in.field() == 2) read.count = in.integer();
    if (in.field() == 3) read.min = in.number();
    if (in.field() == 4) read.max = in.number();
    if (in.field() == 6) read.sum = in.number();
    if (in.field() == 7)
      in.each_unsigned([&](std::uint64_t key) { keep_up_to_bins(read.keys, key); });
    if (in.field() == 8)
      in.each_unsigned([&](std::uint64_t count) { keep_up_to_bins(read.counts, count); });
  }
  if (in.failed()) return false;
  if (std::optional<model::DDSketch> sketch = sketch_of(read)) {
    out.add(read.time, *std::move(sketch));
  } else {
    out.refuse("bad_sketch");
  }
  return true;
}

bool read_sketches(std::string_view bytes, SeriesWriter& out) {
  ProtobufReader in(bytes);
  while (in.next()) {
    if (in.field() == 1) out.head().name = in.bytes();
    if (in.field() == 2) out.head().host = in.bytes();
    if (in.field() == 4) out.head().tags.emplace_back(in.bytes());
  }
  bool good = !in.failed();
  ProtobufReader sketches(bytes);
  while (sketches.next()) {
    if (sketches.field() == 3) out.refuse("sketch_of_an_old_agent");
    if (sketches.field() == 7) good &= read_sketch(sketches.bytes(), out);
  }
  return good;
}

// Both are a list of messages in field 1.
Result<model::Batch> parse(const std::string& body, std::string_view source, ReadSeries read) {
  model::Batch batch;
  SeriesWriter out(batch, source);
  ProtobufReader in(body);
  bool good = true;
  while (in.next()) {
    if (in.field() != 1) continue;
    out.begin();
    good &= read(in.bytes(), out);
    out.end();
  }
  if (!good || in.failed())
    return Error{Code::malformed, "the body is cut short or no protobuf", "body"};
  return batch;
}

}  // namespace

Result<model::Batch> parse_metric_payload(std::string body) {
  return parse(body, "/api/v2/series", read_series);
}

Result<model::Batch> parse_sketch_payload(std::string body) {
  return parse(body, "/api/beta/sketches", read_sketches);
}

}  // namespace catalejo::intake::dd_metrics
