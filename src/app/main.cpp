// The command line of `catalejo`. CLI11 is included here and nowhere else.
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <functional>
#include <string_view>

#include "app/azure.hpp"
#include "app/env.hpp"
#include "app/evaluate.hpp"
#include "app/exit_code.hpp"
#include "app/info.hpp"
#include "app/key.hpp"
#include "app/monitor_test.hpp"
#include "app/price.hpp"
#include "app/run.hpp"
#include "app/settings.hpp"
#include "app/tls.hpp"
#include "app/up.hpp"
#include "app/version.hpp"
#include "base/log.hpp"

namespace catalejo::app {
namespace {

using Flags = std::map<std::string, std::string>;
using Run = std::function<int(const Settings&)>;

constexpr const char* kFooter =
    "Settings: file catalejo.toml < variable CATALEJO_… < flag.\n"
    "Exit codes: 0 done, 1 failed, 2 wrong command line, 3 not running, 4 wrong setting,\n"
    "            5 a port, socket or data folder is in use.";

std::optional<log::Level> level_of(const std::string& name) {
  if (name == "debug") return log::Level::debug;
  if (name == "info") return log::Level::info;
  if (name == "warn") return log::Level::warn;
  if (name == "error") return log::Level::error;
  return std::nullopt;
}

// Every setting as a flag of `command`; only the ones a command has use for are given.
void add_setting_flags(CLI::App& command, Flags& flags, const std::vector<std::string>& keys) {
  command.add_option_function<std::string>(
      "--config", [&flags](const std::string& value) { flags["config"] = value; },
      "settings file [<data>/catalejo.toml]");
  for (const SettingInfo& setting : setting_infos()) {
    if (!keys.empty() && std::find(keys.begin(), keys.end(), setting.key) == keys.end()) continue;
    const std::string fallback =
        setting.fallback.empty() ? std::string{} : " [" + setting.fallback + "]";
    command.add_option_function<std::string>(
        setting.flag, [&flags, key = setting.key](const std::string& value) { flags[key] = value; },
        setting.help + fallback + "  (" + setting.variable + ")");
  }
}

int run_with_settings(const Flags& flags, const Run& run) {
  auto settings = load_settings(flags, process_environment());
  if (!settings) {
    fmt::print(stderr, "catalejo: {}\n", to_string(settings.error()));
    return exit_config;
  }
  const auto level = level_of(settings->log_level);
  if (!level) {
    fmt::print(stderr, "catalejo: log_level is \"{}\", it takes debug, info, warn or error\n",
               settings->log_level);
    return exit_config;
  }
  log::set_level(*level);
  return run(*settings);
}

struct Commands {
  Flags flags;
  UpOptions up;
  InfoOptions info;
  EnvOptions env;
  TlsInitOptions tls;
  PriceOptions price;
  DeploymentOptions deployment;
  EvaluateOptions evaluate;
  AzureOptions azure;
  MonitorTestOptions monitor_test;
  std::string key_name;
  bool key_json = false;
  Run run;

  void add_up(CLI::App& app) {
    CLI::App* command =
        app.add_subcommand("up", "Start agent, server and embedded store; nothing to configure");
    add_setting_flags(*command, flags, {});
    command->callback([this] { run = [this](const Settings& s) { return app::up(s, up); }; });
    CLI::App* server = app.add_subcommand(
        "server", "Start the server alone: agentless intake, store, API and page");
    add_setting_flags(*server, flags, {});
    server->callback([this] {
      up.agent = false;
      run = [this](const Settings& s) { return app::up(s, up); };
    });
  }

  void add_info(CLI::App& app) {
    CLI::App* command =
        app.add_subcommand("info", "What is running, what was received, stored, dropped and why");
    add_setting_flags(*command, flags, {"data", "http_port"});
    command->add_flag("--json", info.json, "the server's own answers, as JSON");
    command->add_option("--url", info.url, "of the server [http://127.0.0.1:<http_port>]");
    command->add_option("--key", info.key, "API key, when one is needed  (CATALEJO_API_KEY)");
    command->callback([this] { run = [this](const Settings& s) { return print_info(s, info); }; });
  }

  void add_monitor(CLI::App& app) {
    CLI::App* command = app.add_subcommand("monitor", "Monitors: test");
    command->require_subcommand(1);
    CLI::App* test = command->add_subcommand(
        "test",
        "Say when a monitor would have gone off: 0 never, 1 it would have, 2 cannot be tested");
    test->add_option("monitor", monitor_test.monitor, "its id, or a file of Datadog's JSON")
        ->required();
    test->add_option("--from", monitor_test.from, "a date, RFC 3339, or how long ago [1d]");
    test->add_option("--to", monitor_test.to, "the same [now]");
    test->add_flag("--json", monitor_test.json, "as JSON");
    test->add_option("--url", monitor_test.url, "of the server [http://127.0.0.1:<http_port>]");
    test->add_option("--key", monitor_test.key, "API key, when one is needed  (CATALEJO_API_KEY)");
    add_setting_flags(*test, flags, {"data", "http_port"});
    test->callback(
        [this] { run = [this](const Settings& s) { return test_monitor(s, monitor_test); }; });
  }

  void add_env(CLI::App& app) {
    CLI::App* command = app.add_subcommand(
        "env", "Print the variables that make an application of yours send here");
    add_setting_flags(*command, flags, {"data", "listen", "apm_port", "http_port", "https_port"});
    command->add_flag("--agentless", env.agentless, "straight to the server, with an API key");
    command->add_flag("--serverless", env.serverless, "the same, for Azure Functions");
    command->add_option("--ml-app", env.ml_app, "name of the application [my-app]");
    command->add_option("--format", env.format, "sh, dotenv, powershell or json [sh]")
        ->check(CLI::IsMember({"sh", "dotenv", "powershell", "json"}));
    command->callback([this] { run = [this](const Settings& s) { return print_env(s, env); }; });
  }

  void add_key(CLI::App& app) {
    CLI::App* command = app.add_subcommand("key", "API keys: create, list, revoke");
    command->require_subcommand(1);
    CLI::App* create = command->add_subcommand("create", "Make a key and print it, this once");
    create->add_option("name", key_name, "what the key is for")->required();
    create->callback(
        [this] { run = [this](const Settings& s) { return key_create(s, key_name, key_json); }; });
    CLI::App* list = command->add_subcommand("list", "The keys there are; not the keys themselves");
    list->callback([this] { run = [this](const Settings& s) { return key_list(s, key_json); }; });
    CLI::App* revoke = command->add_subcommand("revoke", "Refuse a key from now on");
    revoke->add_option("key", key_name, "its id, or its name when only one has it")->required();
    revoke->callback(
        [this] { run = [this](const Settings& s) { return key_revoke(s, key_name); }; });
    for (CLI::App* each : {create, list, revoke}) {
      add_setting_flags(*each, flags, {"data"});
      if (each != revoke) each->add_flag("--json", key_json, "as JSON");
    }
  }

  // Here for its line in --help; `main_of` hands it over before anything is parsed.
  static void add_run(CLI::App& app) {
    app.add_subcommand("run", "Run a Python application with its model calls traced");
  }

  void add_price(CLI::App& app) {
    CLI::App* command = app.add_subcommand("price", "What models cost: list, set, unset, check");
    command->require_subcommand(1);
    CLI::App* list = command->add_subcommand("list", "Own prices and those of the catalogue");
    list->add_flag("--own", price.own, "own prices only");
    list->add_flag("--json", price.json, "own prices, as JSON");
    list->callback([this] { run = [this](const Settings& s) { return price_list(s, price); }; });
    CLI::App* set = command->add_subcommand("set", "An own price; wins over the catalogue");
    set->add_option("model", price.model, "name of the model")->required();
    add_rate_flags(*set);
    set->add_option("--type", price.type, "for this deployment type only")
        ->check(
            CLI::IsMember({"global", "data_zone", "regional", "global_batch", "data_zone_batch"}));
    add_validity_flags(*set, price.from, price.to);
    set->add_option("--note", price.note, "where the price comes from");
    set->callback([this] { run = [this](const Settings& s) { return price_set(s, price); }; });
    CLI::App* unset = command->add_subcommand("unset", "Remove an own price");
    unset->add_option("id", price.id, "its number in the list")->required();
    unset->callback([this] { run = [this](const Settings& s) { return price_unset(s, price); }; });
    CLI::App* check = command->add_subcommand("check", "Whether a price catalogue can be used");
    check->add_option("file", price.file, "the catalogue [<data>/prices.json]");
    check->callback([this] { run = [this](const Settings& s) { return price_check(s, price); }; });
    for (CLI::App* each : {list, set, unset, check})
      add_setting_flags(*each, flags, {"data", "prices"});
  }

  // Dollars per million tokens.
  void add_rate_flags(CLI::App& set) {
    set.add_option("--input", price.input, "US dollars per million tokens")->required();
    set.add_option("--cached-input", price.cached_input, "of input read from the cache [--input]");
    set.add_option("--cache-write", price.cache_write, "of input written to the cache [--input]");
    set.add_option("--output", price.output, "of output, reasoning included");
    set.add_option("--audio-input", price.audio_input, "of audio heard");
    set.add_option("--audio-output", price.audio_output, "of audio spoken");
  }

  static void add_validity_flags(CLI::App& command, std::string& from, std::string& to) {
    command.add_option("--from", from, "holds from this day on (2026-11-01, UTC) [always]");
    command.add_option("--to", to, "holds until before this day [for ever]");
  }

  void add_deployment(CLI::App& app) {
    CLI::App* command =
        app.add_subcommand("deployment", "Which model a deployment is: map, unmap, list");
    command->require_subcommand(1);
    CLI::App* map = command->add_subcommand("map", "Say which model a deployment is");
    map->add_option("deployment", deployment.deployment, "its name in Azure")->required();
    map->add_option("model", deployment.model, "the model behind it")->required();
    map->add_option("--resource", deployment.resource, "of this Azure resource only [any]");
    map->add_option("--type", deployment.type, "how it is billed [global]")
        ->check(CLI::IsMember(
            {"global", "data_zone", "regional", "global_batch", "data_zone_batch", "provisioned"}));
    map->add_option("--monthly-usd", deployment.monthly_usd,
                    "what a provisioned one costs a month, in US dollars");
    add_validity_flags(*map, deployment.from, deployment.to);
    map->callback(
        [this] { run = [this](const Settings& s) { return deployment_map(s, deployment); }; });
    CLI::App* unmap = command->add_subcommand("unmap", "Remove a mapping");
    unmap->add_option("id", deployment.id, "its number in the list")->required();
    unmap->callback(
        [this] { run = [this](const Settings& s) { return deployment_unmap(s, deployment); }; });
    CLI::App* list = command->add_subcommand("list", "The mappings there are");
    list->add_flag("--json", deployment.json, "as JSON");
    list->callback(
        [this] { run = [this](const Settings& s) { return deployment_list(s, deployment); }; });
    for (CLI::App* each : {map, unmap, list}) add_setting_flags(*each, flags, {"data", "prices"});
  }

  void add_evaluate(CLI::App& app) {
    CLI::App* command = app.add_subcommand(
        "evaluate", "What the evaluators say about the texts of a file; needs no server");
    auto* file = command->add_option("file", evaluate.file,
                                     "JSON Lines with input and output, - for standard input");
    command->add_option("--evaluator", evaluate.only, "this one only; repeatable [all]");
    command->add_option(
        "--options", evaluate.options,
        "JSON: what the one --evaluator judges by, {\"tokens\":[…]}, {\"topics\":[…]}");
    auto* list = command->add_flag("--list", evaluate.list, "the evaluators and their versions");
    list->excludes(file);
    command->callback([this, file] {
      if (!evaluate.list && file->empty()) throw CLI::RequiredError("file");
      run = [this](const Settings&) { return evaluate_file(evaluate); };
    });
  }

  void add_azure(CLI::App& app) {
    const std::vector<std::string> keys = {"data",
                                           "azure_auth",
                                           "azure_tenant_id",
                                           "azure_client_id",
                                           "azure_token_file",
                                           "azure_authority_url",
                                           "azure_management_url",
                                           "azure_metrics_url",
                                           "azure_metrics_audience",
                                           "azure_identity_url"};
    CLI::App* command =
        app.add_subcommand("azure", "Metrics of Azure Monitor: log in, check, log out");
    command->require_subcommand(1);
    CLI::App* login = command->add_subcommand(
        "login", "Say how to log in; the client secret is asked for, or read from standard input");
    login->add_option("--tenant", azure.tenant, "tenant id of the application");
    login->add_option("--client-id", azure.client,
                      "its client id; of a managed identity, when there are several");
    auto* workload = login->add_flag("--workload", azure.workload,
                                     "workload identity instead of a secret (AZURE_… variables)");
    login->add_flag("--managed", azure.managed, "the identity of this machine or App Service")
        ->excludes(workload);
    login->add_flag("!--no-check", azure.check, "keep it without trying it");
    login->callback([this] { run = [this](const Settings& s) { return azure_login(s, azure); }; });
    CLI::App* check = command->add_subcommand(
        "check", "Try every step: token, subscriptions, accounts, deployments, metrics");
    check->callback([this] { run = [](const Settings& s) { return azure_check(s); }; });
    CLI::App* logout = command->add_subcommand("logout", "Forget the login");
    logout->callback([this] { run = [](const Settings& s) { return azure_logout(s); }; });
    for (CLI::App* each : {login, check, logout}) add_setting_flags(*each, flags, keys);
  }

  void add_tls(CLI::App& app) {
    CLI::App* command = app.add_subcommand("tls", "Certificates for the agentless intake");
    command->require_subcommand(1);
    CLI::App* init = command->add_subcommand(
        "init", "Make a private CA and a certificate for every host name of a DD_SITE");
    add_setting_flags(*init, flags, {"data", "https_port"});
    init->add_option("--site", tls.site, "value of DD_SITE, without port [catalejo.internal]");
    init->add_option("--host", tls.more_names, "one more host name or address; repeatable");
    init->add_option("--days", tls.days, "the certificate is valid this long [825]")
        ->check(CLI::Range(1, 3'650));
    init->add_flag("--force", tls.force, "replace an existing authority");
    init->callback([this] { run = [this](const Settings& s) { return tls_init(s, tls); }; });
  }
};

int main_of(int argc, char** argv) {
  if (argc > 1 && std::string_view(argv[1]) == "run") {
    return run_traced({argv + 2, static_cast<std::size_t>(argc - 2)});
  }
  CLI::App app{"Catalejo: self-hosted observability for applications on Azure OpenAI", "catalejo"};
  app.set_version_flag("--version", std::string("catalejo ") + kVersion);
  app.require_subcommand(1);
  app.footer(kFooter);
  Commands commands;
  commands.add_up(app);
  Commands::add_run(app);
  commands.add_info(app);
  commands.add_env(app);
  commands.add_key(app);
  commands.add_price(app);
  commands.add_deployment(app);
  commands.add_evaluate(app);
  commands.add_azure(app);
  commands.add_monitor(app);
  commands.add_tls(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // --help and --version come this way too, with code 0.
    return app.exit(error) == 0 ? exit_ok : exit_usage;
  }
  return run_with_settings(commands.flags, commands.run);
}

}  // namespace
}  // namespace catalejo::app

int main(int argc, char** argv) {
  return catalejo::app::main_of(argc, argv);
}
