#include "chunks.hpp"

#include <structmember.h>

#include <cstddef>
#include <cstdint>
#include <iterator>

#include "collector.hpp"
#include "py_object.hpp"

namespace catalejo::tracer {
namespace {

PyObject* skipped;  // in place of a chunk that the application must not see
PyObject *data_name, *see_name, *stopped_name, *send_name, *throw_name, *close_name;
PyTypeObject *watch_type, *step_type;
PyObject* collector_type;

// ------------------------------------------------------------------------------------- Watch

// Takes the place of openai's function (data, cast_to, response) → model.
struct Watch {
  PyObject_HEAD vectorcallfunc call;
  PyObject* parse;
  PyObject* collector;  // of class Collector; null: it failed, nothing is looked at any more
  PyObject* failed;     // told of a failure of ours
  bool injected;        // token counts were asked for by us alone
};

PyObject* argument(PyObject* const* arguments, Py_ssize_t positional, PyObject* names) {
  const Py_ssize_t count = names == nullptr ? 0 : PyTuple_GET_SIZE(names);
  for (Py_ssize_t at = 0; at < count; ++at) {
    if (PyTuple_GET_ITEM(names, at) == data_name) return arguments[positional + at];
  }
  return nullptr;
}

void give_up(Watch& watch) {
  PyObject *type = nullptr, *value = nullptr, *trace = nullptr;
  PyErr_Fetch(&type, &value, &trace);
  PyErr_NormalizeException(&type, &value, &trace);
  Py_CLEAR(watch.collector);
  const Reference told(
      PyObject_CallFunctionObjArgs(watch.failed, value == nullptr ? Py_None : value, nullptr));
  if (!told) PyErr_Clear();
  Py_XDECREF(type);
  Py_XDECREF(value);
  Py_XDECREF(trace);
}

// Of a chunk that no collector has read: takes out what came only because we had asked for it. True
// when that was all.
bool conceal(const Watch& watch, PyObject* data) {
  if (!watch.injected) return false;
  const Reference usage = Reference::to(PyDict_GetItemString(data, "usage"));
  if (!usage) return false;
  if (PyDict_DelItemString(data, "usage") != 0) PyErr_Clear();
  for (const char* other : {"choices", "prompt_filter_results"}) {
    PyObject* found = PyDict_GetItemString(data, other);
    if (found != nullptr && PyObject_IsTrue(found) == 1) return false;
  }
  return PyObject_IsTrue(usage.get()) == 1;
}

// Shows a chunk to the collector; true when the application must not see it.
bool show(Watch& watch, PyObject* data) {
  if (data == nullptr || !PyDict_CheckExact(data)) return false;
  if (watch.collector == nullptr) return conceal(watch, data);
  if (read_plain(*reinterpret_cast<Collector*>(watch.collector), data)) return false;
  const Reference collector = Reference::to(watch.collector);
  const Reference hidden(PyObject_CallMethodObjArgs(collector.get(), see_name, data, nullptr));
  if (!hidden) {
    give_up(watch);
    return conceal(watch, data);
  }
  return hidden.get() == Py_True;
}

PyObject* call_watch(PyObject* self, PyObject* const* arguments, std::size_t flags,
                     PyObject* names) {
  auto& watch = *reinterpret_cast<Watch*>(self);
  if (show(watch, argument(arguments, PyVectorcall_NARGS(flags), names))) {
    Py_INCREF(skipped);
    return skipped;
  }
  return PyObject_Vectorcall(watch.parse, arguments, flags, names);
}

int traverse_watch(PyObject* self, visitproc visit, void* arg) {
  auto* watch = reinterpret_cast<Watch*>(self);
  Py_VISIT(Py_TYPE(self));
  Py_VISIT(watch->parse);
  Py_VISIT(watch->collector);
  Py_VISIT(watch->failed);
  return 0;
}

int clear_watch(PyObject* self) {
  auto* watch = reinterpret_cast<Watch*>(self);
  Py_CLEAR(watch->parse);
  Py_CLEAR(watch->collector);
  Py_CLEAR(watch->failed);
  return 0;
}

PyObject* make_watch(PyObject*, PyObject* arguments) {
  PyObject *parse = nullptr, *collector = nullptr, *failed = nullptr;
  if (!PyArg_ParseTuple(arguments, "OO!O", &parse, collector_type, &collector, &failed)) {
    return nullptr;
  }
  auto* watch = PyObject_GC_New(Watch, watch_type);
  if (watch == nullptr) return nullptr;
  watch->call = call_watch;
  Py_INCREF(parse);
  Py_INCREF(collector);
  Py_INCREF(failed);
  watch->parse = parse;
  watch->collector = collector;
  watch->failed = failed;
  watch->injected = reinterpret_cast<Collector*>(collector)->injected != 0;
  PyObject_GC_Track(watch);
  return reinterpret_cast<PyObject*>(watch);
}

// ------------------------------------------------------------------- Chunks and AsyncChunks

// What both are: openai's generator, and a Python class above that has `stopped(error)`.
struct Passage {
  PyObject_HEAD PyObject* inner;
};

// Tells `self` that its generator has raised, or has come to its end; the error stays set.
void tell_stopped(PyObject* self, PyObject* end) {
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

PyObject* next_chunk(PyObject* self) {
  for (;;) {
    const Reference inner = Reference::to(reinterpret_cast<Passage*>(self)->inner);
    if (!inner) return nullptr;
    const iternextfunc next = Py_TYPE(inner.get())->tp_iternext;
    if (next == nullptr) {
      PyErr_SetString(PyExc_TypeError, "the stream's iterator is none");
      return nullptr;
    }
    PyObject* chunk = next(inner.get());
    if (chunk == nullptr) {
      tell_stopped(self, PyExc_StopIteration);
      return nullptr;
    }
    if (chunk != skipped) return chunk;
    Py_DECREF(chunk);
  }
}

int traverse_passage(PyObject* self, visitproc visit, void* arg) {
  Py_VISIT(Py_TYPE(self));
  Py_VISIT(reinterpret_cast<Passage*>(self)->inner);
  return 0;
}

int clear_passage(PyObject* self) {
  Py_CLEAR(reinterpret_cast<Passage*>(self)->inner);
  return 0;
}

// -------------------------------------------------------------------------------------- Step

// What AsyncChunks.__anext__ returns: awaits the generator's own step, and the next one in place of
// a chunk that is skipped.
struct Step {
  PyObject_HEAD PyObject* owner;  // AsyncChunks
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

// What follows on a result of the inner step: the application gets it, or it is skipped.
Sent settle(Step& step, Sent sent, PyObject*& result) {
  while (sent == Sent::returned && result == skipped) {
    Py_CLEAR(result);
    PyObject* before = step.inner;
    step.inner = inner_step(step.owner);
    Py_XDECREF(before);
    if (step.inner == nullptr) {
      sent = Sent::failed;
      break;
    }
    sent = send_inner(step.inner, Py_None, result);
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

constexpr unsigned kFlags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC;

PyMemberDef passage_members[] = {{"inner", T_OBJECT, offsetof(Passage, inner), 0, nullptr},
                                 {nullptr, 0, 0, 0, nullptr}};

PyObject* make_watch_type() {
  static PyMemberDef members[] = {
      {"__vectorcalloffset__", T_PYSSIZET, offsetof(Watch, call), READONLY, nullptr},
      {nullptr, 0, 0, 0, nullptr}};
  static PyType_Slot slots[] = {{Py_tp_call, slot(PyVectorcall_Call)},
                                {Py_tp_traverse, slot(traverse_watch)},
                                {Py_tp_clear, slot(clear_watch)},
                                {Py_tp_dealloc, slot(deallocate<clear_watch>)},
                                {Py_tp_members, members},
                                {0, nullptr}};
  static PyType_Spec spec = {"catalejo._core.Watch", sizeof(Watch), 0,
                             kFlags | Py_TPFLAGS_HAVE_VECTORCALL, slots};
  return PyType_FromSpec(&spec);
}

PyObject* make_chunks_type() {
  static PyType_Slot slots[] = {{Py_tp_iter, slot(PyObject_SelfIter)},
                                {Py_tp_iternext, slot(next_chunk)},
                                {Py_tp_traverse, slot(traverse_passage)},
                                {Py_tp_clear, slot(clear_passage)},
                                {Py_tp_dealloc, slot(deallocate<clear_passage>)},
                                {Py_tp_members, passage_members},
                                {0, nullptr}};
  static PyType_Spec spec = {"catalejo._core.Chunks", sizeof(Passage), 0,
                             kFlags | Py_TPFLAGS_BASETYPE, slots};
  return PyType_FromSpec(&spec);
}

PyObject* make_async_chunks_type() {
  static PyType_Slot slots[] = {{Py_am_aiter, slot(PyObject_SelfIter)},
                                {Py_am_anext, slot(make_step)},
                                {Py_tp_traverse, slot(traverse_passage)},
                                {Py_tp_clear, slot(clear_passage)},
                                {Py_tp_dealloc, slot(deallocate<clear_passage>)},
                                {Py_tp_members, passage_members},
                                {0, nullptr}};
  static PyType_Spec spec = {"catalejo._core.AsyncChunks", sizeof(Passage), 0,
                             kFlags | Py_TPFLAGS_BASETYPE, slots};
  return PyType_FromSpec(&spec);
}

PyObject* make_step_type() {
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
  static PyType_Spec spec = {"catalejo._core.Step", sizeof(Step), 0, kFlags, slots};
  return PyType_FromSpec(&spec);
}

bool make_names() {
  return (data_name = PyUnicode_InternFromString("data")) != nullptr &&
         (see_name = PyUnicode_InternFromString("see")) != nullptr &&
         (stopped_name = PyUnicode_InternFromString("stopped")) != nullptr &&
         (send_name = PyUnicode_InternFromString("send")) != nullptr &&
         (throw_name = PyUnicode_InternFromString("throw")) != nullptr &&
         (close_name = PyUnicode_InternFromString("close")) != nullptr && make_collector_names();
}

bool add(PyObject* module, const char* name, PyObject* owned) {
  const Reference object(owned);
  return object && PyObject_SetAttrString(module, name, object.get()) == 0;
}

}  // namespace

bool add_chunk_types(PyObject* module) {
  static PyMethodDef functions[] = {{"watch", make_watch, METH_VARARGS, nullptr},
                                    {nullptr, nullptr, 0, nullptr}};
  if (!make_names()) return false;
  // Kept for good, as the names are.
  skipped = PyObject_CallObject(reinterpret_cast<PyObject*>(&PyBaseObject_Type), nullptr);
  watch_type = reinterpret_cast<PyTypeObject*>(make_watch_type());
  step_type = reinterpret_cast<PyTypeObject*>(make_step_type());
  collector_type = make_collector_type();
  if (skipped == nullptr || watch_type == nullptr || step_type == nullptr ||
      collector_type == nullptr) {
    return false;
  }
  Py_INCREF(skipped);
  Py_INCREF(collector_type);
  return add(module, "SKIPPED", skipped) && add(module, "Collector", collector_type) &&
         add(module, "Chunks", make_chunks_type()) &&
         add(module, "AsyncChunks", make_async_chunks_type()) &&
         PyModule_AddFunctions(module, functions) == 0;
}

}  // namespace catalejo::tracer
