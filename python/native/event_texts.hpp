// Where the texts of an event are: what redaction looks at. Ids, times, numbers of the event itself
// and words of the format are none; everything that is not known to be one of those is a text.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "target.hpp"

namespace catalejo::tracer {

struct EventText {
  std::size_t begin = 0, end = 0;  // a whole value of JSON
  std::string_view name;           // of the member that it is
  bool outermost = false;          // of the event itself
};

// In order, without overlaps. Nothing when `event` is no object of compact JSON.
std::optional<std::vector<EventText>> texts_of(Kind kind, std::string_view event);

// What stands for such a text when it is not known what is in it: of the same form, so that the
// event can still be read, and with nothing of it.
std::string blank(std::string_view value, std::string_view name);

// The events of a request's body, as batch.cpp writes it. Nothing when it is not one.
std::optional<std::vector<std::string_view>> events_of(Kind kind, std::string_view body);

}  // namespace catalejo::tracer
