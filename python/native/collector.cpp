#include "collector.hpp"

#include <structmember.h>

#include <cstddef>
#include <ctime>

#include "py_object.hpp"

namespace catalejo::tracer {
namespace {

// Keys of a chunk's JSON, interned once and kept.
PyObject *choices_key, *index_key, *delta_key, *content_key, *reason_key, *filters_key, *usage_key;

PyObject* get(PyObject* dict, PyObject* key) {
  PyObject* found = PyDict_GetItemWithError(dict, key);
  if (found == nullptr) PyErr_Clear();
  return found;
}

bool is_nothing(PyObject* value) {
  return value == nullptr || value == Py_None;
}

bool is_first(PyObject* index) {
  if (is_nothing(index)) return true;
  int overflow = 0;
  return PyLong_CheckExact(index) && PyLong_AsLongAndOverflow(index, &overflow) == 0 &&
         overflow == 0;
}

bool is_known(PyObject* results, PyObject* known) {
  if (is_nothing(results)) return true;
  if (known == nullptr) return false;
  const int same = PyObject_RichCompareBool(results, known, Py_EQ);
  if (same < 0) PyErr_Clear();
  return same == 1;
}

// The text of the only choice, borrowed; null when there is more to see.
PyObject* plain_text(const Collector& collector, PyObject* data) {
  PyObject* choices = get(data, choices_key);
  if (choices == nullptr || !PyList_CheckExact(choices) || PyList_GET_SIZE(choices) != 1) {
    return nullptr;
  }
  PyObject* choice = PyList_GET_ITEM(choices, 0);
  if (!PyDict_CheckExact(choice)) return nullptr;
  PyObject* delta = get(choice, delta_key);
  if (delta == nullptr || !PyDict_CheckExact(delta) || PyDict_GET_SIZE(delta) != 1) return nullptr;
  PyObject* text = get(delta, content_key);
  if (text == nullptr || !PyUnicode_CheckExact(text) || PyUnicode_GET_LENGTH(text) == 0) {
    return nullptr;
  }
  if (!is_first(get(choice, index_key)) || !is_nothing(get(choice, reason_key)) ||
      !is_known(get(choice, filters_key), collector.plain_filters)) {
    return nullptr;
  }
  return text;
}

int traverse(PyObject* self, visitproc visit, void* arg) {
  auto* collector = reinterpret_cast<Collector*>(self);
  Py_VISIT(Py_TYPE(self));
  Py_VISIT(collector->last);
  Py_VISIT(collector->plain_texts);
  Py_VISIT(collector->plain_filters);
  return 0;
}

int clear(PyObject* self) {
  auto* collector = reinterpret_cast<Collector*>(self);
  Py_CLEAR(collector->last);
  Py_CLEAR(collector->plain_texts);
  Py_CLEAR(collector->plain_filters);
  return 0;
}

}  // namespace

long long now_ns() {
  timespec now = {};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1'000'000'000LL + now.tv_nsec;
}

bool read_plain(Collector& collector, PyObject* data) {
  if (collector.plain_texts == nullptr || !PyList_CheckExact(collector.plain_texts)) return false;
  PyObject* text = plain_text(collector, data);
  if (text == nullptr) return false;
  PyObject* usage = get(data, usage_key);
  if (!is_nothing(usage)) return false;
  if (PyList_Append(collector.plain_texts, text) != 0) {
    PyErr_Clear();
    return false;
  }
  if (usage != nullptr && collector.injected != 0 && PyDict_DelItem(data, usage_key) != 0) {
    PyErr_Clear();
  }
  collector.last_ns = now_ns();
  if (collector.first_ns == 0) collector.first_ns = collector.last_ns;
  PyObject* before = collector.last;
  Py_INCREF(data);
  collector.last = data;
  Py_XDECREF(before);
  return true;
}

bool make_collector_names() {
  return (choices_key = PyUnicode_InternFromString("choices")) != nullptr &&
         (index_key = PyUnicode_InternFromString("index")) != nullptr &&
         (delta_key = PyUnicode_InternFromString("delta")) != nullptr &&
         (content_key = PyUnicode_InternFromString("content")) != nullptr &&
         (reason_key = PyUnicode_InternFromString("finish_reason")) != nullptr &&
         (filters_key = PyUnicode_InternFromString("content_filter_results")) != nullptr &&
         (usage_key = PyUnicode_InternFromString("usage")) != nullptr;
}

PyObject* make_collector_type() {
  static PyMemberDef members[] = {
      {"last", T_OBJECT, offsetof(Collector, last), 0, nullptr},
      {"plain_texts", T_OBJECT, offsetof(Collector, plain_texts), 0, nullptr},
      {"plain_filters", T_OBJECT, offsetof(Collector, plain_filters), 0, nullptr},
      {"first_ns", T_LONGLONG, offsetof(Collector, first_ns), 0, nullptr},
      {"last_ns", T_LONGLONG, offsetof(Collector, last_ns), 0, nullptr},
      {"injected", T_BOOL, offsetof(Collector, injected), 0, nullptr},
      {nullptr, 0, 0, 0, nullptr}};
  static PyType_Slot slots[] = {{Py_tp_traverse, reinterpret_cast<void*>(traverse)},
                                {Py_tp_clear, reinterpret_cast<void*>(clear)},
                                {Py_tp_dealloc, reinterpret_cast<void*>(deallocate<clear>)},
                                {Py_tp_members, members},
                                {0, nullptr}};
  static PyType_Spec spec = {"catalejo._core.Collector", sizeof(Collector), 0,
                             Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC, slots};
  return PyType_FromSpec(&spec);
}

}  // namespace catalejo::tracer
