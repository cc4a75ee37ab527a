#include "app/info.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <cstdlib>

#include "app/exit_code.hpp"
#include "app/running_server.hpp"
#include "base/time.hpp"

namespace catalejo::app {
namespace {

using simdjson::dom::element;
using simdjson::dom::object;

std::string text(const element& parent, const char* pointer) {
  std::string_view value;
  if (parent.at_pointer(pointer).get(value) != simdjson::SUCCESS) return {};
  return std::string(value);
}

std::uint64_t number(const element& parent, const char* pointer) {
  std::uint64_t value = 0;
  if (parent.at_pointer(pointer).get(value) != simdjson::SUCCESS) return 0;
  return value;
}

bool truth(const element& parent, const char* pointer) {
  bool value = false;
  return parent.at_pointer(pointer).get(value) == simdjson::SUCCESS && value;
}

std::string thousands(std::uint64_t value) {
  std::string digits = fmt::format("{}", value);
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, ",");
  return digits;
}

void print_account(const element& account, std::string_view title) {
  fmt::print("\n{}\n", title);
  fmt::print("  received     {:>15}\n", thousands(number(account, "/received")));
  for (const char* outcome : {"stored", "cut", "duplicate", "sampled_out"})
    fmt::print("  {:<12} {:>15}\n", outcome,
               thousands(number(account, (std::string("/") + outcome).c_str())));
  object rejected;
  if (account.at_pointer("/rejected").get(rejected) == simdjson::SUCCESS) {
    for (const auto& [reason, count] : rejected) {
      fmt::print("  {:<12} {:>15}   {}\n", "rejected", thousands(std::uint64_t(count)), reason);
    }
  }
  if (const std::uint64_t waiting = number(account, "/in_flight"); waiting > 0)
    fmt::print("  {:<12} {:>15}\n", "in flight", thousands(waiting));
  const std::uint64_t received = number(account, "/received");
  const std::uint64_t accounted = number(account, "/accounted");
  if (received == accounted) {
    fmt::print("  every one of them is accounted for\n");
  } else {
    fmt::print("  NOT accounted for: {}; please report this\n",
               static_cast<std::int64_t>(received - accounted));
  }
}

void print_store(const element& ledger) {
  fmt::print("\nStore\n  database     {}\n  state        {}\n", text(ledger, "/store/database"),
             truth(ledger, "/store/ready") ? "ready" : "not ready");
  if (const std::string problem = text(ledger, "/store/problem"); !problem.empty())
    fmt::print("  problem      {}\n", problem);
  fmt::print("  rows in database since start {:>8}\n  rows waiting in the log      {:>8}\n",
             thousands(number(ledger, "/store/rows_inserted")),
             thousands(number(ledger, "/store/rows_waiting")));
  if (const std::uint64_t words = number(ledger, "/store/words_waiting"); words > 0)
    fmt::print("  older spans to be indexed    {:>8}\n", thousands(words));
  if (const std::uint64_t restarts = number(ledger, "/store/child_restarts"); restarts > 0)
    fmt::print("  restarts of the database process {}\n", restarts);
}

void print_requests(const element& info, const element& ledger) {
  simdjson::dom::array counters;
  bool any = false;
  if (info.at_pointer("/counters").get(counters) == simdjson::SUCCESS) {
    for (const element& counter : counters) {
      const std::string name = text(counter, "/name");
      if (!name.starts_with("catalejo_intake_")) continue;
      if (!any) fmt::print("\nIntake, by endpoint\n");
      any = true;
      double value = 0;
      [[maybe_unused]] const auto error = counter.at_pointer("/value").get(value);
      fmt::print("  {:>10}  {} {}\n", thousands(static_cast<std::uint64_t>(value)),
                 name.substr(std::string_view("catalejo_intake_").size()),
                 text(counter, "/labels"));
    }
  }
  object refused;
  if (ledger.at_pointer("/requests_rejected").get(refused) == simdjson::SUCCESS &&
      refused.size() > 0) {
    fmt::print("\nRequests refused, by reason\n");
    for (const auto& [reason, count] : refused)
      fmt::print("  {:>10}  {}\n", thousands(std::uint64_t(count)), reason);
  }
}

void print_all(const element& info, const element& ledger) {
  fmt::print("Catalejo {}, running since {}\n", text(info, "/version"), [&] {
    const std::string started = text(info, "/started_ns");
    return to_rfc3339({std::atoll(started.c_str()) / kNanosPerSecond * kNanosPerSecond});
  }());
  fmt::print("  data         {}\n", text(info, "/data_dir"));
  simdjson::dom::array listeners;
  if (info.at_pointer("/listeners").get(listeners) == simdjson::SUCCESS) {
    for (const element& listener : listeners)
      fmt::print("  {:<12} {}\n", text(listener, "/name"), text(listener, "/address"));
  }
  for (const auto& [pointer, title] : {std::pair{"/spans", "Spans since then"},
                                       {"/evaluations", "Evaluations since then"},
                                       {"/metric_points", "Points of metrics since then"},
                                       {"/events", "Events since then"}}) {
    element account;
    if (ledger.at_pointer(pointer).get(account) == simdjson::SUCCESS) print_account(account, title);
  }
  print_store(ledger);
  print_requests(info, ledger);
}

}  // namespace

int print_info(const Settings& settings, const InfoOptions& options) {
  RunningServer server = running_server(settings, options.url, options.key, 5'000);
  const std::string& url = server.url;
  std::string bodies[2];
  const char* paths[2] = {"/api/v1/info", "/api/v1/ledger"};
  for (int i = 0; i < 2; ++i) {
    auto answer = server.client.request("GET", url + paths[i], server.headers, {});
    if (!answer) return not_running(url, answer.error().message);
    if (answer->status == 401 || answer->status == 403) {
      fmt::print(stderr,
                 "catalejo: {} wants a key; give one with --key or CATALEJO_API_KEY\n"
                 "(made with: catalejo key create NAME).\n",
                 url);
      return exit_failed;
    }
    if (answer->status != 200)
      return not_running(url, fmt::format("it answered {}", answer->status));
    bodies[i] = std::move(answer->body);
  }
  if (options.json) {
    fmt::print("{{\"info\":{},\"ledger\":{}}}\n", bodies[0], bodies[1]);
    return exit_ok;
  }
  simdjson::dom::parser first, second;
  element info, ledger;
  if (first.parse(bodies[0]).get(info) != simdjson::SUCCESS ||
      second.parse(bodies[1]).get(ledger) != simdjson::SUCCESS)
    return not_running(url, "its answer is not Catalejo's");
  print_all(info, ledger);
  return exit_ok;
}

}  // namespace catalejo::app
