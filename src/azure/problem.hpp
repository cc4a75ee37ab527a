// What can go wrong with Azure, each with a name, its cause and what mends it, in words. The name
// is `where` of an Error, a label of a counter, and what the page looks its own words up by.
#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"
#include "net/client.hpp"

namespace catalejo::azure {

struct Explained {
  std::string_view name;
  std::string_view cause;
  std::string_view remedy;
  bool passes = false;  // by itself: worth asking again soon, and nothing of it is given up
};

// Of a name that is not known: what there is to say of any.
const Explained& explained(std::string_view name);
bool passes(const Error& error);

Error problem(std::string_view name, std::string_view said, Code code = Code::peer);

// Azure's own words of an answer that is no 200: {"error":{"code":…,"message":…}} of the Resource
// Manager and the batch, {"code":…,"message":…} of metrics, {"error":"…","error_description":"…"}
// of tokens. Cut where they are long, on one line. Whatever the body is.
struct Said {
  std::string code, message;
};
Said said_by(std::string_view body);

// Why a call to the Resource Manager or to metrics was refused.
Error refused(const net::ClientResponse& response);
// Why there is no token.
Error token_refused(const net::ClientResponse& response);

}  // namespace catalejo::azure
