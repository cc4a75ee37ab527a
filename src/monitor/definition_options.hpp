// The options of a monitor, read. For this folder only.
#pragma once

#include "codec/json_dom.hpp"
#include "monitor/definition.hpp"

namespace catalejo::monitor {

Result<void> read_options(codec::dom::element value, Definition& made);
// What the query and the options say of each other.
Result<void> check_options(Definition& made);

}  // namespace catalejo::monitor
