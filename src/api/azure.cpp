// /api/v1/azure: how Azure is logged in to, how reading its metrics goes, what was found there. A
// secret goes in and never comes out.
#include <algorithm>
#include <memory>

#include "api/body.hpp"
#include "api/spans_json.hpp"
#include "azure/crawl/check.hpp"
#include "azure/crawl/crawler.hpp"
#include "azure/problem.hpp"
#include "base/log.hpp"

namespace catalejo::api {
namespace {

namespace dom = codec::dom;

store::AzureControl& control(const ApiPtr& api) {
  return *api->options.azure->options().control;
}

Result<store::AzureLogin> parse_login(std::string body) {
  store::AzureLogin login;
  CATALEJO_TRY(read_body(std::move(body), [&](std::string_view name, dom::element value) {
    return read_text_field(name, value,
                           {{"auth", &login.auth},
                            {"tenant", &login.tenant},
                            {"client", &login.client},
                            {"secret", &login.secret}});
  }));
  return login;
}

// Without a secret the one that is kept stays, for the same application only.
Result<store::AzureLogin> with_secret(const ApiPtr& api, store::AzureLogin login) {
  if (login.auth != "secret" || !login.secret.empty()) return login;
  auto kept = control(api).login();
  if (!kept) return kept.error();
  if (kept->auth == "secret" && kept->tenant == login.tenant && kept->client == login.client)
    login.secret = kept->secret;
  return login;
}

void append_time(Fields& fields, std::string_view name, UnixNanos time) {
  fields.text_or_null(name, time.value == 0 ? std::string() : to_rfc3339(time));
}

void append_problem(std::string& out, const azure::NotedProblem& problem) {
  const azure::Explained& explained = azure::explained(problem.name);
  Fields fields(out);
  fields.text("name", problem.name);
  fields.text("where", problem.where);
  fields.text("said", problem.said);
  fields.text("cause", explained.cause);
  fields.text("remedy", explained.remedy);
  fields.text("since", to_rfc3339(problem.since));
  fields.text("last", to_rfc3339(problem.last));
  fields.integer("times", static_cast<std::int64_t>(problem.times));
  fields.close();
}

void append_subscription(std::string& out, const model::AzureSubscription& subscription) {
  Fields fields(out);
  fields.text("id", subscription.id);
  fields.text("name", subscription.name);
  fields.close();
}

void append_account(std::string& out, const model::AzureAccount& account) {
  Fields fields(out);
  fields.text("id", account.id);
  fields.text("name", account.name);
  fields.text("resource_group", account.resource_group);
  fields.text("subscription", account.subscription);
  fields.text("region", account.region);
  fields.text("kind", account.kind);
  fields.text("sku", account.sku);
  fields.text_or_null("resource", account.resource);
  fields.close();
}

void append_deployment(std::string& out, const model::AzureDeployment& deployment) {
  Fields fields(out);
  fields.text("account", deployment.account);
  fields.text("name", deployment.name);
  fields.text("model", deployment.model);
  fields.text("version", deployment.version);
  fields.text("sku", deployment.sku);
  fields.integer("capacity", deployment.capacity);
  fields.known("requests_per_minute",
               deployment.requests_per_minute > 0 ? deployment.requests_per_minute : -1);
  fields.known("tokens_per_minute",
               deployment.tokens_per_minute > 0 ? deployment.tokens_per_minute : -1);
  fields.text_or_null("spillover", deployment.spillover);
  fields.text("state", deployment.state);
  fields.close();
}

void append_step(std::string& out, const azure::CheckStep& step) {
  Fields fields(out);
  fields.text("name", step.name);
  fields.text_or_null("about", step.about);
  fields.flag("right", step.right);
  fields.text("said", step.said);
  fields.text_or_null("problem", step.problem);
  fields.text_or_null("remedy",
                      step.right ? std::string_view() : azure::explained(step.problem).remedy);
  fields.close();
}

std::string status_body(const azure::CrawlerStatus& status) {
  std::string body;
  Fields fields(body);
  fields.flag("set_up", status.set_up);
  fields.flag("by_settings", status.by_settings);
  fields.text_or_null("auth", status.auth);
  fields.text_or_null("tenant", status.tenant);
  fields.text_or_null("client", status.client);
  fields.flag("running", status.running);
  append_time(fields, "began", status.began);
  append_time(fields, "ended", status.ended);
  append_time(fields, "next", status.next);
  fields.integer("rounds", static_cast<std::int64_t>(status.rounds));
  fields.integer("points", static_cast<std::int64_t>(status.points));
  fields.integer("corrected", static_cast<std::int64_t>(status.corrected));
  fields.integer("behind_seconds", status.behind_seconds);
  fields.known("calls_left", status.calls_left);
  append_array(fields.key("problems"), status.problems, append_problem);
  fields.close();
  return body;
}

}  // namespace

Answer get_azure(ApiPtr api, net::Request, std::string) {
  co_return json_answer(status_body(api->options.azure->status()));
}

Answer get_azure_inventory(ApiPtr api, net::Request, std::string) {
  auto work = [api] { return control(api).inventory(); };
  auto inventory = co_await api->options.desk->run(std::move(work));
  if (!inventory) co_return problem(inventory.error());
  // What deployments were is for costs.
  std::erase_if(inventory->deployments, [](const model::AzureDeployment& deployment) {
    return deployment.validity.to.value != INT64_MAX;
  });
  std::string body;
  Fields fields(body);
  append_time(fields, "read", inventory->read);
  append_array(fields.key("subscriptions"), inventory->subscriptions, append_subscription);
  append_array(fields.key("accounts"), inventory->accounts, append_account);
  append_array(fields.key("deployments"), inventory->deployments, append_deployment);
  fields.close();
  co_return json_answer(std::move(body));
}

Answer put_azure_login(ApiPtr api, net::Request request, std::string) {
  auto login = parse_login(std::move(request.body));
  if (!login) co_return problem(login.error());
  if (api->options.azure->status().by_settings)
    co_return problem(bad("auth", "the settings of the server say how to log in, and they win"));
  login->author = who(api, request);
  auto work = [api, given = *std::move(login)]() -> Result<bool> {
    auto whole = with_secret(api, given);
    if (!whole) return whole.error();
    CATALEJO_TRY(control(api).put_login(*whole));
    return true;
  };
  auto kept = co_await api->options.desk->run(std::move(work));
  if (!kept) co_return problem(kept.error());
  log::info("audit", "login to Azure set by {}", who(api, request));
  api->options.azure->wake();
  co_return json_answer(R"({"kept":true})");
}

Answer remove_azure_login(ApiPtr api, net::Request request, std::string) {
  auto work = [api]() -> Result<bool> {
    CATALEJO_TRY(control(api).remove_login());
    return true;
  };
  auto removed = co_await api->options.desk->run(std::move(work));
  if (!removed) co_return problem(removed.error());
  log::info("audit", "login to Azure removed by {}", who(api, request));
  api->options.azure->wake();
  co_return json_answer(R"({"removed":true})");
}

// Of the login in the body; of the one in use when there is none.
Answer check_azure(ApiPtr api, net::Request request, std::string) {
  const bool given = !request.body.empty();
  auto login = given ? parse_login(std::move(request.body)) : store::AzureLogin{};
  if (!login) co_return problem(login.error());
  auto work = [api, given, asked = *login]() -> Result<std::vector<azure::CheckStep>> {
    const azure::CrawlerOptions& options = api->options.azure->options();
    auto whole = given ? with_secret(api, asked) : control(api).login();
    if (!whole) return whole.error();
    azure::Api calls(azure::login_of(*whole, options.login, options.token_file), options.endpoints,
                     {.timeout_ms = 20'000, .tries = 2, .patience_ms = 3'000});
    std::vector<azure::CheckStep> steps;
    azure::check(calls, [&](azure::CheckStep step) { steps.push_back(std::move(step)); });
    return steps;
  };
  // Waits for Azure, as whoever tries a judge waits for a model.
  auto steps = co_await api->options.trials->run(std::move(work));
  if (!steps) co_return problem(steps.error());
  std::string body;
  Fields fields(body);
  fields.flag("right", std::ranges::all_of(*steps, &azure::CheckStep::right));
  append_array(fields.key("steps"), *steps, append_step);
  fields.close();
  co_return json_answer(std::move(body));
}

Answer read_azure(ApiPtr api, net::Request, std::string) {
  api->options.azure->wake();
  co_return json_answer(R"({"begun":true})");
}

}  // namespace catalejo::api
