#include "net/event_loop.hpp"

#include <pthread.h>

#include <boost/asio/post.hpp>
#include <chrono>
#include <mutex>

#include "net/connection.hpp"

namespace catalejo::net {
namespace {

constexpr std::size_t kUnrunMax = 4'096;

// Work for a loop that has ended resumes a handler that outlived the deadline of stop(). It must
// not run (what the handler refers to may be gone), and nobody owns the handler's coroutine, so
// it stays until the process ends: on purpose, and where a leak checker can see it.
void keep_unrun(std::function<void()> work) {
  static std::mutex mutex;
  static auto& unrun = *new std::vector<std::function<void()>>;
  const std::lock_guard lock(mutex);
  if (unrun.size() < kUnrunMax) unrun.push_back(std::move(work));
}

}  // namespace

void EventLoop::start() {
  thread_ = std::thread([this] {
    pthread_setname_np(pthread_self(), "net");
    current_executor() = this;
    context_.run();
    current_executor() = nullptr;
  });
}

void EventLoop::stop() {
  if (stopped_.exchange(true)) return;
  // The loop ends by running out of work, so that every operation lets go of its connection.
  boost::asio::post(context_, [this] {
    for (const auto& connection : connections()) connection->abort();
    timer_.cancel();
    work_.reset();
  });
  if (thread_.joinable()) thread_.join();
}

void EventLoop::post(std::function<void()> work) {
  if (!stopped_) return boost::asio::post(context_, std::move(work));
  keep_unrun(std::move(work));
}

void EventLoop::add(std::shared_ptr<Connection> connection) {
  Connection* raw = connection.get();
  connections_.emplace(raw, std::move(connection));
  if (!ticking_) tick();
}

void EventLoop::remove(Connection* connection) {
  connections_.erase(connection);
}

std::vector<std::shared_ptr<Connection>> EventLoop::connections() const {
  std::vector<std::shared_ptr<Connection>> all;
  all.reserve(connections_.size());
  for (const auto& [raw, connection] : connections_) all.push_back(connection);
  return all;
}

void EventLoop::tick() {
  ticking_ = !connections_.empty();
  if (!ticking_) return;
  timer_.expires_after(std::chrono::milliseconds(tick_ms_));
  timer_.async_wait([this](const boost::system::error_code& failed) {
    if (failed) return;
    const std::int64_t now = steady_now_nanos();
    for (const auto& connection : connections()) connection->on_tick(now);
    tick();
  });
}

}  // namespace catalejo::net
