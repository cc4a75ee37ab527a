// Numbers as people write them: with units. nullopt for anything else, infinity and NaN included.
#pragma once

#include <optional>
#include <string_view>

namespace catalejo::query::search {

std::optional<double> parse_number(std::string_view text);       // 1500, -1.5, 2k, 1M, 1e6
std::optional<double> parse_duration_ns(std::string_view text);  // 250ms, 1.5s; bare nanoseconds
std::optional<double> parse_nano_usd(std::string_view text);     // $0.05 or 0.05
// What a metric may hold: a number, or a time (in seconds, as the clients send them), or money.
std::optional<double> parse_measure(std::string_view text);

}  // namespace catalejo::query::search
