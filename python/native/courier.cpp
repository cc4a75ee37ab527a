#include "courier.hpp"

#include <zlib.h>

#include <chrono>
#include <optional>
#include <utility>

namespace catalejo::tracer {
namespace {

constexpr auto kInfoTime = std::chrono::seconds(2);
// Compressed only on its way over TLS, that is, to another machine.
constexpr std::size_t kCompressBytesMin = 1'024;
constexpr int kCompressLevel = 4;
constexpr int kGzipWindow = 15 + 16;

std::optional<std::string> gzip(const std::string& body) {
  z_stream stream{};
  if (deflateInit2(&stream, kCompressLevel, Z_DEFLATED, kGzipWindow, 8, Z_DEFAULT_STRATEGY) != Z_OK)
    return std::nullopt;
  std::string out(deflateBound(&stream, body.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(body.data()));
  stream.avail_in = static_cast<uInt>(body.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int result = deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  if (result != Z_STREAM_END) return std::nullopt;
  return out;
}

std::string describe(const Url& url) {
  if (!url.socket_path.empty()) return "unix://" + url.socket_path + " " + url.path;
  return (url.tls ? "https://" : "http://") + url.authority + url.path;
}

Outcome judge(const Url& url, const Answer& answer) {
  Outcome outcome{.requested = true, .written = answer.written};
  outcome.retry_after_s = answer.retry_after_s;
  if (answer.status == 0) {
    outcome.error = describe(url) + ": " + answer.error;
    return outcome;
  }
  if (answer.status >= 200 && answer.status < 300) {
    outcome.verdict = Outcome::Verdict::acknowledged;
    return outcome;
  }
  const bool again = answer.status == 408 || answer.status == 429 || answer.status >= 500;
  if (!again) outcome.verdict = Outcome::Verdict::refused;
  outcome.content = answer.status == 400 || answer.status == 413 || answer.status == 422;
  outcome.error = describe(url) + ": HTTP " + std::to_string(answer.status);
  if (!answer.body.empty()) outcome.error += " " + answer.body.substr(0, 300);
  for (char& c : outcome.error) c = c == '\n' || c == '\r' ? ' ' : c;
  return outcome;
}

}  // namespace

Courier::Courier(std::shared_ptr<const Target> target, std::shared_ptr<const Abort> abort)
    : target_(std::move(target)),
      abort_(std::move(abort)),
      clients_{HttpClient(target_->ca_file, abort_.get()),
               HttpClient(target_->ca_file, abort_.get())} {}

void Courier::abandon_after_fork() {
  for (HttpClient& client : clients_) client.abandon_after_fork();
}

// Once: an agent that takes LLM events is used, otherwise the intake itself, where there is a way.
void Courier::choose_route() {
  if (*route_ != 0) return;
  without_agent_ = !target_->direct[0];
  if (target_->info && target_->agentless[0]) {
    const Answer answer =
        clients_[0].request("GET", *target_->info, {}, {}, Clock::now() + kInfoTime);
    without_agent_ = answer.status != 200 || answer.body.find("/evp_proxy/v2") == std::string::npos;
  }
  route_ = without_agent_ ? "agentless" : "agent";
}

Outcome Courier::deliver(const Batch& batch) {
  choose_route();
  const Endpoint* endpoint = target_->endpoint(batch.kind, without_agent_);
  if (endpoint == nullptr) return {.error = "no address to send to is configured"};
  Headers headers = endpoint->headers;
  headers.emplace_back("content-type", "application/json");
  std::optional<std::string> compressed;
  if (endpoint->url.tls && batch.body.size() >= kCompressBytesMin) compressed = gzip(batch.body);
  if (compressed) headers.emplace_back("content-encoding", "gzip");
  const auto deadline = Clock::now() + std::chrono::milliseconds(target_->timeout_ms);
  return judge(endpoint->url, clients_[index_of(batch.kind)].request(
                                  "POST", endpoint->url, headers,
                                  compressed ? *compressed : batch.body, deadline));
}

}  // namespace catalejo::tracer
