// Traces and sessions that evaluators wait for: each is judged when nothing has come of it for a
// while, also after a restart. In control.sqlite, its own connection. Thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"

namespace catalejo::store {

struct WaitingWhole {
  std::string evaluator;
  std::string name;         // of a trace its id in hexadecimal, of a session its id
  UnixNanos first, last;    // starts of the spans of it that came since it was judged
  std::int64_t due_ms = 0;  // since 1970
};

class WaitingWholes {
 public:
  static Result<std::unique_ptr<WaitingWholes>> open(const std::string& path);
  virtual ~WaitingWholes() = default;

  // Begins to wait, or waits on. How many found no room: limits::wholes_waiting_max wait already.
  virtual Result<std::size_t> put(const std::vector<WaitingWhole>& wholes) = 0;
  // Some of those whose time has come, the longest due first.
  virtual Result<std::vector<WaitingWhole>> due(std::int64_t now_ms, std::size_t wholes_max) = 0;
  virtual Result<void> remove(const std::vector<WaitingWhole>& wholes) = 0;
  virtual std::size_t count() const = 0;
};

}  // namespace catalejo::store
