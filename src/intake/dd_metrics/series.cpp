#include "intake/dd_metrics/series.hpp"

#include <cmath>
#include <optional>

#include "codec/json_dom.hpp"
#include "intake/dd_metrics/series_writer.hpp"

namespace catalejo::intake::dd_metrics {
namespace {

namespace dom = codec::dom;

std::optional<double> number(dom::element value) {
  double number = 0;
  if (value.get(number) != simdjson::SUCCESS) return std::nullopt;
  return number;
}

// Some clients send parts of a second.
std::optional<std::int64_t> seconds(dom::element value) {
  const std::optional<double> number_given = number(value);
  constexpr double kMost = 1e15;
  if (!number_given || std::abs(*number_given) > kMost) return std::nullopt;
  return static_cast<std::int64_t>(std::floor(*number_given));
}

void read_tags(dom::element value, model::MetricPoint& head) {
  dom::array tags;
  if (value.get(tags) != simdjson::SUCCESS) return;
  for (const dom::element tag : tags) head.tags.emplace_back(codec::text_or_empty(tag));
}

void read_interval(dom::element value, SeriesWriter& out) {
  const std::optional<std::int64_t> interval = seconds(value);
  if (interval && *interval > 0) out.set_interval(static_cast<std::uint64_t>(*interval));
}

void read_resources(dom::element value, SeriesWriter& out) {
  dom::array resources;
  if (value.get(resources) != simdjson::SUCCESS) return;
  for (const dom::element resource : resources) {
    std::string_view type, name;
    if (resource["type"].get(type) != simdjson::SUCCESS) continue;
    if (resource["name"].get(name) != simdjson::SUCCESS) continue;
    out.add_resource(type, name);
  }
}

// By its name in the first version of the API, by its number in the second.
void read_type(dom::element value, SeriesWriter& out) {
  const std::string_view name = codec::text_or_empty(value);
  const std::optional<double> code = number(value);
  const bool count = name == "count" || (code && *code == 1);
  const bool rate = name == "rate" || (code && *code == 2);
  out.set_kind(count ? 1 : rate ? 2 : 3);
}

void read_field(std::string_view key, dom::element value, SeriesWriter& out) {
  model::MetricPoint& head = out.head();
  if (key == "metric") head.name = codec::text_or_empty(value);
  if (key == "host") head.host = codec::text_or_empty(value);
  if (key == "device" && !codec::text_or_empty(value).empty())
    head.tags.push_back("device:" + std::string(codec::text_or_empty(value)));
  if (key == "tags") read_tags(value, head);
  if (key == "type") read_type(value, out);
  if (key == "interval") read_interval(value, out);
  if (key == "resources") read_resources(value, out);
}

using ReadPoint = void (*)(dom::element, SeriesWriter&);

// [time, value]
void read_pair(dom::element value, SeriesWriter& out) {
  dom::array pair;
  if (value.get(pair) != simdjson::SUCCESS || pair.size() != 2) return out.refuse("bad_point");
  const std::optional<std::int64_t> time = seconds(pair.at(0).value_unsafe());
  const std::optional<double> given = number(pair.at(1).value_unsafe());
  if (!time || !given) return out.refuse("bad_point");
  out.add(*time, *given);
}

// {"timestamp": …, "value": …}
void read_object(dom::element value, SeriesWriter& out) {
  dom::element time, given;
  if (value["timestamp"].get(time) != simdjson::SUCCESS ||
      value["value"].get(given) != simdjson::SUCCESS || !seconds(time) || !number(given))
    return out.refuse("bad_point");
  out.add(*seconds(time), *number(given));
}

// [time, [value, …]]
void read_values(dom::element value, SeriesWriter& out) {
  dom::array pair, values;
  if (value.get(pair) != simdjson::SUCCESS || pair.size() != 2 ||
      pair.at(1).get(values) != simdjson::SUCCESS)
    return out.refuse("bad_point");
  const std::optional<std::int64_t> time = seconds(pair.at(0).value_unsafe());
  model::DDSketch sketch;
  bool good = time.has_value();
  for (const dom::element each : values) {
    const std::optional<double> given = number(each);
    good = good && given && sketch.add(*given);
  }
  if (!good) return out.refuse("bad_point");
  out.add(*time, std::move(sketch));
}

void read_one(dom::element entry, ReadPoint read_point, SeriesWriter& out) {
  out.begin();
  dom::object fields;
  if (entry.get(fields) != simdjson::SUCCESS) return out.refuse("wrong_type");
  for (const dom::key_value_pair field : fields) read_field(field.key, field.value, out);
  dom::array points;
  if (fields["points"].get(points) == simdjson::SUCCESS)
    for (const dom::element point : points) read_point(point, out);
  out.end();
}

Result<model::Batch> parse(std::string body, std::string_view source, ReadPoint read_point) {
  codec::JsonDocument document;
  CATALEJO_TRY(document.parse(body));
  dom::array series;
  if (codec::root(document)["series"].get(series) != simdjson::SUCCESS)
    return Error{Code::malformed, "the body is an object with the array \"series\"", "series"};
  model::Batch batch;
  SeriesWriter out(batch, source);
  for (const dom::element entry : series) read_one(entry, read_point, out);
  return batch;
}

}  // namespace

Result<model::Batch> parse_series_v1(std::string body) {
  return parse(std::move(body), "/api/v1/series", read_pair);
}

Result<model::Batch> parse_series_v2(std::string body) {
  return parse(std::move(body), "/api/v2/series", read_object);
}

Result<model::Batch> parse_distribution_points(std::string body) {
  return parse(std::move(body), "/api/v1/distribution_points", read_values);
}

}  // namespace catalejo::intake::dd_metrics
