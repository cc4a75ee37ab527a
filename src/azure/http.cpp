#include "azure/http.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <thread>
#include <utility>

#include "azure/problem.hpp"
#include "base/ascii.hpp"
#include "base/limits.hpp"
#include "base/time.hpp"

namespace catalejo::azure {
namespace {

constexpr int kFirstWaitMs = 500;
constexpr int kSliceMs = 50;
// A bucket of 250 fills by 25 a second: with so few left, a moment is enough.
constexpr std::int64_t kRemainingLow = 10;
constexpr int kSlowMs = 400;

bool starts_with(std::string_view text, std::string_view begin) {
  return equal_ignoring_case(text.substr(0, begin.size()), begin);
}

std::int64_t number_of(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  std::int64_t number = -1;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

// "00:00:05"
int clock_ms(std::string_view text) {
  int seconds = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(':', at), text.size());
    const std::int64_t part = number_of(text.substr(at, end - at));
    if (part < 0 || part > 60) return 0;
    seconds = std::min(seconds * 60 + static_cast<int>(part), 3'600);
    at = end + 1;
  }
  return seconds * 1'000;
}

bool again(int status, std::string_view also) {
  // 529: https://learn.microsoft.com/azure/azure-monitor/metrics/migrate-to-batch-api
  return status == 429 || status >= 500 || also.find(fmt::format("{}", status)) != also.npos;
}

Error unanswered(const Error& error, bool stopped) {
  if (stopped) return problem("stopped", {}, Code::shutting_down);
  if (error.code == Code::timeout) return problem("timeout", error.message, Code::timeout);
  if (error.code == Code::body_too_large)
    return problem("too_large", error.message, Code::body_too_large);
  return problem("unreachable", error.message, Code::io);
}

}  // namespace

std::string bucket_of(std::string_view url) {
  const std::size_t scheme = url.find("://");
  const std::size_t host = scheme == url.npos ? 0 : scheme + 3;
  const std::size_t path = std::min(url.find('/', host), url.size());
  std::string bucket(url.substr(host, path - host));
  constexpr std::string_view kSubscription = "/subscriptions/";
  if (url.substr(path).starts_with(kSubscription)) {
    const std::string_view rest = url.substr(path + kSubscription.size());
    bucket += ' ';
    bucket += rest.substr(0, rest.find_first_of("/?"));
  }
  return bucket;
}

int retry_after_ms(const net::ClientResponse& response) {
  if (const auto asked = net::wait_asked_ms(response))
    return static_cast<int>(std::min<std::int64_t>(*asked, 3'600'000));
  return response.status == 429 ? clock_ms(response.header("x-ms-user-quota-resets-after")) : 0;
}

std::int64_t remaining_of(const net::ClientResponse& response) {
  std::int64_t least = -1;
  for (const auto& [name, value] : response.headers) {
    if (!starts_with(name, "x-ms-ratelimit-remaining") &&
        !starts_with(name, "x-ms-user-quota-remaining"))
      continue;
    // One number, or several of a policy each: "Microsoft.Insights/Reads;119,…;42".
    for (std::size_t at = 0; at < value.size();) {
      const std::size_t end = std::min(value.find(',', at), value.size());
      std::string_view part = std::string_view(value).substr(at, end - at);
      if (const std::size_t behind = part.rfind(';'); behind != part.npos)
        part.remove_prefix(behind + 1);
      const std::int64_t number = number_of(part);
      if (number >= 0) least = least < 0 ? number : std::min(least, number);
      at = end + 1;
    }
  }
  return least;
}

Http::Http(HttpOptions options)
    : options_(std::move(options)),
      client_(net::ClientOptions{.timeout_ms = options_.timeout_ms,
                                 .body_bytes_max = limits::azure_answer_bytes_max,
                                 .stopped = options_.stopped}) {}

bool Http::wait_ms(int ms) {
  for (int waited = 0; waited < ms; waited += kSliceMs) {
    if (stopped()) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(std::min(kSliceMs, ms - waited)));
  }
  return !stopped();
}

void Http::count(std::string_view outcome) {
  if (options_.counters != nullptr)
    options_.counters->counter("catalejo_azure_calls_total", label("outcome", outcome)).add();
}

void Http::note(Bucket& bucket, const net::ClientResponse& response) {
  bucket.remaining = remaining_of(response);
}

std::int64_t Http::remaining_least() const {
  std::int64_t least = -1;
  for (const auto& [name, bucket] : buckets_)
    if (bucket.remaining >= 0)
      least = least < 0 ? bucket.remaining : std::min(least, bucket.remaining);
  return least;
}

Result<net::ClientResponse> Http::ask(const Asked& asked) {
  if (buckets_.size() > limits::azure_buckets_max) buckets_.clear();
  Bucket& bucket = buckets_[bucket_of(asked.url)];
  for (int attempt = 1;; ++attempt) {
    const std::int64_t closed_ms = (bucket.closed_until_ns - steady_now_nanos()) / kNanosPerMilli;
    if (closed_ms > options_.patience_ms) {
      count("not_asked");
      return problem("throttled", fmt::format("for {} s more", (closed_ms + 999) / 1'000),
                     Code::busy);
    }
    const bool low = bucket.remaining >= 0 && bucket.remaining < kRemainingLow;
    const int pause = std::max(static_cast<int>(closed_ms), low ? kSlowMs : 0);
    if (pause > 0 && !wait_ms(pause)) return problem("stopped", {}, Code::shutting_down);
    auto response = client_.request(asked.method, asked.url, asked.headers, asked.body);
    const int backoff = kFirstWaitMs << (attempt - 1);
    if (!response) {
      Error error = unanswered(response.error(), stopped());
      count(error.where);
      // A connection that broke may be one that was kept open too long.
      if (error.where != "unreachable" || attempt >= options_.tries) return error;
      if (!wait_ms(backoff)) return problem("stopped", {}, Code::shutting_down);
      continue;
    }
    note(bucket, *response);
    count(fmt::format("{}", response->status));
    if (!again(response->status, asked.also_again)) return response;
    const int wait = std::max(retry_after_ms(*response), backoff);
    bucket.closed_until_ns = steady_now_nanos() + wait * kNanosPerMilli;
    if (attempt >= options_.tries || wait > options_.patience_ms) return response;
  }
}

}  // namespace catalejo::azure
