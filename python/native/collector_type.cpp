// The classes of collector.hpp as Python sees them.
#include "collector.hpp"

#include <structmember.h>

#include <array>
#include <cstddef>
#include <utility>

#include "py_object.hpp"

namespace catalejo::tracer {
namespace {

PyTypeObject *type_of_collectors, *type_of_choices;
PyObject *empty_text, *form_name, *injected_name;

template <typename Object, std::size_t Count>
using Fields = std::array<PyObject * Object::*, Count>;
constexpr Fields<Collector, 10> kCollectorFields = {
    &Collector::call,   &Collector::last,      &Collector::usage,    &Collector::choices,
    &Collector::parts,  &Collector::added,     &Collector::response, &Collector::error,
    &Collector::prompt, &Collector::completion};
constexpr Fields<Choice, 7> kChoiceFields = {&Choice::role,      &Choice::texts, &Choice::refusals,
                                             &Choice::reasoning, &Choice::calls, &Choice::reason,
                                             &Choice::filters};

template <typename Object, const auto& kFields>
int traverse(PyObject* self, visitproc visit, void* arg) {
  Py_VISIT(Py_TYPE(self));
  for (const auto field : kFields) Py_VISIT(reinterpret_cast<Object*>(self)->*field);
  return 0;
}

template <typename Object, const auto& kFields>
int clear(PyObject* self) {
  for (const auto field : kFields) Py_CLEAR(reinterpret_cast<Object*>(self)->*field);
  return 0;
}

bool fill(PyObject*& field, PyObject* owned) {
  Py_XDECREF(std::exchange(field, owned));
  return owned != nullptr;
}

bool is_none(PyObject*& field) {
  Py_INCREF(Py_None);
  return fill(field, Py_None);
}

PyObject* new_collector(PyTypeObject* type, PyObject*, PyObject*) {
  Reference made(type->tp_alloc(type, 0));
  if (!made) return nullptr;
  auto& self = *reinterpret_cast<Collector*>(made.get());
  const bool done = fill(self.choices, PyDict_New()) && is_none(self.last) && is_none(self.usage) &&
                    is_none(self.response) && is_none(self.error);
  return done ? made.release() : nullptr;
}

int init_collector(PyObject* self, PyObject* arguments, PyObject*) {
  auto& collector = *reinterpret_cast<Collector*>(self);
  PyObject* call = nullptr;
  if (PyArg_ParseTuple(arguments, "O", &call) == 0) return -1;
  keep(collector.call, call);
  const Reference injected(PyObject_GetAttr(call, injected_name));
  const Reference form(injected ? PyObject_GetAttr(self, form_name) : nullptr);
  if (!form) return -1;
  collector.injected = is_true(injected.get()) ? 1 : 0;
  collector.form = static_cast<char>(PyLong_AsLong(form.get()));
  return PyErr_Occurred() == nullptr ? 0 : -1;
}

PyObject* make_choice(PyTypeObject* type, PyObject*, PyObject*) {
  Reference made(type->tp_alloc(type, 0));
  if (!made) return nullptr;
  auto& self = *reinterpret_cast<Choice*>(made.get());
  keep(self.role, empty_text);
  keep(self.reason, empty_text);
  return is_none(self.filters) ? made.release() : nullptr;
}

PyObject* see(PyObject* self, PyObject* data) {
  if (!PyDict_CheckExact(data)) Py_RETURN_FALSE;
  const Seen seen = read_chunk(self, data);
  return seen == Seen::failed ? nullptr : PyBool_FromLong(seen == Seen::hidden ? 1 : 0);
}

PyObject* tell(PyObject* self, PyObject*) {
  if (!tell_filters(self)) return nullptr;
  Py_RETURN_NONE;
}

template <typename Function>
void* slot(Function* function) {
  return reinterpret_cast<void*>(function);
}

constexpr unsigned kFlags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC;

PyTypeObject* make_collector_type() {
  static PyMemberDef members[] = {
      {"call", T_OBJECT, offsetof(Collector, call), 0, nullptr},
      {"last", T_OBJECT, offsetof(Collector, last), 0, nullptr},
      {"usage", T_OBJECT, offsetof(Collector, usage), 0, nullptr},
      {"choices", T_OBJECT, offsetof(Collector, choices), READONLY, nullptr},
      {"parts", T_OBJECT, offsetof(Collector, parts), READONLY, nullptr},
      {"added", T_OBJECT, offsetof(Collector, added), READONLY, nullptr},
      {"response", T_OBJECT, offsetof(Collector, response), READONLY, nullptr},
      {"error", T_OBJECT, offsetof(Collector, error), READONLY, nullptr},
      {"first_ns", T_LONGLONG, offsetof(Collector, first_ns), 0, nullptr},
      {"last_ns", T_LONGLONG, offsetof(Collector, last_ns), 0, nullptr},
      {"form", T_BYTE, offsetof(Collector, form), 0, nullptr},
      {"injected", T_BOOL, offsetof(Collector, injected), 0, nullptr},
      {nullptr, 0, 0, 0, nullptr}};
  static PyMethodDef methods[] = {{"see", see, METH_O, nullptr},
                                  {"tell_filters", tell, METH_NOARGS, nullptr},
                                  {nullptr, nullptr, 0, nullptr}};
  static PyType_Slot slots[] = {
      {Py_tp_new, slot(new_collector)},
      {Py_tp_init, slot(init_collector)},
      {Py_tp_traverse, slot(traverse<Collector, kCollectorFields>)},
      {Py_tp_clear, slot(clear<Collector, kCollectorFields>)},
      {Py_tp_dealloc, slot(deallocate<clear<Collector, kCollectorFields>>)},
      {Py_tp_members, members},
      {Py_tp_methods, methods},
      {0, nullptr}};
  static PyType_Spec spec = {"catalejo._core.Collector", sizeof(Collector), 0,
                             kFlags | Py_TPFLAGS_BASETYPE, slots};
  return reinterpret_cast<PyTypeObject*>(PyType_FromSpec(&spec));
}

PyTypeObject* make_choice_type() {
  static PyMemberDef members[] = {
      {"role", T_OBJECT, offsetof(Choice, role), READONLY, nullptr},
      {"texts", T_OBJECT, offsetof(Choice, texts), READONLY, nullptr},
      {"refusals", T_OBJECT, offsetof(Choice, refusals), READONLY, nullptr},
      {"reasoning", T_OBJECT, offsetof(Choice, reasoning), READONLY, nullptr},
      {"calls", T_OBJECT, offsetof(Choice, calls), READONLY, nullptr},
      {"reason", T_OBJECT, offsetof(Choice, reason), READONLY, nullptr},
      {"filters", T_OBJECT, offsetof(Choice, filters), READONLY, nullptr},
      {nullptr, 0, 0, 0, nullptr}};
  static PyType_Slot slots[] = {{Py_tp_new, slot(make_choice)},
                                {Py_tp_traverse, slot(traverse<Choice, kChoiceFields>)},
                                {Py_tp_clear, slot(clear<Choice, kChoiceFields>)},
                                {Py_tp_dealloc, slot(deallocate<clear<Choice, kChoiceFields>>)},
                                {Py_tp_members, members},
                                {0, nullptr}};
  static PyType_Spec spec = {"catalejo._core.Choice", sizeof(Choice), 0, kFlags, slots};
  return reinterpret_cast<PyTypeObject*>(PyType_FromSpec(&spec));
}

}  // namespace

PyTypeObject* collector_type() {
  return type_of_collectors;
}

PyObject* new_choice() {
  return PyObject_CallObject(reinterpret_cast<PyObject*>(type_of_choices), nullptr);
}

bool add_collector_types(PyObject* module) {
  empty_text = PyUnicode_InternFromString("");
  form_name = PyUnicode_InternFromString("FORM");
  injected_name = PyUnicode_InternFromString("injected");
  type_of_collectors = make_collector_type();  // kept for good, as the names are
  type_of_choices = make_choice_type();
  return empty_text != nullptr && form_name != nullptr && injected_name != nullptr &&
         prepare_collectors() && type_of_collectors != nullptr && type_of_choices != nullptr &&
         PyObject_SetAttrString(module, "Collector",
                                reinterpret_cast<PyObject*>(type_of_collectors)) == 0 &&
         PyObject_SetAttrString(module, "Choice", reinterpret_cast<PyObject*>(type_of_choices)) ==
             0;
}

}  // namespace catalejo::tracer
