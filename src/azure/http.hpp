// Asks Azure, at the pace that it allows: waits as long as a 429 says before it asks the same
// bucket again, slows down when the headers say that little is left, and tries again what fails by
// itself. What takes longer is an error that says so; nobody waits for minutes here.
//
// Azure counts calls by subscription and region, so what one subscription has used up holds up no
// other: a bucket is a host and a subscription.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "base/counters.hpp"
#include "base/result.hpp"
#include "net/client.hpp"

namespace catalejo::azure {

struct HttpOptions {
  int timeout_ms = 60'000;
  int tries = 4;
  int patience_ms = 20'000;            // what is longer is waited for by whoever asks again
  std::function<bool()> stopped = {};  // asked while it waits
  Counters* counters = nullptr;        // outlives this; may be none
};

struct Asked {
  std::string_view method;
  std::string url;
  net::Headers headers;
  std::string body;
  // Statuses that are tried again besides 429 and 5xx: a managed identity endpoint has its own.
  std::string_view also_again = {};
};

// From one thread at a time.
class Http {
 public:
  explicit Http(HttpOptions options);

  // Any status but those that are tried again; those when they have not ended. Errors
  // (problem.hpp): "throttled" without a call while a bucket must wait, "unreachable", "timeout",
  // "too_large", "stopped".
  Result<net::ClientResponse> ask(const Asked& asked);

  // What the last answers said is left of a bucket; -1 = nothing was said.
  std::int64_t remaining_least() const;
  bool stopped() const { return options_.stopped && options_.stopped(); }

 private:
  struct Bucket {
    std::int64_t closed_until_ns = 0;
    std::int64_t remaining = -1;
  };

  void note(Bucket& bucket, const net::ClientResponse& response);
  void count(std::string_view outcome);
  bool wait_ms(int ms);  // false when it was stopped

  const HttpOptions options_;
  net::Client client_;
  std::map<std::string, Bucket> buckets_;
};

// The host and, if the path names one, the subscription of a URL.
std::string bucket_of(std::string_view url);
// How long an answer asks to wait; 0 when it does not.
int retry_after_ms(const net::ClientResponse& response);
// The least of what x-ms-ratelimit-remaining-* and x-ms-user-quota-remaining say; -1 = nothing.
std::int64_t remaining_of(const net::ClientResponse& response);

}  // namespace catalejo::azure
