#include "chunks.hpp"

#include <structmember.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "collector.hpp"
#include "events.hpp"
#include "py_object.hpp"

namespace catalejo::tracer {
namespace {

PyObject *stopped_name, *send_name, *throw_name, *close_name, *operation_name, *collector_name;
PyTypeObject *passage_type, *step_type;

// ----------------------------------------------------------------------------------- Passage

// An iterator around another, sync or async: of the events of a stream, which `watcher` looks at,
// or of its chunks; that one is a Python class above, which has `stopped(error)`, and the rest here
// is its own.
struct Passage {
  PyObject_HEAD PyObject* inner;
  Watcher watcher;
  PyObject* call;
  PyObject* collector;
  PyObject* tap;
  char ended;
};

constexpr std::array<PyObject * Passage::*, 4> kObjects = {&Passage::inner, &Passage::call,
                                                           &Passage::collector, &Passage::tap};

// Tells `self` that its generator has raised, or has come to its end; the error stays set.
void tell_stopped(PyObject* self, PyObject* end) {
  if (reinterpret_cast<Passage*>(self)->watcher.collector != nullptr) return;
  PyObject *type = nullptr, *value = nullptr, *trace = nullptr;
  PyErr_Fetch(&type, &value, &trace);
  PyErr_NormalizeException(&type, &value, &trace);
  if (value != nullptr && trace != nullptr) PyException_SetTraceback(value, trace);
  Reference error =
      value != nullptr ? Reference::to(value) : Reference(PyObject_CallObject(end, nullptr));
  const Reference told(error ? PyObject_CallMethodObjArgs(self, stopped_name, error.get(), nullptr)
                             : nullptr);
  if (!told) PyErr_Clear();
  PyErr_Restore(type, value, trace);
}

// False: the item is not to be seen. It may become another.
bool lets_through(PyObject* self, PyObject*& item) {
  Watcher& watcher = reinterpret_cast<Passage*>(self)->watcher;
  if (watcher.collector == nullptr) return true;
  Reference event(item);
  const bool shown = show(watcher, event);
  item = event.release();
  return shown;
}

PyObject* next_item(PyObject* self) {
  for (;;) {
    const Reference inner = Reference::to(reinterpret_cast<Passage*>(self)->inner);
    const iternextfunc next = inner ? Py_TYPE(inner.get())->tp_iternext : nullptr;
    if (next == nullptr) {
      PyErr_SetString(PyExc_TypeError, "the stream's iterator is none");
      return nullptr;
    }
    PyObject* item = next(inner.get());
    if (item == nullptr) {
      tell_stopped(self, PyExc_StopIteration);
      return nullptr;
    }
    if (lets_through(self, item)) return item;
    Py_DECREF(item);
  }
}

int traverse_passage(PyObject* self, visitproc visit, void* arg) {
  auto& passage = *reinterpret_cast<Passage*>(self);
  Py_VISIT(Py_TYPE(self));
  for (PyObject* Passage::*field : kObjects) Py_VISIT(passage.*field);
  Py_VISIT(passage.watcher.collector);
  Py_VISIT(passage.watcher.failed);
  return 0;
}

int clear_passage(PyObject* self) {
  auto& passage = *reinterpret_cast<Passage*>(self);
  for (PyObject* Passage::*field : kObjects) Py_CLEAR(passage.*field);
  Py_CLEAR(passage.watcher.collector);
  Py_CLEAR(passage.watcher.failed);
  return 0;
}

int init_passage(PyObject* self, PyObject* arguments, PyObject*) {
  auto& passage = *reinterpret_cast<Passage*>(self);
  PyObject *call = nullptr, *inner = nullptr;
  if (PyArg_ParseTuple(arguments, "OO", &call, &inner) == 0) return -1;
  const Reference operation(PyObject_GetAttr(call, operation_name));
  const Reference make(operation ? PyObject_GetAttr(operation.get(), collector_name) : nullptr);
  Reference collector(make ? PyObject_CallFunctionObjArgs(make.get(), call, nullptr) : nullptr);
  if (!collector) return -1;
  Py_XDECREF(std::exchange(passage.call, Reference::to(call).release()));
  Py_XDECREF(std::exchange(passage.inner, Reference::to(inner).release()));
  Py_XDECREF(std::exchange(passage.collector, collector.release()));
  return 0;
}

PyObject* watch(PyObject*, PyObject* arguments) {
  PyObject *inner = nullptr, *collector = nullptr, *failed = nullptr;
  if (PyArg_ParseTuple(arguments, "OO!O", &inner, collector_type(), &collector, &failed) == 0) {
    return nullptr;
  }
  Reference made(passage_type->tp_alloc(passage_type, 0));
  if (!made) return nullptr;
  auto& passage = *reinterpret_cast<Passage*>(made.get());
  passage.inner = Reference::to(inner).release();
  passage.watcher.collector = Reference::to(collector).release();
  passage.watcher.failed = Reference::to(failed).release();
  return made.release();
}

// -------------------------------------------------------------------------------------- Step

// What Passage.__anext__ returns: awaits the generator's own step, and the next one in place of an
// item that is skipped.
struct Step {
  PyObject_HEAD PyObject* owner;  // Passage
  PyObject* inner;                // of the generator; null at the end
};

PyObject* inner_step(PyObject* owner) {
  PyObject* inner = reinterpret_cast<Passage*>(owner)->inner;
  const PyAsyncMethods* methods = inner == nullptr ? nullptr : Py_TYPE(inner)->tp_as_async;
  if (methods == nullptr || methods->am_anext == nullptr) {
    PyErr_SetString(PyExc_TypeError, "the stream's iterator is none");
    return nullptr;
  }
  const Reference awaitable(methods->am_anext(inner));
  if (!awaitable) return nullptr;
  const PyAsyncMethods* own = Py_TYPE(awaitable.get())->tp_as_async;
  if (own == nullptr || own->am_await == nullptr) {
    PyErr_SetString(PyExc_TypeError, "the stream's step cannot be awaited");
    return nullptr;
  }
  return own->am_await(awaitable.get());
}

PyObject* make_step(PyObject* owner) {
  Reference inner(inner_step(owner));
  if (!inner) return nullptr;
  auto* step = PyObject_GC_New(Step, step_type);
  if (step == nullptr) return nullptr;
  Py_INCREF(owner);
  step->owner = owner;
  step->inner = inner.release();
  PyObject_GC_Track(step);
  return reinterpret_cast<PyObject*>(step);
}

enum class Sent : std::uint8_t { failed, returned, yielded };

// PyIter_Send of Python 3.10, for whatever was called: `result` null means it raised.
Sent sorted_out(PyObject*& result) {
  if (result != nullptr) return Sent::yielded;
  if (PyErr_Occurred() == nullptr) {
    Py_INCREF(Py_None);
    result = Py_None;
    return Sent::returned;
  }
  if (PyErr_ExceptionMatches(PyExc_StopIteration) == 0) return Sent::failed;
  PyObject *type = nullptr, *value = nullptr, *trace = nullptr;
  PyErr_Fetch(&type, &value, &trace);
  PyErr_NormalizeException(&type, &value, &trace);
  result = PyObject_GetAttrString(value, "value");
  Py_XDECREF(type);
  Py_XDECREF(value);
  Py_XDECREF(trace);
  return result == nullptr ? Sent::failed : Sent::returned;
}

Sent send_inner(PyObject* inner, PyObject* value, PyObject*& result) {
#if PY_VERSION_HEX >= 0x030A0000
  switch (PyIter_Send(inner, value, &result)) {
    case PYGEN_RETURN:
      return Sent::returned;
    case PYGEN_NEXT:
      return Sent::yielded;
    default:
      return Sent::failed;
  }
#else
  result = value == Py_None && PyIter_Check(inner)
               ? Py_TYPE(inner)->tp_iternext(inner)
               : PyObject_CallMethodObjArgs(inner, send_name, value, nullptr);
  return sorted_out(result);
#endif
}

// What follows on a result of the inner step: whoever waits gets it, or it is skipped.
Sent settle(Step& step, Sent sent, PyObject*& result) {
  while (sent == Sent::returned && !lets_through(step.owner, result)) {
    Py_CLEAR(result);
    PyObject* before = step.inner;
    step.inner = inner_step(step.owner);
    Py_XDECREF(before);
    if (step.inner == nullptr) {
      sent = Sent::failed;
      break;
    }
    const Reference inner = Reference::to(step.inner);
    sent = send_inner(inner.get(), Py_None, result);
  }
  if (sent != Sent::yielded) Py_CLEAR(step.inner);
  if (sent == Sent::failed) tell_stopped(step.owner, PyExc_StopAsyncIteration);
  return sent;
}

Sent send(Step& step, PyObject* value, PyObject*& result) {
  const Reference inner = Reference::to(step.inner);
  if (!inner) {
    PyErr_SetString(PyExc_RuntimeError, "cannot reuse already awaited step of a stream");
    return Sent::failed;
  }
  return settle(step, send_inner(inner.get(), value, result), result);
}

// As an iterator says it: a value that is returned is one of StopIteration.
PyObject* as_iterator(Sent sent, PyObject* result) {
  if (sent != Sent::returned) return result;
  // Not PyErr_SetObject with the value itself, which would take a tuple apart.
  const Reference error(PyObject_CallFunctionObjArgs(PyExc_StopIteration, result, nullptr));
  Py_DECREF(result);
  if (error) PyErr_SetObject(PyExc_StopIteration, error.get());
  return nullptr;
}

PyObject* next_of_step(PyObject* self) {
  PyObject* result = nullptr;
  const Sent sent = send(*reinterpret_cast<Step*>(self), Py_None, result);
  return as_iterator(sent, result);
}

PyObject* send_to_step(PyObject* self, PyObject* value) {
  PyObject* result = nullptr;
  const Sent sent = send(*reinterpret_cast<Step*>(self), value, result);
  return as_iterator(sent, result);
}

PyObject* throw_into_step(PyObject* self, PyObject* arguments) {
  auto& step = *reinterpret_cast<Step*>(self);
  const Reference inner = Reference::to(step.inner);
  if (!inner) {
    PyErr_SetString(PyExc_RuntimeError, "cannot reuse already awaited step of a stream");
    return nullptr;
  }
  const Reference method(PyObject_GetAttr(inner.get(), throw_name));
  if (!method) return nullptr;
  PyObject* result = PyObject_CallObject(method.get(), arguments);
  const Sent sent = sorted_out(result);
  return as_iterator(settle(step, sent, result), result);
}

PyObject* close_step(PyObject* self, PyObject*) {
  auto& step = *reinterpret_cast<Step*>(self);
  const Reference inner(step.inner);
  step.inner = nullptr;
  if (inner) {
    const Reference closed(PyObject_CallMethodObjArgs(inner.get(), close_name, nullptr));
    if (!closed) return nullptr;
    tell_stopped(step.owner, PyExc_GeneratorExit);
  }
  Py_RETURN_NONE;
}

#if PY_VERSION_HEX >= 0x030A0000
PySendResult am_send(PyObject* self, PyObject* value, PyObject** result) {
  *result = nullptr;
  switch (send(*reinterpret_cast<Step*>(self), value, *result)) {
    case Sent::returned:
      return PYGEN_RETURN;
    case Sent::yielded:
      return PYGEN_NEXT;
    default:
      return PYGEN_ERROR;
  }
}
#endif

int traverse_step(PyObject* self, visitproc visit, void* arg) {
  Py_VISIT(Py_TYPE(self));
  Py_VISIT(reinterpret_cast<Step*>(self)->owner);
  Py_VISIT(reinterpret_cast<Step*>(self)->inner);
  return 0;
}

int clear_step(PyObject* self) {
  Py_CLEAR(reinterpret_cast<Step*>(self)->owner);
  Py_CLEAR(reinterpret_cast<Step*>(self)->inner);
  return 0;
}

// ------------------------------------------------------------------------------------- types

template <typename Function>
void* slot(Function* function) {
  return reinterpret_cast<void*>(function);
}

PyTypeObject* make_passage_type() {
  static PyMemberDef members[] = {{"inner", T_OBJECT, offsetof(Passage, inner), 0, nullptr},
                                  {"call", T_OBJECT, offsetof(Passage, call), 0, nullptr},
                                  {"collector", T_OBJECT, offsetof(Passage, collector), 0, nullptr},
                                  {"stream_tap", T_OBJECT, offsetof(Passage, tap), 0, nullptr},
                                  {"ended", T_BOOL, offsetof(Passage, ended), 0, nullptr},
                                  {nullptr, 0, 0, 0, nullptr}};
  static PyType_Slot slots[] = {{Py_tp_new, slot(PyType_GenericNew)},
                                {Py_tp_init, slot(init_passage)},
                                {Py_tp_iter, slot(PyObject_SelfIter)},
                                {Py_tp_iternext, slot(next_item)},
                                {Py_am_aiter, slot(PyObject_SelfIter)},
                                {Py_am_anext, slot(make_step)},
                                {Py_tp_traverse, slot(traverse_passage)},
                                {Py_tp_clear, slot(clear_passage)},
                                {Py_tp_dealloc, slot(deallocate<clear_passage>)},
                                {Py_tp_members, members},
                                {0, nullptr}};
  static PyType_Spec spec = {"catalejo._core.Passage", sizeof(Passage), 0,
                             Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASETYPE, slots};
  return reinterpret_cast<PyTypeObject*>(PyType_FromSpec(&spec));
}

PyTypeObject* make_step_type() {
  static PyMethodDef methods[] = {{"send", send_to_step, METH_O, nullptr},
                                  {"throw", throw_into_step, METH_VARARGS, nullptr},
                                  {"close", close_step, METH_NOARGS, nullptr},
                                  {nullptr, nullptr, 0, nullptr}};
  static PyType_Slot slots[] = {
    {Py_am_await, slot(PyObject_SelfIter)},
#if PY_VERSION_HEX >= 0x030A0000
    {Py_am_send, slot(am_send)},
#endif
    {Py_tp_iter, slot(PyObject_SelfIter)},
    {Py_tp_iternext, slot(next_of_step)},
    {Py_tp_methods, methods},
    {Py_tp_traverse, slot(traverse_step)},
    {Py_tp_clear, slot(clear_step)},
    {Py_tp_dealloc, slot(deallocate<clear_step>)},
    {0, nullptr}
  };
  static PyType_Spec spec = {"catalejo._core.Step", sizeof(Step), 0,
                             Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC, slots};
  return reinterpret_cast<PyTypeObject*>(PyType_FromSpec(&spec));
}

bool make_names() {
  return (stopped_name = PyUnicode_InternFromString("stopped")) != nullptr &&
         (send_name = PyUnicode_InternFromString("send")) != nullptr &&
         (throw_name = PyUnicode_InternFromString("throw")) != nullptr &&
         (close_name = PyUnicode_InternFromString("close")) != nullptr &&
         (operation_name = PyUnicode_InternFromString("operation")) != nullptr &&
         (collector_name = PyUnicode_InternFromString("collector")) != nullptr;
}

}  // namespace

bool add_chunk_types(PyObject* module) {
  static PyMethodDef functions[] = {{"watch", watch, METH_VARARGS, nullptr},
                                    {nullptr, nullptr, 0, nullptr}};
  if (!make_names() || !add_collector_types(module) || !add_event_type(module)) return false;
  passage_type = make_passage_type();  // kept for good, as the names are
  step_type = make_step_type();
  return passage_type != nullptr && step_type != nullptr &&
         PyObject_SetAttrString(module, "Passage", reinterpret_cast<PyObject*>(passage_type)) ==
             0 &&
         PyModule_AddFunctions(module, functions) == 0;
}

}  // namespace catalejo::tracer
