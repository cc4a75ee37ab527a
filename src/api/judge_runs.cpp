// A judge tried on one span, and a published one asked about spans that somebody chose.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "api/body.hpp"
#include "api/cost_json.hpp"
#include "api/spans_json.hpp"
#include "base/limits.hpp"
#include "codec/utf8.hpp"
#include "evaluate/engine/verdict_json.hpp"
#include "evaluate/judge/runner.hpp"
#include "evaluate/registry.hpp"

namespace catalejo::api {
namespace {

namespace dom = codec::dom;
namespace judge = evaluate::judge;

Result<TraceId> read_trace(std::string_view name, dom::element value) {
  const auto id = parse_trace_id(codec::text_or_empty(value));
  if (!id || id->empty()) return bad(name, "this is no trace id");
  return *id;
}

Result<SpanId> read_span(std::string_view name, dom::element value) {
  const auto id = parse_span_id(codec::text_or_empty(value));
  if (!id || id->value == 0) return bad(name, "this is no span id");
  return *id;
}

struct Asked {
  std::string settings;
  TraceId trace_id;
  SpanId span_id;
};

// A place of a span, as one field of a body.
Result<void> read_place(Asked& asked, std::string_view name, dom::element value) {
  if (name == "trace_id") {
    auto id = read_trace(name, value);
    if (!id) return id.error();
    asked.trace_id = *id;
    return {};
  }
  if (name != "span_id") return no_such_field(name);
  auto id = read_span(name, value);
  if (!id) return id.error();
  asked.span_id = *id;
  return {};
}

Result<Asked> parse_trial(std::string body) {
  Asked asked;
  CATALEJO_TRY(read_body(
      std::move(body),
      [&](std::string_view name, dom::element value) -> Result<void> {
        if (name != "judge") return read_place(asked, name, value);
        codec::append_json(asked.settings, value);
        return {};
      },
      limits::judge_body_bytes_max));
  if (asked.settings.empty()) return bad("judge", "judge is missing");
  if (asked.trace_id.empty()) return bad("trace_id", "trace_id is missing");
  if (asked.span_id.value == 0) return bad("span_id", "span_id is missing");
  return asked;
}

const query::SpanRow* find_row(const query::Trace& trace, SpanId span) {
  const auto found = std::ranges::find_if(trace.rows.rows, [span](const query::SpanRow& row) {
    return row.span_id == span && row.has_llm();
  });
  return found == trace.rows.rows.end() ? nullptr : &*found;
}

void append_verdict(std::string& out, const evaluate::Verdict& verdict) {
  Fields fields(out);
  fields.text("type", model::metric_type_name(verdict.type));
  evaluate::append_value(fields.key("value"), verdict);
  fields.text_or_null("assessment", evaluate::assessment_name(verdict.assessment));
  fields.text_or_null("reasoning", verdict.reasoning);
  fields.close();
}

void append_problem(std::string& out, const Error& error) {
  Fields fields(out);
  fields.text("kind", error.where);
  std::string words;
  codec::append_as_utf8(words, error.message);
  fields.text("words", words);
  fields.close();
}

std::string trial_json(const judge::Trial& trial, const query::Pricing& pricing) {
  const judge::Answer& answer = trial.call.answer;
  std::string body;
  Fields fields(body);
  fields.json("sent", trial.call.sent);
  fields.text_or_null("said", answer.said);
  if (answer.verdict) {
    append_verdict(fields.key("verdict"), *answer.verdict);
    fields.key("problem") += "null";
  } else {
    fields.key("verdict") += "null";
    append_problem(fields.key("problem"), answer.verdict.error());
  }
  fields.text("deployment", trial.call.deployment);
  fields.text_or_null("model", answer.model);
  fields.integer("input_tokens", answer.input_tokens);
  fields.integer("output_tokens", answer.output_tokens);
  append_cost(fields.key("cost"),
              query::span_cost(row_of(judge::own_call(trial.call)), pricing, false));
  fields.integer("duration_ns", trial.call.duration_ns);
  fields.trace_id("trace_id", trial.trace_id);
  fields.close();
  return body;
}

struct Chosen {
  std::map<TraceId, std::vector<SpanId>> spans;  // none = all model calls of the trace
  std::size_t count = 0;
};

Result<void> read_chosen_spans(Chosen& chosen, std::string_view name, dom::element value) {
  dom::array items;
  if (value.get(items) != simdjson::SUCCESS) return bad(name, "must be an array");
  for (const dom::element item : items) {
    dom::object fields;
    Asked place;
    if (item.get(fields) != simdjson::SUCCESS)
      return bad(name, "must be an array of {trace_id, span_id}");
    for (const dom::key_value_pair field : fields)
      CATALEJO_TRY(read_place(place, field.key, field.value));
    if (place.trace_id.empty() || place.span_id.value == 0)
      return bad(name, "must be an array of {trace_id, span_id}");
    chosen.spans[place.trace_id].push_back(place.span_id);
    ++chosen.count;
  }
  return {};
}

Result<void> read_chosen_traces(Chosen& chosen, std::string_view name, dom::element value) {
  dom::array items;
  if (value.get(items) != simdjson::SUCCESS) return bad(name, "must be an array");
  for (const dom::element item : items) {
    auto id = read_trace(name, item);
    if (!id) return id.error();
    chosen.spans[*id];
  }
  return {};
}

Result<Chosen> parse_chosen(std::string body) {
  Chosen chosen;
  CATALEJO_TRY(read_body(
      std::move(body),
      [&](std::string_view name, dom::element value) -> Result<void> {
        if (name == "spans") return read_chosen_spans(chosen, name, value);
        if (name == "traces") return read_chosen_traces(chosen, name, value);
        return no_such_field(name);
      },
      limits::judge_body_bytes_max));
  if (chosen.spans.empty()) return bad("spans", "name spans, or traces");
  if (chosen.count > limits::judge_run_spans_max)
    return bad("spans", fmt::format("at most {} at a time", limits::judge_run_spans_max));
  if (chosen.spans.size() > limits::judge_run_traces_max)
    return bad("traces",
               fmt::format("of at most {} traces at a time", limits::judge_run_traces_max));
  return chosen;
}

// Adds the places of what was chosen of a trace; of a large one only a part is there. Gives the
// spans that are not.
std::vector<SpanId> add_places(std::vector<judge::Place>& places, const query::Trace& trace,
                               const std::vector<SpanId>& spans) {
  std::vector<SpanId> missing;
  for (const SpanId span : spans) {
    const query::SpanRow* row = find_row(trace, span);
    if (row == nullptr) missing.push_back(span);
    if (row != nullptr) places.push_back({row->trace_id, row->span_id, row->start});
  }
  if (!spans.empty()) return missing;
  for (const query::SpanRow& row : trace.rows.rows)
    if (row.has_llm() && row.kind == "llm")
      places.push_back({row.trace_id, row.span_id, row.start});
  return missing;
}

struct Found {
  std::vector<judge::Place> places;
  std::size_t missing = 0;
};

Task<Result<Found>> find_chosen(ApiPtr api, Chosen chosen) {
  Found found;
  for (const auto& [trace_id, spans] : chosen.spans) {
    std::vector<SpanId> left = spans;
    do {
      query::TracePart part;
      if (!left.empty()) part.around = left.front();
      auto trace = co_await api->reader.trace(trace_id, now(), part);
      if (!trace && trace.error().code != Code::not_found) co_return trace.error();
      if (!trace) {
        found.missing += std::max<std::size_t>(1, left.size());
        break;
      }
      const std::size_t before = left.size();
      left = add_places(found.places, *trace, left);
      if (left.empty() || (trace->outline != nullptr && left.size() < before)) continue;
      found.missing += left.size();
      break;
    } while (!left.empty());
    if (found.places.size() > limits::judge_run_spans_max)
      co_return bad("traces",
                    fmt::format("they have more than {} model calls", limits::judge_run_spans_max));
  }
  co_return found;
}

}  // namespace

Answer try_judge(ApiPtr api, net::Request request, std::string) {
  auto asked = parse_trial(std::move(request.body));
  if (!asked) co_return problem(asked.error());
  auto settings = judge::read_settings(asked->settings);
  if (!settings) co_return problem(settings.error());
  query::TracePart part;
  part.around = asked->span_id;
  auto trace = co_await api->reader.trace(asked->trace_id, now(), part);
  if (!trace) co_return problem(trace.error());
  auto held = std::make_shared<query::Trace>(*std::move(trace));
  const query::SpanRow* row = find_row(*held, asked->span_id);
  if (row == nullptr)
    co_return problem({Code::not_found, "there is no such span in this trace", "span_id"});
  if (row->ml_app == judge::kOwnApp)
    co_return problem(bad("span_id", "a judge's own call is not judged"));
  auto work = [api, held, row, settings = *std::move(settings)]() -> Result<judge::Trial> {
    return api->options.judge_runner->try_out(settings, *row);
  };
  auto trial = co_await api->options.trials->run(std::move(work));
  if (!trial) co_return problem(trial.error());
  auto pricing = co_await api->costs.pricing(trial->call.start, trial->call.start);
  if (!pricing) co_return problem(pricing.error());
  co_return json_answer(trial_json(*trial, *pricing));
}

Answer run_judge(ApiPtr api, net::Request request, std::string id) {
  auto number = parse_number(id);
  if (!number) co_return problem(number.error());
  auto chosen = parse_chosen(std::move(request.body));
  if (!chosen) co_return problem(chosen.error());
  auto found = co_await find_chosen(api, *std::move(chosen));
  if (!found) co_return problem(found.error());
  auto queued = api->options.judge_runner->run(*number, found->places);
  if (!queued) co_return problem(queued.error());
  std::string body;
  Fields fields(body);
  fields.integer("queued", static_cast<std::int64_t>(*queued));
  fields.integer("queue_full", static_cast<std::int64_t>(found->places.size() - *queued));
  fields.integer("not_found", static_cast<std::int64_t>(found->missing));
  fields.close();
  co_return json_answer(std::move(body));
}

}  // namespace catalejo::api
