// The events on their way to one Server-Sent Events client: filled from any thread, emptied by
// the connection. Bounded by count and bytes; a client that reads too slowly loses its stream.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "base/task.hpp"
#include "net/http.hpp"

namespace catalejo::net {

class EventQueue : public EventStream {
 public:
  struct Bounds {
    std::size_t events_max;
    std::size_t bytes_max;
  };
  // `wake` is run when something has come that drain() should fetch; from any thread.
  EventQueue(Bounds bounds, std::function<void()> wake) : bounds_(bounds), wake_(std::move(wake)) {}

  bool send(std::string_view event, std::string_view data) override;
  void close() override;

  struct Drained {
    std::string text;    // whole events, ready for the wire
    bool ended = false;  // closed by the sender: nothing follows
  };
  // Not again before written().
  Drained drain();
  bool overrun();  // closed because the client is too slow
  // What drain() gave out has been written: room for as many again.
  void written();
  // The client has gone: send() says false from now on.
  void abandon();

 private:
  const Bounds bounds_;
  const std::function<void()> wake_;
  std::mutex mutex_;  // guards the members below
  std::string waiting_;
  std::size_t waiting_events_ = 0, waiting_bytes_ = 0;  // including what is being written
  std::size_t drained_events_ = 0, drained_bytes_ = 0;
  bool woken_ = false, closed_ = false, overrun_ = false;
};

// "event: name\ndata: first line\ndata: second line\n\n"
std::string encode_event(std::string_view event, std::string_view data);

}  // namespace catalejo::net
