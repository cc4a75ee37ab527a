// The object behind catalejo.openai.call.Call: what is known of one call, and its end, when all of
// that becomes the span's.
#pragma once

#include <Python.h>

namespace catalejo::tracer {

bool add_call_type(PyObject* module);  // CallBase; false with a Python error

}  // namespace catalejo::tracer
