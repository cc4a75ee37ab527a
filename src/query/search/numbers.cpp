#include "query/search/numbers.hpp"

#include <array>
#include <charconv>
#include <cmath>

namespace catalejo::query::search {
namespace {

struct Unit {
  std::string_view name;
  double factor;
};
constexpr std::array kTimes = {Unit{"ns", 1},     Unit{"us", 1e3},   Unit{"µs", 1e3},
                               Unit{"ms", 1e6},   Unit{"s", 1e9},    Unit{"m", 6e10},
                               Unit{"h", 3.6e12}, Unit{"d", 8.64e13}};
constexpr std::array kThousands = {Unit{"k", 1e3}, Unit{"K", 1e3}, Unit{"M", 1e6}};

// Reads the number; `text` keeps what stands behind it.
std::optional<double> take_number(std::string_view& text) {
  double number = 0;
  const char* begin = text.data();
  const char* end = begin + text.size();
  if (text.starts_with('+')) ++begin;
  // from_chars also reads "inf" and "nan", which no person means.
  const std::size_t digit = text.find_first_of("0123456789");
  if (digit > 3) return std::nullopt;
  const auto [stop, error] = std::from_chars(begin, end, number);
  if (error != std::errc{} || !std::isfinite(number)) return std::nullopt;
  text = {stop, static_cast<std::size_t>(end - stop)};
  return number;
}

template <std::size_t N>
std::optional<double> with_unit(std::string_view text, const std::array<Unit, N>& units,
                                double without) {
  const auto number = take_number(text);
  if (!number) return std::nullopt;
  if (text.empty()) return *number * without;
  for (const Unit& unit : units)
    if (text == unit.name) return *number * unit.factor;
  return std::nullopt;
}

}  // namespace

std::optional<double> parse_number(std::string_view text) {
  return with_unit(text, kThousands, 1);
}

std::optional<double> parse_duration_ns(std::string_view text) {
  return with_unit(text, kTimes, 1);
}

std::optional<double> parse_nano_usd(std::string_view text) {
  if (text.starts_with('$')) text.remove_prefix(1);
  const auto number = parse_number(text);
  return number ? std::optional(*number * 1e9) : std::nullopt;
}

std::optional<double> parse_measure(std::string_view text) {
  if (text.starts_with('$')) return parse_number(text.substr(1));
  if (const auto number = parse_number(text)) return number;
  const auto nanos = parse_duration_ns(text);
  return nanos ? std::optional(*nanos / 1e9) : std::nullopt;
}

}  // namespace catalejo::query::search
