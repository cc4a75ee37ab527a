#include "net/event_stream.hpp"

#include <algorithm>

namespace catalejo::net {

std::string encode_event(std::string_view event, std::string_view data) {
  std::string text;
  text.reserve(event.size() + data.size() + 24);
  if (!event.empty()) {
    text += "event: ";
    // A line end would begin a field of the sender's choice.
    std::copy_if(event.begin(), event.end(), std::back_inserter(text),
                 [](char c) { return c != '\r' && c != '\n'; });
    text += '\n';
  }
  while (true) {
    const std::size_t end = std::min(data.find_first_of("\r\n"), data.size());
    text += "data: ";
    text += data.substr(0, end);
    text += '\n';
    if (end == data.size()) break;
    data.remove_prefix(data.substr(end).starts_with("\r\n") ? end + 2 : end + 1);
  }
  return text += '\n';
}

bool EventQueue::send(std::string_view event, std::string_view data) {
  const std::string text = encode_event(event, data);
  bool wake = false, accepted = false;
  {
    const std::lock_guard lock(mutex_);
    if (closed_) return false;
    accepted =
        waiting_events_ < bounds_.events_max && waiting_bytes_ + text.size() <= bounds_.bytes_max;
    if (accepted) {
      waiting_ += text;
      ++waiting_events_;
      waiting_bytes_ += text.size();
    } else {
      closed_ = overrun_ = true;
    }
    wake = !std::exchange(woken_, true) || overrun_;
  }
  if (wake) wake_();
  return accepted;
}

void EventQueue::close() {
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(closed_, true)) return;
    woken_ = true;
  }
  wake_();
}

EventQueue::Drained EventQueue::drain() {
  const std::lock_guard lock(mutex_);
  woken_ = false;
  drained_events_ = waiting_events_;
  drained_bytes_ = waiting_bytes_;
  return {std::exchange(waiting_, {}), closed_};
}

bool EventQueue::overrun() {
  const std::lock_guard lock(mutex_);
  return overrun_;
}

void EventQueue::written() {
  const std::lock_guard lock(mutex_);
  waiting_events_ -= std::exchange(drained_events_, 0);
  waiting_bytes_ -= std::exchange(drained_bytes_, 0);
}

void EventQueue::abandon() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
}

}  // namespace catalejo::net
