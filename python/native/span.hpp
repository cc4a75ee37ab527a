// The object behind catalejo.span.Span: its fields, how it begins, and the context it is current
// in.
#pragma once

#include <Python.h>

#include <array>
#include <cstdint>

namespace catalejo::tracer {

// In the order of their names in span.cpp.
enum SpanField : std::uint8_t {
  agent,
  apm_trace_id,
  duration_ns,
  error,
  finished,
  input,
  kind,
  meta,
  metadata,
  metrics,
  ml_app,
  model_name,
  model_provider,
  name,
  output,
  parent,
  parent_id,
  sampling,
  session_id,
  span_id,
  start_ns,
  tags,
  trace_id,
  kSpanFields
};

struct Span {
  // A field is null when the application has deleted it.
  PyObject_HEAD std::array<PyObject*, kSpanFields> fields;
};

// The span behind `object`; null when it is none.
Span* span_of(PyObject* object);

// A span of class `make` below the current one, which it replaces until it finishes; null with a
// Python error.
PyObject* begin_span(PyObject* its_kind, PyObject* its_name, PyObject* make);
// See SpanBase.deactivate of _core.pyi; false with a Python error.
bool deactivate_span(PyObject* span);

// Adds the class SpanBase and the functions around it; false with a Python error.
bool add_span_type(PyObject* module);

}  // namespace catalejo::tracer
