// Of the runner: one record asked, its answer as a row, and what evaluators say of it.
#include <fmt/format.h>

#include "codec/json_writer.hpp"
#include "codec/utf8.hpp"
#include "evaluate/engine/verdict_json.hpp"
#include "evaluate/experiments/checks.hpp"
#include "evaluate/experiments/record_prompt.hpp"
#include "evaluate/experiments/runner.hpp"
#include "evaluate/judge/row.hpp"
#include "evaluate/registry.hpp"

namespace catalejo::evaluate::experiments {
namespace {

std::string bounded(std::string_view text) {
  std::string valid;
  codec::append_as_utf8(valid, text);
  return std::string(codec::utf8_prefix(valid, limits::experiment_text_bytes_max / 2));
}

std::string metadata_of(const playground::Exchange& exchange) {
  std::string json;
  codec::JsonObjectWriter fields(json);
  fields.text("deployment", exchange.deployment);
  if (exchange.completion) {
    const playground::Completion& completion = *exchange.completion;
    fields.text("model", completion.model);
    fields.text("finish_reason", completion.finish_reason);
    codec::append_json_number(fields.key("input_tokens"), completion.input_tokens);
    codec::append_json_number(fields.key("output_tokens"), completion.output_tokens);
  }
  fields.close();
  return json;
}

// Of a record that nobody was asked about: the same whenever it is.
std::string id_of(const std::string& experiment, const store::DatasetRecord& record,
                  std::int64_t run) {
  return to_decimal(span_id_from_text(fmt::format("{} {} {}", experiment, record.id, run)));
}

void set_error(store::ExperimentRow& row, const Error& error) {
  row.failed = true;
  row.error_type = error.where;
  row.error_message = bounded(error.message);
}

std::string error_json(const Error& error) {
  std::string json;
  codec::JsonObjectWriter fields(json);
  fields.text("type", error.where);
  fields.text("message", bounded(error.message));
  fields.close();
  return json;
}

store::ExperimentScore score_of(const std::string& name, const Result<Verdict>& verdict) {
  store::ExperimentScore score{.label = name,
                               .type = "boolean",
                               .status = "OK",
                               .source = "custom",
                               .judged_by = "managed",
                               .timestamp_ms = now().value / kNanosPerMilli};
  if (!verdict) {
    score.status = "ERROR";
    score.error = error_json(verdict.error());
    return score;
  }
  score.type = model::metric_type_name(verdict->type);
  score.value.clear();
  append_value(score.value, *verdict);
  if (verdict->type == model::MetricType::score || verdict->type == model::MetricType::boolean)
    score.score = verdict->score;
  score.assessment = assessment_name(verdict->assessment);
  score.reasoning = bounded(verdict->reasoning);
  return score;
}

}  // namespace

std::string Runner::redacted(const std::string& text) const {
  if (options_.redaction == nullptr) return text;
  const auto rules = options_.redaction->current();
  return rules->idle() ? text : rules->try_text(judge::kPlaygroundApp, text).text;
}

Runner::Asked Runner::ask(const store::ExperimentRun& run, const Plan& plan, const Turn& turn) {
  const store::DatasetRecord& record = turn.record;
  Asked asked;
  asked.spent = read_spent(run.spent);
  asked.step.spent = run.spent;
  asked.step.after = turn.after;
  asked.step.instead_of = turn.instead_of;
  store::ExperimentRow& row = asked.step.row;
  row.span_id = id_of(run.experiment, record, turn.iteration);
  row.record = record.id;
  row.run = turn.iteration;
  row.name = run.name;
  row.start = now();
  row.input = record.input;
  row.expected = record.expected_output == "null" ? "" : record.expected_output;
  const auto fail = [&](const Error& error) {
    asked.kind = error.where.empty() ? std::string(code_name(error.code)) : error.where;
    asked.words = bounded(error.message);
    set_error(row, error);
  };
  auto messages = fill(plan.messages_json, record);
  if (!messages) {
    fail(messages.error());
    return asked;
  }
  auto question = question_of(plan, *messages);
  if (!question) {
    fail(question.error());
    return asked;
  }
  const auto exchange =
      options_.desk->ask(*question, {.tags = {{"experiment_id", run.experiment},
                                              {"dataset_record_id", record.id},
                                              {"run_iteration", fmt::format("{}", turn.iteration)}},
                                     .stopped = ended()});
  if (exchange.span_id.value != 0) row.span_id = to_decimal(exchange.span_id);
  if (!exchange.trace_id.empty()) row.trace_id = to_hex(exchange.trace_id);
  row.start = exchange.start;
  row.duration_ns = exchange.duration_ns;
  row.metadata = metadata_of(exchange);
  if (!exchange.completion) {
    fail(exchange.completion.error());
    return asked;
  }
  const playground::Completion& completion = *exchange.completion;
  add_spent(asked.spent, {.judge = {},
                          .deployment = exchange.deployment,
                          .resource = exchange.resource,
                          .model = completion.model,
                          .calls = 1,
                          .input_tokens = completion.input_tokens,
                          .output_tokens = completion.output_tokens});
  score(plan, completion, asked);
  asked.step.spent = spent_json(asked.spent);
  return asked;
}

void Runner::score(const Plan& plan, const playground::Completion& completion, Asked& asked) {
  store::ExperimentRow& row = asked.step.row;
  const std::string said = redacted(completion.said);
  row.output = codec::json_quoted(said);  // or, with calls of tools, an object
  if (!completion.calls.empty()) {
    row.output = R"({"content":)" + row.output + R"(,"tool_calls":[)";
    for (const playground::ToolCall& call : completion.calls) {
      if (row.output.back() != '[') row.output += ',';
      codec::JsonObjectWriter fields(row.output);
      fields.text("name", call.name);
      fields.text("arguments", redacted(call.arguments));
      fields.close();
    }
    row.output += "]}";
  }
  for (const std::string& name : plan.checks)
    asked.step.scores.push_back(check_answer(name, said, row.expected));
  for (const std::string& name : plan.judges) {
    ask_judge(name, asked);
    if (asked.kind == "stopped") return;
  }
  for (store::ExperimentScore& each : asked.step.scores) {
    each.span_id = row.span_id;
    each.trace_id = row.trace_id;
  }
}

void Runner::ask_judge(const std::string& name, Asked& asked) {
  const store::ExperimentRow& row = asked.step.row;
  judge::JudgedRow judged({.input = row.input,
                           .output = row.output,
                           .expected = row.expected,
                           .metadata = row.metadata});
  judged.row().trace_id = parse_trace_id(row.trace_id).value_or(TraceId{});
  judged.row().span_id = parse_span_id(row.span_id).value_or(SpanId{});
  auto trial = options_.judges->judge_row(name, judged.row(), ended());
  if (!trial) {
    asked.step.scores.push_back(score_of(name, trial.error()));
    return;
  }
  const judge::Answer& answer = trial->call.answer;
  if (!answer.verdict && answer.verdict.error().where == "stopped") {
    asked.kind = "stopped";
    return;
  }
  add_spent(asked.spent, {.judge = name,
                          .deployment = trial->call.deployment,
                          .resource = trial->call.resource,
                          .model = answer.model,
                          .calls = 1,
                          .input_tokens = answer.input_tokens,
                          .output_tokens = answer.output_tokens});
  asked.step.scores.push_back(score_of(name, answer.verdict));
}

}  // namespace catalejo::evaluate::experiments
