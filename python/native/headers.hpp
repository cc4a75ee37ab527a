// The headers of an answer that tell something (catalejo/openai/place.py).
#pragma once

#include <Python.h>

namespace catalejo::tracer {

// read_headers(entries, names, numbers, limits, found) of _core.pyi, as METH_FASTCALL wants it.
PyObject* read_headers(PyObject*, PyObject* const* arguments, Py_ssize_t count);

}  // namespace catalejo::tracer
