#include <algorithm>

#include "base/time.hpp"
#include "model/span_counts.hpp"
#include "store/batch/encoded_batch.hpp"
#include "store/batch/row_binary.hpp"
#include "store/store.hpp"

namespace catalejo::store {
namespace {

void put_tags(RowBinaryWriter& out, const std::vector<model::Tag>& tags) {
  out.varint(tags.size());
  for (const model::Tag& tag : tags) {
    out.text(tag.key);
    out.text(tag.value);
  }
}

void put_counts(RowBinaryWriter& out, const model::Span& span) {
  out.number(model::input_tokens(span));
  out.number(model::output_tokens(span));
  out.number(model::total_tokens(span));
  out.number(model::cost_nano_usd(span));
}

void put_span(RowBinaryWriter& out, const model::Span& span, UnixNanos received) {
  out.number(static_cast<std::uint8_t>(span.halves));
  out.id(span.trace_id);
  out.id(span.apm_trace_id);
  out.number(span.span_id.value);
  out.number(span.parent_id.value);
  out.number(span.apm_parent_id.value);
  out.number(span.start.value);
  out.number(span.duration_ns);
  out.number(received.value / kNanosPerMilli);
  out.number(static_cast<std::uint8_t>(span.error));
  for (const std::string_view text :
       {span.name,           span.apm_name,   span.resource,    span.apm_type,
        span.kind,           span.service,    span.env,         span.version,
        span.ml_app,         span.session_id, span.user_id,     span.model_name,
        span.model_provider, span.deployment, span.error_type,  span.error_message,
        span.error_stack,    span.input_json, span.output_json, span.metadata_json,
        span.extra_json})
    out.text(text);
  put_tags(out, span.tags);
  out.varint(span.metrics.size());
  for (const model::Metric& metric : span.metrics) {
    out.text(metric.key);
    out.number(metric.value);
  }
  put_counts(out, span);
  out.number(span.flags);
  out.text(span.source);
}

void put_evaluation(RowBinaryWriter& out, const model::Evaluation& evaluation, UnixNanos received) {
  out.id(evaluation.id);
  out.id(evaluation.trace_id);
  out.number(evaluation.span_id.value);
  for (const std::string_view text :
       {evaluation.session_id, evaluation.join_key, evaluation.join_value, evaluation.event_kind,
        evaluation.scope, evaluation.label, evaluation.ml_app})
    out.text(text);
  out.number(static_cast<std::uint8_t>(evaluation.type));
  out.number(evaluation.score);
  for (const std::string_view text :
       {evaluation.text, evaluation.assessment, evaluation.reasoning, evaluation.status,
        evaluation.submitter, evaluation.metadata_json, evaluation.error_json})
    out.text(text);
  out.number(evaluation.timestamp.value / kNanosPerMilli);
  out.number(received.value / kNanosPerMilli);
  put_tags(out, evaluation.tags);
  out.number(evaluation.flags);
  out.text(evaluation.source);
}

void put_sketch(RowBinaryWriter& out, const model::DDSketch& sketch) {
  for (const double number : {sketch.count(), sketch.sum(), sketch.min(), sketch.max()})
    out.number(number);
  out.varint(sketch.bins().size());
  for (const model::DDSketch::Bin& bin : sketch.bins()) out.number(bin.key);
  out.varint(sketch.bins().size());
  for (const model::DDSketch::Bin& bin : sketch.bins()) out.number(bin.count);
}

void put_point(RowBinaryWriter& out, const model::MetricPoint& point) {
  out.number(static_cast<std::uint8_t>(point.repeatable));
  out.number(model::series_of(point));
  out.number(static_cast<std::uint32_t>(point.time.value / kNanosPerSecond));
  out.text(point.name);
  out.text(point.host);
  out.varint(point.tags.size());
  for (const std::string& tag : point.tags) out.text(tag);
  out.number(static_cast<std::uint8_t>(point.kind));
  out.number(point.interval_s);
  const bool spread = point.kind == model::MetricKind::distribution;
  out.number(spread ? point.sketch.average() : point.value);
  put_sketch(out, point.sketch);
  out.text(point.source);
}

void put_event(RowBinaryWriter& out, const model::Event& event, UnixNanos received) {
  out.number(static_cast<std::uint8_t>(event.repeatable));
  out.number(static_cast<std::uint8_t>(event.kind));
  out.number(event.id);
  out.number(static_cast<std::uint32_t>(event.time.value / kNanosPerSecond));
  out.number(received.value / kNanosPerMilli);
  out.number(static_cast<std::uint8_t>(event.status));
  for (const std::string* text : {&event.title, &event.text, &event.host, &event.aggregation_key,
                                  &event.priority, &event.source_type, &event.alert_type})
    out.text(*text);
  out.varint(event.tags.size());
  for (const std::string& tag : event.tags) out.text(tag);
  out.number(event.flags);
  out.text(event.source);
}

// Roughly what the rows will take, so that the buffer grows once.
std::size_t estimate(const model::Batch& batch) {
  std::size_t bytes = 0;
  for (const model::Span& span : batch.spans)
    bytes += 640 + span.input_json.size() + span.output_json.size() + span.metadata_json.size() +
             span.extra_json.size() + span.error_stack.size() + 64 * span.tags.size() +
             40 * span.metrics.size();
  for (const model::Event& event : batch.events) bytes += 320 + event.text.size();
  return bytes + 512 * batch.evaluations.size() + 192 * batch.points.size();
}

template <typename Put>
void add_row(EncodedBatch& encoded, Table table, UnixNanos time, std::uint32_t flags, Put&& put) {
  EncodedBatch::Row row;
  row.at = encoded.payload.size();
  encoded.payload.append(kRowHeadBytes, '\0');
  RowBinaryWriter out(encoded.payload);
  put(out);
  const std::size_t from = row.at + kRowHeadBytes;
  const std::uint32_t day = day_number(time);
  row.head = {.length = static_cast<std::uint32_t>(encoded.payload.size() - from),
              .day = kept_by_month(table) ? day - day % 100 + 1 : day,
              .table = table};
  put_row_head(encoded.payload.data() + row.at, row.head);
  row.cut = (flags & model::kCutFlags) != 0;
  row.keys = keys_of_row(table, std::string_view(encoded.payload).substr(from));
  encoded.rows.push_back(row);
}

RowKey key_of(char kind, std::string_view trace_id, std::string_view span_id) {
  char bytes[1 + 16 + 8];
  bytes[0] = kind;
  std::memcpy(bytes + 1, trace_id.data(), 16);
  std::memcpy(bytes + 17, span_id.data(), 8);
  return hash128({bytes, sizeof bytes});
}

}  // namespace

void EncodedBatchDeleter::operator()(EncodedBatch* batch) const {
  delete batch;
}

void put_row_head(char* at, const RowHead& head) {
  const std::uint32_t second = head.day | static_cast<std::uint32_t>(head.table) << 30;
  std::memcpy(at, &head.length, 4);
  std::memcpy(at + 4, &second, 4);
}

RowHead read_row_head(const char* at) {
  RowHead head;
  std::uint32_t second;
  std::memcpy(&head.length, at, 4);
  std::memcpy(&second, at + 4, 4);
  head.day = second & 0x3fff'ffff;
  head.table = static_cast<Table>(second >> 30);
  return head;
}

RowKeys keys_of_row(Table table, std::string_view row) {
  RowKeys keys;
  if (table == Table::evaluations) {
    keys.has_llm = true;
    keys.llm = hash128(row.substr(evaluation_row::id, 16), /*seed=*/3);
    return keys;
  }
  if (table == Table::metrics) {
    keys.has_llm = row[metric_row::repeatable] != 0;
    if (keys.has_llm) keys.llm = hash128(row, /*seed=*/5);
    return keys;
  }
  if (table == Table::events) {
    keys.has_llm = row[event_row::repeatable] != 0;
    if (keys.has_llm) keys.llm = hash128(row.substr(event_row::kind, 9), /*seed=*/7);
    return keys;
  }
  const auto halves = static_cast<model::Halves>(row[span_row::half]);
  const std::string_view trace_id = row.substr(span_row::trace_id, 16);
  std::string_view apm_trace_id = row.substr(span_row::apm_trace_id, 16);
  const bool apm_known = apm_trace_id.find_first_not_of('\0') != std::string_view::npos;
  if (!apm_known) apm_trace_id = trace_id;
  const std::string_view span_id = row.substr(span_row::span_id, 8);
  keys.has_llm = model::has_llm(halves);
  keys.has_apm = model::has_apm(halves);
  if (keys.has_llm) keys.llm = key_of(1, trace_id, span_id);
  if (keys.has_apm) keys.apm = key_of(2, apm_trace_id, span_id);
  return keys;
}

EncodedBatchPtr encode(const model::Batch& batch, UnixNanos received) {
  EncodedBatchPtr encoded(new EncodedBatch);
  encoded->payload.reserve(estimate(batch));
  encoded->rows.reserve(batch.spans.size() + batch.evaluations.size() + batch.points.size() +
                        batch.events.size());
  for (const model::Span& span : batch.spans)
    add_row(*encoded, Table::spans, span.start, span.flags,
            [&](RowBinaryWriter& out) { put_span(out, span, received); });
  for (const model::Evaluation& evaluation : batch.evaluations)
    add_row(*encoded, Table::evaluations, evaluation.timestamp, evaluation.flags,
            [&](RowBinaryWriter& out) { put_evaluation(out, evaluation, received); });
  for (const model::MetricPoint& point : batch.points)
    add_row(*encoded, Table::metrics, point.time, 0,
            [&](RowBinaryWriter& out) { put_point(out, point); });
  for (const model::Event& event : batch.events)
    add_row(*encoded, Table::events, event.time, event.flags,
            [&](RowBinaryWriter& out) { put_event(out, event, received); });
  return encoded;
}

}  // namespace catalejo::store
