// The events of a stream, before openai parses them: each is parsed here, by the scanner that
// json.loads uses, read by the collector, and handed on with its JSON done.
#pragma once

#include <Python.h>

#include "py_object.hpp"

namespace catalejo::tracer {

// What looks at the events of one stream.
struct Watcher {
  PyObject* collector = nullptr;  // of class Collector
  PyObject* failed = nullptr;     // told of a failure of ours, after which nothing is read any more
  bool given_up = false;
};

// Looks at `event`, openai's ServerSentEvent, and puts what openai gets in its place. False: the
// application must not see it. Leaves no Python error behind.
bool show(Watcher& watcher, Reference& event);

// Of the JSON of an event: the same without `"usage":null` at its top; the text itself when that is
// not there, or not in a place where its depth can be seen at once.
PyObject* without_usage(PyObject* text);

bool add_event_type(PyObject* module);

}  // namespace catalejo::tracer
