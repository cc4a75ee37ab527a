// What a stream's events and chunks pass through on their way to the application. Types of
// CPython's own, made without nanobind: they are bases of classes in catalejo/openai, and are
// called for every chunk.
#pragma once

#include <Python.h>

namespace catalejo::tracer {

// Adds Collector, Choice, Passage and watch to the module; false with a Python error.
bool add_chunk_types(PyObject* module);

}  // namespace catalejo::tracer
