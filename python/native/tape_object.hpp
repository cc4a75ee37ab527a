// The Python object of a Tape, made without nanobind: one is made with every call to a model.
#pragma once

#include <Python.h>

#include "tape.hpp"

namespace catalejo::tracer {

PyObject* tape_object(TapePointer tape);       // null with a Python error, also of a null tape
const TapePointer* tape_of(PyObject* object);  // null when it is none

// Adds the class Tape and `capture`; false with a Python error.
bool add_tape_type(PyObject* module);

}  // namespace catalejo::tracer
