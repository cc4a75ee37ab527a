// Ids of spans and traces, as the wire wants them (catalejo/ids.py). The interpreter's lock must be
// held.
#pragma once

#include <Python.h>

#include <cstdint>

namespace catalejo::tracer {

std::uint64_t random_id();  // 64 random bits, never zero

// New references, null with a Python error.
PyObject* new_span_id();
PyObject* new_trace_id();      // 128 bits: seconds since 1970, 32 zero bits, 64 random ones
PyObject* new_apm_trace_id();  // of the trace that another tracer is in, else a new one

bool add_id_functions(PyObject* module);  // false with a Python error

}  // namespace catalejo::tracer
