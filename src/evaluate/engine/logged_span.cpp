#include "evaluate/engine/logged_span.hpp"

#include "query/row_reader.hpp"
#include "store/columns.hpp"

namespace catalejo::evaluate {

std::optional<query::SpanRow> read_logged_span(std::uint8_t row_version, std::string_view row) {
  if (store::columns_of(store::Table::spans, row_version).empty()) return std::nullopt;
  query::RowReader reader(row);
  query::SpanRow span;
  span.half = reader.u8();
  span.trace_id = reader.trace_id();
  span.apm_trace_id = reader.trace_id();
  for (SpanId* id : {&span.span_id, &span.parent_id, &span.apm_parent_id}) id->value = reader.u64();
  span.start.value = reader.i64();
  span.duration_ns = reader.i64();
  span.received_ms = reader.i64();
  span.error = reader.u8() != 0;
  for (std::string_view* text :
       {&span.name,          &span.apm_name,    &span.resource, &span.apm_type,   &span.kind,
        &span.service,       &span.env,         &span.version,  &span.ml_app,     &span.session_id,
        &span.user_id,       &span.model,       &span.provider, &span.deployment, &span.error_type,
        &span.error_message, &span.error_stack, &span.input,    &span.output,     &span.metadata,
        &span.extra})
    *text = reader.text();
  span.tags = query::read_text_map(reader);
  span.metrics = query::read_number_map(reader);
  for (std::int64_t* number :
       {&span.input_tokens, &span.output_tokens, &span.total_tokens, &span.cost_nano_usd})
    *number = reader.i64();
  span.flags = reader.u32();
  span.source = reader.text();
  if (reader.failed()) return std::nullopt;
  return span;
}

}  // namespace catalejo::evaluate
