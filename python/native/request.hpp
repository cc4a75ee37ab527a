// The request of a call, as openai is about to send it: what nearly all hold is read here, the rest
// by functions of catalejo/openai/request.py and messages.py.
#pragma once

#include <Python.h>

#include "capture.hpp"

namespace catalejo::tracer {

// {"messages": […]}: a message of a role and a text as it is, any other as of_message(it) has it.
// Null with a Python error when that raised; without one, when there was no memory.
TapePointer capture_messages(PyObject* messages, PyObject* of_message, TapeOf tape_of);

// body, keys, into, copy: puts each of body's entries that is named in `keys` into `into`, when it
// is no plain value copy(it).
PyObject* read_parameters(PyObject*, PyObject* const* arguments, Py_ssize_t count);

}  // namespace catalejo::tracer
