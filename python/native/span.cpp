#include "span.hpp"

#include <structmember.h>
#include <time.h>

#include <cstddef>
#include <utility>

#include "ids.hpp"
#include "py_object.hpp"

namespace catalejo::tracer {
namespace {

constexpr std::array<const char*, kSpanFields> kNames = {
    "agent",          "apm_trace_id", "duration_ns", "error",   "finished",  "input",
    "kind",           "meta",         "metadata",    "metrics", "ml_app",    "model_name",
    "model_provider", "name",         "output",      "parent",  "parent_id", "sampling",
    "session_id",     "span_id",      "start_ns",    "tags",    "trace_id"};

PyTypeObject* span_type;
// catalejo.span's context variables, see _core.use_context.
PyObject *current_variable, *annotators_variable;
PyObject *zero, *empty_text, *agent_kind;
std::array<PyObject*, kSpanFields> names;  // interned

// Takes over `owned`; false when it is null.
bool set(Span& span, SpanField field, PyObject* owned) {
  if (owned == nullptr) return false;
  Py_XDECREF(std::exchange(span.fields[field], owned));
  return true;
}

bool set_to(Span& span, SpanField field, PyObject* borrowed) {
  Py_XINCREF(borrowed);
  return set(span, field, borrowed);
}

PyObject* now_ns() {
  timespec now = {};
  ::clock_gettime(CLOCK_REALTIME, &now);
  return PyLong_FromLongLong(now.tv_sec * 1'000'000'000LL + now.tv_nsec);
}

bool begin_as_root(Span& span) {
  return set(span, span_id, new_span_id()) && set(span, trace_id, new_trace_id()) &&
         set(span, apm_trace_id, new_apm_trace_id()) && set_to(span, parent_id, zero) &&
         set_to(span, session_id, empty_text) && set_to(span, ml_app, empty_text) &&
         set_to(span, agent, Py_None) && set_to(span, sampling, Py_None);
}

// A field of a span, or the attribute of the same name of what stands for one (Remote).
PyObject* field_of(PyObject* above, SpanField field) {
  Span* span = span_of(above);
  if (span == nullptr || span->fields[field] == nullptr) {
    return PyObject_GetAttr(above, names[field]);
  }
  Py_INCREF(span->fields[field]);
  return span->fields[field];
}

// The agent above: the parent, when it is one, by its name and id; else the one it is below of.
PyObject* agent_above(PyObject* above) {
  const Reference its_kind(field_of(above, kind));
  if (!its_kind) return nullptr;
  const int is_agent = PyObject_RichCompareBool(its_kind.get(), agent_kind, Py_EQ);
  if (is_agent <= 0) return is_agent < 0 ? nullptr : field_of(above, agent);
  const Reference its_name(field_of(above, name)), its_id(field_of(above, span_id));
  const Reference id_text(its_name && its_id ? PyObject_Str(its_id.get()) : nullptr);
  return id_text ? PyTuple_Pack(2, its_name.get(), id_text.get()) : nullptr;
}

bool begin_below(Span& span, PyObject* above) {
  return set(span, span_id, new_span_id()) && set(span, trace_id, field_of(above, trace_id)) &&
         set(span, apm_trace_id, field_of(above, apm_trace_id)) &&
         set(span, parent_id, field_of(above, span_id)) &&
         set(span, session_id, field_of(above, session_id)) &&
         set(span, ml_app, field_of(above, ml_app)) &&
         set(span, sampling, field_of(above, sampling)) && set(span, agent, agent_above(above));
}

bool begin_empty(Span& span) {
  for (const SpanField field : {metadata, metrics, tags, meta}) {
    if (!set(span, field, PyDict_New())) return false;
  }
  for (const SpanField field : {error, input, output}) set_to(span, field, Py_None);
  for (const SpanField field : {model_name, model_provider}) set_to(span, field, empty_text);
  return set_to(span, duration_ns, zero) && set_to(span, finished, Py_False) &&
         set(span, start_ns, now_ns());
}

bool begin(Span& span, PyObject* its_kind, PyObject* its_name, PyObject* above) {
  return set_to(span, kind, its_kind) && set_to(span, name, its_name) &&
         set_to(span, parent, above) &&
         (above == Py_None ? begin_as_root(span) : begin_below(span, above)) && begin_empty(span);
}

int init(PyObject* self, PyObject* arguments, PyObject* keywords) {
  static const char* words[] = {"kind", "name", "parent", nullptr};
  PyObject *its_kind = nullptr, *its_name = nullptr, *above = nullptr;
  if (PyArg_ParseTupleAndKeywords(arguments, keywords, "OOO", const_cast<char**>(words), &its_kind,
                                  &its_name, &above) == 0) {
    return -1;
  }
  return begin(*reinterpret_cast<Span*>(self), its_kind, its_name, above) ? 0 : -1;
}

int traverse(PyObject* self, visitproc visit, void* arg) {
  Py_VISIT(Py_TYPE(self));
  for (PyObject* field : reinterpret_cast<Span*>(self)->fields) Py_VISIT(field);
  return 0;
}

int clear(PyObject* self) {
  for (PyObject*& field : reinterpret_cast<Span*>(self)->fields) Py_CLEAR(field);
  return 0;
}

PyObject* current_or_none() {
  PyObject* found = nullptr;
  if (PyContextVar_Get(current_variable, Py_None, &found) != 0) return nullptr;
  return found;
}

bool make_current(PyObject* span) {
  const Reference token(PyContextVar_Set(current_variable, span));
  return static_cast<bool>(token);
}

bool is_finished(PyObject* object) {
  const Span* span = span_of(object);
  return span != nullptr && span->fields[finished] == Py_True;
}

PyObject* deactivate(PyObject* self, PyObject*) {
  if (!deactivate_span(self)) return nullptr;
  Py_RETURN_NONE;
}

bool annotate(PyObject* span) {
  PyObject* found = nullptr;
  if (PyContextVar_Get(annotators_variable, nullptr, &found) != 0) return false;
  const Reference annotators(found);
  if (!annotators || !PyTuple_Check(found)) return true;
  for (Py_ssize_t at = 0; at < PyTuple_GET_SIZE(found); ++at) {
    const Reference done(PyObject_CallFunctionObjArgs(PyTuple_GET_ITEM(found, at), span, nullptr));
    if (!done) return false;
  }
  return true;
}

// As `make(its_kind, its_name, above)`; most classes begin as SpanBase does.
PyObject* new_span(PyObject* make, PyObject* its_kind, PyObject* its_name, PyObject* above) {
  auto* type = reinterpret_cast<PyTypeObject*>(make);
  if (PyType_Check(make) == 0 || type->tp_init != init || type->tp_new != PyType_GenericNew) {
    return PyObject_CallFunctionObjArgs(make, its_kind, its_name, above, nullptr);
  }
  Reference span(type->tp_alloc(type, 0));
  const bool begun = span && begin(*reinterpret_cast<Span*>(span.get()), its_kind, its_name, above);
  return begun ? span.release() : nullptr;
}

// After a failure, which stays set.
void make_current_again(PyObject* above) {
  PyObject *type = nullptr, *value = nullptr, *trace = nullptr;
  PyErr_Fetch(&type, &value, &trace);
  if (!make_current(above)) PyErr_Clear();
  PyErr_Restore(type, value, trace);
}

PyObject* start_span(PyObject*, PyObject* const* arguments, Py_ssize_t count) {
  if (count == 3) return begin_span(arguments[0], arguments[1], arguments[2]);
  PyErr_SetString(PyExc_TypeError, "start_span: see _core.pyi");
  return nullptr;
}

PyObject* use_context(PyObject*, PyObject* arguments) {
  PyObject *current = nullptr, *annotators = nullptr;
  if (PyArg_ParseTuple(arguments, "O!O!", &PyContextVar_Type, &current, &PyContextVar_Type,
                       &annotators) == 0) {
    return nullptr;
  }
  Py_INCREF(current);
  Py_INCREF(annotators);
  Py_XDECREF(std::exchange(current_variable, current));
  Py_XDECREF(std::exchange(annotators_variable, annotators));
  Py_RETURN_NONE;
}

PyTypeObject* make_type() {
  static std::array<PyMemberDef, kSpanFields + 1> members = {};
  for (std::size_t at = 0; at < kSpanFields; ++at) {
    members[at] = {kNames[at], T_OBJECT_EX,
                   static_cast<Py_ssize_t>(offsetof(Span, fields) + at * sizeof(PyObject*)), 0,
                   nullptr};
  }
  static PyMethodDef methods[] = {{"deactivate", deactivate, METH_NOARGS, nullptr},
                                  {nullptr, nullptr, 0, nullptr}};
  static PyType_Slot slots[] = {{Py_tp_new, reinterpret_cast<void*>(PyType_GenericNew)},
                                {Py_tp_init, reinterpret_cast<void*>(init)},
                                {Py_tp_traverse, reinterpret_cast<void*>(traverse)},
                                {Py_tp_clear, reinterpret_cast<void*>(clear)},
                                {Py_tp_dealloc, reinterpret_cast<void*>(deallocate<clear>)},
                                {Py_tp_members, members.data()},
                                {Py_tp_methods, methods},
                                {0, nullptr}};
  static PyType_Spec spec = {"catalejo._core.SpanBase", sizeof(Span), 0,
                             Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC, slots};
  return reinterpret_cast<PyTypeObject*>(PyType_FromSpec(&spec));
}

bool make_constants() {
  if (!intern(kNames, names)) return false;
  zero = PyLong_FromLong(0);
  empty_text = PyUnicode_InternFromString("");
  agent_kind = PyUnicode_InternFromString("agent");
  return zero != nullptr && empty_text != nullptr && agent_kind != nullptr;
}

}  // namespace

Span* span_of(PyObject* object) {
  return PyObject_TypeCheck(object, span_type) ? reinterpret_cast<Span*>(object) : nullptr;
}

PyObject* begin_span(PyObject* its_kind, PyObject* its_name, PyObject* make) {
  if (current_variable == nullptr) {
    PyErr_SetString(PyExc_RuntimeError, "use_context was not called");
    return nullptr;
  }
  const Reference above(current_or_none());
  if (!above) return nullptr;
  Reference span(new_span(make, its_kind, its_name, above.get()));
  if (!span || !make_current(span.get())) return nullptr;
  if (annotate(span.get())) return span.release();
  make_current_again(above.get());
  return nullptr;
}

bool deactivate_span(PyObject* span) {
  const Reference now(current_or_none());
  if (!now) return false;
  if (now.get() != span) return true;
  PyObject* above = reinterpret_cast<Span*>(span)->fields[parent];
  while (above != nullptr && is_finished(above)) {
    above = reinterpret_cast<Span*>(above)->fields[parent];
  }
  return make_current(above == nullptr ? Py_None : above);
}

bool add_span_type(PyObject* module) {
  static PyMethodDef functions[] = {
      // By way of void*: the type of a METH_FASTCALL function is another one.
      {"start_span", reinterpret_cast<PyCFunction>(reinterpret_cast<void*>(start_span)),
       METH_FASTCALL, nullptr},
      {"use_context", use_context, METH_VARARGS, nullptr},
      {nullptr, nullptr, 0, nullptr}};
  if (!make_constants()) return false;
  span_type = make_type();  // kept for good
  return span_type != nullptr &&
         PyObject_SetAttrString(module, "SpanBase", reinterpret_cast<PyObject*>(span_type)) == 0 &&
         PyModule_AddFunctions(module, functions) == 0;
}

}  // namespace catalejo::tracer
