// The state of a stream that changes with every chunk, and the reading of chunks that hold nothing
// but more text of one answer, which nearly all do. The others are read by the Python class that is
// built on this one (catalejo/openai/collect.py), which also makes the span of it all.
#pragma once

#include <Python.h>

namespace catalejo::tracer {

struct Collector {
  PyObject_HEAD PyObject* last;  // the newest chunk that names its model
  PyObject* plain_texts;         // list: where plain text goes; no list: no chunk is plain
  PyObject* plain_filters;       // the newest results of the content filter
  long long first_ns;
  long long last_ns;
  char injected;  // include_usage is ours: "usage" is taken out of what the application sees
};

long long now_ns();  // of the clock that time.perf_counter_ns reads

// Whether `data` was such a chunk, and has been read. Leaves no Python error behind.
bool read_plain(Collector& collector, PyObject* data);

bool make_collector_names();
PyObject* make_collector_type();  // a new reference, or null with a Python error

}  // namespace catalejo::tracer
