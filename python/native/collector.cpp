#include "collector.hpp"

#include <array>
#include <cstddef>
#include <cstring>
#include <ctime>
#include <utility>

#include "py_object.hpp"

namespace catalejo::tracer {
namespace {

enum Word : std::size_t {
  w_arguments,
  w_choices,
  w_completion,
  w_content,
  w_delta,
  w_empty,
  w_filters,
  w_finish_reason,
  w_function,
  w_function_call,
  w_id,
  w_index,
  w_item,
  w_name,
  w_output_index,
  w_prompt_filters,
  w_read_filter,
  w_read_prompt,
  w_reasoning,
  w_refusal,
  w_response,
  w_role,
  w_text,
  w_tool_calls,
  w_type,
  w_usage,
  kWords
};
constexpr std::array<const char*, kWords> kTexts = {"arguments",
                                                    "choices",
                                                    "completion",
                                                    "content",
                                                    "delta",
                                                    "",
                                                    "content_filter_results",
                                                    "finish_reason",
                                                    "function",
                                                    "function_call",
                                                    "id",
                                                    "index",
                                                    "item",
                                                    "name",
                                                    "output_index",
                                                    "prompt_filter_results",
                                                    "read_filter",
                                                    "read_prompt_filters",
                                                    "reasoning_content",
                                                    "refusal",
                                                    "response",
                                                    "role",
                                                    "text",
                                                    "tool_calls",
                                                    "type",
                                                    "usage"};
std::array<PyObject*, kWords> words;  // interned once and kept
PyObject* zero;

// ------------------------------------------------------------------------------ values of JSON

PyObject* get(PyObject* dict, Word key) {
  PyObject* found = PyDict_GetItemWithError(dict, words[key]);
  if (found == nullptr) PyErr_Clear();
  return found;
}

PyObject* dict_at(PyObject* dict, Word key) {
  PyObject* found = get(dict, key);
  return found != nullptr && PyDict_CheckExact(found) ? found : nullptr;
}

PyObject* list_at(PyObject* dict, Word key) {
  PyObject* found = get(dict, key);
  return found != nullptr && PyList_CheckExact(found) && PyList_GET_SIZE(found) > 0 ? found
                                                                                    : nullptr;
}

// A text that is not empty.
PyObject* text_at(PyObject* dict, Word key) {
  PyObject* found = get(dict, key);
  return found != nullptr && PyUnicode_CheckExact(found) && PyUnicode_GET_LENGTH(found) > 0
             ? found
             : nullptr;
}

PyObject* index_at(PyObject* dict, Word key) {
  PyObject* found = get(dict, key);
  return found != nullptr && PyLong_CheckExact(found) ? found : zero;
}

// The container under `key`, made when it is not there; borrowed, null with a Python error.
template <typename Make>
PyObject* at_or_new(PyObject* dict, PyObject* key, Make make) {
  PyObject* found = PyDict_GetItemWithError(dict, key);
  if (found != nullptr || PyErr_Occurred() != nullptr) return found;
  const Reference made(make());
  return made && PyDict_SetItem(dict, key, made.get()) == 0 ? made.get() : nullptr;
}

PyObject* new_list() {
  return PyList_New(0);
}

// Appends to a list that is made when it is first needed.
bool append(PyObject*& list, PyObject* item) {
  if (list == nullptr) list = PyList_New(0);
  return list != nullptr && PyList_Append(list, item) == 0;
}

PyObject* dict_of(PyObject*& field) {
  if (field == nullptr) field = PyDict_New();
  return field;
}

bool same_text(PyObject* one, PyObject* other) {
  return PyUnicode_GET_LENGTH(one) == PyUnicode_GET_LENGTH(other) &&
         PyUnicode_KIND(one) == PyUnicode_KIND(other) &&
         std::memcmp(PyUnicode_DATA(one), PyUnicode_DATA(other),
                     static_cast<std::size_t>(PyUnicode_GET_LENGTH(one)) * PyUnicode_KIND(one)) ==
             0;
}

// Whether two results of the filter are surely the same: a server writes them in one order, so a
// look at both side by side tells, for a fifth of what comparing dicts costs.
bool same_results(PyObject* one, PyObject* other, int depth) {
  if (one == other) return true;
  if (PyUnicode_CheckExact(one) && PyUnicode_CheckExact(other)) return same_text(one, other);
  if (depth == 0 || !PyDict_CheckExact(one) || !PyDict_CheckExact(other) ||
      PyDict_GET_SIZE(one) != PyDict_GET_SIZE(other)) {
    return false;
  }
  Py_ssize_t at = 0, at_other = 0;
  PyObject *key = nullptr, *value = nullptr, *other_key = nullptr, *other_value = nullptr;
  while (PyDict_Next(one, &at, &key, &value) != 0 &&
         PyDict_Next(other, &at_other, &other_key, &other_value) != 0) {
    if (!same_results(key, other_key, 0) || !same_results(value, other_value, depth - 1)) {
      return false;
    }
  }
  return true;
}

// ------------------------------------------------------------------------- chats and completions

void mark_first(Collector& collector) {
  if (collector.first_ns == 0) collector.first_ns = collector.last_ns;
}

// Takes "usage" out where it came for us alone.
Reference usage_of(const Collector& collector, PyObject* data) {
  Reference usage = Reference::to(get(data, w_usage));
  if (usage && collector.injected != 0 && PyDict_DelItem(data, words[w_usage]) != 0) PyErr_Clear();
  return usage;
}

// Python is told of the filter when more comes, or at the end: as a rule not before the first
// token.
bool tell_prompt(PyObject* self) {
  const Reference held(std::exchange(reinterpret_cast<Collector*>(self)->prompt, nullptr));
  if (!held) return true;
  const Reference told(PyObject_CallMethodObjArgs(self, words[w_read_prompt], held.get(), nullptr));
  return static_cast<bool>(told);
}

bool tell_completion(PyObject* self) {
  const Reference held(std::exchange(reinterpret_cast<Collector*>(self)->completion, nullptr));
  if (!held) return true;
  const Reference told(PyObject_CallMethodObjArgs(self, words[w_read_filter], words[w_completion],
                                                  held.get(), nullptr));
  return static_cast<bool>(told);
}

// A chunk without choices: Azure's filter of the prompt, or the token counts.
Seen read_end(PyObject* self, PyObject* data) {
  auto& collector = *reinterpret_cast<Collector*>(self);
  PyObject* prompt = list_at(data, w_prompt_filters);
  if (prompt != nullptr) {
    if (!tell_prompt(self)) return Seen::failed;
    keep(collector.prompt, prompt);
  }
  const Reference usage = usage_of(collector, data);
  if (!is_true(usage.get())) return Seen::shown;
  keep(collector.usage, usage.get());
  keep(collector.last, data);
  return collector.injected != 0 && prompt == nullptr ? Seen::hidden : Seen::shown;
}

PyObject* new_call() {
  const Reference parts(new_list()), call(PyDict_New()), kind(PyUnicode_FromString("function"));
  const bool done = parts && call && kind &&
                    PyDict_SetItem(call.get(), words[w_id], words[w_empty]) == 0 &&
                    PyDict_SetItem(call.get(), words[w_type], kind.get()) == 0 &&
                    PyDict_SetItem(call.get(), words[w_name], words[w_empty]) == 0 &&
                    PyDict_SetItem(call.get(), words[w_arguments], parts.get()) == 0;
  return done ? Reference::to(call.get()).release() : nullptr;
}

// A part of a tool call: `part` says which, `function` what of it.
bool read_call(Choice& choice, PyObject* index, PyObject* part, PyObject* function) {
  PyObject* calls = dict_of(choice.calls);
  PyObject* call = calls == nullptr ? nullptr : at_or_new(calls, index, new_call);
  if (call == nullptr) return false;
  for (const auto& [from, key] :
       {std::pair{part, w_id}, std::pair{part, w_type}, std::pair{function, w_name}}) {
    PyObject* said = from == nullptr ? nullptr : text_at(from, key);
    if (said != nullptr && PyDict_SetItem(call, words[key], said) != 0) return false;
  }
  PyObject* more = function == nullptr ? nullptr : text_at(function, w_arguments);
  return more == nullptr || PyList_Append(get(call, w_arguments), more) == 0;
}

bool read_calls(Choice& choice, PyObject* parts) {
  for (Py_ssize_t at = 0; at < PyList_GET_SIZE(parts); ++at) {
    PyObject* part = PyList_GET_ITEM(parts, at);
    if (PyDict_CheckExact(part) &&
        !read_call(choice, index_at(part, w_index), part, dict_at(part, w_function))) {
      return false;
    }
  }
  return true;
}

// What is not text: the role, a part of a tool call, a refusal, reasoning.
bool read_other(Collector& collector, Choice& choice, PyObject* delta) {
  PyObject* role = text_at(delta, w_role);
  if (role != nullptr) keep(choice.role, role);
  PyObject* calls = list_at(delta, w_tool_calls);
  PyObject* function = dict_at(delta, w_function_call);
  PyObject* refusal = text_at(delta, w_refusal);
  PyObject* reasoning = text_at(delta, w_reasoning);
  if (calls != nullptr || function != nullptr || refusal != nullptr || reasoning != nullptr) {
    mark_first(collector);
  }
  return (calls == nullptr || read_calls(choice, calls)) &&
         (function == nullptr || read_call(choice, zero, nullptr, function)) &&
         (refusal == nullptr || append(choice.refusals, refusal)) &&
         (reasoning == nullptr || append(choice.reasoning, reasoning));
}

bool read_text(Collector& collector, Choice& choice, PyObject* text) {
  mark_first(collector);
  return append(choice.texts, text);
}

bool read_said(Collector& collector, Choice& choice, PyObject* given) {
  if (collector.form == kCompletion) {
    PyObject* text = text_at(given, w_text);
    return text == nullptr || read_text(collector, choice, text);
  }
  PyObject* delta = dict_at(given, w_delta);
  if (delta == nullptr) return true;
  PyObject* text = text_at(delta, w_content);
  if (text != nullptr && !read_text(collector, choice, text)) return false;
  return (text != nullptr && PyDict_GET_SIZE(delta) == 1) || read_other(collector, choice, delta);
}

bool read_choice(PyObject* self, PyObject* given) {
  auto& collector = *reinterpret_cast<Collector*>(self);
  PyObject* found = at_or_new(collector.choices, index_at(given, w_index), new_choice);
  if (found == nullptr) return false;
  auto& choice = *reinterpret_cast<Choice*>(found);
  if (!read_said(collector, choice, given)) return false;
  PyObject* reason = text_at(given, w_finish_reason);
  if (reason != nullptr) keep(choice.reason, reason);
  PyObject* results = dict_at(given, w_filters);
  if (results == nullptr || PyDict_GET_SIZE(results) == 0 ||
      same_results(results, choice.filters, 2)) {
    return true;
  }
  keep(choice.filters, results);
  if (!tell_completion(self)) return false;
  keep(collector.completion, results);
  return true;
}

Seen read_choices(PyObject* self, PyObject* data) {
  auto& collector = *reinterpret_cast<Collector*>(self);
  PyObject* choices = list_at(data, w_choices);
  if (choices == nullptr) return read_end(self, data);
  keep(collector.last, data);
  for (Py_ssize_t at = 0; at < PyList_GET_SIZE(choices); ++at) {
    PyObject* given = PyList_GET_ITEM(choices, at);
    if (PyDict_CheckExact(given) && !read_choice(self, given)) return Seen::failed;
  }
  // Empty as a rule, but some servers give the counts along with choices.
  const Reference usage = usage_of(collector, data);
  if (is_true(usage.get())) keep(collector.usage, usage.get());
  return Seen::shown;
}

// ------------------------------------------------------------------------------------ responses

bool ends_with(PyObject* text, const char* end, Py_ssize_t length) {
  const Py_ssize_t whole = PyUnicode_GET_LENGTH(text);
  return PyUnicode_IS_ASCII(text) && whole >= length &&
         std::memcmp(PyUnicode_1BYTE_DATA(text) + whole - length, end,
                     static_cast<std::size_t>(length)) == 0;
}

bool is(PyObject* kind, const char* text) {
  return PyUnicode_CompareWithASCIIString(kind, text) == 0;
}

bool read_delta(Collector& collector, PyObject* data) {
  mark_first(collector);
  PyObject *delta = get(data, w_delta), *index = get(data, w_output_index);
  if (delta == nullptr || !PyUnicode_CheckExact(delta) || index == nullptr ||
      !PyLong_CheckExact(index)) {
    return true;  // sound, for one
  }
  PyObject* all = dict_of(collector.parts);
  PyObject* parts = all == nullptr ? nullptr : at_or_new(all, index, new_list);
  return parts != nullptr && PyList_Append(parts, delta) == 0;
}

Seen read_event(Collector& collector, PyObject* data) {
  PyObject* kind = text_at(data, w_type);
  if (kind == nullptr) return Seen::shown;
  bool done = true;
  if (ends_with(kind, ".delta", 6)) {
    done = read_delta(collector, data);
  } else if (is(kind, "response.output_item.added")) {
    PyObject* item = dict_at(data, w_item);
    done = item == nullptr ||
           (dict_of(collector.added) != nullptr &&
            PyDict_SetItem(collector.added, index_at(data, w_output_index), item) == 0);
  } else if (is(kind, "response.completed") || is(kind, "response.incomplete") ||
             is(kind, "response.failed")) {
    PyObject* response = dict_at(data, w_response);
    if (response != nullptr) keep(collector.response, response);
  } else if (is(kind, "response.created")) {
    PyObject* response = dict_at(data, w_response);
    if (response != nullptr) keep(collector.last, response);
  } else if (is(kind, "error")) {
    keep(collector.error, data);
  }
  return done ? Seen::shown : Seen::failed;
}

}  // namespace

long long now_ns() {
  timespec now = {};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1'000'000'000LL + now.tv_nsec;
}

Seen read_chunk(PyObject* self, PyObject* data) {
  auto& collector = *reinterpret_cast<Collector*>(self);
  collector.last_ns = now_ns();
  switch (collector.form) {
    case kChat:
    case kCompletion:
      return read_choices(self, data);
    case kResponse:
      return read_event(collector, data);
    default:
      return Seen::shown;
  }
}

bool conceal(const Collector& collector, PyObject* data) {
  if (collector.injected == 0) return false;
  const Reference usage = usage_of(collector, data);
  return is_true(usage.get()) && !is_true(get(data, w_choices)) &&
         !is_true(get(data, w_prompt_filters));
}

bool tell_filters(PyObject* self) {
  return tell_prompt(self) && tell_completion(self);
}

bool prepare_collectors() {
  zero = PyLong_FromLong(0);  // kept for good, as the names are
  return zero != nullptr && intern(kTexts, words);
}

}  // namespace catalejo::tracer
