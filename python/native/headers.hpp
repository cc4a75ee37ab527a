// The headers of an answer that tell something (catalejo/openai/place.py).
#pragma once

#include <Python.h>

namespace catalejo::tracer {

struct HeaderNames {
  PyObject* known;    // dict: names of headers as they were seen on the wire → ours, or None
  PyObject* learn;    // function: the name of a header that is not in there → ours, or None
  PyObject* numbers;  // set: those of ours whose values are numbers
};

// Puts what the entries (a sequence of tuples: name, …, value, as bytes) tell into `found`, or into
// `limits` when it is a number. False with a Python error.
bool read_headers(PyObject* entries, const HeaderNames& names, PyObject* limits, PyObject* found);

}  // namespace catalejo::tracer
