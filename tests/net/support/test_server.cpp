#include "test_server.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <chrono>
#include <stdexcept>
#include <thread>

namespace catalejo::net::testing {
namespace {

constexpr auto kPatience = std::chrono::seconds(20);

// "part 0\n", "part 1\n", …
Task<Result<std::string>> next_part(std::shared_ptr<int> given, int count, std::string then) {
  Promise<int> promise;
  Future<int> number = promise.future();
  std::thread([promise, next = (*given)++]() mutable { promise.set(next); }).detach();
  const int i = co_await std::move(number);
  if (i < count) co_return fmt::format("part {}\n", i);
  if (then == "throw") throw std::runtime_error("on purpose");
  if (then == "error") co_return Error{Code::io, "on purpose", {}};
  co_return std::string();
}

}  // namespace

TestServer::TestServer(ServerLimits limits, std::function<void(Listener&)> change) {
  Listener listener;
  listener.name = "test";
  listener.address = "127.0.0.1";
  listener.handler = [this](Request request) { return handle(std::move(request)); };
  if (change) change(listener);
  std::vector<Listener> listeners;
  listeners.push_back(std::move(listener));
  auto opened =
      Server::open({.threads = 2, .counters = &counters_, .limits = limits}, std::move(listeners));
  if (!opened) throw std::runtime_error(to_string(opened.error()));
  server_ = std::move(*opened);
}

TestServer::~TestServer() {
  server_->stop(0);
  // Handlers that are still suspended have lost their loop; their promises go unset.
}

std::string TestServer::url(const std::string& path) const {
  return fmt::format("http://127.0.0.1:{}{}", port(), path);
}

double TestServer::counted(const std::string& name, const std::string& labels) const {
  double sum = 0;
  for (const Sample& sample : counters_.samples())
    if (sample.name == name && sample.labels.find(labels) != std::string::npos) sum += sample.value;
  return sum;
}

bool TestServer::await_counted(const std::string& name, const std::string& labels,
                               double value) const {
  const auto end = std::chrono::steady_clock::now() + kPatience;
  while (counted(name, labels) < value) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return true;
}

Task<Response> TestServer::handle(Request request) {
  if (request.path == "/throw") throw std::runtime_error("on purpose");
  if (request.path == "/wait") {
    Promise<int> promise;
    Future<int> future = promise.future();
    {
      const std::lock_guard lock(mutex_);
      waiting_.push_back(promise);
    }
    changed_.notify_all();
    const int value = co_await std::move(future);
    co_return text_response(value, "waited");
  }
  if (request.path == "/events") {
    Response response;
    response.on_event_stream = [this](std::shared_ptr<EventStream> stream) {
      const std::lock_guard lock(mutex_);
      streams_.push_back(std::move(stream));
      changed_.notify_all();
    };
    co_return response;
  }
  if (request.path == "/parts") {
    Response response = text_response(200, "head\n");
    response.next_part = [given = std::make_shared<int>(0),
                          count = std::stoi(*request.parameter("n")),
                          then = request.parameter("then").value_or("end")] {
      return next_part(given, count, then);
    };
    co_return response;
  }
  if (request.path == "/big")
    co_return text_response(200, std::string(std::stoul(*request.parameter("n")), 'x'));
  if (request.path == "/length") co_return text_response(200, std::to_string(request.body.size()));
  co_return text_response(200, fmt::format("{} {} {} {} {}", request.method, request.path,
                                           request.query, request.header("x-test"), request.body));
}

void TestServer::await_waiting(std::size_t count) {
  std::unique_lock lock(mutex_);
  ASSERT_TRUE(changed_.wait_for(lock, kPatience, [&] { return waiting_.size() >= count; }));
}

void TestServer::release() {
  std::unique_lock lock(mutex_);
  ASSERT_FALSE(waiting_.empty());
  Promise<int> promise = std::move(waiting_.front());
  waiting_.pop_front();
  lock.unlock();
  promise.set(200);
}

std::shared_ptr<EventStream> TestServer::await_stream() {
  std::unique_lock lock(mutex_);
  if (!changed_.wait_for(lock, kPatience, [&] { return !streams_.empty(); })) return nullptr;
  auto stream = std::move(streams_.front());
  streams_.pop_front();
  return stream;
}

}  // namespace catalejo::net::testing
