#include "tape_object.hpp"

#include <memory>
#include <string>
#include <utility>

#include "capture.hpp"
#include "release.hpp"

namespace catalejo::tracer {
namespace {

PyTypeObject* tape_type;

struct TapeObject {
  PyObject_HEAD TapePointer tape;
};

void deallocate_tape(PyObject* self) {
  PyTypeObject* const type = Py_TYPE(self);
  std::destroy_at(&reinterpret_cast<TapeObject*>(self)->tape);
  release_now();
  type->tp_free(self);
  Py_DECREF(type);
}

PyObject* refuse_new(PyTypeObject*, PyObject*, PyObject*) {
  PyErr_SetString(PyExc_TypeError, "a Tape is made by capture");
  return nullptr;
}

PyObject* text_of_tape(PyObject* self, PyObject*) {
  std::string text;
  reinterpret_cast<TapeObject*>(self)->tape->append_to(text);
  return PyUnicode_FromStringAndSize(text.data(), static_cast<Py_ssize_t>(text.size()));
}

PyObject* capture_value(PyObject*, PyObject* value) {
  release_now();
  return tape_object(capture(value, tape_of));
}

PyTypeObject* make_type() {
  static PyMethodDef methods[] = {{"text", text_of_tape, METH_NOARGS, nullptr},
                                  {nullptr, nullptr, 0, nullptr}};
  static PyType_Slot slots[] = {{Py_tp_new, reinterpret_cast<void*>(refuse_new)},
                                {Py_tp_dealloc, reinterpret_cast<void*>(deallocate_tape)},
                                {Py_tp_methods, methods},
                                {0, nullptr}};
  static PyType_Spec spec = {"catalejo._core.Tape", sizeof(TapeObject), 0, Py_TPFLAGS_DEFAULT,
                             slots};
  return reinterpret_cast<PyTypeObject*>(PyType_FromSpec(&spec));
}

}  // namespace

PyObject* tape_object(TapePointer tape) {
  if (!tape) return PyErr_Occurred() != nullptr ? nullptr : PyErr_NoMemory();
  PyObject* made = tape_type->tp_alloc(tape_type, 0);
  if (made != nullptr) {
    std::construct_at(&reinterpret_cast<TapeObject*>(made)->tape, std::move(tape));
  }
  return made;
}

const TapePointer* tape_of(PyObject* object) {
  return Py_TYPE(object) == tape_type ? &reinterpret_cast<TapeObject*>(object)->tape : nullptr;
}

bool add_tape_type(PyObject* module) {
  static PyMethodDef functions[] = {{"capture", capture_value, METH_O, nullptr},
                                    {nullptr, nullptr, 0, nullptr}};
  tape_type = make_type();  // kept for good
  return tape_type != nullptr &&
         PyObject_SetAttrString(module, "Tape", reinterpret_cast<PyObject*>(tape_type)) == 0 &&
         PyModule_AddFunctions(module, functions) == 0;
}

}  // namespace catalejo::tracer
