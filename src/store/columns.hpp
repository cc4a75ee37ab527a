// The tables of the database: names and types of their columns, in the order in which a row is
// encoded (RowBinary), kept in the log and inserted. Readers take names and types from here; the
// DDL is clickhouse/sql/, and a test compares the two.
//
// The order is a format on disk (docs/formats/log.md). A column is only ever added at the end,
// together with a new kRowVersion, so that a log written by an older program still replays.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace catalejo::store {

enum class Table : std::uint8_t { spans = 0, evaluations = 1, metrics = 2, events = 3 };
inline constexpr std::size_t kTables = 4;

struct Column {
  std::string_view name, type;
};

// Version of the encoding of rows; stands in every log record. 2 brought metrics, 3 brought events;
// the other tables have the columns of 1.
inline constexpr std::uint8_t kRowVersion = 3;

// half: model::Halves of this row (1 LLM, 2 APM, 3 both). A span whose halves came apart is two
// rows with the same apm_trace_id and span_id. -1 in a token or cost column = not known.
inline constexpr auto kSpanColumns = std::to_array<Column>({
    {"half", "UInt8"},
    {"trace_id", "FixedString(16)"},      // 16 big-endian bytes, see to_bytes(TraceId)
    {"apm_trace_id", "FixedString(16)"},  // zeros = not known
    {"span_id", "UInt64"},
    {"parent_id", "UInt64"},
    {"apm_parent_id", "UInt64"},
    {"start", "DateTime64(9, 'UTC')"},
    {"duration_ns", "Int64"},
    {"received", "DateTime64(3, 'UTC')"},
    {"error", "UInt8"},
    {"name", "LowCardinality(String)"},
    {"apm_name", "LowCardinality(String)"},
    {"resource", "String"},
    {"apm_type", "LowCardinality(String)"},
    {"kind", "LowCardinality(String)"},
    {"service", "LowCardinality(String)"},
    {"env", "LowCardinality(String)"},
    {"version", "LowCardinality(String)"},
    {"ml_app", "LowCardinality(String)"},
    {"session_id", "String"},
    {"user_id", "String"},
    {"model", "LowCardinality(String)"},
    {"provider", "LowCardinality(String)"},
    {"deployment", "LowCardinality(String)"},
    {"error_type", "LowCardinality(String)"},
    {"error_message", "String"},
    {"error_stack", "String"},
    {"input", "String"},
    {"output", "String"},
    {"metadata", "String"},
    {"extra", "String"},
    {"tags", "Map(LowCardinality(String), String)"},
    {"metrics", "Map(LowCardinality(String), Float64)"},
    {"input_tokens", "Int64"},
    {"output_tokens", "Int64"},
    {"total_tokens", "Int64"},
    {"cost_nano_usd", "Int64"},
    {"flags", "UInt32"},  // model::Flag
    {"source", "LowCardinality(String)"},
});

// Columns that the database derives itself (0010_usage.sql, 0020_prompt.sql): no row brings
// them, readers ask for them by name. 0 = none, or not said.
inline constexpr auto kDerivedSpanColumns = std::to_array<Column>({
    {"cached_tokens", "Int64"},
    {"cache_write_tokens", "Int64"},
    {"audio_input_tokens", "Int64"},
    {"audio_output_tokens", "Int64"},
    {"reasoning_tokens", "Int64"},
    {"azure_resource", "LowCardinality(String)"},  // "contoso-eu"
    {"prompt", "LowCardinality(String)"},          // "support@2"
});

inline constexpr auto kEvaluationColumns = std::to_array<Column>({
    {"id", "FixedString(16)"},
    {"trace_id", "FixedString(16)"},  // zeros = joins otherwise
    {"span_id", "UInt64"},
    {"session_id", "String"},
    {"join_key", "LowCardinality(String)"},
    {"join_value", "String"},
    {"event_kind", "LowCardinality(String)"},
    {"scope", "LowCardinality(String)"},
    {"label", "LowCardinality(String)"},
    {"ml_app", "LowCardinality(String)"},
    {"metric_type", "UInt8"},  // model::MetricType
    {"score", "Float64"},
    {"text", "String"},
    {"assessment", "LowCardinality(String)"},
    {"reasoning", "String"},
    {"status", "LowCardinality(String)"},
    {"submitter", "String"},
    {"metadata", "String"},
    {"error_json", "String"},
    {"timestamp", "DateTime64(3, 'UTC')"},
    {"received", "DateTime64(3, 'UTC')"},
    {"tags", "Map(LowCardinality(String), String)"},
    {"flags", "UInt32"},
    {"source", "LowCardinality(String)"},
});

// A value of a series over an interval. Of a distribution `value` is the average, and its sketch
// is in the columns behind it (model::DDSketch); elsewhere they are 0 and empty.
inline constexpr auto kMetricColumns = std::to_array<Column>({
    {"repeatable", "UInt8"},
    {"series", "UInt64"},  // hash of name, host and tags
    {"time", "DateTime('UTC')"},
    {"name", "LowCardinality(String)"},
    {"host", "LowCardinality(String)"},
    {"tags", "Array(LowCardinality(String))"},  // in order
    {"kind", "UInt8"},                          // model::MetricKind
    {"interval", "UInt32"},                     // seconds, 0 = not known
    {"value", "Float64"},
    {"count", "Float64"},
    {"sum", "Float64"},
    {"min", "Float64"},
    {"max", "Float64"},
    {"bin_keys", "Array(Int16)"},
    {"bin_counts", "Array(Float64)"},
    {"source", "LowCardinality(String)"},
});

// An event, or what a service check said: then `title` is its name and `text` its message.
inline constexpr auto kEventColumns = std::to_array<Column>({
    {"repeatable", "UInt8"},
    {"kind", "UInt8"},  // model::EventKind
    {"id", "UInt64"},
    {"time", "DateTime('UTC')"},
    {"received", "DateTime64(3, 'UTC')"},
    {"status", "UInt8"},  // model::CheckStatus
    {"title", "String"},
    {"text", "String"},
    {"host", "LowCardinality(String)"},
    {"aggregation_key", "String"},
    {"priority", "LowCardinality(String)"},
    {"source_type", "LowCardinality(String)"},
    {"alert_type", "LowCardinality(String)"},
    {"tags", "Array(LowCardinality(String))"},  // in order
    {"flags", "UInt32"},                        // model::Flag
    {"source", "LowCardinality(String)"},
});

constexpr std::string_view table_name(Table table) {
  if (table == Table::spans) return "spans";
  if (table == Table::evaluations) return "evaluations";
  return table == Table::metrics ? "metrics" : "events";
}

// Tables that are kept by the month: one INSERT for all of its days.
constexpr bool kept_by_month(Table table) {
  return table == Table::metrics || table == Table::events;
}

// The columns that a row of `row_version` holds; empty for a version this program does not know.
constexpr std::span<const Column> columns_of(Table table, std::uint8_t row_version) {
  if (row_version == 0 || row_version > kRowVersion) return {};
  if (table == Table::spans) return kSpanColumns;
  if (table == Table::evaluations) return kEvaluationColumns;
  if (table == Table::metrics && row_version >= 2) return kMetricColumns;
  if (table == Table::events && row_version >= 3) return kEventColumns;
  return {};
}

// Offsets of the fixed-width fields that open an encoded row.
namespace span_row {
inline constexpr std::size_t half = 0, trace_id = 1, apm_trace_id = 17, span_id = 33;
inline constexpr std::size_t parent_id = 41, apm_parent_id = 49, start = 57, fixed_bytes = 65;
}  // namespace span_row
namespace evaluation_row {
inline constexpr std::size_t id = 0, fixed_bytes = 16;
}  // namespace evaluation_row
namespace metric_row {
inline constexpr std::size_t repeatable = 0, fixed_bytes = 13;
}  // namespace metric_row
namespace event_row {
inline constexpr std::size_t repeatable = 0, kind = 1, id = 2, fixed_bytes = 23;
}  // namespace event_row

constexpr std::size_t fixed_bytes_of(Table table) {
  if (table == Table::spans) return span_row::fixed_bytes;
  if (table == Table::evaluations) return evaluation_row::fixed_bytes;
  return table == Table::metrics ? metric_row::fixed_bytes : event_row::fixed_bytes;
}

}  // namespace catalejo::store
