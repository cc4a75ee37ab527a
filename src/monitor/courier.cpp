#include "monitor/courier.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "base/limits.hpp"
#include "base/log.hpp"
#include "codec/utf8.hpp"
#include "monitor/webhook.hpp"

namespace catalejo::monitor {
namespace {

constexpr std::size_t kAtOnce = 32;
constexpr std::size_t kAnswerBytesMax = 1u << 20;
constexpr std::size_t kSaidBytesMax = 300;
constexpr std::int64_t kMillis = 1'000, kWaitMsMax = 3'600'000;

std::int64_t millis_now() {
  return now().value / kNanosPerMilli;
}

Result<Outgoing> request_of(const store::Channel& channel, const std::string& body) {
  auto notice = decode(body);
  if (!notice) return notice.error();
  if (channel.kind != "webhook")
    return Error{Code::bad_request,
                 fmt::format("a channel of the kind {} is not known here", channel.kind),
                 channel.name};
  auto webhook = read_webhook(channel.settings);
  if (!webhook) return webhook.error();
  return webhook_request(*webhook, *notice);
}

}  // namespace

Sent send(net::Client& client, const store::Channel& channel, const std::string& body) {
  auto request = request_of(channel, body);
  if (!request) return {.problem = request.error().message};
  auto response = client.request("POST", request->url, request->headers, request->body);
  // The address may hold a secret: it is not repeated in a log.
  if (!response)
    return {.again = response.error().code != Code::bad_request,
            .problem = response.error().message};
  Sent sent{.http_status = response->status};
  sent.delivered = response->status >= 200 && response->status < 300;
  if (sent.delivered) return sent;
  sent.again = response->status == 429 || response->status == 408 || response->status >= 500;
  sent.wait_ms = std::min(net::wait_asked_ms(*response).value_or(0), kWaitMsMax);
  std::string said;
  codec::append_as_utf8(said, std::string_view(response->body).substr(0, kSaidBytesMax));
  sent.problem = fmt::format("HTTP {}{}{}", response->status, said.empty() ? "" : ": ", said);
  return sent;
}

std::int64_t pause_ms(std::int64_t attempts) {
  constexpr std::int64_t kFirst = 5 * kMillis, kMost = 600 * kMillis;
  const std::int64_t doubled = kFirst << std::clamp<std::int64_t>(attempts - 1, 0, 10);
  return std::min(doubled, kMost);
}

Courier::Courier(store::Monitors& control, Counters& counters)
    : control_(control),
      counters_(counters),
      client_(net::ClientOptions{.timeout_ms = limits::notice_timeout_ms,
                                 .body_bytes_max = kAnswerBytesMax,
                                 .stopped = [this] { return stopping(); }}),
      thread_([this] { run(); }) {}

void Courier::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  woken_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Courier::wake() {
  {
    const std::lock_guard lock(mutex_);
    waiting_ = true;
  }
  woken_.notify_all();
}

bool Courier::stopping() {
  const std::lock_guard lock(mutex_);
  return stopping_;
}

bool Courier::wait() {
  std::unique_lock lock(mutex_);
  woken_.wait_for(lock, std::chrono::seconds(1), [this] { return stopping_ || waiting_; });
  waiting_ = false;
  return !stopping_;
}

void Courier::run() {
  do {
    auto notices = control_.due(millis_now(), kAtOnce);
    if (!notices) {
      log::warn("monitor", "notices cannot be read: {}", to_string(notices.error()));
      continue;
    }
    bool ended = false;
    for (store::MonitorNotice& notice : *notices) {
      if (stopping()) return;
      ended |= deliver(std::move(notice));
    }
    // What waited behind one of these.
    if (ended) wake();
  } while (wait());
}

bool Courier::deliver(store::MonitorNotice notice) {
  using State = store::MonitorNotice::State;
  if (auto begun = control_.begin_attempt(notice); !begun) {
    log::warn("monitor", "a try cannot be noted: {}", to_string(begun.error()));
    return false;
  }
  ++notice.attempts;
  Sent sent;
  auto channel = control_.channel(notice.channel);
  if (channel) {
    sent = send(client_, *channel, notice.body);
  } else {
    sent.again = channel.error().code != Code::not_found;
    sent.problem = channel.error().message;
  }
  // It was not the receiver who ended it; the next process tries again.
  if (!sent.delivered && stopping()) return false;
  notice.http_status = sent.http_status;
  notice.problem = sent.problem;
  const bool last = !sent.again || notice.attempts >= limits::notice_attempts_max;
  notice.state = sent.delivered ? State::delivered : last ? State::given_up : State::waiting;
  if (notice.state == State::waiting)
    notice.next_ms = millis_now() + std::max(pause_ms(notice.attempts), sent.wait_ms);
  else
    notice.done_ms = millis_now();
  counters_
      .counter("catalejo_monitor_tries_total", label("outcome", sent.delivered ? "delivered"
                                                                : last         ? "given_up"
                                                                               : "again"))
      .add();
  if (!sent.delivered)
    log::warn("monitor", "@{} did not take a notice of monitor {} ({}): {}", notice.channel,
              notice.monitor, last ? "given up" : "tried again later", sent.problem);
  auto ended = control_.end_attempt(notice);
  if (!ended)
    log::error("monitor", "the end of a try cannot be noted: {}", to_string(ended.error()));
  return ended.ok();
}

}  // namespace catalejo::monitor
