#include "events.hpp"

#include <structmember.h>

#include <array>
#include <cstddef>
#include <cstring>
#include <string_view>
#include <utility>

#include "collector.hpp"

namespace catalejo::tracer {
namespace {

PyObject *own_data_name, *data_name, *event_name;
PyObject* scan_once;  // of json, see _core.use_json
PyTypeObject* event_type;

// ------------------------------------------------------------------------------------- Event

// Stands for openai's ServerSentEvent: `data`, `event` and `json()` are what is asked of it, all
// else is passed on.
struct Event {
  PyObject_HEAD PyObject* origin;
  PyObject* text;
  PyObject* value;  // of the JSON
};

PyObject* json_of_event(PyObject* self, PyObject*) {
  PyObject* value = reinterpret_cast<Event*>(self)->value;
  Py_INCREF(value);
  return value;
}

PyObject* name_of_event(PyObject* self, void*) {
  return PyObject_GetAttr(reinterpret_cast<Event*>(self)->origin, event_name);
}

PyObject* attribute_of_event(PyObject* self, PyObject* name) {
  PyObject* found = PyObject_GenericGetAttr(self, name);
  if (found != nullptr || PyErr_ExceptionMatches(PyExc_AttributeError) == 0) return found;
  PyErr_Clear();
  return PyObject_GetAttr(reinterpret_cast<Event*>(self)->origin, name);
}

int traverse_event(PyObject* self, visitproc visit, void* arg) {
  Py_VISIT(Py_TYPE(self));
  Py_VISIT(reinterpret_cast<Event*>(self)->origin);
  Py_VISIT(reinterpret_cast<Event*>(self)->value);
  return 0;
}

int clear_event(PyObject* self) {
  Py_CLEAR(reinterpret_cast<Event*>(self)->origin);
  Py_CLEAR(reinterpret_cast<Event*>(self)->text);
  Py_CLEAR(reinterpret_cast<Event*>(self)->value);
  return 0;
}

PyObject* make_event(PyObject* origin, PyObject* text, PyObject* value) {
  auto* event = PyObject_GC_New(Event, event_type);
  if (event == nullptr) return nullptr;
  for (PyObject* held : {origin, text, value}) Py_INCREF(held);
  event->origin = origin;
  event->text = text;
  event->value = value;
  PyObject_GC_Track(event);
  return reinterpret_cast<PyObject*>(event);
}

// -------------------------------------------------------------------------------------- JSON

bool is_blank(Py_UCS4 character) {
  return character == ' ' || character == '\t' || character == '\n' || character == '\r';
}

// The object that `text` is; null when it is none, or not JSON: openai will say so.
Reference parse(PyObject* text) {
  const Py_ssize_t length = PyUnicode_GET_LENGTH(text);
  Py_ssize_t begin = 0;
  while (begin < length && is_blank(PyUnicode_READ_CHAR(text, begin))) ++begin;
  if (begin == length || PyUnicode_READ_CHAR(text, begin) != '{' || scan_once == nullptr) return {};
  const Reference at(PyLong_FromSsize_t(begin));
  const Reference found(at ? PyObject_CallFunctionObjArgs(scan_once, text, at.get(), nullptr)
                           : nullptr);
  if (!found || !PyTuple_CheckExact(found.get()) || PyTuple_GET_SIZE(found.get()) != 2) {
    PyErr_Clear();
    return {};
  }
  Py_ssize_t end = PyLong_AsSsize_t(PyTuple_GET_ITEM(found.get(), 1));
  if (end < 0) PyErr_Clear();
  while (end >= 0 && end < length && is_blank(PyUnicode_READ_CHAR(text, end))) ++end;
  PyObject* value = PyTuple_GET_ITEM(found.get(), 0);
  return end == length && PyDict_CheckExact(value) ? Reference::to(value) : Reference();
}

// Characters from `at` that `"usage":null` with the comma before or behind it takes; 0: it is not.
struct Cut {
  std::size_t begin = 0, end = 0;
};

Cut find_usage(std::string_view text) {
  constexpr std::string_view kKey = "\"usage\"";
  constexpr std::string_view kBlank = " \t\n\r", kNull = "null";
  const std::size_t key = text.find(kKey);
  if (key == text.npos || key == 0) return {};
  const std::size_t colon = text.find_first_not_of(kBlank, key + kKey.size());
  if (colon == text.npos || text[colon] != ':') return {};
  const std::size_t value = text.find_first_not_of(kBlank, colon + 1);
  if (value == text.npos || text.substr(value, kNull.size()) != kNull) return {};
  // It is at the top when no object begins before it, but the whole, or none ends behind it. (A
  // brace within a text only hides that.)
  const std::size_t open = text.find('{'), end = value + kNull.size();
  if (text.find('{', open + 1) < key && text.find('}', end) != text.rfind('}')) return {};
  const std::size_t after = text.find_first_not_of(kBlank, end);
  if (after != text.npos && text[after] == ',') return {key, after + 1};
  const std::size_t before = text.find_last_not_of(kBlank, key - 1);
  if (before != text.npos && text[before] == ',') return {before, end};
  return {};
}

// --------------------------------------------------------------------------------------- watching

void give_up(Watcher& watcher) {
  PyObject *type = nullptr, *value = nullptr, *trace = nullptr;
  PyErr_Fetch(&type, &value, &trace);
  PyErr_NormalizeException(&type, &value, &trace);
  watcher.given_up = true;
  const Reference told(
      PyObject_CallFunctionObjArgs(watcher.failed, value == nullptr ? Py_None : value, nullptr));
  if (!told) PyErr_Clear();
  Py_XDECREF(type);
  Py_XDECREF(value);
  Py_XDECREF(trace);
}

bool is_hidden(Watcher& watcher, PyObject* data) {
  const auto& collector = *reinterpret_cast<Collector*>(watcher.collector);
  if (!watcher.given_up) {
    const Seen seen = read_chunk(watcher.collector, data);
    if (seen != Seen::failed) return seen == Seen::hidden;
    give_up(watcher);
  }
  return conceal(collector, data);
}

// The JSON of an event. Its private name is asked first: the public one is a property in Python.
Reference text_of(PyObject* event) {
  for (PyObject* name : {own_data_name, data_name}) {
    Reference text(PyObject_GetAttr(event, name));
    if (text && PyUnicode_CheckExact(text.get())) return text;
    PyErr_Clear();
  }
  return {};
}

PyObject* use_json(PyObject*, PyObject* scanner) {
  Py_INCREF(scanner);
  PyObject* before = scan_once;
  scan_once = scanner;
  Py_XDECREF(before);
  Py_RETURN_NONE;
}

PyObject* without_usage_of(PyObject*, PyObject* text) {
  if (PyUnicode_CheckExact(text)) return without_usage(text);
  PyErr_SetString(PyExc_TypeError, "without_usage: see _core.pyi");
  return nullptr;
}

PyTypeObject* make_type() {
  static PyMemberDef members[] = {{"data", T_OBJECT, offsetof(Event, text), READONLY, nullptr},
                                  {nullptr, 0, 0, 0, nullptr}};
  static PyGetSetDef fields[] = {{"event", name_of_event, nullptr, nullptr, nullptr},
                                 {nullptr, nullptr, nullptr, nullptr, nullptr}};
  static PyMethodDef methods[] = {{"json", json_of_event, METH_NOARGS, nullptr},
                                  {nullptr, nullptr, 0, nullptr}};
  static PyType_Slot slots[] = {{Py_tp_getattro, reinterpret_cast<void*>(attribute_of_event)},
                                {Py_tp_traverse, reinterpret_cast<void*>(traverse_event)},
                                {Py_tp_clear, reinterpret_cast<void*>(clear_event)},
                                {Py_tp_dealloc, reinterpret_cast<void*>(deallocate<clear_event>)},
                                {Py_tp_members, members},
                                {Py_tp_getset, fields},
                                {Py_tp_methods, methods},
                                {0, nullptr}};
  static PyType_Spec spec = {"catalejo._core.Event", sizeof(Event), 0,
                             Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC, slots};
  return reinterpret_cast<PyTypeObject*>(PyType_FromSpec(&spec));
}

}  // namespace

PyObject* without_usage(PyObject* text) {
  if (PyUnicode_KIND(text) == PyUnicode_1BYTE_KIND) {
    const auto* characters = reinterpret_cast<const char*>(PyUnicode_1BYTE_DATA(text));
    const auto length = static_cast<std::size_t>(PyUnicode_GET_LENGTH(text));
    const Cut cut = find_usage({characters, length});
    if (cut.end != 0) {
      PyObject* shorter = PyUnicode_New(static_cast<Py_ssize_t>(length - (cut.end - cut.begin)),
                                        PyUnicode_MAX_CHAR_VALUE(text));
      if (shorter == nullptr) return nullptr;
      auto* to = PyUnicode_1BYTE_DATA(shorter);
      std::memcpy(to, characters, cut.begin);
      std::memcpy(to + cut.begin, characters + cut.end, length - cut.end);
      return shorter;
    }
  }
  Py_INCREF(text);
  return text;
}

bool show(Watcher& watcher, Reference& event) {
  const auto& collector = *reinterpret_cast<Collector*>(watcher.collector);
  const bool injected = collector.injected != 0;
  if (watcher.given_up && !injected) return true;
  Reference text = text_of(event.get());
  if (!text) return true;
  if (injected) {
    Reference shorter(without_usage(text.get()));
    if (shorter) {
      text = std::move(shorter);
    } else {
      PyErr_Clear();
    }
  }
  const Reference data = parse(text.get());
  if (!data) return true;
  if (is_hidden(watcher, data.get())) return false;
  Reference shown(make_event(event.get(), text.get(), data.get()));
  if (shown) {
    event = std::move(shown);
  } else {
    PyErr_Clear();
  }
  return true;
}

bool add_event_type(PyObject* module) {
  static PyMethodDef functions[] = {{"use_json", use_json, METH_O, nullptr},
                                    {"without_usage", without_usage_of, METH_O, nullptr},
                                    {nullptr, nullptr, 0, nullptr}};
  own_data_name = PyUnicode_InternFromString("_data");
  data_name = PyUnicode_InternFromString("data");
  event_name = PyUnicode_InternFromString("event");
  event_type = make_type();  // kept for good, as the names are
  return own_data_name != nullptr && data_name != nullptr && event_name != nullptr &&
         event_type != nullptr && PyModule_AddFunctions(module, functions) == 0;
}

}  // namespace catalejo::tracer
