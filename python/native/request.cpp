#include "request.hpp"

#include <utility>

#include "py_object.hpp"
#include "release.hpp"
#include "span.hpp"
#include "tape_object.hpp"
#include "walk.hpp"

namespace catalejo::tracer {
namespace {

PyObject* item(PyObject* dict, PyObject* key) {
  PyObject* found = PyDict_GetItemWithError(dict, key);
  if (found == nullptr) PyErr_Clear();
  return found;
}

bool is_text(PyObject* dict, PyObject* key) {
  PyObject* found = item(dict, key);
  return found != nullptr && PyUnicode_CheckExact(found);
}

bool is_plain_message(PyObject* message) {
  static PyObject* const kContent = PyUnicode_InternFromString("content");
  static PyObject* const kRole = PyUnicode_InternFromString("role");
  return PyDict_CheckExact(message) && PyDict_GET_SIZE(message) == 2 &&
         is_text(message, kContent) && is_text(message, kRole);
}

bool is_plain_value(PyObject* value) {
  return PyUnicode_CheckExact(value) || PyLong_CheckExact(value) || PyFloat_CheckExact(value) ||
         PyBool_Check(value) || value == Py_None;
}

bool write_messages(Walk& walk, PyObject* messages, PyObject* of_message) {
  constexpr int kDepth = 2;  // of a message
  const Reference sequence(PySequence_Fast(messages, "messages"));
  if (!sequence) return false;
  for (Py_ssize_t at = 0; at < PySequence_Fast_GET_SIZE(sequence.get()); ++at) {
    Reference message = Reference::to(PySequence_Fast_GET_ITEM(sequence.get(), at));
    if (!is_plain_message(message.get())) {
      message = Reference(PyObject_CallFunctionObjArgs(of_message, message.get(), nullptr));
      if (!message) return false;
    }
    if (at > 0) walk.out() += ',';
    walk.value(message.get(), kDepth);
  }
  return true;
}

// Tape of {"messages": […]}. Null with a Python error when of_message raised; without one, when
// there was no memory.
TapePointer capture_messages(PyObject* messages, PyObject* of_message) {
  try {
    Recording recording;
    Walk walk(recording, tape_of);
    walk.out() += R"({"messages":[)";
    const bool is_sequence =
        messages != nullptr && (PyList_Check(messages) || PyTuple_Check(messages));
    if (is_sequence && !write_messages(walk, messages, of_message)) return nullptr;
    walk.out() += "]}";
    return recording.tape();
  } catch (...) {  // no memory
    return nullptr;
  }
}

bool read_named(PyObject* body, PyObject* keys, PyObject* into, PyObject* copy) {
  PyObject *key = nullptr, *value = nullptr;
  Py_ssize_t position = 0;
  while (PyDict_Next(body, &position, &key, &value)) {
    const int wanted = PySet_Contains(keys, key);
    if (wanted < 0) return false;
    if (wanted == 0) continue;
    const Reference kept_key = Reference::to(key);
    const Reference kept = is_plain_value(value)
                               ? Reference::to(value)
                               : Reference(PyObject_CallFunctionObjArgs(copy, value, nullptr));
    if (!kept || PyDict_SetItem(into, kept_key.get(), kept.get()) != 0) return false;
  }
  return true;
}

PyObject* read_parameters(PyObject*, PyObject* const* arguments, Py_ssize_t count) {
  if (count != 4 || !PyDict_Check(arguments[0]) || !PyAnySet_Check(arguments[1]) ||
      !PyDict_Check(arguments[2])) {
    PyErr_SetString(PyExc_TypeError, "read_parameters: see _core.pyi");
    return nullptr;
  }
  if (!read_named(arguments[0], arguments[1], arguments[2], arguments[3])) return nullptr;
  Py_RETURN_NONE;
}

PyObject* read_chat_request(PyObject*, PyObject* const* arguments, Py_ssize_t count) {
  Span* span = count == 5 ? span_of(arguments[0]) : nullptr;
  if (span == nullptr || !PyDict_Check(arguments[1]) || !PyAnySet_Check(arguments[2])) {
    PyErr_SetString(PyExc_TypeError, "read_chat_request: see _core.pyi");
    return nullptr;
  }
  static PyObject* const kMessages = PyUnicode_InternFromString("messages");
  static PyObject* const kTools = PyUnicode_InternFromString("tools");
  static PyObject* const kFunctions = PyUnicode_InternFromString("functions");
  PyObject* body = arguments[1];
  const Reference into = Reference::to(span->fields[metadata]);
  if (!into || !PyDict_Check(into.get()) ||
      !read_named(body, arguments[2], into.get(), arguments[3])) {
    return nullptr;
  }
  release_now();
  PyObject* tape = tape_object(capture_messages(item(body, kMessages), arguments[4]));
  if (tape == nullptr) return nullptr;
  Py_XDECREF(std::exchange(span->fields[input], tape));
  return PyBool_FromLong(is_true(item(body, kTools)) || is_true(item(body, kFunctions)));
}

PyMethodDef fast(const char* name, PyObject* (*function)(PyObject*, PyObject* const*, Py_ssize_t)) {
  // By way of void*: the type of a METH_FASTCALL function is another one.
  return {name, reinterpret_cast<PyCFunction>(reinterpret_cast<void*>(function)), METH_FASTCALL,
          nullptr};
}

}  // namespace

bool add_request_functions(PyObject* module) {
  static PyMethodDef functions[] = {fast("read_parameters", read_parameters),
                                    fast("read_chat_request", read_chat_request),
                                    {nullptr, nullptr, 0, nullptr}};
  return PyModule_AddFunctions(module, functions) == 0;
}

}  // namespace catalejo::tracer
