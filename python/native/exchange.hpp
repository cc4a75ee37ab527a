// What the HTTP client of openai sends and receives on behalf of a call: methods of CallBase
// (_core.pyi). The request is read at the moment it is sent; where token counts of a stream come
// only when they are asked for, that is added to it.
#pragma once

#include <Python.h>

namespace catalejo::tracer {

PyObject* sending(PyObject* call, PyObject* options);
PyObject* receiving(PyObject* call, PyObject* arguments);
PyObject* read_request(PyObject* call, PyObject* url_and_body);

bool prepare_exchange();  // false with a Python error

}  // namespace catalejo::tracer
