// `catalejo run COMMAND…`: hands over to the Python tracer, which is where tracing lives. Becomes
// the Python of the active environment; returns only when that cannot be done.
#pragma once

#include <span>
#include <string>

namespace catalejo::app {

// `arguments` are those after `run`, as they were typed.
int run_traced(std::span<char* const> arguments);

// The Python to use: that of the virtual environment that is active, else python3 on the PATH.
std::string python_of_environment();

}  // namespace catalejo::app
