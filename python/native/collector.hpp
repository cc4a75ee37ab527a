// What a stream has said until now. Every chunk is read here, before openai makes a model of it;
// the Python class that is built on this one (catalejo/openai/collect.py) makes the span of it all.
#pragma once

#include <Python.h>

#include <cstdint>

namespace catalejo::tracer {

// How the chunks of an operation are formed.
enum Form : std::int8_t { kUnread = 0, kChat = 1, kCompletion = 2, kResponse = 3 };

struct Collector {
  PyObject_HEAD PyObject* call;
  PyObject* last;      // the newest chunk that names its model
  PyObject* usage;     // token counts, as they came
  PyObject* choices;   // dict: index → Choice, of chats and completions
  PyObject* parts;     // dict: output index → list of texts, of responses
  PyObject* added;     // dict: output index → item as it was announced
  PyObject* response;  // the whole answer, from the event that ends it
  PyObject* error;     // the event that says what went wrong
  PyObject* prompt;    // Azure's filter, newest results that Python was not told of yet
  PyObject* completion;
  long long first_ns;
  long long last_ns;
  char form;
  char injected;  // include_usage is ours: "usage" is taken out of what the application sees
};

// One of a stream's answers. What it has not said is null.
struct Choice {
  PyObject_HEAD PyObject* role;
  PyObject* texts;
  PyObject* refusals;
  PyObject* reasoning;
  PyObject* calls;  // dict: index → {id, type, name, arguments (list of parts)}
  PyObject* reason;
  PyObject* filters;  // the newest results of the content filter
};

enum class Seen : std::uint8_t { failed, shown, hidden };

// Reads a chunk, a dict; hidden: the application must not see it. Failed: with a Python error.
Seen read_chunk(PyObject* collector, PyObject* data);

// Of a chunk that is not read: takes out what came only because we had asked for it. True when that
// was all.
bool conceal(const Collector& collector, PyObject* data);

// Tells Python what Azure's filter said and it was not told of yet; false with a Python error.
bool tell_filters(PyObject* collector);

PyObject* new_choice();  // null with a Python error

long long now_ns();  // of the clock that time.perf_counter_ns reads

bool prepare_collectors();  // constants; false with a Python error
// Adds Collector and Choice to the module; false with a Python error.
bool add_collector_types(PyObject* module);
PyTypeObject* collector_type();

}  // namespace catalejo::tracer
