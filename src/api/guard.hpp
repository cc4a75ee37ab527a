// Who may ask. With keys: whoever shows one. Without keys the port is open to this machine only,
// and then a foreign web page in the user's own browser is the danger: it can send requests here,
// and by DNS rebinding read the answers. Such requests carry a foreign Host or Origin.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "net/http.hpp"

namespace catalejo::api {

// The key of a request: DD-API-KEY, Authorization: Bearer, the cookie catalejo_key or, as a
// browser's EventSource can send no header, the parameter api_key. Empty when there is none.
std::string key_of(const net::Request& request);

// Error forbidden when the Host is not this machine, or the Origin is another than the Host.
std::optional<Error> check_same_site(const net::Request& request,
                                     const std::vector<std::string>& host_names);

// nosniff, no referrer; on every answer.
void add_security_headers(net::Response& response);

}  // namespace catalejo::api
