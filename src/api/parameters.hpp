// The query parameters that are no filters: how many rows, from where, in which order.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "net/http.hpp"
#include "query/plans.hpp"

namespace catalejo::api {

// A number between 1 and `max`.
Result<std::size_t> parse_limit(std::string_view name, std::string_view text, std::size_t max);
// "-start" or "-timestamp" is newest first, without '-' oldest first.
Result<query::Order> parse_order(std::string_view text, std::string_view column);
// Error bad_request when there are more than limits::parameters_max.
Result<query::Parameters> parameters_of(const net::Request& request);
// What `limit` asks for, between 1 and `max`; `otherwise` when it is not there.
Result<std::size_t> limit_of(const query::Parameters& parameters, std::size_t otherwise,
                             std::size_t max);
// The last value of `name`, nullptr when it is not there.
const std::string* find_parameter(const query::Parameters& parameters, std::string_view name);

// The same question with the next cursor.
std::string next_link(const net::Request& request, const std::string& cursor);

}  // namespace catalejo::api
