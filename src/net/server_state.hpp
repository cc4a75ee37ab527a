// What the connections of one server share: its limits, what is in use of them, and counters.
#pragma once

#include <array>
#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>

#include "net/server.hpp"
#include "net/stream.hpp"

namespace catalejo::net {

struct ListenerState {
  Listener config;
  std::shared_ptr<const TlsContext> tls;  // null for plain text
  // By status; found once each, because Counters takes a lock.
  std::array<std::atomic<Counter*>, 600> answered{};
};

struct ServerState {
  ServerLimits limits;
  std::unique_ptr<Counters> own_counters;  // when the options name none
  Counters* counters = nullptr;
  std::atomic<bool> stopping{false};
  std::atomic<std::size_t> body_bytes{0};  // of all requests being read or handled
  std::atomic<std::size_t> handlers{0};    // that have not answered yet
  // Shared with the gauge, which may be read after the server is gone.
  std::shared_ptr<std::atomic<std::size_t>> connections =
      std::make_shared<std::atomic<std::size_t>>(0);

  std::mutex mutex;  // guards nothing but the wait for `connections` to become 0
  std::condition_variable connections_gone;

  void count_answer(ListenerState& listener, int status);
  void count_refused(const char* reason);
  void connection_closed();
};

}  // namespace catalejo::net
