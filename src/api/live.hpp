// Tells open pages that new spans are in the database. Any thread publishes; each subscriber is
// one Server-Sent Events stream of the net room, which buffers and drops slow readers itself.
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "net/http.hpp"
#include "store/store.hpp"

namespace catalejo::api {

class LiveHub {
 public:
  void publish(const store::Inserted& inserted);
  // False when limits::live_subscribers_max are connected, or after close().
  bool try_subscribe(std::shared_ptr<net::EventStream> stream);
  // Whether another subscriber may come; only a hint, try_subscribe decides.
  bool full() const;
  std::size_t subscribers() const;
  // Ends every stream; for shutdown.
  void close();

 private:
  mutable std::mutex mutex_;  // guards the members below
  std::vector<std::shared_ptr<net::EventStream>> streams_;
  bool closed_ = false;
};

}  // namespace catalejo::api
