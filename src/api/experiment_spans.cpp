#include "api/experiment_spans.hpp"

#include "api/spans_json.hpp"
#include "base/limits.hpp"
#include "codec/json_dom.hpp"
#include "codec/json_writer.hpp"

namespace catalejo::api {
namespace {

// Clocks of clients differ from ours.
constexpr std::int64_t kEarly = kNanosPerDay;

// A bare text is kept as {"value":"…"}; an experiment has anything as input and output.
std::string bare(std::string_view stored) {
  if (stored.empty()) return {};
  std::string text(stored);
  codec::JsonDocument document;
  if (!document.parse(text)) return codec::json_quoted(stored);
  std::string json;
  codec::dom::object fields;
  codec::dom::element value = codec::root(document);
  if (value.get(fields) == simdjson::SUCCESS && fields.size() == 1 && fields["value"].is_string())
    value = fields["value"].value_unsafe();
  codec::append_json(json, value);
  return json;
}

// A field of the LLM half that has no column.
std::string extra_field(std::string_view extra, std::string_view name) {
  std::string text(extra), json;
  codec::JsonDocument document;
  codec::dom::element value;
  if (text.empty() || !document.parse(text)) return {};
  if (codec::root(document)[name].get(value) == simdjson::SUCCESS) codec::append_json(json, value);
  return json;
}

store::ExperimentRow row_of(const query::SpanRow& span) {
  store::ExperimentRow row{.span_id = to_decimal(span.span_id),
                           .trace_id = to_hex(span.trace_id),
                           .name = std::string(span.name),
                           .start = span.start,
                           .duration_ns = span.duration_ns,
                           .failed = span.error,
                           .error_type = std::string(span.error_type),
                           .error_message = std::string(span.error_message),
                           .error_stack = std::string(span.error_stack),
                           .input = bare(span.input),
                           .output = bare(span.output),
                           .expected = extra_field(span.extra, "expected_output"),
                           .metadata = std::string(span.metadata)};
  row.tags.clear();
  append_array(row.tags, span.tags, [&](std::string& out, const auto& tag) {
    set_from_tag(row, tag.first, tag.second);
    codec::append_json_string(out, std::string(tag.first) + ":" + std::string(tag.second));
  });
  return row;
}

query::ListPlan plan_of(const store::Experiment& experiment, std::optional<query::Cursor> after) {
  query::ListPlan plan{.order = query::Order::oldest_first,
                       .columns = query::Columns::all,
                       .after = after,
                       .rows_max = limits::experiment_spans_page};
  plan.filter.view = query::View::spans;
  plan.filter.from = {experiment.created.value - kEarly};
  plan.filter.to = {now().value + limits::span_future_seconds_max * kNanosPerSecond};
  plan.filter.fields = {{query::find_field("kind"), {"experiment"}, {}}};
  plan.filter.tags = {{"experiment_id", experiment.id, false}};
  return plan;
}

struct ExperimentSpans {
  std::vector<store::ExperimentRow> rows;
  std::optional<query::Cursor> next;
};

Task<Result<ExperimentSpans>> read_page(query::Reader& reader, store::Experiment experiment,
                                        std::optional<query::Cursor> after) {
  query::ListPlan plan = plan_of(experiment, after);
  auto page = co_await reader.list(std::move(plan));
  if (!page) co_return page.error();
  ExperimentSpans found;
  for (const query::SpanRow& span : page->spans.rows) found.rows.push_back(row_of(span));
  if (!page->next.empty()) {
    auto next = query::parse_cursor(page->next);
    if (!next) co_return next.error();
    found.next = *next;
  }
  co_return found;
}

// Whether an experiment took no more rows.
bool is_full(const Result<void>& kept) {
  return !kept && kept.error().code == Code::bad_request;
}

}  // namespace

void set_from_tag(store::ExperimentRow& row, std::string_view key, std::string_view value) {
  if (key == "dataset_record_id") {
    row.record = value.substr(0, limits::short_name_bytes_max);
  } else if (key == "run_iteration") {
    row.run = static_cast<std::int64_t>(parse_decimal64(value).value_or(0) & INT32_MAX);
  }
}

Task<Result<void>> collect_experiment_spans(query::Reader& reader, store::Experiment experiment,
                                            KeepRows keep) {
  std::optional<query::Cursor> after;
  do {
    auto found = co_await read_page(reader, experiment, after);
    if (!found) co_return found.error();
    after = found->next;
    auto kept = co_await keep(std::move(found->rows), !after);
    if (is_full(kept)) co_return co_await keep({}, true);
    if (!kept) co_return kept.error();
  } while (after);
  co_return Result<void>();
}

}  // namespace catalejo::api
