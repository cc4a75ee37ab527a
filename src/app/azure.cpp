#include "app/azure.hpp"

#include <fmt/format.h>
#include <termios.h>
#include <unistd.h>

#include <iostream>
#include <utility>

#include "app/exit_code.hpp"
#include "azure/crawl/check.hpp"
#include "azure/problem.hpp"
#include "base/file.hpp"

namespace catalejo::app {
namespace {

int failed(const Error& error) {
  fmt::print(stderr, "catalejo: {}\n", to_string(error));
  return exit_failed;
}

Result<std::unique_ptr<store::AzureControl>> open_control(const Settings& settings) {
  CATALEJO_TRY(make_directories(settings.data_dir));
  return store::AzureControl::open(settings.control_path());
}

std::string read_secret() {
  std::string secret;
  if (::isatty(STDIN_FILENO) == 0) {
    std::getline(std::cin, secret);
  } else {
    fmt::print("Client secret (its value, not its id; it is not shown): ");
    std::fflush(stdout);
    termios shown{};
    ::tcgetattr(STDIN_FILENO, &shown);
    termios hidden = shown;
    hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
    std::getline(std::cin, secret);
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
    fmt::print("\n");
  }
  while (!secret.empty() && (secret.back() == '\r' || secret.back() == ' ')) secret.pop_back();
  return secret;
}

// Prints every step. False when one of them is wrong.
bool print_check(const Settings& settings, const azure::Login& login) {
  azure::Api api(login, azure_endpoints_of(settings), {});
  bool right = true;
  azure::check(api, [&](const azure::CheckStep& step) {
    right = right && step.right;
    fmt::print("{:<6} {:<14} {}{}{}\n", step.right ? "ok" : "WRONG", step.name, step.about,
               step.about.empty() ? "" : ": ", step.said);
    if (!step.right)
      fmt::print("{:<21} what mends it: {}\n", "", azure::explained(step.problem).remedy);
    std::fflush(stdout);
  });
  return right;
}

}  // namespace

Result<azure::Login> azure_login_of(const Settings& settings) {
  azure::Login login{.auth = azure::auth_of(settings.azure_auth).value_or(azure::Auth::none),
                     .tenant = settings.azure_tenant_id,
                     .client = settings.azure_client_id,
                     .secret = settings.azure_client_secret,
                     .token_file = settings.azure_token_file};
  const bool application = login.auth == azure::Auth::secret || login.auth == azure::Auth::workload;
  if (application && (login.tenant.empty() || login.client.empty()))
    return Error{Code::config,
                 "azure_auth is set: azure_tenant_id and azure_client_id belong to it",
                 "azure_auth"};
  if (login.auth == azure::Auth::secret && login.secret.empty())
    return Error{Code::config, "azure_auth is secret: azure_client_secret belongs to it",
                 "azure_auth"};
  return login;
}

azure::Endpoints azure_endpoints_of(const Settings& settings) {
  return {.authority = settings.azure_authority_url,
          .management = settings.azure_management_url,
          .metrics = settings.azure_metrics_url,
          .metrics_audience = settings.azure_metrics_audience,
          .identity = settings.azure_identity_url,
          .app_identity = settings.azure_app_identity_url,
          .app_identity_header = settings.azure_app_identity_header};
}

Result<std::unique_ptr<azure::Crawler>> open_azure(const Settings& settings,
                                                   store::AzureControl& control,
                                                   store::Store& store,
                                                   pipeline::Pipeline& pipeline, Counters& counters,
                                                   std::function<void()> on_points) {
  auto login = azure_login_of(settings);
  if (!login) return login.error();
  return azure::Crawler::open({
      .control = &control,
      .store = &store,
      .counters = &counters,
      .accept = [&pipeline](model::Batch batch) { return pipeline.accept(std::move(batch)); },
      .login = *std::move(login),
      .token_file = settings.azure_token_file,
      .endpoints = azure_endpoints_of(settings),
      .interval_seconds = settings.azure_interval_seconds,
      .late_minutes = settings.azure_late_minutes,
      .first_hours = settings.azure_first_hours,
      .on_points = std::move(on_points),
  });
}

int azure_login(const Settings& settings, const AzureOptions& options) {
  store::AzureLogin kept{.auth = options.managed    ? "managed"
                                 : options.workload ? "workload"
                                                    : "secret",
                         .tenant = options.tenant,
                         .client = options.client,
                         .author = "catalejo azure login"};
  if (kept.auth == "secret") kept.secret = read_secret();
  auto control = open_control(settings);
  if (!control) return failed(control.error());
  auto given = azure_login_of(settings);
  if (!given) return failed(given.error());
  if (given->auth != azure::Auth::none)
    return failed({Code::config, "the settings say how to log in, and they win; unset azure_auth",
                   "azure_auth"});
  const azure::Login login = azure::login_of(kept, *given, settings.azure_token_file);
  if (options.check && !print_check(settings, login)) {
    fmt::print(stderr, "catalejo: nothing was kept. With --no-check the login is kept as it is.\n");
    return exit_failed;
  }
  if (auto put = (*control)->put_login(kept); !put) return failed(put.error());
  fmt::print("The login is kept; a running server reads Azure's metrics from now on.\n");
  return exit_ok;
}

int azure_logout(const Settings& settings) {
  auto control = open_control(settings);
  if (!control) return failed(control.error());
  if (auto removed = (*control)->remove_login(); !removed) return failed(removed.error());
  fmt::print("The login is forgotten. What was read of Azure stays.\n");
  return exit_ok;
}

int azure_check(const Settings& settings) {
  auto control = open_control(settings);
  if (!control) return failed(control.error());
  auto given = azure_login_of(settings);
  if (!given) return failed(given.error());
  auto kept = (*control)->login();
  if (!kept) return failed(kept.error());
  const azure::Login login = azure::login_of(*kept, *given, settings.azure_token_file);
  return print_check(settings, login) ? exit_ok : exit_failed;
}

}  // namespace catalejo::app
