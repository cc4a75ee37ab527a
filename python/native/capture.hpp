// From a Python value to a Tape, in one walk, on the application's thread with the interpreter's
// lock held. Never leaves a Python exception behind and never fails for a value's sake: what has no
// JSON is written as str(value).
#pragma once

#include <Python.h>

#include "tape.hpp"

namespace catalejo::tracer {

// How a Tape inside a value is recognised; null for any other object.
using TapeOf = const TapePointer* (*)(PyObject*);

std::shared_ptr<const Tape> capture(PyObject* value, TapeOf tape_of);

}  // namespace catalejo::tracer
