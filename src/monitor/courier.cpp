#include "monitor/courier.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "base/limits.hpp"
#include "base/log.hpp"
#include "codec/utf8.hpp"
#include "monitor/channel.hpp"

namespace catalejo::monitor {
namespace {

constexpr std::size_t kAtOnce = 32;
constexpr std::size_t kAnswerBytesMax = 1u << 20;
constexpr std::size_t kSaidBytesMax = 300;
constexpr std::int64_t kMillis = 1'000, kWaitMsMax = 3'600'000;

std::int64_t millis_now() {
  return now().value / kNanosPerMilli;
}

Sent said_by(int status, std::string_view how, std::string_view said, bool again) {
  Sent sent{.again = again, .http_status = status};
  std::string text;
  codec::append_as_utf8(text, said.substr(0, kSaidBytesMax));
  sent.problem = fmt::format("{} {}{}{}", how, status, text.empty() ? "" : ": ", text);
  return sent;
}

// The address may hold a secret: it is not repeated in a log.
Sent not_answered(const Error& error) {
  return {.again = error.code != Code::bad_request, .problem = error.message};
}

Sent post(net::Client& client, const Outgoing& request) {
  auto response = client.request("POST", request.url, request.headers, request.body);
  if (!response) return not_answered(response.error());
  const int status = response->status;
  if (status >= 200 && status < 300) return {.delivered = true, .http_status = status};
  Sent sent =
      said_by(status, "HTTP", response->body, status == 429 || status == 408 || status >= 500);
  sent.wait_ms = std::min(net::wait_asked_ms(*response).value_or(0), kWaitMsMax);
  return sent;
}

// SMTP says 4xx of what may go better another time.
Sent hand_over(const Means& means, const net::Mail& mail) {
  auto answer =
      net::send_mail(mail, {.timeout_ms = limits::notice_timeout_ms, .stopped = means.stopped});
  if (!answer) return not_answered(answer.error());
  if (answer->status < 400) return {.delivered = true, .http_status = answer->status};
  return said_by(answer->status, "SMTP", answer->said, answer->status < 500);
}

}  // namespace

Sent send(const Means& means, const store::Channel& channel, const std::string& body) {
  auto notice = decode(body);
  if (!notice) return {.problem = notice.error().message};
  const auto request = request_of(channel, *notice, means.mail);
  if (!request) return {.problem = request.error().message};
  if (const auto* mail = std::get_if<net::Mail>(&*request)) return hand_over(means, *mail);
  return post(means.client, std::get<Outgoing>(*request));
}

Result<store::Channel> find_channel(store::Monitors& control, const std::string& name) {
  auto channel = control.channel(name);
  if (channel || channel.error().code != Code::not_found) return channel;
  return channel_of_address(name);
}

std::int64_t pause_ms(std::int64_t attempts) {
  constexpr std::int64_t kFirst = 5 * kMillis, kMost = 600 * kMillis;
  const std::int64_t doubled = kFirst << std::clamp<std::int64_t>(attempts - 1, 0, 10);
  return std::min(doubled, kMost);
}

Courier::Courier(store::Monitors& control, Counters& counters, net::MailServer mail)
    : control_(control),
      counters_(counters),
      mail_(std::move(mail)),
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
  auto channel = find_channel(control_, notice.channel);
  if (channel) {
    const Means means{.client = client_, .mail = mail_, .stopped = [this] { return stopping(); }};
    sent = send(means, *channel, notice.body);
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
