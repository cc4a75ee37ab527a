// The object behind catalejo.openai.call.Call: what is known of one call, and its end, when all of
// that becomes the span's.
#pragma once

#include <Python.h>

namespace catalejo::tracer {

struct Call {
  PyObject_HEAD PyObject* operation;
  PyObject* place;
  PyObject* kwargs;
  PyObject* span;
  PyObject* filters;      // dict
  PyObject* injected;     // None, True or False
  PyObject* deployment;   // str
  PyObject* model;        // str
  PyObject* response;     // httpx.Response or None
  PyObject* inner_error;  // dict or None
  PyObject* token;        // of the context variable, or None
  long long begun_ns;
  long long duration_ns;
  long long retry_ns;
  int attempts;
  int retry_status;
  char body_seen;
  char streamed;
};

bool add_call_type(PyObject* module);  // CallBase; false with a Python error

}  // namespace catalejo::tracer
