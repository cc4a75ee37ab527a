// Experiments that the server runs itself: what they would take, begun, followed, cancelled and
// continued. Their rows are read where those of all experiments are.
#include <fmt/format.h>

#include "api/body.hpp"
#include "api/cost_json.hpp"
#include "api/dataset_request.hpp"
#include "api/spans_json.hpp"
#include "base/limits.hpp"
#include "base/log.hpp"
#include "codec/utf8.hpp"
#include "evaluate/experiments/runner.hpp"

namespace catalejo::api {
namespace {

namespace experiments = evaluate::experiments;
using experiments::Estimate;
using experiments::Plan;
using experiments::Spent;
using store::ExperimentRun;

constexpr std::size_t kListMax = 200;

Result<Plan> read_asked(const std::string& body) {
  if (body.size() > limits::judge_body_bytes_max)
    return Error{Code::body_too_large, "the body is longer than this route takes", "body"};
  return experiments::read_plan(body);
}

void append_problem(std::string& out, std::string_view kind, std::string_view words) {
  std::string valid;
  codec::append_as_utf8(valid, words);
  Fields fields(out);
  fields.text("kind", kind);
  fields.text("words", valid);
  fields.close();
}

// What the calls of one kind cost together: prices go by the token.
query::SpanCost cost_of(const Spent& spent, const query::Pricing& pricing) {
  evaluate::judge::OwnCall call{.app = {},
                                .name = {},
                                .source = {},
                                .deployment = spent.deployment,
                                .resource = spent.resource,
                                .model = spent.model,
                                .sent = {},
                                .output_json = {},
                                .start = pricing.now};
  call.input_tokens = spent.input_tokens;
  call.output_tokens = spent.output_tokens;
  return query::span_cost(row_of(call), pricing, false);
}

void append_spent(std::string& out, const Spent& spent, const query::Pricing& pricing) {
  Fields fields(out);
  fields.text_or_null("judge", spent.judge);
  fields.text("deployment", spent.deployment);
  fields.text_or_null("model", spent.model);
  fields.integer("calls", spent.calls);
  fields.integer("input_tokens", spent.input_tokens);
  fields.integer("output_tokens", spent.output_tokens);
  append_cost(fields.key("cost"), cost_of(spent, pricing));
  fields.close();
}

void append_run(std::string& out, const ExperimentRun& run, const query::Pricing& pricing) {
  Fields fields(out);
  fields.text("experiment_id", run.experiment);
  fields.text("name", run.name);
  fields.text("state", run.state);
  if (run.kind.empty())
    fields.key("problem") += "null";
  else
    append_problem(fields.key("problem"), run.kind, run.words);
  fields.integer("total", run.total);
  fields.integer("done", run.done);
  fields.integer("failed", run.failed);
  append_array(fields.key("spent"), experiments::read_spent(run.spent),
               [&](std::string& to, const Spent& spent) { append_spent(to, spent, pricing); });
  fields.json("settings", run.settings);
  fields.text("author", run.author);
  fields.text("created_at", to_rfc3339(run.created));
  fields.text("updated_at", to_rfc3339(run.updated));
  fields.close();
}

Answer run_answer(ApiPtr api, Result<ExperimentRun> run) {
  if (!run) co_return problem(run.error());
  auto pricing = co_await api->costs.pricing(now(), now());
  if (!pricing) co_return problem(pricing.error());
  std::string body;
  append_run(body, *run, *pricing);
  co_return json_answer(std::move(body));
}

std::optional<std::int64_t> left_of(std::int64_t per_day, const store::JudgeAmounts& today,
                                    std::string_view what) {
  if (per_day == 0) return std::nullopt;
  const auto used = today.find(what);
  return std::max<std::int64_t>(0, per_day - (used == today.end() ? 0 : used->second));
}

void append_left(Fields& fields, std::string_view name, std::optional<std::int64_t> left) {
  fields.known(name, left.value_or(-1));
}

std::string estimate_json(const Estimate& estimate, evaluate::playground::Desk& desk) {
  const Plan& plan = estimate.plan;
  const store::JudgeAmounts today = desk.today();
  std::string body;
  Fields fields(body);
  fields.text("name", plan.name);
  fields.integer("dataset_version", plan.dataset_version);
  fields.integer("records", estimate.records);
  fields.integer("rows", plan.rows());
  fields.text("deployment", plan.deployment);
  append_left(fields, "calls_left", left_of(desk.budget().calls_per_day, today, "calls"));
  append_left(fields, "tokens_left", left_of(desk.budget().tokens_per_day, today, "tokens"));
  append_array(fields.key("judges"), estimate.judges,
               [](std::string& out, const Estimate::Judge& judge) {
                 Fields one(out);
                 one.text("name", judge.name);
                 append_left(one, "calls_left", judge.calls_left);
                 one.close();
               });
  if (estimate.first) {
    fields.json("first", *estimate.first);
    fields.key("problem") += "null";
  } else {
    fields.key("first") += "null";
    append_problem(fields.key("problem"), estimate.first.error().where,
                   estimate.first.error().message);
  }
  fields.close();
  return body;
}

// All of them, or the one of the experiment: none of one that somebody else runs.
Result<std::vector<ExperimentRun>> list_runs(const ApiPtr& api, const std::string& experiment) {
  store::ExperimentRuns& runs = api->options.datasets->experiment_runs();
  if (experiment.empty()) return runs.list(kListMax);
  auto run = runs.get(experiment);
  if (run) return std::vector<ExperimentRun>{*std::move(run)};
  if (run.error().code == Code::not_found) return std::vector<ExperimentRun>();
  return run.error();
}

}  // namespace

Answer get_experiment_runs(ApiPtr api, net::Request request, std::string) {
  auto work = [api, id = request.parameter("experiment_id").value_or("")] {
    return list_runs(api, id);
  };
  auto runs = co_await api->options.desk->run(std::move(work));
  if (!runs) co_return problem(runs.error());
  auto pricing = co_await api->costs.pricing(now(), now());
  if (!pricing) co_return problem(pricing.error());
  std::string body;
  Fields fields(body);
  append_array(fields.key("runs"), *runs,
               [&](std::string& out, const ExperimentRun& run) { append_run(out, run, *pricing); });
  fields.close();
  co_return json_answer(std::move(body));
}

Answer get_experiment_run(ApiPtr api, net::Request, std::string id) {
  auto work = [api, id] { return api->options.datasets->experiment_runs().get(id); };
  auto run = co_await api->options.desk->run(std::move(work));
  co_return co_await run_answer(api, std::move(run));
}

Answer estimate_experiment_run(ApiPtr api, net::Request request, std::string) {
  auto plan = read_asked(request.body);
  if (!plan) co_return problem(plan.error());
  auto work = [api, plan = *plan] { return api->options.experiment_runs->estimate(plan); };
  auto estimate = co_await api->options.desk->run(std::move(work));
  if (!estimate) co_return problem(estimate.error());
  co_return json_answer(estimate_json(*estimate, *api->options.playground));
}

Answer begin_experiment_run(ApiPtr api, net::Request request, std::string) {
  auto plan = read_asked(request.body);
  if (!plan) co_return problem(plan.error());
  const std::string by = who(api, request);
  auto work = [api, plan = *plan, by] { return api->options.experiment_runs->begin(plan, by); };
  auto run = co_await api->options.desk->run(std::move(work));
  if (run) log::info("audit", "experiment {} is run, asked by {}", run->experiment, by);
  co_return co_await run_answer(api, std::move(run));
}

Answer cancel_experiment_run(ApiPtr api, net::Request request, std::string id) {
  auto work = [api, id] { return api->options.experiment_runs->cancel(id); };
  auto run = co_await api->options.desk->run(std::move(work));
  if (run) log::info("audit", "experiment {} cancelled by {}", id, who(api, request));
  co_return co_await run_answer(api, std::move(run));
}

Answer continue_experiment_run(ApiPtr api, net::Request request, std::string id) {
  auto work = [api, id] { return api->options.experiment_runs->go_on(id); };
  auto run = co_await api->options.desk->run(std::move(work));
  if (run) log::info("audit", "experiment {} continued by {}", id, who(api, request));
  co_return co_await run_answer(api, std::move(run));
}

Answer retry_experiment_run(ApiPtr api, net::Request request, std::string id) {
  auto work = [api, id] { return api->options.experiment_runs->ask_again(id); };
  auto run = co_await api->options.desk->run(std::move(work));
  if (run) log::info("audit", "experiment {}: failures asked again by {}", id, who(api, request));
  co_return co_await run_answer(api, std::move(run));
}

}  // namespace catalejo::api
