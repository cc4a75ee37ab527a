#include "base/log.hpp"

#include <unistd.h>

#include <atomic>

#include "base/time.hpp"

namespace catalejo::log {
namespace {

std::atomic<Level> level_min{Level::info};

constexpr std::string_view kNames[] = {"DEBUG", "INFO", "WARN", "ERROR"};

}  // namespace

void set_level(Level level) {
  level_min.store(level, std::memory_order_relaxed);
}

bool enabled(Level level) {
  return level >= level_min.load(std::memory_order_relaxed);
}

void write(Level level, std::string_view room, std::string_view text) {
  std::string line =
      fmt::format("{} {} {}: ", to_rfc3339(now()), kNames[static_cast<std::size_t>(level)], room);
  // A client's bytes must not forge lines or move the terminal's cursor.
  for (char c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      line += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    } else {
      line += c;
    }
  }
  line += '\n';
  // One write per line, so that lines of several threads do not mix.
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, line.data(), line.size());
}

}  // namespace catalejo::log
