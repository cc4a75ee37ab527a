// The LLMObs event of a span (catalejo/span.py), written straight from its fields.
#pragma once

#include <Python.h>

#include <string_view>

#include "capture.hpp"

namespace catalejo::tracer {

// What the process, and the trace, say of the span.
struct SpanFacts {
  PyObject* common_keys;  // list of the keys of…
  PyObject* common_tags;  // list of "key:value", which a tag of the span with that key replaces
  PyObject* service;
  PyObject* ml_app;
  PyObject* sample_rate;
  PyObject* sampling_decision;
};

// Null with a Python error when a field of the span is missing; without one, when memory is.
TapePointer capture_span(PyObject* span, const SpanFacts& facts, TapeOf tape_of);

}  // namespace catalejo::tracer
