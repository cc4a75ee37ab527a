#include "query/export.hpp"

#include <fmt/format.h>

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

}  // namespace

Statement plan_parquet(const Filter& filter, std::size_t rows_max) {
  StatementBuilder out;
  out << "SELECT " << kColumns << "\nFROM spans\nWHERE ";
  write_condition(out, filter);
  out << fmt::format("\nORDER BY start DESC, span_id DESC, trace_id DESC\nLIMIT {}\nFORMAT Parquet",
                     rows_max);
  // So that few texts are in memory at once: of a hundred thousand spans all would be a gigabyte.
  out.set("read_in_order_use_buffering = 0");
  out.set("max_threads = 1");
  out.set("max_block_size = 2048");
  out.set("output_format_parquet_row_group_size = 8192");
  out.set("output_format_parquet_string_as_string = 1");
  out.set("output_format_parquet_compression_method = 'zstd'");
  return std::move(out).finish();
}

}  // namespace catalejo::query
