// Monitors as clients write them: whatever is given is read or refused, what is kept of it is read
// the same again, and what it leads to is text. After a zero byte the rest is a message or the
// settings of a channel, or a downtime.
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

#include "base/limits.hpp"
#include "codec/utf8.hpp"
#include "monitor/channel.hpp"
#include "monitor/composite.hpp"
#include "monitor/definition.hpp"
#include "monitor/downtime.hpp"
#include "monitor/downtime_v1.hpp"
#include "monitor/look.hpp"
#include "monitor/message.hpp"
#include "monitor/replay.hpp"
#include "monitor/scope.hpp"
#include "monitor/span_query.hpp"
#include "monitor/webhook.hpp"
#include "query/metrics/parser.hpp"

namespace {

using namespace catalejo::monitor;

void check_query(std::string_view text) {
  const auto query = parse_query(text);
  if (!query) {
    if (query.error().message.empty()) std::abort();
    return;
  }
  if (query->window_s < 60 || query->metrics.expressions.size() != 1) std::abort();
  const Asked asked = asked_at(*query, 1'700'000'000);
  if (asked.window.to_s <= asked.window.from_s) std::abort();
}

void check_composite(std::string_view text) {
  const auto composite = parse_composite(text);
  if (!composite) {
    if (composite.error().message.empty()) std::abort();
    return;
  }
  std::vector<Member> members;
  for (std::size_t i = 0; i < composite->members.size(); ++i) {
    members.push_back({.name = "m", .by = {}, .groups = {}});
    if (i % 2 != 0) continue;
    members.back().by = {"a"};
    members.back().groups = {{.name = "a:1"}, {.name = "a:2"}};
    members.back().groups.front().status = static_cast<MonitorStatus>(i % 5);
  }
  if (read_members(*composite, members, 60).size() != 2) std::abort();
}

void check_spans(std::string_view text) {
  for (const std::string_view type : {"llm-observability alert", "trace-analytics alert"}) {
    const auto query = parse_span_query(type, text);
    if (!query) {
      if (query.error().message.empty()) std::abort();
      continue;
    }
    if (query->window_s < 60 || !query->spans) std::abort();
    const auto statement = catalejo::query::plan_span_figure(*query->spans, {}, 60, 120);
    // What was typed travels as a parameter.
    if (statement.sql.find(';') != std::string::npos) std::abort();
  }
}

// Over a search for spans and a metric; what variables are is read with definitions.
std::vector<catalejo::query::metrics::AskedQuery> variables() {
  using namespace catalejo::query::metrics;
  Metric spans{.as_count = true};
  spans.spans = std::make_shared<const catalejo::query::SpanFigure>();
  Query question;
  question.metrics.push_back(std::move(spans));
  question.expressions.push_back({.kind = Expression::Kind::metric});
  auto read = parse("sum:b{*} by {c}");
  return {{.named = {.name = "a", .query = std::move(question)}},
          {.named = {.name = "b", .query = std::get<Query>(std::move(read))}}};
}

void check_formula(std::string_view text) {
  if (!is_formula(text)) return;
  const auto query = parse_formula_query(text, variables());
  if (!query) {
    if (query.error().message.empty()) std::abort();
    return;
  }
  if (query->window_s < 60 || query->metrics.expressions.size() != 1) std::abort();
  if (query->reducers.size() != query->metrics.metrics.size()) std::abort();
}

void check_state(const std::string& text) {
  Replay replay;
  replay.members.resize(1);
  if (!decode_groups(text, replay)) return;
  Replay again;
  again.members.resize(1);
  if (!decode_groups(encode_groups(replay), again)) std::abort();
  if (encode_groups(again) != encode_groups(replay)) std::abort();
}

void check_message(std::string_view text) {
  MessageFacts facts;
  facts.cases = {{"is_alert", true}, {"is_warning", false}};
  facts.variables = {{"value", "{{value}}"}, {"host.name", "@webhook-x"}, {"priority", "P1"}};
  const std::string said = render(text, facts);
  if (said.size() > catalejo::limits::monitor_message_bytes_max) std::abort();
  if (catalejo::codec::is_utf8(text) && !catalejo::codec::is_utf8(said)) std::abort();
  if (mentions_in(said).size() > catalejo::limits::monitor_mentions_max) std::abort();
  (void)problems_of(text);
}

void check_webhook(const std::string& text) {
  const auto webhook = read_webhook(text);
  if (!webhook) return;
  const auto again = read_webhook(encode(*webhook));
  if (!again || encode(*again) != encode(*webhook)) std::abort();
  const Notice notice{{"ID", "k"}, {"TAGS", "a:b,c"}, {"EVENT_MSG", "\"\n\\"}};
  if (const auto request = webhook_request(*webhook, notice))
    for (const auto& [name, value] : request->headers)
      if (name.find_first_of("\r\n") != std::string::npos ||
          value.find_first_of("\r\n") != std::string::npos)
        std::abort();
}

// Of each kind: what is read is read the same again, and makes a request of one line a header.
void check_channels(const std::string& text) {
  const Notice notice{{"ID", "k"}, {"TAGS", "a:b,c"}, {"EVENT_TITLE", text}, {"EVENT_MSG", text}};
  for (const ChannelKind& kind : channel_kinds()) {
    catalejo::store::Channel channel{.name = std::string(kind.name) + "-x"};
    const auto settings = read_settings(channel.name, text);
    if (!settings) continue;
    channel.kind = kind.name;
    channel.settings = encode_settings(*settings);
    const auto again = read_settings(channel.name, channel.settings);
    if (!again || *again != *settings) std::abort();
    const auto request = request_of(channel, notice, {.url = "smtp://m", .from = "a@b"});
    if (!request) continue;
    if (const auto* mail = std::get_if<catalejo::net::Mail>(&*request)) {
      if (mail->to.empty() || mail->server.from.empty()) std::abort();
      continue;
    }
    for (const auto& [name, value] : std::get<Outgoing>(*request).headers)
      if (value.find_first_of("\r\n") != std::string::npos) std::abort();
  }
}

// As older clients read and write it; what they write they read the same.
void check_first_version(const Downtime& made, std::int64_t at_s) {
  const catalejo::store::Downtime kept{
      .id = "0123456789ab", .body = {}, .author = {}, .created = {}, .modified = {}};
  std::string shown;
  append_first_version(shown, kept, made, at_s);
  const auto read = read_first_version(shown, at_s, nullptr);
  if (!read) return;  // a recurrence of more than the year 9999
  const auto again = read_downtime(read->attributes, at_s);
  if (!again) return;
  if (!same(again->scope, made.scope) || again->monitor_id != made.monitor_id) std::abort();
}

// What is read of a downtime is read the same again; its windows come one behind the other.
void check_downtime(const std::string& text) {
  constexpr std::int64_t kNow = 1'780'000'000;
  const auto made = read_downtime(text, kNow);
  if (!made) return;
  const auto again = read_downtime(made->body, kNow + 1);
  if (!again || again->body != made->body || again->unsupported != made->unsupported) std::abort();
  std::int64_t at_s = kNow;
  for (int i = 0; i < 3; ++i) {
    const auto window = made->window(at_s);
    if (!window) break;
    if (window->to_s == 0) break;
    if (window->to_s <= at_s || window->to_s <= window->from_s) std::abort();
    at_s = window->to_s;
  }
  Definition monitor;
  (void)made->is_of(1, monitor);
  (void)made->covers(monitor, {"host:a", "env:prod"});
  (void)changed_downtime(made->body, text);
  check_first_version(*made, kNow);
}

void check_first_body(const std::string& text) {
  const auto read = read_first_version(text, 1'780'000'000, nullptr);
  if (!read) return;
  const auto made = read_downtime(read->attributes, 1'780'000'000);
  if (made) check_first_version(*made, 1'780'000'000);
}

void check_definition(const std::string& text) {
  const auto made = read_definition(text, true);
  if (!made) return;
  const auto again = read_definition(made->body, true);
  if (!again || again->body != made->body || again->unsupported != made->unsupported) std::abort();
  if (!made->query) return;
  Known known;
  const std::vector<Reading> readings{{.tags = {"host:a"}, .value = 1e9, .first_s = 1},
                                      {.tags = {}, .value = -1e9, .first_s = 1}};
  for (const std::int64_t at_s : {1'700'000'000, 1'700'000'060}) {
    for (const auto& notice : advance({}, *made, known, readings, at_s).notices)
      if (!decode(notice.body)) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view all(reinterpret_cast<const char*>(data), size);
  const std::size_t zero = all.find('\0');
  const std::string first(all.substr(0, zero));
  check_definition(first);
  check_query(first);
  check_composite(first);
  check_spans(first);
  check_formula(first);
  if (zero == std::string_view::npos) return 0;
  const std::string rest(all.substr(zero + 1));
  check_message(rest);
  check_webhook(rest);
  check_state(rest);
  check_channels(rest);
  check_downtime(rest);
  check_first_body(rest);
  return 0;
}
