// The playground: what a person asks a deployment of theirs; the page's form of it, and Datadog's
// paths of integrations, at which its clients find accounts and models and ask them.
#include <algorithm>
#include <array>

#include "api/body.hpp"
#include "api/cost_json.hpp"
#include "api/dataset_request.hpp"
#include "api/spans_json.hpp"
#include "base/limits.hpp"
#include "codec/utf8.hpp"

namespace catalejo::api {
namespace {

namespace playground = evaluate::playground;
using playground::Completion;
using playground::Exchange;

constexpr std::array<std::string_view, 6> kIntegrations = {
    "openai", "amazon_bedrock", "anthropic", "azure_openai", "vertex_ai", "llmproxy"};

// What this server has: one endpoint, as one account of one integration; none without deployments.
struct Account {
  std::string integration, id, name;
};

std::optional<Account> account_of(const ApiPtr& api) {
  const evaluate::judge::Deployments& given = api->options.playground->deployments();
  if (given.names.empty()) return std::nullopt;
  const std::string resource = evaluate::judge::resource_of(given.endpoint);
  if (resource.empty()) return Account{"openai", "default", "OpenAI"};
  return Account{"azure_openai", resource, resource};
}

std::string_view display_name(std::string_view integration) {
  return integration == "azure_openai" ? "Azure OpenAI" : "OpenAI";
}

// The account of these ids. Errors: not_found.
Result<Account> find_account(const ApiPtr& api, const std::string& ids) {
  const auto [integration, id] = split_ids(ids);
  auto account = account_of(api);
  if (account && account->integration == integration && account->id == id) return *account;
  return Error{Code::not_found, "this server has no such account", ids};
}

void append_account(std::string& out, const Account& account) {
  Fields fields(out);
  fields.text("account_id", account.id);
  fields.text("account_name", account.name);
  fields.text("id", account.id);
  fields.text("integration", account.integration);
  if (account.integration == "azure_openai") {
    Fields azure(fields.key("azure_openai_metadata"));
    azure.text("resource_name", account.name);
    azure.close();
  }
  fields.close();
}

void append_model(std::string& out, const Account& account, const std::string& name) {
  Fields fields(out);
  fields.flag("has_access", true);
  fields.text("id", name);
  fields.text("integration", account.integration);
  fields.text("integration_display_name", display_name(account.integration));
  fields.flag("json_schema", true);
  fields.text("model_display_name", name);
  fields.text("model_id", name);
  fields.text("provider", account.integration);
  fields.text("provider_display_name", display_name(account.integration));
  fields.close();
}

// The arguments as the object that they are meant to be; else as the text that they are.
void append_call(std::string& out, const playground::ToolCall& call) {
  Fields tool(out);
  tool.text("type", "function");
  Fields function(tool.key("function"));
  function.text("name", call.name);
  codec::JsonDocument arguments;
  std::string text = call.arguments;
  std::string& to = function.key("parameters");
  if (arguments.parse(text) && codec::root(arguments).is_object()) {
    codec::append_json(to, codec::root(arguments));
  } else {
    Fields odd(to);
    odd.text("text", call.arguments);
    odd.close();
  }
  function.close();
  tool.close();
}

void append_run_result(std::string& out, const Exchange& exchange) {
  const Completion nothing;
  const Completion& completion = exchange.completion ? *exchange.completion : nothing;
  Fields fields(out);
  fields.key("assessment") += "null";
  fields.text("content", completion.said);
  fields.text("finish_reason", exchange.completion ? completion.finish_reason : "error");
  fields.key("inference_codes") += "[]";
  fields.integer("input_tokens", completion.input_tokens);
  fields.integer("output_tokens", completion.output_tokens);
  fields.integer("total_tokens", completion.input_tokens + completion.output_tokens);
  fields.integer("latency", exchange.duration_ns / 1'000'000);
  append_array(fields.key("tools"), completion.calls, append_call);
  if (completion.reasoning_tokens > 0) {
    Fields reasoning(fields.key("internal_reasoning"));
    reasoning.text("text", "");
    reasoning.integer("reasoning_tokens", completion.reasoning_tokens);
    reasoning.close();
  }
  fields.close();
}

void append_words(Fields& fields, std::string_view name, const Error& error) {
  std::string words;
  codec::append_as_utf8(words, error.message);
  fields.text(name, words);
}

// What was asked, and what came of it.
std::string inference_json(std::string asked, const Exchange& exchange) {
  codec::JsonDocument document;
  std::string body;
  Fields fields(body);
  codec::dom::object given;
  if (document.parse(asked) && codec::root(document).get(given) == simdjson::SUCCESS)
    for (const codec::dom::key_value_pair field : given)
      if (field.key != "response" && field.key != "error_response")
        codec::append_json(fields.key(field.key), field.value);
  append_run_result(fields.key("response"), exchange);
  if (!exchange.completion) {
    Fields error(fields.key("error_response"));
    error.text("type", exchange.completion.error().where);
    append_words(error, "message", exchange.completion.error());
    error.close();
  }
  fields.close();
  return body;
}

void append_answer(Fields& fields, const Completion& completion) {
  Fields answer(fields.key("answer"));
  answer.text("said", completion.said);
  answer.text("finish_reason", completion.finish_reason);
  answer.text_or_null("model", completion.model);
  append_array(answer.key("tools"), completion.calls, append_call);
  answer.integer("input_tokens", completion.input_tokens);
  answer.integer("output_tokens", completion.output_tokens);
  answer.integer("reasoning_tokens", completion.reasoning_tokens);
  Fields filter(answer.key("content_filter"));
  filter.json("prompt", completion.prompt_filter_json);
  filter.json("completion", completion.answer_filter_json);
  filter.close();
  answer.close();
}

std::string exchange_json(const Exchange& exchange, const query::Pricing& pricing) {
  std::string body;
  Fields fields(body);
  fields.text("deployment", exchange.deployment);
  if (exchange.completion) {
    append_answer(fields, *exchange.completion);
    fields.key("problem") += "null";
  } else {
    fields.key("answer") += "null";
    Fields problem(fields.key("problem"));
    problem.text("kind", exchange.completion.error().where);
    append_words(problem, "words", exchange.completion.error());
    problem.close();
  }
  append_cost(fields.key("cost"),
              query::span_cost(row_of(playground::own_call(exchange)), pricing, false));
  fields.integer("duration_ns", exchange.duration_ns);
  fields.trace_id("trace_id", exchange.trace_id);
  fields.close();
  return body;
}

Result<playground::Question> read_asked(const std::string& body) {
  if (body.size() > limits::judge_body_bytes_max)
    return Error{Code::body_too_large, "the body is longer than this route takes", "body"};
  return playground::read_question(body);
}

Future<Result<Exchange>> ask(const ApiPtr& api, playground::Question question) {
  auto work = [api, question = std::move(question)]() -> Result<Exchange> {
    return api->options.playground->ask(question);
  };
  return api->options.trials->run(std::move(work));
}

std::int64_t amount(const store::JudgeAmounts& amounts, std::string_view what) {
  const auto found = amounts.find(what);
  return found == amounts.end() ? 0 : found->second;
}

}  // namespace

Answer get_playground(ApiPtr api, net::Request, std::string) {
  playground::Desk& desk = *api->options.playground;
  const store::JudgeAmounts today = desk.today();
  std::string body;
  Fields fields(body);
  append_array(fields.key("deployments"), desk.deployments().names, codec::append_json_string);
  Fields spent(fields.key("today"));
  spent.integer("calls", amount(today, "calls"));
  spent.integer("tokens", amount(today, "tokens"));
  spent.close();
  fields.integer("calls_per_day", desk.budget().calls_per_day);
  fields.integer("tokens_per_day", desk.budget().tokens_per_day);
  fields.close();
  co_return json_answer(std::move(body));
}

Answer ask_playground(ApiPtr api, net::Request request, std::string) {
  auto question = read_asked(request.body);
  if (!question) co_return problem(question.error());
  auto exchange = co_await ask(api, *std::move(question));
  if (!exchange) co_return problem(exchange.error());
  auto pricing = co_await api->costs.pricing(exchange->start, exchange->start);
  if (!pricing) co_return problem(pricing.error());
  co_return json_answer(exchange_json(*exchange, *pricing));
}

Answer get_integration_accounts(ApiPtr api, net::Request, std::string integration) {
  if (std::ranges::find(kIntegrations, integration) == kIntegrations.end())
    co_return problem({Code::not_found, "there is no such integration", integration});
  std::vector<Account> accounts;
  if (auto account = account_of(api); account && account->integration == integration)
    accounts.push_back(*std::move(account));
  std::string body;
  append_array(body, accounts, append_account);
  co_return json_answer(std::move(body));
}

Answer get_integration_models(ApiPtr api, net::Request, std::string ids) {
  auto account = find_account(api, ids);
  if (!account) co_return problem(account.error());
  std::string body;
  append_array(
      body, api->options.playground->deployments().names,
      [&](std::string& out, const std::string& name) { append_model(out, *account, name); });
  co_return json_answer(std::move(body));
}

Answer infer_integration(ApiPtr api, net::Request request, std::string ids) {
  auto account = find_account(api, ids);
  if (!account) co_return problem(account.error());
  auto question = read_asked(request.body);
  if (!question) co_return problem(question.error());
  auto exchange = co_await ask(api, *std::move(question));
  if (!exchange) co_return problem(exchange.error());
  co_return json_answer(inference_json(std::move(request.body), *exchange));
}

}  // namespace catalejo::api
