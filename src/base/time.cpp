#include "base/time.hpp"

#include <fmt/format.h>

#include <charconv>
#include <chrono>

namespace catalejo {
namespace {

using std::chrono::days;
using std::chrono::sys_days;
using std::chrono::year_month_day;

constexpr std::int64_t kSecondsPerDay = 86'400;

year_month_day date_of(UnixNanos time) {
  std::int64_t day = time.value / kNanosPerDay;
  if (time.value % kNanosPerDay < 0) --day;
  return year_month_day{sys_days{days{day}}};
}

// Exactly `width` digits at `at`; moves `at` behind them.
std::optional<int> take_digits(std::string_view text, std::size_t& at, std::size_t width) {
  if (text.size() < at + width) return std::nullopt;
  int value = 0;
  for (std::size_t i = at; i < at + width; ++i) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    value = value * 10 + (text[i] - '0');
  }
  at += width;
  return value;
}

bool take(std::string_view text, std::size_t& at, char wanted) {
  if (at >= text.size() || text[at] != wanted) return false;
  ++at;
  return true;
}

std::optional<std::int64_t> take_fraction_nanos(std::string_view text, std::size_t& at) {
  std::int64_t nanos = 0, unit = kNanosPerSecond / 10;
  const std::size_t first = at;
  for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, unit /= 10)
    nanos += (text[at] - '0') * unit;
  return at == first ? std::nullopt : std::optional{nanos};
}

// "Z" or "+hh:mm"; seconds east of UTC.
std::optional<std::int64_t> take_offset_seconds(std::string_view text, std::size_t& at) {
  if (take(text, at, 'Z') || take(text, at, 'z')) return 0;
  const bool east = at < text.size() && text[at] == '+';
  if (!east && (at >= text.size() || text[at] != '-')) return std::nullopt;
  ++at;
  const auto hours = take_digits(text, at, 2);
  take(text, at, ':');
  const auto minutes = take_digits(text, at, 2);
  if (!hours || !minutes || *hours > 23 || *minutes > 59) return std::nullopt;
  const std::int64_t seconds = *hours * 3600 + *minutes * 60;
  return east ? seconds : -seconds;
}

std::optional<std::int64_t> unit_seconds(char unit) {
  switch (unit) {
    case 's':
      return 1;
    case 'm':
      return 60;
    case 'h':
      return 3600;
    case 'd':
      return kSecondsPerDay;
    case 'w':
      return 7 * kSecondsPerDay;
    default:
      return std::nullopt;
  }
}

// The part behind "now": "", "-15m", "+1h".
std::optional<UnixNanos> parse_relative(std::string_view text, UnixNanos now) {
  if (text.empty()) return now;
  if (text.size() < 3 || (text[0] != '-' && text[0] != '+')) return std::nullopt;
  std::int64_t amount = 0;
  const char* last = text.data() + text.size() - 1;
  const auto [end, error] = std::from_chars(text.data() + 1, last, amount);
  const auto seconds = unit_seconds(text.back());
  if (error != std::errc{} || end != last || !seconds || amount < 0 || amount > 100'000)
    return std::nullopt;
  const std::int64_t nanos = amount * *seconds * kNanosPerSecond;
  return UnixNanos{text[0] == '-' ? now.value - nanos : now.value + nanos};
}

}  // namespace

UnixNanos now() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return {std::chrono::duration_cast<std::chrono::nanoseconds>(since).count()};
}

std::int64_t steady_now_nanos() {
  const auto since = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::nanoseconds>(since).count();
}

std::string to_rfc3339(UnixNanos time) {
  const year_month_day date = date_of(time);
  const std::int64_t day_nanos = ((time.value % kNanosPerDay) + kNanosPerDay) % kNanosPerDay;
  const std::int64_t seconds = day_nanos / kNanosPerSecond;
  std::string text =
      fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", int(date.year()), unsigned(date.month()),
                  unsigned(date.day()), seconds / 3600, seconds / 60 % 60, seconds % 60);
  if (std::int64_t nanos = day_nanos % kNanosPerSecond; nanos != 0) {
    text += fmt::format(".{:09}", nanos);
    while (text.back() == '0') text.pop_back();
  }
  return text + 'Z';
}

std::optional<UnixNanos> parse_rfc3339(std::string_view text) {
  std::size_t at = 0;
  const auto year = take_digits(text, at, 4);
  if (!year || !take(text, at, '-')) return std::nullopt;
  const auto month = take_digits(text, at, 2);
  if (!month || !take(text, at, '-')) return std::nullopt;
  const auto day = take_digits(text, at, 2);
  if (!day) return std::nullopt;
  const year_month_day date{std::chrono::year{*year}, std::chrono::month(unsigned(*month)),
                            std::chrono::day(unsigned(*day))};
  // int64 nanoseconds end in 2262.
  if (!date.ok() || *year < 1678 || *year > 2261) return std::nullopt;
  std::int64_t seconds = sys_days{date}.time_since_epoch().count() * kSecondsPerDay;
  if (at == text.size()) return UnixNanos{seconds * kNanosPerSecond};
  if (!take(text, at, 'T') && !take(text, at, 't') && !take(text, at, ' ')) return std::nullopt;
  const auto hour = take_digits(text, at, 2);
  if (!hour || *hour > 23 || !take(text, at, ':')) return std::nullopt;
  const auto minute = take_digits(text, at, 2);
  if (!minute || *minute > 59 || !take(text, at, ':')) return std::nullopt;
  const auto second = take_digits(text, at, 2);
  if (!second || *second > 60) return std::nullopt;
  std::int64_t nanos = 0;
  if (take(text, at, '.')) {
    const auto fraction = take_fraction_nanos(text, at);
    if (!fraction) return std::nullopt;
    nanos = *fraction;
  }
  const auto offset = take_offset_seconds(text, at);
  if (!offset || at != text.size()) return std::nullopt;
  seconds += *hour * 3600 + *minute * 60 + *second - *offset;
  return UnixNanos{seconds * kNanosPerSecond + nanos};
}

std::optional<UnixNanos> parse_time(std::string_view text, UnixNanos now) {
  if (text.starts_with("now")) return parse_relative(text.substr(3), now);
  std::int64_t millis = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), millis);
  if (error == std::errc{} && end == text.data() + text.size()) {
    constexpr std::int64_t kMillisMax = 9'000'000'000'000;  // the year 2255
    if (millis < 0 || millis > kMillisMax) return std::nullopt;
    return UnixNanos{millis * kNanosPerMilli};
  }
  return parse_rfc3339(text);
}

std::uint32_t day_number(UnixNanos time) {
  const year_month_day date = date_of(time);
  return static_cast<std::uint32_t>(int(date.year())) * 10'000 + unsigned(date.month()) * 100 +
         unsigned(date.day());
}

}  // namespace catalejo
