#include "api/spans_json.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <array>
#include <set>

#include "api/cost_json.hpp"
#include "base/limits.hpp"
#include "model/evaluation.hpp"
#include "query/preview.hpp"
#include "query/saturate.hpp"

namespace catalejo::api {
namespace {

constexpr std::array<std::pair<std::uint32_t, std::string_view>, 9> kFlags = {{
    {model::flag_invalid_utf8, "invalid_utf8"},
    {model::flag_attachment_cut, "attachment_cut"},
    {model::flag_text_cut, "text_cut"},
    {model::flag_dropped_io, "dropped_io"},
    {model::flag_clock_skew, "clock_skew"},
    {model::flag_id_from_text, "id_from_text"},
    {model::flag_tags_cut, "tags_cut"},
    {model::flag_number_text, "number_text"},
    {model::flag_redacted, "redacted"},
}};

std::string_view status_of(bool failed) {
  return failed ? "error" : "ok";
}

// What the LLM half leaves empty the APM half may know.
std::string_view either(const query::TraceNode& node, std::string_view query::SpanRow::*column) {
  const std::string_view text = node.main().*column;
  if (!text.empty() || node.apm == nullptr) return text;
  return node.apm->*column;
}

std::string_view of_apm(const query::TraceNode& node, std::string_view query::SpanRow::*column) {
  return node.apm == nullptr ? std::string_view{} : node.apm->*column;
}

std::string_view halves_of(const query::TraceNode& node) {
  if (node.llm != nullptr && node.apm != nullptr) return "both";
  return node.llm != nullptr ? "llm" : "apm";
}

// Both halves' entries; the LLM half's stand first and win.
template <typename Map>
Map merged(const query::TraceNode& node, Map query::SpanRow::*column) {
  Map map = node.main().*column;
  if (node.llm == nullptr || node.apm == nullptr || node.llm == node.apm) return map;
  std::set<std::string_view> keys;
  for (const auto& [key, value] : map) keys.insert(key);
  for (const auto& entry : node.apm->*column)
    if (keys.insert(entry.first).second) map.push_back(entry);
  return map;
}

void append_metrics(std::string& out, const query::NumberMap& map) {
  codec::JsonObjectWriter object(out);
  for (const auto& [key, value] : map) codec::append_json_number(object.key(key), value);
  object.close();
}

void append_error(Fields& span, const query::TraceNode& node) {
  if (!node.failed()) {
    span.key("error") += "null";
    return;
  }
  Fields error(span.key("error"));
  error.text_or_null("type", either(node, &query::SpanRow::error_type));
  error.text_or_null("message", either(node, &query::SpanRow::error_message));
  error.text_or_null("stack", either(node, &query::SpanRow::error_stack));
  error.close();
}

void append_node_identity(Fields& span, const query::TraceTree& tree,
                          const query::TraceNode& node) {
  const query::SpanRow& main = node.main();
  span.span_id("span_id", main.span_id);
  span.span_id("parent_id", node.parent < 0
                                ? SpanId{}
                                : tree.nodes[static_cast<std::size_t>(node.parent)].main().span_id);
  span.trace_id("trace_id", node.llm != nullptr ? node.llm->trace_id : TraceId{});
  TraceId apm_trace = main.apm_trace_id;
  if (apm_trace.empty() && node.apm != nullptr)
    apm_trace = node.apm->apm_trace_id.empty() ? node.apm->trace_id : node.apm->apm_trace_id;
  span.trace_id("apm_trace_id", apm_trace);
  span.text("halves", halves_of(node));
  span.text("name", main.name.empty() ? main.apm_name : main.name);
  span.text_or_null("apm_name", of_apm(node, &query::SpanRow::apm_name));
  span.text_or_null("resource", either(node, &query::SpanRow::resource));
  span.text_or_null("apm_type", either(node, &query::SpanRow::apm_type));
  span.text("kind", main.kind);
}

void append_node(std::string& out, const query::TraceTree& tree, const query::TraceNode& node,
                 const query::SpanCost& cost) {
  const query::SpanRow& main = node.main();
  Fields span(out);
  append_node_identity(span, tree, node);
  span.text("service", either(node, &query::SpanRow::service));
  span.text("env", either(node, &query::SpanRow::env));
  span.text("version", either(node, &query::SpanRow::version));
  span.text("ml_app", either(node, &query::SpanRow::ml_app));
  span.text_or_null("model", either(node, &query::SpanRow::model));
  span.text_or_null("provider", either(node, &query::SpanRow::provider));
  span.text_or_null("deployment", either(node, &query::SpanRow::deployment));
  span.text_or_null("session_id", either(node, &query::SpanRow::session_id));
  span.text_or_null("user_id", either(node, &query::SpanRow::user_id));
  span.text("status", status_of(node.failed()));
  append_error(span, node);
  span.time("start_ns", main.start);
  span.integer("duration_ns", main.duration_ns);
  span.json("input", either(node, &query::SpanRow::input));
  span.json("output", either(node, &query::SpanRow::output));
  span.json("metadata", either(node, &query::SpanRow::metadata));
  append_metrics(span.key("metrics"), merged(node, &query::SpanRow::metrics));
  span.text_map("tags", merged(node, &query::SpanRow::tags));
  span.json("extra", either(node, &query::SpanRow::extra));
  span.known("input_tokens", main.input_tokens);
  span.known("output_tokens", main.output_tokens);
  span.known("total_tokens", main.total_tokens);
  span.cost("cost_usd", cost.cost.known() ? cost.cost.amount.value : -1);
  append_span_cost(span.key("cost"), cost);
  span.flags("flags", main.flags | (node.apm != nullptr ? node.apm->flags : 0));
  span.text("source", main.source);
  span.time("received_ns", {main.received_ms * kNanosPerMilli});
  span.close();
}

void append_ids(std::string& out, const std::vector<TraceId>& ids) {
  out += '[';
  for (const TraceId id : ids) {
    if (out.back() != '[') out += ',';
    codec::append_json_string(out, to_hex(id));
  }
  out += ']';
}

void append_totals(std::string& out, const query::TraceSums& sums, const query::CostSum& cost) {
  Fields totals(out);
  totals.integer("llm_calls", static_cast<std::int64_t>(sums.llm_calls));
  totals.integer("errors", static_cast<std::int64_t>(sums.errors));
  totals.known("input_tokens", sums.input_tokens);
  totals.known("output_tokens", sums.output_tokens);
  totals.known("total_tokens", sums.total_tokens);
  totals.cost("cost_usd", cost.known_calls() > 0 ? cost.known_cost().value : -1);
  append_cost_sum(totals.key("cost"), cost);
  totals.close();
}

// Lines of the picture of a whole trace: [start, end, failed], in nanoseconds since its start.
void append_overview(std::string& out, const query::Outline& outline) {
  append_array(out, outline.overview(), [&](std::string& to, const query::OverviewLine& line) {
    to +=
        fmt::format("[{},{},{}]", query::distance_saturated(outline.sums().start, line.start),
                    query::distance_saturated(outline.sums().start, line.end), line.failed ? 1 : 0);
  });
}

// Where lines and pages of a large trace are counted; null when it was answered whole.
void append_windows(std::string& out, const query::Trace& trace) {
  if (trace.outline == nullptr) {
    out += "null";
    return;
  }
  Fields windows(out);
  windows.integer("steps", static_cast<std::int64_t>(trace.outline->steps().size()));
  append_overview(windows.key("overview"), *trace.outline);
  windows.close();
}

}  // namespace

void Fields::number(std::string_view name, std::optional<double> value) {
  std::string& out = key(name);
  if (value)
    codec::append_json_number(out, *value);
  else
    out += "null";
}

void Fields::text_or_null(std::string_view name, std::string_view value) {
  if (value.empty()) {
    key(name) += "null";
  } else {
    text(name, value);
  }
}

void Fields::flag(std::string_view name, bool value) {
  key(name) += value ? "true" : "false";
}

void Fields::integer(std::string_view name, std::int64_t value) {
  codec::append_json_number(key(name), value);
}

void Fields::known(std::string_view name, std::int64_t value) {
  if (value < 0) {
    key(name) += "null";
  } else {
    integer(name, value);
  }
}

void Fields::tokens(std::int64_t input, std::int64_t output, std::int64_t total) {
  Fields counts(key("tokens"));
  counts.known("input", input);
  counts.known("output", output);
  counts.known("total", total);
  counts.close();
}

void Fields::cost(std::string_view name, std::int64_t nano_usd) {
  if (nano_usd < 0) {
    key(name) += "null";
  } else {
    codec::append_json_number(key(name), static_cast<double>(nano_usd) / 1e9);
  }
}

void Fields::trace_id(std::string_view name, TraceId id) {
  text_or_null(name, id.empty() ? std::string() : to_hex(id));
}

void Fields::span_id(std::string_view name, SpanId id) {
  text_or_null(name, id.value == 0 ? std::string() : to_decimal(id));
}

void Fields::time(std::string_view name, UnixNanos time) {
  text(name, std::to_string(time.value));
}

void Fields::json(std::string_view name, std::string_view value) {
  append_stored_json(key(name), value);
}

void Fields::flags(std::string_view name, std::uint32_t flags) {
  std::string& out = key(name);
  out += '[';
  for (const auto& [bit, word] : kFlags) {
    if ((flags & bit) == 0) continue;
    if (out.back() != '[') out += ',';
    codec::append_json_string(out, word);
  }
  out += ']';
}

void Fields::text_map(std::string_view name, const query::TextMap& map) {
  codec::JsonObjectWriter object(key(name));
  for (const auto& [map_key, value] : map) object.text(map_key, value);
  object.close();
}

void append_stored_json(std::string& out, std::string_view text) {
  if (text.empty()) {
    out += "null";
    return;
  }
  thread_local simdjson::dom::parser parser;
  if (parser.parse(text.data(), text.size()).error() == simdjson::SUCCESS) {
    out += text;
  } else {
    codec::append_json_string(out, text);
  }
}

void append_row(std::string& out, const query::SpanRow& row, const query::SpanCost& cost,
                const query::TraceTotals* totals, const query::CostSum* trace_cost) {
  Fields fields(out);
  fields.trace_id("trace_id", row.trace_id);
  fields.trace_id("apm_trace_id", row.apm_trace_id);
  fields.span_id("span_id", row.span_id);
  fields.span_id("parent_id", row.has_llm() ? row.parent_id : row.apm_parent_id);
  fields.text("name", row.name.empty() ? row.apm_name : row.name);
  fields.text("kind", row.kind);
  fields.text("service", row.service);
  fields.text("env", row.env);
  fields.text("ml_app", row.ml_app);
  fields.text_or_null("model", row.model);
  fields.text_or_null("provider", row.provider);
  fields.text_or_null("deployment", row.deployment);
  fields.text("status", status_of(row.error));
  fields.text_or_null("error_type", row.error_type);
  fields.text_or_null("error_message", row.error_message);
  fields.time("start_ns", row.start);
  fields.integer("duration_ns", row.duration_ns);
  fields.text_or_null("session_id", row.session_id);
  fields.text_or_null("user_id", row.user_id);
  fields.text("input", query::preview_of_input(row.input));
  fields.text("output", query::preview_of_output(row.output));
  fields.tokens(row.input_tokens, row.output_tokens, row.total_tokens);
  fields.cost("cost_usd", cost.cost.known() ? cost.cost.amount.value : -1);
  append_cost(fields.key("cost"), cost);
  if (totals != nullptr) {
    Fields trace(fields.key("trace"));
    trace.integer("spans", static_cast<std::int64_t>(totals->spans));
    trace.integer("errors", static_cast<std::int64_t>(totals->errors));
    trace.integer("llm_calls", static_cast<std::int64_t>(totals->llm_calls));
    trace.known("tokens_total", totals->tokens);
    if (trace_cost != nullptr) append_cost_sum(trace.key("cost"), *trace_cost);
    trace.close();
  }
  fields.text("source", row.source);
  fields.flags("flags", row.flags);
  fields.close();
}

void append_trace(std::string& out, const query::Trace& trace, const query::Pricing& pricing,
                  const query::CostSum* whole_cost) {
  const query::TraceTree& tree = trace.tree;
  std::vector<query::SpanCost> costs;
  query::CostSum total;
  for (const query::TraceNode& node : tree.nodes) {
    costs.push_back(query::span_cost(node.main(), pricing, true));
    query::add_span(total, costs.back());
  }
  total.finish();
  std::set<std::string_view> services(trace.services.begin(), trace.services.end());
  for (const query::TraceNode& node : tree.nodes)
    if (const auto service = either(node, &query::SpanRow::service); !service.empty())
      services.insert(service);
  const auto append_text = [](std::string& to, std::string_view text) {
    codec::append_json_string(to, text);
  };
  Fields fields(out);
  fields.trace_id("id", trace.id);
  fields.trace_id("apm_trace_id", trace.ids.apm.empty() ? TraceId{} : trace.ids.apm.front());
  append_ids(fields.key("llm_trace_ids"), trace.ids.llm);
  fields.time("start_ns", tree.sums.start);
  fields.integer("duration_ns", query::distance_saturated(tree.sums.start, tree.sums.end));
  fields.text("status", status_of(tree.sums.errors > 0));
  append_array(fields.key("services"), services, append_text);
  fields.integer("total_spans", static_cast<std::int64_t>(trace.spans_total));
  fields.integer("shown_spans", static_cast<std::int64_t>(tree.nodes.size()));
  append_totals(fields.key("totals"), tree.sums, whole_cost != nullptr ? *whole_cost : total);
  append_array(fields.key("spans"), tree.nodes, [&](std::string& to, const auto& node) {
    append_node(to, tree, node, costs[static_cast<std::size_t>(&node - tree.nodes.data())]);
  });
  append_array(fields.key("evaluations"), trace.evaluations.rows, append_evaluation);
  append_array(fields.key("notes"), tree.notes, append_text);
  append_windows(fields.key("windows"), trace);
  fields.close();
}

void append_line(std::string& out, const query::TraceLines& lines, std::size_t at) {
  const std::vector<query::OutlineNode>& nodes = lines.trace.outline->nodes();
  const query::OutlineNode& node = nodes[lines.window.positions[at]];
  const query::SpanRow none;
  const query::SpanRow& row = lines.by_line[at] != nullptr ? *lines.by_line[at] : none;
  std::string_view http_status;
  for (const auto& [key, value] : row.tags)
    if (key == "http.status_code") http_status = value;
  Fields line(out);
  line.span_id("span_id", node.span_id);
  line.span_id("parent_id",
               node.parent < 0 ? SpanId{} : nodes[static_cast<std::size_t>(node.parent)].span_id);
  line.integer("depth", node.depth);
  line.integer("inside", node.end - lines.window.positions[at] - 1);
  line.flag("closed", lines.window.closed[at]);
  line.flag("failed_inside", node.failed_inside);
  line.flag("orphan", node.orphan);
  line.text("status", status_of(node.failed));
  line.integer("offset_ns",
               query::distance_saturated(lines.trace.outline->sums().start, node.start));
  line.integer("duration_ns", node.duration_ns);
  line.text("halves", !row.has_apm() ? "llm" : row.has_llm() ? "both" : "apm");
  line.text("name", row.name.empty() ? row.apm_name : row.name);
  line.text_or_null("apm_name", row.apm_name);
  line.text_or_null("resource", row.resource.substr(0, limits::preview_characters_max));
  line.text("kind", row.kind);
  line.text_or_null("model", row.model);
  line.text_or_null("deployment", row.deployment);
  line.text_or_null("http_status", http_status);
  line.close();
}

void append_evaluation_value(std::string& out, const query::EvaluationRow& row) {
  switch (static_cast<model::MetricType>(row.metric_type)) {
    case model::MetricType::score:
      codec::append_json_number(out, row.score);
      return;
    case model::MetricType::boolean:
      out += row.score != 0 ? "true" : "false";
      return;
    case model::MetricType::json:
      append_stored_json(out, row.text);
      return;
    case model::MetricType::categorical:
    case model::MetricType::text:
      break;
  }
  codec::append_json_string(out, row.text);
}

void append_evaluation(std::string& out, const query::EvaluationRow& row) {
  Fields fields(out);
  fields.trace_id("id", row.id);
  fields.trace_id("trace_id", row.trace_id);
  fields.span_id("span_id", row.span_id);
  fields.text_or_null("session_id", row.session_id);
  if (row.join_key.empty()) {
    fields.key("join") += "null";
  } else {
    Fields join(fields.key("join"));
    join.text("key", row.join_key);
    join.text("value", row.join_value);
    join.close();
  }
  fields.text("event_kind", row.event_kind);
  fields.text("scope", row.scope);
  fields.text("label", row.label);
  fields.text("metric_type",
              model::metric_type_name(static_cast<model::MetricType>(row.metric_type)));
  append_evaluation_value(fields.key("value"), row);
  fields.text_or_null("assessment", row.assessment);
  fields.text_or_null("reasoning", row.reasoning);
  fields.text("status", row.status.empty() ? "OK" : row.status);
  fields.json("error", row.error_json);
  fields.text("ml_app", row.ml_app);
  fields.text_map("tags", row.tags);
  fields.json("metadata", row.metadata);
  fields.json("submitter", row.submitter);
  fields.integer("timestamp_ms", row.timestamp_ms);
  fields.close();
}

}  // namespace catalejo::api
