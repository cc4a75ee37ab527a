// What is read of nearly every answer of openai's: its head, its token counts, and a plain message.
// Answers are openai's pydantic models, or the JSON of which a stream's chunks are made; of a model
// the declared fields and what the service added to them are read, without dumping it.
#pragma once

#include <Python.h>

namespace catalejo::tracer {

bool add_answer_functions(PyObject* module);  // false with a Python error

}  // namespace catalejo::tracer
