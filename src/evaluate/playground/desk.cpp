#include "evaluate/playground/desk.hpp"

#include "base/log.hpp"
#include "base/task_blocking.hpp"
#include "codec/json_writer.hpp"

namespace catalejo::evaluate::playground {
namespace {

// Of the day book, in which judges begin with 1.
constexpr std::int64_t kOwnPage = 0;

std::string output_of(const Completion& completion) {
  std::string json = R"({"messages":[)";
  codec::JsonObjectWriter message(json);
  message.text("role", "assistant");
  message.text("content", completion.said);
  if (!completion.calls.empty()) {
    std::string& calls = message.key("tool_calls") += '[';
    for (const ToolCall& call : completion.calls) {
      if (calls.back() != '[') calls += ',';
      codec::JsonObjectWriter object(calls);
      object.text("tool_id", call.id);
      object.text("name", call.name);
      object.text("arguments", call.arguments);
      object.close();
    }
    calls += ']';
  }
  message.close();
  return json + "]}";
}

// The parameters and, as our tracer has it, what the content filter said.
std::string metadata_of(const Exchange& exchange) {
  std::string json = exchange.parameters_json;
  if (!exchange.completion) return json;
  const Completion& completion = *exchange.completion;
  std::string filter;
  codec::JsonObjectWriter sides(filter);
  if (!completion.prompt_filter_json.empty()) sides.key("prompt") += completion.prompt_filter_json;
  if (!completion.answer_filter_json.empty())
    sides.key("completion") += completion.answer_filter_json;
  const bool any = !sides.empty();
  sides.close();
  if (!any) return json;
  json.back() = json.size() > 2 ? ',' : ' ';
  return json + R"("azure":{"content_filter":)" + filter + "}}";
}

}  // namespace

judge::OwnCall own_call(const Exchange& exchange) {
  judge::OwnCall call{.app = judge::kPlaygroundApp,
                      .name = "playground",
                      .source = "playground",
                      .deployment = exchange.deployment,
                      .resource = exchange.resource,
                      .model = {},
                      .sent = exchange.sent,
                      .output_json = {},
                      .start = exchange.start,
                      .duration_ns = exchange.duration_ns};
  if (!exchange.completion) {
    call.error = &exchange.completion.error();
    return call;
  }
  const Completion& completion = *exchange.completion;
  call.model = completion.model;
  call.output_json = output_of(completion);
  call.input_tokens = completion.input_tokens;
  call.output_tokens = completion.output_tokens;
  return call;
}

Result<std::unique_ptr<Desk>> Desk::open(DeskOptions options) {
  std::unique_ptr<Desk> desk(new Desk(std::move(options)));
  CATALEJO_TRY(desk->book_.load(now()));
  return desk;
}

store::JudgeAmounts Desk::today() {
  return book_.today(now())[kOwnPage];
}

Exchange Desk::ask(const Question& question, const Purpose& purpose) {
  Exchange exchange{.deployment = question.deployment,
                    .resource = judge::resource_of(options_.deployments.endpoint),
                    .sent = {},
                    .parameters_json = question.parameters_json,
                    .start = now(),
                    .completion = Error{},
                    .span_id = {},
                    .trace_id = {}};
  const auto chosen = judge::choose(options_.deployments, question.deployment);
  judge::Settings budget;
  budget.calls_per_day = options_.budget.calls_per_day;
  budget.tokens_per_day = options_.budget.tokens_per_day;
  if (!chosen) {
    exchange.completion = chosen.error();
  } else if (!book_.take(kOwnPage, budget, exchange.start)) {
    exchange.completion = Error{Code::busy,
                                "the budget of the playground is used up for today (UTC): see "
                                "playground_calls_per_day and playground_tokens_per_day",
                                "budget"};
  } else {
    exchange.deployment = chosen->name;
    exchange.sent = chat_request(question, chosen->name);
    exchange.completion = post(*chosen, exchange, purpose.stopped);
    keep(exchange, purpose);
  }
  options_.counters
      ->counter("catalejo_playground_calls_total",
                label("outcome", exchange.completion ? std::string("answered")
                                                     : exchange.completion.error().where))
      .add();
  return exchange;
}

Result<Completion> Desk::post(const azure::Deployment& deployment, Exchange& exchange,
                              const azure::Stopped& ended) {
  const azure::Stopped stopped = [this, &ended] { return stopping_.load() || (ended && ended()); };
  azure::DeploymentClient client(deployment, options_.timeout_ms, stopped);
  const std::int64_t begin = steady_now_nanos();
  auto body = client.post("chat/completions", exchange.sent, stopped);
  exchange.duration_ns = steady_now_nanos() - begin;
  if (!body) return body.error();
  auto completion = read_completion(*body);
  if (completion)
    book_.add(kOwnPage, "tokens", completion->input_tokens + completion->output_tokens, now());
  return completion;
}

void Desk::keep(Exchange& exchange, const Purpose& purpose) {
  if (auto saved = book_.save(); !saved)
    log::warn("playground", "what was spent is not kept: {}", to_string(saved.error()));
  model::Batch batch;
  model::Span span = judge::span_of(batch.arena, own_call(exchange));
  span.metadata_json = batch.arena.copy(metadata_of(exchange));
  for (const auto& [key, value] : purpose.tags)
    span.tags.push_back({batch.arena.copy(key), batch.arena.copy(value)});
  const TraceId id = span.trace_id;
  exchange.span_id = span.span_id;
  ++batch.spans_received;
  batch.spans.push_back(std::move(span));
  auto kept = run_blocking(options_.accept(std::move(batch)));
  if (kept) {
    exchange.trace_id = id;
    return;
  }
  log::warn("playground", "a call is not kept: {}", to_string(kept.error()));
  options_.counters->counter("catalejo_playground_calls_not_kept_total").add();
}

}  // namespace catalejo::evaluate::playground
