// The request of a call, as openai is about to send it: what nearly all hold is read here, the rest
// by functions of catalejo/openai/request.py and messages.py.
#pragma once

#include <Python.h>

namespace catalejo::tracer {

// `read_parameters` and `read_chat_request`, see _core.pyi; false with a Python error.
bool add_request_functions(PyObject* module);

}  // namespace catalejo::tracer
