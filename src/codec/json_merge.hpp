// Changes of what is kept as JSON. Includes simdjson.h, as json_dom.hpp does.
#pragma once

#include <string>

#include "codec/json_dom.hpp"

namespace catalejo::codec {

// The fields of `kept` with those of `change` in place of their own, or behind them; not deeper.
std::string merged(dom::object kept, dom::object change);

}  // namespace catalejo::codec
