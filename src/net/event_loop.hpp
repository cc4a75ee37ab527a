// One thread that runs an Asio io_context, and the connections that live on it. An Executor, so
// coroutines come back to it. Made and joined by the Server; held by shared_ptr because a sender
// of events may outlive the server, and then its posts never run.
// Includes Asio: for server.cpp, connection.cpp and event_loop.cpp only.
#pragma once

#include <array>
#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <thread>
#include <unordered_map>
#include <vector>

#include "base/task.hpp"

namespace catalejo::net {

class Connection;

class EventLoop : public Executor, public std::enable_shared_from_this<EventLoop> {
 public:
  explicit EventLoop(int tick_ms) : tick_ms_(tick_ms) {}

  void start();
  void stop();  // returns when the thread has ended; what is posted later never runs
  void post(std::function<void()> work) override;
  bool here() { return current_executor() == this; }

  boost::asio::io_context& context() { return context_; }
  // Where a connection reads into; what it wants to keep it copies.
  std::array<char, 64u << 10>& scratch() { return scratch_; }

  // On the loop's thread.
  void add(std::shared_ptr<Connection> connection);
  void remove(Connection* connection);
  // A copy, because whoever goes through it may remove some.
  std::vector<std::shared_ptr<Connection>> connections() const;

 private:
  void tick();

  const int tick_ms_;
  boost::asio::io_context context_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{
      context_.get_executor()};
  boost::asio::steady_timer timer_{context_};
  bool ticking_ = false;  // only while there are connections: an idle server sleeps
  std::array<char, 64u << 10> scratch_{};
  std::unordered_map<Connection*, std::shared_ptr<Connection>> connections_;
  std::atomic<bool> stopped_{false};
  std::thread thread_;
};

}  // namespace catalejo::net
