// A server on a free port with the handlers the tests ask for.
//   /echo     "METHOD path query X-Test body"
//   /throw    throws
//   /wait     answers when release() is called, from another thread
//   /events   Server-Sent Events: streams() gives them to the test
//   /big?n=   a body of n bytes
//   /parts?n=&then=  a body of n parts, one a call, each from another thread; then= "end", "error"
//             or "throw"
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "base/counters.hpp"
#include "net/server.hpp"

namespace catalejo::net::testing {

class TestServer {
 public:
  explicit TestServer(ServerLimits limits = {}, std::function<void(Listener&)> change = {});
  ~TestServer();

  std::uint16_t port() const { return server_->port("test"); }
  std::string url(const std::string& path) const;
  Server& server() { return *server_; }
  // The sum over all labels that contain `labels`.
  double counted(const std::string& name, const std::string& labels = {}) const;
  // Waits up to 20 s until counted() is at least `value`.
  bool await_counted(const std::string& name, const std::string& labels, double value) const;

  // Waits until `count` requests of /wait are in their handlers.
  void await_waiting(std::size_t count);
  // Lets the oldest waiting request go on, on the calling thread.
  void release();
  std::shared_ptr<EventStream> await_stream();

 private:
  Task<Response> handle(Request request);

  Counters counters_;
  std::mutex mutex_;  // guards the two lists
  std::condition_variable changed_;
  std::deque<Promise<int>> waiting_;
  std::deque<std::shared_ptr<EventStream>> streams_;
  std::unique_ptr<Server> server_;
};

}  // namespace catalejo::net::testing
