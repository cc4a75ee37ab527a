// One row of the table `spans` as a query gives it back, and the SELECT list it is read from.
// The views point into the body of the answer, which a Rows<> owns.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "query/row_reader.hpp"

namespace catalejo::query {

inline constexpr std::int64_t kUnknown = -1;  // of tokens and cost

using TextMap = std::vector<std::pair<std::string_view, std::string_view>>;
using NumberMap = std::vector<std::pair<std::string_view, double>>;
TextMap read_text_map(RowReader& reader);
NumberMap read_number_map(RowReader& reader);

// Where a row says its span stands: all that the shape of a trace is made of.
struct SpanLink {
  std::uint8_t half = 0;  // bit 0 LLM, bit 1 APM
  bool error = false;
  TraceId trace_id, apm_trace_id;
  SpanId span_id, parent_id, apm_parent_id;
  UnixNanos start;
  std::int64_t duration_ns = 0;

  bool has_llm() const { return (half & 1) != 0; }
  bool has_apm() const { return (half & 2) != 0; }
};

struct SpanRow : SpanLink {
  std::int64_t received_ms = 0;
  std::string_view name, apm_name, apm_type, kind, service, env, version, ml_app, model, provider,
      deployment, error_type, source;
  std::string_view resource, session_id, user_id, error_message, error_stack;
  std::string_view input, output, metadata, extra;  // JSON or empty
  TextMap tags;
  NumberMap metrics;
  std::int64_t input_tokens = kUnknown, output_tokens = kUnknown, total_tokens = kUnknown;
  std::int64_t cost_nano_usd = kUnknown;
  std::uint32_t flags = 0;
  // What a cost needs besides (columns that the database derives).
  std::int64_t cached_tokens = kUnknown, cache_write_tokens = kUnknown, reasoning_tokens = kUnknown,
               audio_input_tokens = kUnknown, audio_output_tokens = kUnknown;
  std::string_view azure_resource;
  // Of the column a list is sorted by, when it is not the start.
  std::optional<std::int64_t> sort_value;
};

struct EvaluationRow {
  TraceId id, trace_id;
  SpanId span_id;
  std::string_view session_id, join_key, join_value, event_kind, scope, label, ml_app;
  std::uint8_t metric_type = 0;  // model::MetricType
  double score = 0;
  std::string_view text, assessment, reasoning, status, submitter, metadata, error_json;
  std::int64_t timestamp_ms = 0;
  TextMap tags;
  std::string_view source;
};

// As the page counts failures.
inline bool evaluation_failed(const EvaluationRow& row) {
  return row.assessment == "fail" || row.status == "error";
}

// Rows and the bytes they point into. Moving it keeps the views.
template <typename Row>
struct Rows {
  std::unique_ptr<const std::string> body;
  std::vector<Row> rows;
};

enum class Columns {
  all,   // everything of the row
  list,  // what a list shows: long texts cut to what a preview needs, the rest empty
  line,  // what one line of a tree shows: no long text at all
  call,  // what a call was asked and used: of a long input the message that asks, no other text
};

// The SELECT list that read_span_rows reads; the order is theirs.
std::string span_columns(Columns columns);
std::string evaluation_columns();

// Error database when the body is not what the columns promise.
Result<Rows<SpanRow>> read_span_rows(std::string body);
Result<Rows<EvaluationRow>> read_evaluation_rows(std::string body);

// Takes out what was replaced or taken back later: of a label of the same thing, only the newest of
// each person is left, which may be the one that takes back, and of a whole trace or session the
// newest of each version of an evaluator. `rows` are oldest first.
void keep_current(std::vector<EvaluationRow>& rows);

// What every reader says when RowReader::failed().
Error broken_answer();

}  // namespace catalejo::query
