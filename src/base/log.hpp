// Structured log lines on standard error: "2026-11-24T03:46:59.1Z WARN store: text key=value".
// Levels by consequence: ERROR data is lost or an operator is needed; WARN nothing lost, yet;
// INFO a state changed; DEBUG everything else.
#pragma once

#include <fmt/format.h>

#include <string_view>

namespace catalejo::log {

enum class Level { debug, info, warn, error };

void set_level(Level level);
bool enabled(Level level);
void write(Level level, std::string_view room, std::string_view text);

template <typename... Args>
void debug(std::string_view room, fmt::format_string<Args...> format, Args&&... args) {
  if (enabled(Level::debug))
    write(Level::debug, room, fmt::format(format, std::forward<Args>(args)...));
}
template <typename... Args>
void info(std::string_view room, fmt::format_string<Args...> format, Args&&... args) {
  if (enabled(Level::info))
    write(Level::info, room, fmt::format(format, std::forward<Args>(args)...));
}
template <typename... Args>
void warn(std::string_view room, fmt::format_string<Args...> format, Args&&... args) {
  if (enabled(Level::warn))
    write(Level::warn, room, fmt::format(format, std::forward<Args>(args)...));
}
template <typename... Args>
void error(std::string_view room, fmt::format_string<Args...> format, Args&&... args) {
  if (enabled(Level::error))
    write(Level::error, room, fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace catalejo::log
