#include "query/export.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "query/plans.hpp"
#include "query/row_reader.hpp"

namespace catalejo::query {
namespace {

// Plain types: readers of Parquet differ in what they know beyond these.
constexpr std::string_view kColumns =
    "start, toString(lower(hex(trace_id))) AS trace, toString(lower(hex(apm_trace_id))) AS "
    "apm_trace,\n"
    "  toString(span_id) AS span, toString(parent_id) AS parent, toString(name) AS span_name,\n"
    "  toString(kind) AS span_kind, if(error = 0, 'ok', 'error') AS status,\n"
    "  toString(error_type) AS error_kind, error_message, toString(service) AS service_name,\n"
    "  toString(env) AS environment, toString(version) AS service_version,\n"
    "  toString(ml_app) AS application, toString(model) AS model_name,\n"
    "  toString(provider) AS model_provider, toString(deployment) AS deployment_name, session_id,\n"
    "  user_id, duration_ns, nullIf(input_tokens, -1) AS tokens_in,\n"
    "  nullIf(output_tokens, -1) AS tokens_out, nullIf(total_tokens, -1) AS tokens_total,\n"
    "  nullIf(cached_tokens, -1) AS tokens_cached,\n"
    "  if(cost_nano_usd < 0, NULL, cost_nano_usd / 1e9) AS application_cost_usd, input, output,\n"
    "  metadata, CAST(tags, 'Map(String, String)') AS tag,\n"
    "  CAST(metrics, 'Map(String, Float64)') AS metric";

// A window whose file is larger is followed by a smaller one. Its rows take several times as much
// while they are read and written.
constexpr std::size_t kWindowBytesWanted = 8u << 20;
constexpr std::size_t kShrink = 8;

void write_window(StatementBuilder& out, const Filter& filter, const std::optional<Cursor>& after,
                  const std::optional<Cursor>& until) {
  out << "\nFROM spans\nWHERE ";
  write_condition(out, filter);
  if (after) write_side(out, *after, "<");
  if (until) write_side(out, *until, ">=");
  out << "\nORDER BY start DESC, span_id DESC, trace_id DESC";
  // So that few texts are in memory at once.
  out.set("read_in_order_use_buffering = 0");
  out.set("max_threads = 1");
}

Statement plan_window_end(const Filter& filter, const std::optional<Cursor>& after,
                          std::size_t rows) {
  StatementBuilder out;
  out << "SELECT start, span_id, trace_id";
  write_window(out, filter, after, std::nullopt);
  out << fmt::format("\nLIMIT 1 OFFSET {}\nFORMAT RowBinary", rows - 1);
  return std::move(out).finish();
}

Statement plan_parquet(const Filter& filter, const std::optional<Cursor>& after,
                       const std::optional<Cursor>& until) {
  StatementBuilder out;
  out << "SELECT " << kColumns;
  write_window(out, filter, after, until);
  out << "\nFORMAT Parquet";
  out.set("max_block_size = 2048");
  out.set("output_format_parquet_string_as_string = 1");
  out.set("output_format_parquet_compression_method = 'zstd'");
  // They hold places in the file, and the joined one is read without them.
  out.set("output_format_parquet_write_page_index = 0");
  out.set("output_format_parquet_write_bloom_filter = 0");
  return std::move(out).finish();
}

}  // namespace

Task<Result<std::optional<Cursor>>> ParquetExport::window_end() {
  auto body = co_await ask(store_, plan_window_end(filter_, after_, window_rows_));
  if (!body) co_return body.error();
  std::optional<Cursor> end;
  if (body->empty()) co_return end;
  RowReader reader(*body);
  end.emplace();
  end->start = {reader.i64()};
  end->span_id = {reader.u64()};
  end->trace_id = reader.trace_id();
  if (reader.failed()) co_return broken_answer();
  co_return end;
}

Task<Result<std::string>> ParquetExport::window() {
  while (true) {
    auto end = co_await window_end();
    if (!end) co_return end.error();
    auto body = co_await ask(store_, plan_parquet(filter_, after_, *end));
    if (!body && body.error().code == Code::bad_request && window_rows_ > 1) {
      // More than a statement may take: its texts are long.
      window_rows_ = std::max<std::size_t>(1, window_rows_ / kShrink);
      continue;
    }
    if (!body && body.error().code == Code::bad_request)
      co_return Error{Code::bad_request,
                      "one span of this list is larger than the database may read at once; leave "
                      "it out by its time or a search",
                      "query"};
    if (!body) co_return body.error();
    if (body->size() > kWindowBytesWanted)
      window_rows_ = std::max<std::size_t>(1, window_rows_ / 2);
    else
      window_rows_ = std::min(kWindowRowsMax, 2 * window_rows_);
    read_all_ = !*end;
    after_ = *end;
    co_return body;
  }
}

Task<Result<std::string>> ParquetExport::next() {
  if (!read_all_) {
    auto body = co_await window();
    if (!body) co_return body.error();
    auto part = joiner_.add(*body);
    if (!part) co_return part.error();
    read_all_ = read_all_ || joiner_.rows() >= kExportRowsMax;
    if (!part->empty()) co_return part;
  }
  if (std::exchange(ended_, true)) co_return std::string();
  co_return joiner_.finish();
}

}  // namespace catalejo::query
