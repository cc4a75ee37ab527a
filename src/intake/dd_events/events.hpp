// Events and service checks as Datadog's API and its Agents send them, in JSON: /api/v1/events,
// /api/v1/check_run, and the events of /intake/. Pure functions; a body that is none of it is an
// error, a bad one among many is refused alone.
#pragma once

#include <optional>
#include <string>

#include "base/result.hpp"
#include "model/batch.hpp"

namespace catalejo::intake::dd_events {

struct Parsed {
  model::Batch batch;
  std::string answer;            // of the API, when it is kept
  std::optional<Error> refused;  // what is wrong with the first that was refused
};

// `now` is the time of what does not say it.
Result<Parsed> parse_event(std::string body, UnixNanos now);
Result<Parsed> parse_check_run(std::string body, UnixNanos now);  // one check, or a list
Result<Parsed> parse_agent_intake(std::string body, UnixNanos now);

}  // namespace catalejo::intake::dd_events
