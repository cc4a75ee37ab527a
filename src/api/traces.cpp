// GET /api/v1/traces/{id}, and for a trace too large to be answered whole its lines and where to
// look next in it.
#include <fmt/format.h>

#include <algorithm>

#include "api/parameters.hpp"
#include "api/routes.hpp"
#include "api/spans_json.hpp"
#include "base/limits.hpp"

namespace catalejo::api {
namespace {

// The parameters of a request about one trace.
struct Asked {
  TraceId id;
  query::Parameters parameters;

  std::string_view text(std::string_view name) const {
    const std::string* found = find_parameter(parameters, name);
    return found == nullptr ? std::string_view{} : std::string_view(*found);
  }
  Result<std::optional<std::uint64_t>> number(std::string_view name) const {
    const std::string_view given = text(name);
    if (given.empty()) return std::optional<std::uint64_t>{};
    const auto value = parse_decimal64(given);
    if (value) return std::optional(*value);
    return bad(name, fmt::format("'{}' is no number", given));
  }
  Result<std::optional<SpanId>> span(std::string_view name) const {
    const std::string_view given = text(name);
    if (given.empty()) return std::optional<SpanId>{};
    if (const auto parsed = parse_span_id(given)) return std::optional(*parsed);
    return bad(name, fmt::format("'{}' is no span id", given));
  }
};

Result<Asked> read_asked(const net::Request& request, std::string_view id,
                         std::initializer_list<std::string_view> allowed) {
  const auto trace_id = parse_trace_id(id);
  if (!trace_id || trace_id->empty())
    return bad("id", "this is no trace id: write 32 hexadecimal digits or a decimal number");
  auto parameters = parameters_of(request);
  if (!parameters) return parameters.error();
  for (const auto& [name, value] : *parameters) {
    if (name != "api_key" && std::ranges::find(allowed, name) == allowed.end())
      return bad(name, fmt::format("there is no parameter '{}' here", name));
  }
  return Asked{*trace_id, *std::move(parameters)};
}

Result<query::TracePart> read_part(const Asked& asked) {
  query::TracePart part;
  auto span = asked.span("span");
  if (!span) return span.error();
  part.around = *span;
  auto steps = asked.number("steps");
  if (!steps) return steps.error();
  if (*steps) part.steps_from = static_cast<std::size_t>(**steps);
  if (part.around && part.steps_from) return bad("steps", "ask for a span or for steps");
  return part;
}

Result<query::Folds> read_folds(const Asked& asked) {
  query::Folds folds;
  auto depth = asked.number("open_depth");
  if (!depth) return depth.error();
  if (*depth) folds.open_depth = static_cast<std::uint32_t>(std::min<std::uint64_t>(**depth, ~0u));
  std::string_view rest = asked.text("flipped");
  while (!rest.empty()) {
    const std::string_view one = rest.substr(0, rest.find(','));
    rest.remove_prefix(std::min(rest.size(), one.size() + 1));
    const auto span = parse_span_id(one);
    if (!span) return bad("flipped", fmt::format("'{}' is no span id", one));
    if (folds.flipped.size() == limits::trace_flipped_max)
      return bad("flipped", fmt::format("more than {} spans", limits::trace_flipped_max));
    folds.flipped.push_back(*span);
  }
  return folds;
}

// What a request for lines wants: from a line on, or the lines around a span.
struct LinesAsked {
  query::Folds folds;
  std::optional<SpanId> around;
  std::uint32_t from = 0;
  std::size_t rows_max = limits::trace_part_spans_max;
};

Result<LinesAsked> read_lines_asked(const Asked& asked) {
  LinesAsked lines;
  auto folds = read_folds(asked);
  if (!folds) return folds.error();
  lines.folds = *std::move(folds);
  auto around = asked.span("around");
  if (!around) return around.error();
  lines.around = *around;
  auto from = asked.number("from");
  if (!from) return from.error();
  lines.from = static_cast<std::uint32_t>(std::min<std::uint64_t>(from->value_or(0), ~0u));
  if (const std::string_view text = asked.text("limit"); !text.empty()) {
    auto limit = parse_limit("limit", text, limits::trace_window_rows_max);
    if (!limit) return limit.error();
    lines.rows_max = *limit;
  }
  return lines;
}

std::string lines_body(const query::TraceLines& lines, std::optional<std::uint32_t> line,
                       const std::vector<SpanId>& closed) {
  std::string body;
  Fields fields(body);
  // Another number than before: rows arrived, and lines may stand elsewhere now.
  fields.integer("spans", static_cast<std::int64_t>(lines.trace.outline->nodes().size()));
  fields.integer("lines", lines.window.lines);
  fields.integer("from", lines.window.first);
  if (line) {
    fields.integer("line", *line);
  } else {
    fields.key("line") += "null";
  }
  fields.key("closed") += '[';
  for (const SpanId id : closed) {
    if (body.back() != '[') body += ',';
    codec::append_json_string(body, to_decimal(id));
  }
  body += ']';
  fields.key("rows") += '[';
  for (std::size_t i = 0; i < lines.window.positions.size(); ++i) {
    if (i > 0) body += ',';
    append_line(body, lines, i);
  }
  body += ']';
  fields.close();
  return body;
}

std::string found_body(const query::Outline& outline, std::optional<std::uint32_t> position) {
  std::string body;
  Fields fields(body);
  if (position) {
    fields.span_id("span_id", outline.nodes()[*position].span_id);
    fields.integer("position", *position);
  } else {
    fields.key("span_id") += "null";
    fields.key("position") += "null";
  }
  fields.close();
  return body;
}

// The span of the first failed evaluation behind `after`, from the start again when there is none.
// One about no span is about the first.
std::optional<std::uint32_t> next_failed_evaluation(
    const query::Outline& outline, const std::vector<query::EvaluationRow>& evaluations,
    std::optional<std::uint32_t> after) {
  std::optional<std::uint32_t> next, first;
  for (const query::EvaluationRow& row : evaluations) {
    if (!query::evaluation_failed(row)) continue;
    const auto position =
        row.span_id.value == 0 ? std::optional<std::uint32_t>(0) : outline.position_of(row.span_id);
    if (!position) continue;
    if (!first || *position < *first) first = position;
    if (after && *position > *after && (!next || *position < *next)) next = position;
  }
  return next ? next : first;
}

Task<Result<std::optional<std::uint32_t>>> dearest(ApiPtr api, query::Shelved trace) {
  const query::TraceSums& sums = trace.outline->sums();
  auto pricing = co_await api->costs.pricing(sums.start, sums.end);
  if (!pricing) co_return pricing.error();
  auto rows = co_await api->reader.costly(trace.ids);
  if (!rows) co_return rows.error();
  const query::SpanRow* most = nullptr;
  // Where no price is known the tokens must do.
  std::pair<std::int64_t, std::int64_t> most_cost{-1, -1};
  for (const query::SpanRow& row : rows->rows) {
    const cost::Cost cost = query::span_cost(row, *pricing, false).cost;
    const std::pair<std::int64_t, std::int64_t> this_cost{cost.known() ? cost.amount.value : -1,
                                                          row.total_tokens};
    if (this_cost <= most_cost) continue;
    most = &row;
    most_cost = this_cost;
  }
  co_return most == nullptr ? std::optional<std::uint32_t>{}
                            : trace.outline->position_of(most->span_id);
}

}  // namespace

Answer get_trace(ApiPtr api, net::Request request, std::string id) {
  auto asked = read_asked(request, id, {"span", "steps"});
  if (!asked) co_return problem(asked.error());
  auto part = read_part(*asked);
  if (!part) co_return problem(part.error());
  auto trace = co_await api->reader.trace(asked->id, now(), *part);
  if (!trace) co_return problem(trace.error());
  const query::TraceSums& sums = trace->tree.sums;
  auto pricing = co_await api->costs.pricing(sums.start, sums.end);
  if (!pricing) co_return problem(pricing.error());
  std::optional<query::CostSum> whole;
  // A part is asked for its spans: its cost is theirs.
  if (trace->outline != nullptr && !part->around && !part->steps_from) {
    auto cost = co_await api->costs.trace(trace->ids, *pricing);
    if (!cost) co_return problem(cost.error());
    whole = *std::move(cost);
  }
  std::string body;
  append_trace(body, *trace, *pricing, whole ? &*whole : nullptr);
  co_return json_answer(std::move(body));
}

Answer get_trace_lines(ApiPtr api, net::Request request, std::string id) {
  auto asked = read_asked(request, id, {"open_depth", "flipped", "around", "from", "limit"});
  if (!asked) co_return problem(asked.error());
  auto wanted = read_lines_asked(*asked);
  if (!wanted) co_return problem(wanted.error());
  auto trace = co_await api->reader.outline(asked->id, now());
  if (!trace) co_return problem(trace.error());
  const query::Outline& outline = *trace->outline;
  std::optional<std::uint32_t> line;
  std::vector<SpanId> closed;
  if (wanted->around) {
    const auto position = outline.position_of(*wanted->around);
    if (!position) co_return problem({Code::not_found, "this trace has no such span", "around"});
    closed = outline.closed_ancestors(wanted->folds, *position);
    if (closed.size() > limits::trace_flipped_max) closed.resize(limits::trace_flipped_max);
    line = outline.line_of(wanted->folds, *position);
    const auto half = static_cast<std::uint32_t>(wanted->rows_max / 2);
    if (line) wanted->from = *line - std::min(*line, half);
  }
  query::OutlineWindow window = outline.window(wanted->folds, wanted->from, wanted->rows_max);
  auto lines = co_await api->reader.lines(*std::move(trace), std::move(window));
  if (!lines) co_return problem(lines.error());
  co_return json_answer(lines_body(*lines, line, closed));
}

Answer find_in_trace(ApiPtr api, net::Request request, std::string id) {
  auto asked = read_asked(request, id, {"what", "after"});
  if (!asked) co_return problem(asked.error());
  auto span = asked->span("after");
  if (!span) co_return problem(span.error());
  auto trace = co_await api->reader.outline(asked->id, now());
  if (!trace) co_return problem(trace.error());
  const query::OutlinePtr outline = trace->outline;
  std::optional<std::uint32_t> after, found;
  if (*span) after = outline->position_of(**span);
  const std::string_view what = asked->text("what");
  if (what == "error") {
    found = outline->next_error(after);
  } else if (what == "slowest") {
    found = outline->slowest();
  } else if (what == "cost") {
    auto most = co_await dearest(api, *std::move(trace));
    if (!most) co_return problem(most.error());
    found = *most;
  } else if (what == "evaluation") {
    query::EvaluationTargets targets;
    targets.traces = trace->ids.llm;
    auto judged = co_await api->reader.evaluations(std::move(targets));
    if (!judged) co_return problem(judged.error());
    found = next_failed_evaluation(*outline, judged->rows, after);
  } else {
    co_return problem(
        bad("what", fmt::format("'{}' cannot be looked for: write error, slowest, cost or "
                                "evaluation",
                                what)));
  }
  co_return json_answer(found_body(*outline, found));
}

}  // namespace catalejo::api
