#include "call.hpp"

#include <structmember.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "collector.hpp"
#include "exchange.hpp"
#include "headers.hpp"
#include "py_object.hpp"
#include "span.hpp"

namespace catalejo::tracer {
namespace {

constexpr std::array<PyObject * Call::*, 11> kObjects = {
    &Call::operation, &Call::place,       &Call::kwargs,     &Call::span,
    &Call::filters,   &Call::injected,    &Call::deployment, &Call::model,
    &Call::response,  &Call::inner_error, &Call::token};

enum Word : std::uint8_t {
  w_kind,
  w_name,
  w_prefix,
  w_tags,
  w_azure,
  w_openai,
  w_provider,
  w_finish,
  w_status_code,
  w_headers,
  w_list,
  w_raw,
  w_status,
  w_request_id,
  w_x_request_id,
  w_rate_limit,
  w_region,
  w_azure_region,
  w_deployment,
  w_spilled_from,
  w_azure_spilled_from,
  w_spillover_status,
  w_retries,
  w_retry_ms,
  w_retry_status,
  w_content_filter,
  w_inner_error,
  w_messages,
  w_content,
  w_role,
  w_value,
  w_processing_ms,
  w_retry_after,
  w_retry_after_ms,
  w_path,
  kWords
};
// clang-format off
constexpr std::array<const char*, kWords> kTexts = {
    "kind", "name", "prefix", "tags", "azure", "openai", "provider", "finish", "status_code",
    "headers", "_list", "raw", "status", "request_id", "x_request_id", "rate_limit", "region",
    "azure.region", "deployment", "spilled_from", "azure.spilled_from", "spillover_status",
    "retries", "retry_ms", "retry_status", "content_filter", "inner_error", "messages",
    "content", "role", "value", "processing_ms", "retry_after", "retry_after_ms", "path"};
// clang-format on
std::array<PyObject*, kWords> words;  // interned, kept for good
PyObject* empty_text;

// What Python lends, see _core.use_calls.
struct Lent {
  PyObject* running;    // the context variable of the call that is being made
  PyObject* make_span;  // class
  HeaderNames names;
  PyObject* read_times;  // (facts, found)
};
Lent lent;

bool put(PyObject* dict, Word word, PyObject* value) {
  return value != nullptr && PyDict_SetItem(dict, words[word], value) == 0;
}

bool put_new(PyObject* dict, Word word, PyObject* owned) {
  const Reference value(owned);
  return put(dict, word, value.get());
}

PyTypeObject* call_type;

// ------------------------------------------------------------------------------------ its start

int init(PyObject* self, PyObject* arguments, PyObject*) {
  auto& call = *reinterpret_cast<Call*>(self);
  PyObject *operation = nullptr, *place = nullptr, *kwargs = nullptr;
  if (PyArg_ParseTuple(arguments, "OOO", &operation, &place, &kwargs) == 0) return -1;
  keep(call.operation, operation);
  keep(call.place, place);
  keep(call.kwargs, kwargs);
  for (PyObject** field : {&call.injected, &call.response, &call.inner_error, &call.token}) {
    keep(*field, Py_None);
  }
  keep(call.deployment, empty_text);
  keep(call.model, empty_text);
  call.begun_ns = now_ns();
  const Reference filters(PyDict_New());
  const Reference its_kind(PyObject_GetAttr(operation, words[w_kind]));
  const Reference own_name(PyObject_GetAttr(operation, words[w_name]));
  const Reference prefix(PyObject_GetAttr(place, words[w_prefix]));
  if (!filters || !its_kind || !own_name || !prefix) return -1;
  keep(call.filters, filters.get());
  const Reference whole(PyUnicode_Concat(prefix.get(), own_name.get()));
  const Reference span(whole ? begin_span(its_kind.get(), whole.get(), lent.make_span) : nullptr);
  if (!span) return -1;
  keep(call.span, span.get());
  return 0;
}

// Older versions' parse calls create, whose request is the one that both of them make.
int is_within(PyObject* outer, PyObject* operation) {
  if (PyObject_TypeCheck(outer, call_type) == 0) return 0;
  const auto& call = *reinterpret_cast<Call*>(outer);
  if (call.attempts != 0) return 0;
  const Reference its_path(PyObject_GetAttr(call.operation, words[w_path]));
  const Reference path(PyObject_GetAttr(operation, words[w_path]));
  return its_path && path ? PyObject_RichCompareBool(its_path.get(), path.get(), Py_EQ) : -1;
}

PyObject* begin_call(PyObject*, PyObject* const* arguments, Py_ssize_t count) {
  if (count != 4) {
    PyErr_SetString(PyExc_TypeError, "begin_call: see _core.pyi");
    return nullptr;
  }
  PyObject* found = nullptr;
  if (PyContextVar_Get(lent.running, Py_None, &found) != 0) return nullptr;
  const Reference outer(found);
  const int within = is_within(found, arguments[1]);
  if (within != 0) return within < 0 ? nullptr : Reference::to(Py_None).release();
  Reference made(PyObject_CallFunctionObjArgs(arguments[0], arguments[1], arguments[2],
                                              arguments[3], nullptr));
  if (!made) return nullptr;
  auto& call = *reinterpret_cast<Call*>(made.get());
  const Reference token(PyContextVar_Set(lent.running, made.get()));
  if (!token) {
    deactivate_span(call.span);
    return nullptr;
  }
  keep(call.token, token.get());
  return made.release();
}

// -------------------------------------------------------------------------------------- its end

// The method returns: later spans are not children of this one.
PyObject* leave(PyObject* self, PyObject*) {
  auto& call = *reinterpret_cast<Call*>(self);
  call.duration_ns = now_ns() - call.begun_ns;
  const Reference token(std::exchange(call.token, nullptr));
  keep(call.token, Py_None);
  if (token && token.get() != Py_None && PyContextVar_Reset(lent.running, token.get()) != 0) {
    PyErr_Clear();  // the coroutine was finished in another context
    PyObject* found = nullptr;
    if (PyContextVar_Get(lent.running, Py_None, &found) != 0) return nullptr;
    const Reference now(found);
    const Reference replaced(found == self ? PyContextVar_Set(lent.running, Py_None) : nullptr);
    if (found == self && !replaced) return nullptr;
  }
  if (!deactivate_span(call.span)) return nullptr;
  Py_RETURN_NONE;
}

struct Telling {
  Reference facts, found;  // the latter: what the headers say beside ids and limits
  PyObject* tags;          // of the span
};

bool read_answer_headers(PyObject* response, Telling& telling) {
  const Reference headers(PyObject_GetAttr(response, words[w_headers]));
  if (!headers) return false;
  // httpx's own list, (name, name in lower case, value), where it still has it: no copy is made.
  Reference entries(PyObject_GetAttr(headers.get(), words[w_list]));
  if (!entries) {
    PyErr_Clear();
    entries = Reference(PyObject_GetAttr(headers.get(), words[w_raw]));
  }
  const Reference limits(PyDict_New());
  if (!entries || !limits ||
      !read_headers(entries.get(), lent.names, limits.get(), telling.found.get())) {
    return false;
  }
  PyObject* id = PyDict_GetItem(telling.found.get(), words[w_request_id]);
  if (!is_true(id)) id = PyDict_GetItem(telling.found.get(), words[w_x_request_id]);
  return (!is_true(id) || put(telling.facts.get(), w_request_id, id)) &&
         (PyDict_GET_SIZE(limits.get()) == 0 ||
          put(telling.facts.get(), w_rate_limit, limits.get()));
}

bool has_times(PyObject* found) {
  for (const Word word : {w_processing_ms, w_retry_after, w_retry_after_ms}) {
    if (PyDict_GetItem(found, words[word]) != nullptr) return true;
  }
  return false;
}

bool tell_answer(PyObject* response, Telling& telling) {
  if (!put_new(telling.facts.get(), w_status, PyObject_GetAttr(response, words[w_status_code])) ||
      !read_answer_headers(response, telling)) {
    return false;
  }
  PyObject* region = PyDict_GetItem(telling.found.get(), words[w_region]);
  if (is_true(region) && !put(telling.tags, w_azure_region, region)) return false;
  if (!has_times(telling.found.get())) return true;
  const Reference told(PyObject_CallFunctionObjArgs(lent.read_times, telling.facts.get(),
                                                    telling.found.get(), nullptr));
  return static_cast<bool>(told);
}

bool tell_retries(const Call& call, PyObject* facts) {
  if (call.attempts <= 1) return true;
  return put_new(facts, w_retries, PyLong_FromLong(call.attempts - 1)) &&
         put_new(facts, w_retry_ms,
                 PyFloat_FromDouble(static_cast<double>(call.retry_ns / 1000) / 1000)) &&
         (call.retry_status == 0 ||
          put_new(facts, w_retry_status, PyLong_FromLong(call.retry_status)));
}

// Where it was asked; of a call that a full deployment handed on, where it was answered, for there
// it is billed.
bool tell_deployment(const Call& call, Telling& telling) {
  PyObject* from = PyDict_GetItem(telling.found.get(), words[w_spilled_from]);
  PyObject* answered = PyDict_GetItem(telling.found.get(), words[w_deployment]);
  const bool spilled = is_true(from) && is_true(answered);
  PyObject* to = is_true(call.deployment) && !spilled ? call.deployment : answered;
  if (is_true(to) && !put(telling.tags, w_deployment, to)) return false;
  if (!spilled) return true;
  PyObject* status = PyDict_GetItem(telling.found.get(), words[w_spillover_status]);
  return put(telling.tags, w_azure_spilled_from, from) &&
         (status == nullptr || put(telling.facts.get(), w_spillover_status, status));
}

// Tags and metadata of the span about where the call went and how the connection went.
bool describe(const Call& call, Span& span) {
  Telling telling{Reference(PyDict_New()), Reference(PyDict_New()), span.fields[tags]};
  const Reference place = Reference::to(call.place);
  const Reference given(PyObject_GetAttr(place.get(), words[w_tags]));
  const Reference azure(PyObject_GetAttr(place.get(), words[w_azure]));
  if (!telling.facts || !telling.found || !given || !azure || telling.tags == nullptr ||
      !PyDict_Check(telling.tags) || PyDict_Update(telling.tags, given.get()) != 0) {
    return false;
  }
  PyObject* facts = telling.facts.get();
  const Reference response = Reference::to(call.response);
  if (response.get() != Py_None && !tell_answer(response.get(), telling)) return false;
  if (!tell_retries(call, facts)) return false;
  if (is_true(call.filters) && !put(facts, w_content_filter, call.filters)) return false;
  if (is_true(call.inner_error) && !put(facts, w_inner_error, call.inner_error)) return false;
  if (is_true(azure.get()) && !tell_deployment(call, telling)) return false;
  return PyDict_GET_SIZE(facts) == 0 ||
         put(span.fields[metadata], is_true(azure.get()) ? w_azure : w_openai, facts);
}

// As ddtrace has it where nothing was said.
PyObject* empty_output(PyObject* its_kind) {
  const Reference whole(PyDict_New());
  if (!whole) return nullptr;
  if (PyUnicode_CompareWithASCIIString(its_kind, "llm") != 0) {
    return put(whole.get(), w_value, empty_text) ? Reference::to(whole.get()).release() : nullptr;
  }
  const Reference message(PyDict_New()), all(PyList_New(0));
  const bool done = message && all && put(message.get(), w_content, empty_text) &&
                    put(message.get(), w_role, empty_text) &&
                    PyList_Append(all.get(), message.get()) == 0 &&
                    put(whole.get(), w_messages, all.get());
  return done ? Reference::to(whole.get()).release() : nullptr;
}

bool fill(const Call& call, Span& span) {
  if (span.fields[output] == Py_None) {
    const Reference none(empty_output(span.fields[kind]));
    if (!none) return false;
    keep(span.fields[output], none.get());
  }
  const Reference provider(PyObject_GetAttr(call.place, words[w_provider]));
  const Reference duration(PyLong_FromLongLong(call.duration_ns));
  if (!provider || !duration) return false;
  keep(span.fields[model_provider], provider.get());
  if (!is_true(span.fields[model_name])) {
    keep(span.fields[model_name], is_true(call.deployment) ? call.deployment : call.model);
  }
  keep(span.fields[duration_ns], duration.get());
  return true;
}

// Ends the span with what is known of the connection.
PyObject* end(PyObject* self, PyObject*) {
  auto& call = *reinterpret_cast<Call*>(self);
  Span* span = call.span == nullptr ? nullptr : span_of(call.span);
  if (span == nullptr) {
    PyErr_SetString(PyExc_TypeError, "a call without a span");
    return nullptr;
  }
  if (span->fields[finished] == Py_True) Py_RETURN_NONE;
  const Reference kept = Reference::to(call.span);
  if (!describe(call, *span) || !fill(call, *span)) return nullptr;
  keep(call.response, Py_None);
  return PyObject_CallMethodObjArgs(kept.get(), words[w_finish], nullptr);
}

// ------------------------------------------------------------------------------------- the class

int traverse(PyObject* self, visitproc visit, void* arg) {
  Py_VISIT(Py_TYPE(self));
  for (PyObject* Call::*field : kObjects) Py_VISIT(reinterpret_cast<Call*>(self)->*field);
  return 0;
}

int clear(PyObject* self) {
  for (PyObject* Call::*field : kObjects) Py_CLEAR(reinterpret_cast<Call*>(self)->*field);
  return 0;
}

PyTypeObject* make_type() {
  static PyMemberDef members[] = {
      {"operation", T_OBJECT, offsetof(Call, operation), 0, nullptr},
      {"place", T_OBJECT, offsetof(Call, place), 0, nullptr},
      {"kwargs", T_OBJECT, offsetof(Call, kwargs), 0, nullptr},
      {"span", T_OBJECT, offsetof(Call, span), 0, nullptr},
      {"filters", T_OBJECT, offsetof(Call, filters), 0, nullptr},
      {"injected", T_OBJECT, offsetof(Call, injected), 0, nullptr},
      {"deployment", T_OBJECT, offsetof(Call, deployment), 0, nullptr},
      {"model", T_OBJECT, offsetof(Call, model), 0, nullptr},
      {"response", T_OBJECT, offsetof(Call, response), 0, nullptr},
      {"inner_error", T_OBJECT, offsetof(Call, inner_error), 0, nullptr},
      {"token", T_OBJECT, offsetof(Call, token), 0, nullptr},
      {"begun_ns", T_LONGLONG, offsetof(Call, begun_ns), 0, nullptr},
      {"duration_ns", T_LONGLONG, offsetof(Call, duration_ns), 0, nullptr},
      {"retry_ns", T_LONGLONG, offsetof(Call, retry_ns), 0, nullptr},
      {"attempts", T_INT, offsetof(Call, attempts), 0, nullptr},
      {"retry_status", T_INT, offsetof(Call, retry_status), 0, nullptr},
      {"body_seen", T_BOOL, offsetof(Call, body_seen), 0, nullptr},
      {"streamed", T_BOOL, offsetof(Call, streamed), 0, nullptr},
      {nullptr, 0, 0, 0, nullptr}};
  static PyMethodDef methods[] = {{"leave", leave, METH_NOARGS, nullptr},
                                  {"end", end, METH_NOARGS, nullptr},
                                  {"sending", sending, METH_O, nullptr},
                                  {"receiving", receiving, METH_O, nullptr},
                                  {"read_request", read_request, METH_VARARGS, nullptr},
                                  {nullptr, nullptr, 0, nullptr}};
  static PyType_Slot slots[] = {{Py_tp_new, reinterpret_cast<void*>(PyType_GenericNew)},
                                {Py_tp_init, reinterpret_cast<void*>(init)},
                                {Py_tp_traverse, reinterpret_cast<void*>(traverse)},
                                {Py_tp_clear, reinterpret_cast<void*>(clear)},
                                {Py_tp_dealloc, reinterpret_cast<void*>(deallocate<clear>)},
                                {Py_tp_members, members},
                                {Py_tp_methods, methods},
                                {0, nullptr}};
  static PyType_Spec spec = {"catalejo._core.CallBase", sizeof(Call), 0,
                             Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC, slots};
  return reinterpret_cast<PyTypeObject*>(PyType_FromSpec(&spec));
}

PyObject* use_calls(PyObject*, PyObject* arguments) {
  Lent given{};
  if (PyArg_ParseTuple(arguments, "O!OO!OOO", &PyContextVar_Type, &given.running, &given.make_span,
                       &PyDict_Type, &given.names.known, &given.names.learn, &given.names.numbers,
                       &given.read_times) == 0) {
    return nullptr;
  }
  for (PyObject* kept : {given.running, given.make_span, given.names.known, given.names.learn,
                         given.names.numbers, given.read_times}) {
    Py_INCREF(kept);  // for good, as the interned names are
  }
  lent = given;
  Py_RETURN_NONE;
}

}  // namespace

bool add_call_type(PyObject* module) {
  static PyMethodDef functions[] = {
      {"use_calls", use_calls, METH_VARARGS, nullptr},
      // By way of void*: the type of a METH_FASTCALL function is another one.
      {"begin_call", reinterpret_cast<PyCFunction>(reinterpret_cast<void*>(begin_call)),
       METH_FASTCALL, nullptr},
      {nullptr, nullptr, 0, nullptr}};
  if (!intern(kTexts, words) || !prepare_exchange()) return false;
  empty_text = PyUnicode_InternFromString("");
  call_type = make_type();  // kept for good
  return empty_text != nullptr && call_type != nullptr &&
         PyObject_SetAttrString(module, "CallBase", reinterpret_cast<PyObject*>(call_type)) == 0 &&
         PyModule_AddFunctions(module, functions) == 0;
}

}  // namespace catalejo::tracer
