#include "app/monitor_test.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "app/exit_code.hpp"
#include "app/running_server.hpp"
#include "base/file.hpp"
#include "base/ids.hpp"
#include "base/limits.hpp"
#include "codec/json_dom.hpp"
#include "codec/json_writer.hpp"
#include "monitor/monitor_query.hpp"

namespace catalejo::app {
namespace {

namespace dom = codec::dom;

constexpr int exit_fired = 1, exit_untestable = 2;
// A day of looks, each of which asks the database.
constexpr int kAnswerMs = 600'000;

struct Tested {
  std::string changes = "[";  // JSON
  std::int64_t looks = 0;
  bool fired = false;
};

int untestable(std::string_view why) {
  fmt::print(stderr, "catalejo: {}\n", why);
  return exit_untestable;
}

// "2026-11-01T10:00:00Z", Unix seconds, or how long ago: "7d".
Result<std::int64_t> seconds_of(std::string_view name, const std::string& text) {
  const std::int64_t now_s = now().value / kNanosPerSecond;
  if (text == "0m") return now_s;
  if (const std::int64_t ago = monitor::window_of(text); ago > 0) return now_s - ago;
  if (const auto number = parse_decimal64(text); number && *number < (1ull << 40))
    return static_cast<std::int64_t>(*number);
  if (const auto time = parse_rfc3339(text)) return time->value / kNanosPerSecond;
  return Error{
      Code::bad_request,
      fmt::format("'{}' is no time: write 2026-11-01, RFC 3339, or how long ago: 7d", text),
      std::string(name)};
}

// The first members of the request: which monitor.
Result<std::string> monitor_of(const std::string& what) {
  if (!what.empty() && std::ranges::all_of(what, [](char c) { return c >= '0' && c <= '9'; }))
    return fmt::format(R"("id":{})", what);
  auto text = read_file(what);
  if (!text) return text.error();
  codec::JsonDocument document;
  CATALEJO_TRY(document.parse(*text));
  std::string json = R"("monitor":)";
  codec::append_json(json, codec::root(document));
  return json;
}

std::string text_of(const dom::element& row, std::string_view name) {
  std::string_view text;
  return row[name].get(text) == simdjson::SUCCESS ? std::string(text) : std::string();
}

bool is_bad(std::string_view status) {
  return status == "Alert" || status == "Warn" || status == "No Data";
}

void print_change(const dom::element& row) {
  std::int64_t at_s = 0;
  double value = 0;
  if (row["at"].get(at_s) != simdjson::SUCCESS) return;
  const bool has_value = row["value"].get(value) == simdjson::SUCCESS;
  fmt::print("{}  {} → {}  {}{}  {}\n", to_rfc3339({at_s * kNanosPerSecond}), text_of(row, "from"),
             text_of(row, "to"), text_of(row, "group"),
             has_value ? fmt::format("  {:.6g}", value) : std::string(), text_of(row, "title"));
  std::string message = text_of(row, "message");
  for (std::size_t at = 0; (at = message.find('\n', at)) != std::string::npos; at += 5)
    message.replace(at, 1, "\n    ");
  if (!message.empty()) fmt::print("    {}\n", message);
}

// Adds what one answer says; `next` and `state` are for the next one. False: it is not Catalejo's.
bool add_part(const MonitorTestOptions& options, const dom::element& part, Tested& tested,
              std::int64_t& next, std::string& state) {
  dom::array changes;
  dom::element groups;
  std::int64_t looks = 0;
  if (part["changes"].get(changes) != simdjson::SUCCESS ||
      part["looks"].get(looks) != simdjson::SUCCESS ||
      part["state"].get(groups) != simdjson::SUCCESS)
    return false;
  if (part["next"].get(next) != simdjson::SUCCESS) next = 0;
  state.clear();
  codec::append_json(state, groups);
  tested.looks += looks;
  for (const dom::element row : changes) {
    bool told = false;
    tested.fired |=
        row["told"].get(told) == simdjson::SUCCESS && told && is_bad(text_of(row, "to"));
    if (tested.changes.size() > 1) tested.changes += ',';
    codec::append_json(tested.changes, row);
    if (!options.json) print_change(row);
  }
  return true;
}

std::string refused(const net::ClientResponse& answer) {
  simdjson::dom::parser parser;
  dom::element body;
  std::string_view detail;
  if (parser.parse(answer.body).get(body) == simdjson::SUCCESS &&
      body["errors"].at(0)["detail"].get(detail) == simdjson::SUCCESS)
    return std::string(detail);
  return fmt::format("it answered {}", answer.status);
}

}  // namespace

int test_monitor(const Settings& settings, const MonitorTestOptions& options) {
  const auto which = monitor_of(options.monitor);
  if (!which) return untestable(to_string(which.error()));
  const auto from = seconds_of("--from", options.from), to = seconds_of("--to", options.to);
  if (!from) return untestable(to_string(from.error()));
  if (!to) return untestable(to_string(to.error()));
  RunningServer server = running_server(settings, options.url, options.key, kAnswerMs);
  server.headers.emplace_back("Content-Type", "application/json");
  Tested tested;
  std::string state;
  for (std::int64_t next = *from; next != 0;) {
    const std::string body = fmt::format(R"({{{},"from":{},"to":{}{}{}}})", *which, next, *to,
                                         state.empty() ? "" : R"(,"state":)", state);
    const auto answer =
        server.client.request("POST", server.url + "/api/v1/monitors/replay", server.headers, body);
    if (!answer) return not_running(server.url, answer.error().message);
    simdjson::dom::parser parser;
    dom::element part;
    if (answer->status != 200) return untestable(refused(*answer));
    if (parser.parse(answer->body).get(part) != simdjson::SUCCESS ||
        !add_part(options, part, tested, next, state))
      return untestable("its answer is not Catalejo's");
  }
  if (options.json) {
    fmt::print("{{\"fired\":{},\"looks\":{},\"changes\":{}]}}\n", tested.fired, tested.looks,
               tested.changes);
  } else {
    fmt::print("{} looks: {}\n", tested.looks,
               tested.fired ? "it would have gone off" : "it would have stayed quiet");
  }
  return tested.fired ? exit_fired : exit_ok;
}

}  // namespace catalejo::app
