#include "api/metric_ask.hpp"

#include <array>

namespace catalejo::api {

std::string_view role_name(query::metrics::Role role) {
  constexpr std::array kNames{"value", "lower", "upper", "forecast"};
  return kNames[static_cast<std::size_t>(role)];
}

}  // namespace catalejo::api
