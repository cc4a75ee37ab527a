#include "query/outline_shelf.hpp"

#include <algorithm>

#include "base/limits.hpp"

namespace catalejo::query {

OutlineShelf::OutlineShelf()
    : queue_(limits::trace_shapes_queue_bytes_max), thread_([this] { run(); }) {}

OutlineShelf::~OutlineShelf() {
  queue_.close();
  thread_.join();
}

std::optional<Shelved> OutlineShelf::find(TraceId id) {
  const std::lock_guard lock(mutex_);
  const auto found = std::ranges::find(shelf_, id, &std::pair<TraceId, Shelved>::first);
  if (found == shelf_.end()) return std::nullopt;
  shelf_.splice(shelf_.begin(), shelf_, found);
  return found->second;
}

void OutlineShelf::put(TraceId id, Shelved shelved) {
  const std::lock_guard lock(mutex_);
  std::erase_if(shelf_, [&](const auto& entry) { return entry.first == id; });
  shelf_.emplace_front(id, std::move(shelved));
  std::size_t bytes = 0;
  auto at = shelf_.begin();
  // The newest stays however large it is: its reader is about to ask for a window.
  for (; at != shelf_.end(); ++at) {
    bytes += at->second.outline->bytes();
    if (bytes > limits::trace_shapes_bytes_max && at != shelf_.begin()) break;
  }
  shelf_.erase(at, shelf_.end());
}

Future<Result<OutlinePtr>> OutlineShelf::make(std::string body) {
  Promise<Result<OutlinePtr>> answer;
  Future<Result<OutlinePtr>> future = answer.future();
  const std::size_t weight = body.size();
  if (!queue_.try_push({std::move(body), answer}, weight))
    answer.set(Error{Code::busy, "too many large traces are being laid out; try again"});
  return future;
}

void OutlineShelf::run() {
  while (auto job = queue_.pop()) {
    auto rows = read_shape_rows(job->body);
    std::string().swap(job->body);
    if (!rows) {
      job->answer.set(rows.error());
    } else {
      job->answer.set(OutlinePtr(std::make_shared<const Outline>(*rows)));
    }
  }
}

}  // namespace catalejo::query
