// One reference of a Python object; the interpreter's lock must be held.
#pragma once

#include <Python.h>

#include <array>
#include <cstddef>
#include <utility>

namespace catalejo::tracer {

class Reference {
 public:
  Reference() = default;
  explicit Reference(PyObject* owned) : object_(owned) {}
  static Reference to(PyObject* borrowed) {
    Py_XINCREF(borrowed);
    return Reference(borrowed);
  }
  Reference(Reference&& other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
  Reference& operator=(Reference&& other) noexcept {
    std::swap(object_, other.object_);
    return *this;
  }
  ~Reference() { Py_XDECREF(object_); }

  PyObject* get() const { return object_; }
  PyObject* release() { return std::exchange(object_, nullptr); }
  explicit operator bool() const { return object_ != nullptr; }

 private:
  PyObject* object_ = nullptr;
};

// Of the field of an object.
inline void keep(PyObject*& field, PyObject* borrowed) {
  Py_INCREF(borrowed);
  Py_XDECREF(std::exchange(field, borrowed));
}

// As `if object:` has it; what cannot be asked is false. Leaves no Python error behind.
inline bool is_true(PyObject* object) {
  if (object == nullptr || object == Py_None) return false;
  const int found = PyObject_IsTrue(object);
  if (found < 0) PyErr_Clear();
  return found == 1;
}

// Names of attributes and keys, kept for good; false with a Python error.
template <std::size_t Count>
bool intern(const std::array<const char*, Count>& texts, std::array<PyObject*, Count>& names) {
  for (std::size_t at = 0; at < Count; ++at) {
    names[at] = PyUnicode_InternFromString(texts[at]);
    if (names[at] == nullptr) return false;
  }
  return true;
}

// tp_dealloc of a class made from a spec that takes part in garbage collection.
template <inquiry Clear>
void deallocate(PyObject* self) {
  PyTypeObject* const type = Py_TYPE(self);
  PyObject_GC_UnTrack(self);
  Clear(self);
  type->tp_free(self);
  Py_DECREF(type);
}

}  // namespace catalejo::tracer
