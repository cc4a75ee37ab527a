// The dict that `configure` takes, checked. Throws nanobind's value_error with the field's name.
#pragma once

#include <nanobind/nanobind.h>

#include "target.hpp"

namespace catalejo::tracer {

Target target_of(nanobind::dict fields);

}  // namespace catalejo::tracer
