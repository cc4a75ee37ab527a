// Load generator for loopback: keep-alive connections that send pre-encoded bodies and wait for
// each acknowledgement. Stops after the asked number of spans. One JSON line on standard output:
// what was sent and acknowledged, seconds, and percentiles of the acknowledgement time.
//
//   catalejo-loadgen --port 8126 --encoding llmobs_json|apm_v04 --spans 1000000
//                    [--rate 2000] [--connections 4] [--spans-per-body 100] [--first 0]
//                    [--spread 84600]
#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <map>
#include <thread>

#include "base/file.hpp"
#include "base/time.hpp"
#include "payload.hpp"

namespace catalejo::bench {
namespace {

struct Options {
  std::uint16_t port = 8126;
  Encoding encoding = Encoding::llmobs_json;
  std::uint64_t spans = 100'000;
  std::uint64_t rate = 0;  // spans per second over all connections; 0 = as fast as acknowledged
  std::uint32_t connections = 4;
  std::uint32_t spans_per_body = 100;
  std::uint64_t first = 0;  // number of the first span, to go on where another run stopped
  // The spans began over this many seconds before now, evenly; 0 = just before they are sent.
  std::uint64_t spread = 0;
  std::int64_t began_ns = 0;

  std::int64_t time_of(std::uint64_t n) const {
    if (spread == 0) return now().value;
    const double left = 1 - static_cast<double>(n) / static_cast<double>(spans);
    return began_ns - static_cast<std::int64_t>(left * static_cast<double>(spread) * 1e9);
  }
};

struct Tally {
  std::uint64_t sent = 0, acknowledged = 0, failed = 0, bytes = 0;
  std::vector<std::int64_t> latencies_ns;
  std::uint64_t last_span = 0;
  std::int64_t last_time_ns = 0;
};

UniqueFd connect_loopback(std::uint16_t port) {
  UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const int on = 1;
  ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) return {};
  return fd;
}

bool send_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t put = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (put <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
  return true;
}

// Reads one response with Content-Length; its status, or 0 when the connection broke.
int read_response(int fd) {
  std::string data;
  char buffer[4'096];
  while (true) {
    const std::size_t end = data.find("\r\n\r\n");
    if (end != std::string::npos) {
      std::string head = data.substr(0, end);
      std::transform(head.begin(), head.end(), head.begin(),
                     [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
      const std::size_t at = head.find("content-length:");
      const std::size_t length =
          at == std::string::npos ? 0 : std::strtoull(head.c_str() + at + 15, nullptr, 10);
      if (data.size() >= end + 4 + length) return std::atoi(data.c_str() + 9);
    }
    const ssize_t got = ::recv(fd, buffer, sizeof buffer, 0);
    if (got <= 0) return 0;
    data.append(buffer, static_cast<std::size_t>(got));
  }
}

std::string request_head(const Options& options, std::size_t bytes) {
  if (options.encoding == Encoding::apm_v04) {
    return fmt::format(
        "POST /v0.4/traces HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/msgpack\r\n"
        "datadog-meta-lang: python\r\ncontent-length: {}\r\n\r\n",
        bytes);
  }
  return fmt::format(
      "POST /evp_proxy/v2/api/v2/llmobs HTTP/1.1\r\nhost: localhost\r\n"
      "content-type: application/json\r\nx-datadog-evp-subdomain: llmobs-intake\r\n"
      "content-length: {}\r\n\r\n",
      bytes);
}

class Sender {
 public:
  Sender(const Options& options, std::uint32_t index, std::atomic<std::uint64_t>& next)
      : options_(options), next_(next) {
    constexpr std::uint32_t kTemplates = 24;
    for (std::uint32_t i = 0; i < kTemplates; ++i)
      payloads_.push_back(
          make_payload(options.encoding, 1 + index * kTemplates + i, options.spans_per_body));
  }

  void run() {
    UniqueFd fd = connect_loopback(options_.port);
    const std::int64_t began = steady_now_nanos();
    for (std::size_t turn = 0;; ++turn) {
      Payload& payload = payloads_[turn % payloads_.size()];
      const std::uint64_t at = next_.fetch_add(payload.spans);
      if (at >= options_.spans) return;
      if (options_.rate > 0) wait_until(began, at);
      tally.last_time_ns = options_.time_of(at);
      patch(payload, options_.first + at, tally.last_time_ns);
      tally.last_span = at;
      const std::string head = request_head(options_, payload.body.size());
      const std::int64_t sent = steady_now_nanos();
      tally.sent += payload.spans;
      tally.bytes += payload.body.size();
      int status = 0;
      if (fd && send_all(fd.get(), head) && send_all(fd.get(), payload.body))
        status = read_response(fd.get());
      if (status >= 200 && status < 300) {
        tally.acknowledged += payload.spans;
        tally.latencies_ns.push_back(steady_now_nanos() - sent);
      } else {
        tally.failed += payload.spans;
        if (status == 0) fd = connect_loopback(options_.port);
      }
    }
  }

  Tally tally;

 private:
  void wait_until(std::int64_t began, std::uint64_t at) const {
    const auto due = static_cast<std::int64_t>(static_cast<double>(at) /
                                               static_cast<double>(options_.rate) * 1e9);
    const std::int64_t wait = began + due - steady_now_nanos();
    if (wait > 0) std::this_thread::sleep_for(std::chrono::nanoseconds(wait));
  }

  const Options& options_;
  std::atomic<std::uint64_t>& next_;
  std::vector<Payload> payloads_;
};

double percentile_ms(const std::vector<std::int64_t>& sorted, double share) {
  if (sorted.empty()) return 0;
  const auto at = static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1));
  return static_cast<double>(sorted[at]) / 1e6;
}

void report(const Options& options, std::vector<Sender>& senders, double seconds) {
  Tally all;
  for (Sender& sender : senders) {
    all.sent += sender.tally.sent;
    all.acknowledged += sender.tally.acknowledged;
    all.failed += sender.tally.failed;
    all.bytes += sender.tally.bytes;
    if (sender.tally.last_span >= all.last_span) {
      all.last_span = sender.tally.last_span;
      all.last_time_ns = sender.tally.last_time_ns;
    }
    all.latencies_ns.insert(all.latencies_ns.end(), sender.tally.latencies_ns.begin(),
                            sender.tally.latencies_ns.end());
  }
  std::sort(all.latencies_ns.begin(), all.latencies_ns.end());
  fmt::print(
      "{{\"sent\":{},\"acknowledged\":{},\"failed\":{},\"bytes\":{},\"seconds\":{:.3f},"
      "\"bytes_per_span\":{:.0f},\"ack_p50_ms\":{:.2f},\"ack_p99_ms\":{:.2f},\"ack_max_ms\":{:.2f},"
      "\"last_trace\":\"{}\"}}\n",
      all.sent, all.acknowledged, all.failed, all.bytes, seconds,
      all.sent ? static_cast<double>(all.bytes) / static_cast<double>(all.sent) : 0,
      percentile_ms(all.latencies_ns, 0.5), percentile_ms(all.latencies_ns, 0.99),
      percentile_ms(all.latencies_ns, 1),
      trace_id_of(options.first + all.last_span, all.last_time_ns));
}

bool parse(int argc, char** argv, Options& options) {
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string_view name = argv[i];
    const std::uint64_t number = std::strtoull(argv[i + 1], nullptr, 10);
    if (name == "--port") {
      options.port = static_cast<std::uint16_t>(number);
    } else if (name == "--encoding") {
      options.encoding =
          argv[i + 1] == std::string_view("apm_v04") ? Encoding::apm_v04 : Encoding::llmobs_json;
    } else if (name == "--spans") {
      options.spans = number;
    } else if (name == "--rate") {
      options.rate = number;
    } else if (name == "--connections") {
      options.connections = static_cast<std::uint32_t>(number);
    } else if (name == "--spans-per-body") {
      options.spans_per_body = static_cast<std::uint32_t>(number);
    } else if (name == "--first") {
      options.first = number;
    } else if (name == "--spread") {
      options.spread = number;
    } else {
      return false;
    }
  }
  return argc % 2 == 1 && options.spans_per_body >= 5;
}

int run(int argc, char** argv) {
  Options options;
  if (!parse(argc, argv, options)) {
    fmt::print(stderr, "usage: see the head of bench/loadgen.cpp\n");
    return 2;
  }
  options.began_ns = now().value;
  std::atomic<std::uint64_t> next{0};
  std::vector<Sender> senders;
  for (std::uint32_t i = 0; i < options.connections; ++i) senders.emplace_back(options, i, next);
  const std::int64_t began = steady_now_nanos();
  std::vector<std::thread> threads;
  for (Sender& sender : senders) threads.emplace_back([&sender] { sender.run(); });
  for (std::thread& thread : threads) thread.join();
  report(options, senders, static_cast<double>(steady_now_nanos() - began) / 1e9);
  return 0;
}

}  // namespace
}  // namespace catalejo::bench

int main(int argc, char** argv) {
  return catalejo::bench::run(argc, argv);
}
