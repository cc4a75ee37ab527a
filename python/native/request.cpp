#include "request.hpp"

#include "py_object.hpp"
#include "walk.hpp"

namespace catalejo::tracer {
namespace {

bool is_text(PyObject* dict, PyObject* key) {
  PyObject* found = PyDict_GetItemWithError(dict, key);
  if (found == nullptr) PyErr_Clear();
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

}  // namespace

TapePointer capture_messages(PyObject* messages, PyObject* of_message, TapeOf tape_of) {
  try {
    Recording recording;
    Walk walk(recording, tape_of);
    walk.out() += R"({"messages":[)";
    const bool is_sequence = PyList_Check(messages) || PyTuple_Check(messages);
    if (is_sequence && !write_messages(walk, messages, of_message)) return nullptr;
    walk.out() += "]}";
    return recording.tape();
  } catch (...) {  // no memory
    return nullptr;
  }
}

PyObject* read_parameters(PyObject*, PyObject* const* arguments, Py_ssize_t count) {
  if (count != 4 || !PyDict_Check(arguments[0]) || !PyAnySet_Check(arguments[1]) ||
      !PyDict_Check(arguments[2])) {
    PyErr_SetString(PyExc_TypeError, "read_parameters: see _core.pyi");
    return nullptr;
  }
  PyObject *key = nullptr, *value = nullptr;
  Py_ssize_t position = 0;
  while (PyDict_Next(arguments[0], &position, &key, &value)) {
    const int wanted = PySet_Contains(arguments[1], key);
    if (wanted < 0) return nullptr;
    if (wanted == 0) continue;
    const Reference kept_key = Reference::to(key);
    const Reference kept =
        is_plain_value(value)
            ? Reference::to(value)
            : Reference(PyObject_CallFunctionObjArgs(arguments[3], value, nullptr));
    if (!kept || PyDict_SetItem(arguments[2], kept_key.get(), kept.get()) != 0) return nullptr;
  }
  Py_RETURN_NONE;
}

}  // namespace catalejo::tracer
