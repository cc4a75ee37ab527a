#include "app/env.hpp"

#include <fmt/format.h>

#include <utility>
#include <vector>

#include "app/exit_code.hpp"
#include "app/tls.hpp"
#include "codec/json_writer.hpp"
#include "store/control.hpp"

namespace catalejo::app {
namespace {

struct Advice {
  std::vector<std::pair<std::string, std::string>> variables;
  std::vector<std::string> notes;
};

bool keys_exist(const Settings& settings) {
  auto control = store::Control::open(settings.control_path());
  return control && (*control)->has_keys();
}

std::string reachable(const Settings& settings) {
  return settings.listen == "0.0.0.0" || settings.listen == "::" ? "127.0.0.1" : settings.listen;
}

Advice agent_advice(const Settings& settings, const EnvOptions& options) {
  Advice advice;
  advice.variables = {
      {"DD_LLMOBS_ENABLED", "1"},
      {"DD_LLMOBS_ML_APP", options.ml_app},
      {"DD_TRACE_AGENT_URL", fmt::format("http://{}:{}", reachable(settings), settings.apm_port)}};
  advice.notes = {"start the application with: ddtrace-run python app.py",
                  "check it with: ddtrace-run --info   (Agent error: None)"};
  return advice;
}

// Through DD_SITE when there is a certificate for it; every product of the client then comes here.
Advice site_advice(const Settings& settings, const EnvOptions& options, const TlsSite& site) {
  Advice advice;
  advice.variables = {{"DD_SITE", fmt::format("{}:{}", site.domain, settings.https_port)},
                      {"SSL_CERT_FILE", settings.tls_dir() + "/ca.pem"},
                      {"DD_LLMOBS_ENABLED", "1"},
                      {"DD_LLMOBS_ML_APP", options.ml_app}};
  if (!options.serverless) advice.variables.emplace_back("DD_LLMOBS_AGENTLESS_ENABLED", "1");
  std::string names;
  for (const std::string& name : site_host_names(site.domain)) names += " " + name;
  advice.notes = {"these names must resolve to this machine, by DNS or in /etc/hosts:",
                  fmt::format("{} {}", reachable(settings), names.substr(1))};
  return advice;
}

Advice origin_advice(const Settings& settings, const EnvOptions& options) {
  Advice advice;
  advice.variables = {{"DD_LLMOBS_OVERRIDE_ORIGIN",
                       fmt::format("http://{}:{}", reachable(settings), settings.http_port)},
                      {"DD_LLMOBS_ENABLED", "1"},
                      {"DD_LLMOBS_AGENTLESS_ENABLED", "1"},
                      {"DD_LLMOBS_ML_APP", options.ml_app},
                      {"DD_APM_TRACING_ENABLED", "0"}};
  advice.notes = {
      "DD_LLMOBS_OVERRIDE_ORIGIN is understood by ddtrace 3 and later; it carries LLM spans and "
      "evaluations.",
      "for ddtrace 2, APM spans as well, or DD_SITE as on the public page: catalejo tls init"};
  return advice;
}

void print_line(const EnvOptions& options, const std::string& name, const std::string& value) {
  if (options.format == "powershell") {
    fmt::print("$env:{} = \"{}\"\n", name, value);
  } else if (options.format == "dotenv") {
    fmt::print("{}={}\n", name, value);
  } else {
    fmt::print("export {}={}\n", name, value);
  }
}

void print_json(const Advice& advice) {
  std::string text = "{";
  for (const auto& [name, value] : advice.variables) {
    if (text.size() > 1) text += ',';
    text += codec::json_quoted(name) + ':' + codec::json_quoted(value);
  }
  fmt::print("{}}}\n", text);
}

}  // namespace

int print_env(const Settings& settings, const EnvOptions& options) {
  const bool direct = options.agentless || options.serverless;
  const auto site = read_site(settings.tls_dir());
  Advice advice = !direct ? agent_advice(settings, options)
                  : site  ? site_advice(settings, options, *site)
                          : origin_advice(settings, options);
  if (direct) {
    advice.variables.emplace_back("DD_API_KEY", "<key>");
    advice.notes.push_back(keys_exist(settings)
                               ? "<key> is one of `catalejo key list`, or a new one: "
                                 "catalejo key create " +
                                     options.ml_app
                               : "no key exists yet, so on loopback any text will do; make one "
                                 "with: catalejo key create " +
                                     options.ml_app);
  }
  if (options.serverless)
    advice.notes.push_back(
        "put these into the function app's settings; spans are sent before an invocation ends");
  if (options.format == "json") {
    print_json(advice);
    return exit_ok;
  }
  for (const auto& [name, value] : advice.variables)
    print_line(options, name, value == "<key>" && options.format == "sh" ? "'<key>'" : value);
  for (const std::string& note : advice.notes) fmt::print("# {}\n", note);
  return exit_ok;
}

}  // namespace catalejo::app
