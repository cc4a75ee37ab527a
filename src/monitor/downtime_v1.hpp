// Downtimes as /api/v1/downtime has them, which older clients know: read into the attributes that
// are kept, and written from them. Times are Unix seconds, what comes again is one recurrence.
// Pure.
#pragma once

#include <string>
#include <vector>

#include "monitor/downtime.hpp"
#include "store/monitors.hpp"

namespace catalejo::monitor {

// The number by which those clients know it: the first 48 bits of its UUID.
std::int64_t number_of(const std::string& id);
// {"env:prod","host:a"}: all of them. A scope that is more than that is one text.
std::vector<std::string> scopes_of(const Downtime& downtime);

struct FirstVersion {
  std::string attributes;  // for read_downtime(), or of a change for changed_downtime()
  bool disabled = false;   // it is to be canceled
};
// `before`: it is a change of that one, and what is not named stays. Errors: malformed,
// bad_request.
Result<FirstVersion> read_first_version(std::string body, std::int64_t now_s,
                                        const Downtime* before);
void append_first_version(std::string& out, const store::Downtime& kept, const Downtime& made,
                          std::int64_t at_s);

}  // namespace catalejo::monitor
