#include "api/live.hpp"

#include <fmt/format.h>

#include <utility>

#include "base/limits.hpp"

namespace catalejo::api {

void LiveHub::publish(const store::Inserted& inserted) {
  const std::string data =
      fmt::format(R"({{"spans":{},"traces":{},"start_max_ns":"{}"}})", inserted.spans,
                  inserted.llm_roots, inserted.start_max.value);
  const std::lock_guard lock(mutex_);
  std::erase_if(streams_, [&](const auto& stream) { return !stream->send("inserted", data); });
}

bool LiveHub::try_subscribe(std::shared_ptr<net::EventStream> stream) {
  const std::lock_guard lock(mutex_);
  if (closed_ || streams_.size() >= limits::live_subscribers_max) return false;
  if (!stream->send("hello", "{}")) return false;
  streams_.push_back(std::move(stream));
  return true;
}

bool LiveHub::full() const {
  const std::lock_guard lock(mutex_);
  return closed_ || streams_.size() >= limits::live_subscribers_max;
}

std::size_t LiveHub::subscribers() const {
  const std::lock_guard lock(mutex_);
  return streams_.size();
}

void LiveHub::close() {
  std::vector<std::shared_ptr<net::EventStream>> streams;
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    streams = std::exchange(streams_, {});
  }
  for (const auto& stream : streams) stream->close();
}

}  // namespace catalejo::api
