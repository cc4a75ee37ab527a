#include "intake/dd_apm/stats.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "base/limits.hpp"
#include "codec/msgpack.hpp"
#include "codec/protobuf.hpp"

namespace catalejo::intake::dd_apm {
namespace {

using codec::ProtobufReader;
using Type = codec::MsgpackReader::Type;

constexpr double kNanosInSecond = 1e9;

// What a DDSketch of sketches-go or its relatives says: bins of nanoseconds on a logarithm.
struct WireSketch {
  double gamma = 0, offset = 0;
  std::uint64_t interpolation = 0;  // 0 = none: the only one that tracers use
  std::vector<std::pair<std::int64_t, double>> bins;
  double zeros = 0;
  bool readable = true;

  void add(std::int64_t key, double count) {
    if (!(count > 0)) return;
    if (!std::isfinite(count) || bins.size() >= limits::sketch_bins_max) {
      readable = false;
      return;
    }
    bins.emplace_back(key, count);
  }
  double seconds_of(std::int64_t key) const {
    const double low = std::exp((static_cast<double>(key) - offset) * std::log(gamma));
    return low * 2 * gamma / (1 + gamma) / kNanosInSecond;
  }
  bool good() const { return readable && interpolation == 0 && gamma > 1 && std::isfinite(gamma); }
};

void read_mapping(std::string_view bytes, WireSketch& sketch) {
  ProtobufReader in(bytes);
  while (in.next()) {
    if (in.field() == 1) sketch.gamma = in.number();
    if (in.field() == 2) sketch.offset = in.number();
    if (in.field() == 3) sketch.interpolation = in.unsigned_integer();
  }
  sketch.readable &= !in.failed();
}

void read_bin(std::string_view bytes, WireSketch& sketch) {
  ProtobufReader in(bytes);
  std::int64_t key = 0;
  double count = 0;
  while (in.next()) {
    if (in.field() == 1) key = codec::from_zigzag(in.unsigned_integer());
    if (in.field() == 2) count = in.number();
  }
  sketch.readable &= !in.failed();
  sketch.add(key, count);
}

void read_store(std::string_view bytes, WireSketch& sketch) {
  ProtobufReader first(bytes);
  std::int64_t key = 0;
  while (first.next())
    if (first.field() == 3) key = codec::from_zigzag(first.unsigned_integer());
  constexpr std::int64_t kKeyMost = std::numeric_limits<std::int32_t>::max();
  if (key > kKeyMost || key < -kKeyMost) sketch.readable = false;
  ProtobufReader in(bytes);
  while (in.next() && sketch.readable) {
    if (in.field() == 1) read_bin(in.bytes(), sketch);
    if (in.field() == 2) in.each_number([&](double count) { sketch.add(key++, count); });
  }
  sketch.readable &= !in.failed();
}

WireSketch read_sketch(std::string_view bytes) {
  WireSketch sketch;
  ProtobufReader in(bytes);
  while (in.next()) {
    if (in.field() == 1) read_mapping(in.bytes(), sketch);
    if (in.field() == 2) read_store(in.bytes(), sketch);
    if (in.field() == 4) sketch.zeros = in.number();
  }
  sketch.readable &= !in.failed();
  return sketch;
}

// Sketches of good and of failed spans as one; nothing when one cannot be read. Bin by bin: a
// quantile is that of all the values, not a mean of quantiles.
std::optional<model::DDSketch> merged(const WireSketch& good, const WireSketch& failed,
                                      double sum_s) {
  model::DDSketch all;
  double count = 0, low = std::numeric_limits<double>::infinity(), high = 0;
  const auto add = [&](double seconds, double weight) {
    if (!(weight > 0) || !std::isfinite(seconds)) return;
    if (!all.add_bin(model::DDSketch::key_of(seconds), weight)) return;
    count += weight;
    low = std::min(low, seconds);
    high = std::max(high, seconds);
  };
  for (const WireSketch* sketch : {&good, &failed}) {
    if (sketch->bins.empty() && !(sketch->zeros > 0)) continue;
    if (!sketch->good()) return std::nullopt;
    for (const auto& [key, weight] : sketch->bins) add(sketch->seconds_of(key), weight);
    add(0, sketch->zeros);
  }
  if (count > 0) all.add_sums(count, sum_s, low, high);
  return all;
}

class StatsReader {
 public:
  explicit StatsReader(std::string_view body) : reader_(body) {}

  // {"Stats":[payload]}
  void wrapper() {
    fields([this](std::string_view key) {
      if (key != "Stats") return false;
      return each([this] { payload(); });
    });
  }

  void payload() {
    const std::size_t first = stats_.groups.size();
    std::string_view env, version, host;
    fields([&](std::string_view key) {
      if (key == "Env") return text(env);
      if (key == "Version") return text(version);
      if (key == "Hostname") return text(host);
      return key == "Stats" && each([this] { bucket(); });
    });
    for (std::size_t i = first; i < stats_.groups.size(); ++i) {
      stats_.groups[i].env = env;
      stats_.groups[i].version = version;
      stats_.groups[i].host = host;
    }
  }

  Result<model::TraceStats> result() {
    if (reader_.failed() || !reader_.at_end()) return reader_.error();
    if (too_many_)
      return Error{Code::body_too_large,
                   fmt::format("statistics have up to {} groups", limits::trace_stats_groups_max),
                   "body"};
    return std::move(stats_);
  }

 private:
  // `read` is true when it has taken the value.
  template <typename Read>
  void fields(Read&& read) {
    const std::uint32_t count = reader_.read_map();
    for (std::uint32_t i = 0; i < count && !reader_.failed(); ++i)
      if (!read(reader_.read_text())) reader_.skip();
  }

  template <typename Read>
  bool each(Read&& read) {
    if (reader_.peek() != Type::array) return false;
    const std::uint32_t items = reader_.read_array();
    for (std::uint32_t i = 0; i < items && !reader_.failed(); ++i) read();
    return true;
  }

  bool text(std::string_view& out) {
    if (reader_.peek() != Type::text) return false;
    out = reader_.read_text();
    return true;
  }
  bool bytes(std::string_view& out) {
    if (reader_.peek() == Type::text) return text(out);
    if (reader_.peek() != Type::binary) return false;
    out = reader_.read_binary();
    return true;
  }
  bool number(std::uint64_t& out) {
    if (reader_.peek() == Type::unsigned_integer) {
      out = reader_.read_unsigned();
    } else if (reader_.peek() == Type::float32 || reader_.peek() == Type::float64) {
      const double value = reader_.read_float();
      out = value >= 0 && value < 1e18 ? static_cast<std::uint64_t>(value) : 0;
    } else {
      return false;
    }
    return true;
  }

  void bucket() {
    const std::size_t first = stats_.groups.size();
    std::uint64_t start = 0;
    ++stats_.buckets;
    fields([&](std::string_view key) {
      if (key == "Start") return number(start);
      return key == "Stats" && each([this] { group(); });
    });
    constexpr std::uint64_t kMost = std::numeric_limits<std::int64_t>::max() / 2;
    for (std::size_t i = first; i < stats_.groups.size(); ++i)
      stats_.groups[i].start = {static_cast<std::int64_t>(std::min(start, kMost))};
  }

  void group() {
    model::TraceStatsGroup read;
    std::uint64_t duration_ns = 0;
    std::string_view good, failed;
    fields([&](std::string_view key) {
      if (key == "Service") return text(read.service);
      if (key == "Name") return text(read.name);
      if (key == "Resource") return text(read.resource);
      if (key == "SpanKind") return text(read.span_kind);
      if (key == "HTTPStatusCode") return number(read.http_status);
      if (key == "Hits") return number(read.hits);
      if (key == "Errors") return number(read.errors);
      if (key == "Duration") return number(duration_ns);
      if (key == "OkSummary") return bytes(good);
      return key == "ErrorSummary" && bytes(failed);
    });
    read.duration_s = static_cast<double>(duration_ns) / kNanosInSecond;
    if (auto sketch = merged(read_sketch(good), read_sketch(failed), read.duration_s)) {
      read.durations_s = *std::move(sketch);
    } else {
      ++stats_.sketches_unread;
    }
    if (stats_.groups.size() >= limits::trace_stats_groups_max) {
      too_many_ = true;
    } else {
      stats_.groups.push_back(std::move(read));
    }
  }

  codec::MsgpackReader reader_;
  model::TraceStats stats_;
  bool too_many_ = false;
};

}  // namespace

Result<model::TraceStats> parse_stats(std::string_view body, bool wrapped) {
  StatsReader reader(body);
  if (wrapped) {
    reader.wrapper();
  } else {
    reader.payload();
  }
  return reader.result();
}

}  // namespace catalejo::intake::dd_apm
