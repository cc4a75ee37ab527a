#include "answer.hpp"

#include <array>
#include <cstdint>
#include <utility>

#include "py_object.hpp"
#include "span.hpp"

namespace catalejo::tracer {
namespace {

enum Word : std::uint8_t {
  w_dict,
  w_extra,
  w_usage,
  w_model,
  w_fingerprint,
  w_tier,
  w_choices,
  w_reason,
  w_message,
  w_filters,
  w_prompt_filters,
  w_completion,
  w_messages,
  w_content,
  w_role,
  w_refusal,
  w_reasoning,
  w_audio,
  w_tool_calls,
  w_function_call,
  w_prompt_tokens,
  w_completion_tokens,
  w_prompt_details,
  w_completion_details,
  w_input_tokens,
  w_output_tokens,
  w_input_details,
  w_output_details,
  w_total_tokens,
  w_cached,
  w_cache_write,
  w_audio_tokens,
  w_reasoning_tokens,
  w_cache_read_input,
  w_cache_write_input,
  w_audio_input,
  w_reasoning_output,
  w_audio_output,
  kWords
};
constexpr std::array<const char*, kWords> kTexts = {"__dict__",
                                                    "__pydantic_extra__",
                                                    "usage",
                                                    "model",
                                                    "system_fingerprint",
                                                    "service_tier",
                                                    "choices",
                                                    "finish_reason",
                                                    "message",
                                                    "content_filter_results",
                                                    "prompt_filter_results",
                                                    "completion",
                                                    "messages",
                                                    "content",
                                                    "role",
                                                    "refusal",
                                                    "reasoning_content",
                                                    "audio",
                                                    "tool_calls",
                                                    "function_call",
                                                    "prompt_tokens",
                                                    "completion_tokens",
                                                    "prompt_tokens_details",
                                                    "completion_tokens_details",
                                                    "input_tokens",
                                                    "output_tokens",
                                                    "input_tokens_details",
                                                    "output_tokens_details",
                                                    "total_tokens",
                                                    "cached_tokens",
                                                    "cache_write_tokens",
                                                    "audio_tokens",
                                                    "reasoning_tokens",
                                                    "cache_read_input_tokens",
                                                    "cache_write_input_tokens",
                                                    "audio_input_tokens",
                                                    "reasoning_output_tokens",
                                                    "audio_output_tokens"};
std::array<PyObject*, kWords> words;  // interned, kept for good
PyObject *zero, *empty_text;

PyObject* found_in(PyObject* dict, Word word) {
  if (dict == nullptr) return nullptr;
  PyObject* found = PyDict_GetItemWithError(dict, words[word]);
  if (found == nullptr) PyErr_Clear();
  return found;
}

// The fields of a model, or of the JSON it is made of.
class Thing {
 public:
  explicit Thing(PyObject* thing) {
    if (thing == nullptr || thing == Py_None || PyUnicode_Check(thing)) return;
    if (PyDict_CheckExact(thing)) {
      own_ = Reference::to(thing);
      return;
    }
    own_ = dict_of(thing, w_dict);
    more_ = dict_of(thing, w_extra);
    is_model_ = true;
  }
  Thing(const Thing&) = delete;
  Thing& operator=(const Thing&) = delete;

  // Borrowed; null when there is none.
  PyObject* get(Word word) const {
    PyObject* added = found_in(more_.get(), word);
    return added != nullptr ? added : found_in(own_.get(), word);
  }
  PyObject* declared(Word word) const { return found_in(own_.get(), word); }
  // Of JSON, nothing tells what was added.
  PyObject* added(Word word) const { return found_in(is_model_ ? more_.get() : own_.get(), word); }

 private:
  static Reference dict_of(PyObject* thing, Word word) {
    Reference found(PyObject_GetAttr(thing, words[word]));
    if (!found) PyErr_Clear();
    if (found && !PyDict_Check(found.get())) return {};
    return found;
  }

  Reference own_, more_;
  bool is_model_ = false;
};

bool put(PyObject* dict, Word word, PyObject* value) {
  return PyDict_SetItem(dict, words[word], value) == 0;
}

bool put_if_given(PyObject* dict, Word word, PyObject* value) {
  return value == nullptr || value == Py_None || put(dict, word, value);
}

bool put_if_true(PyObject* dict, Word word, PyObject* value) {
  return !is_true(value) || put(dict, word, value);
}

PyObject* or_zero(PyObject* value) {
  return is_true(value) ? value : zero;
}

bool read_total(PyObject* metrics, PyObject* total, PyObject* sent, PyObject* received) {
  if (is_true(total)) return put(metrics, w_total_tokens, total);
  const Reference sum(PyNumber_Add(sent, received));
  return sum && put(metrics, w_total_tokens, sum.get());
}

// Token counts under ddtrace's names.
bool read_counts(PyObject* metrics, PyObject* usage) {
  const Thing found(usage);
  const bool chat = found.get(w_prompt_tokens) != nullptr && found.get(w_prompt_tokens) != Py_None;
  PyObject* sent = or_zero(found.get(chat ? w_prompt_tokens : w_input_tokens));
  PyObject* received = or_zero(found.get(chat ? w_completion_tokens : w_output_tokens));
  const Thing inward(found.get(chat ? w_prompt_details : w_input_details));
  const Thing outward(found.get(chat ? w_completion_details : w_output_details));
  return put(metrics, w_input_tokens, sent) && put(metrics, w_output_tokens, received) &&
         read_total(metrics, found.get(w_total_tokens), sent, received) &&
         put_if_given(metrics, w_cache_read_input, inward.get(w_cached)) &&
         put_if_true(metrics, w_cache_write_input, inward.get(w_cache_write)) &&
         put_if_true(metrics, w_audio_input, inward.get(w_audio_tokens)) &&
         put_if_given(metrics, w_reasoning_output, outward.get(w_reasoning_tokens)) &&
         put_if_true(metrics, w_audio_output, outward.get(w_audio_tokens));
}

void set(Span& span, SpanField field, PyObject* value) {
  Py_INCREF(value);
  Py_XDECREF(std::exchange(span.fields[field], value));
}

PyObject* metadata_of(const Span& span) {
  PyObject* found = span.fields[metadata];
  if (found != nullptr && PyDict_Check(found)) return found;
  PyErr_SetString(PyExc_TypeError, "the metadata of a span is no dict");
  return nullptr;
}

PyObject* metrics_of(const Span& span) {
  PyObject* found = span.fields[metrics];
  if (found != nullptr && PyDict_Check(found)) return found;
  PyErr_SetString(PyExc_TypeError, "the metrics of a span are no dict");
  return nullptr;
}

// Model, fingerprint, service tier.
bool read_head(Span& span, const Thing& found) {
  PyObject* into = metadata_of(span);
  if (into == nullptr) return false;
  PyObject* its_model = found.get(w_model);
  if (is_true(its_model)) set(span, model_name, its_model);
  return put_if_true(into, w_fingerprint, found.get(w_fingerprint)) &&
         put_if_true(into, w_tier, found.get(w_tier));
}

// ------------------------------------------------------------------------ a chat's whole answer

// What Python does of it.
struct Rest {
  PyObject* call;            // the first argument of both
  PyObject* message;         // (call, message, said): adds to `said` what is more than text
  PyObject* filter;          // (call, side, results)
  PyObject* prompt_filters;  // (call, list)
};

bool is_plain(const Thing& message) {
  for (const Word word : {w_reasoning, w_audio, w_tool_calls, w_function_call}) {
    PyObject* found = message.get(word);
    if (word == w_audio ? found != nullptr && found != Py_None : is_true(found)) return false;
  }
  return true;
}

bool add_plain(const Thing& message, PyObject* said) {
  PyObject* text = message.get(w_content);
  if (!is_true(text)) text = message.get(w_refusal);
  PyObject* its_role = message.get(w_role);
  const Reference made(PyDict_New());
  return made && put(made.get(), w_content, is_true(text) ? text : empty_text) &&
         put(made.get(), w_role, is_true(its_role) ? its_role : empty_text) &&
         PyList_Append(said, made.get()) == 0;
}

bool done(PyObject* result) {
  const Reference owned(result);
  return static_cast<bool>(owned);
}

bool read_choice(const Rest& rest, PyObject* choice, PyObject* said, PyObject* reasons) {
  const Thing found(choice);
  PyObject* reason = found.declared(w_reason);
  if (is_true(reason) && PyList_Append(reasons, reason) != 0) return false;
  PyObject* given = found.declared(w_message);
  const Thing message(given);
  const bool read =
      is_plain(message)
          ? add_plain(message, said)
          : done(PyObject_CallFunctionObjArgs(rest.message, rest.call,
                                              given == nullptr ? Py_None : given, said, nullptr));
  PyObject* results = found.added(w_filters);
  return read &&
         (!is_true(results) || done(PyObject_CallFunctionObjArgs(
                                   rest.filter, rest.call, words[w_completion], results, nullptr)));
}

bool put_reasons(PyObject* into, PyObject* reasons) {
  if (PyList_GET_SIZE(reasons) == 0) return true;
  if (PyList_GET_SIZE(reasons) == 1) return put(into, w_reason, PyList_GET_ITEM(reasons, 0));
  const Reference comma(PyUnicode_FromString(","));
  const Reference all(comma ? PyUnicode_Join(comma.get(), reasons) : nullptr);
  return all && put(into, w_reason, all.get());
}

bool put_output(Span& span, PyObject* said, PyObject* other) {
  if (PyList_GET_SIZE(said) == 0) {
    const Reference none(PyDict_New());
    if (!none || !put(none.get(), w_content, PyUnicode_Check(other) ? other : empty_text) ||
        !put(none.get(), w_role, empty_text) || PyList_Append(said, none.get()) != 0) {
      return false;
    }
  }
  const Reference output_of_it(PyDict_New());
  if (!output_of_it || !put(output_of_it.get(), w_messages, said)) return false;
  set(span, output, output_of_it.get());
  return true;
}

bool read_choices(const Rest& rest, PyObject* choices, PyObject* said, PyObject* reasons) {
  if (!is_true(choices)) return true;
  const Reference sequence(PySequence_Fast(choices, "choices"));
  if (!sequence) return false;
  for (Py_ssize_t at = 0; at < PySequence_Fast_GET_SIZE(sequence.get()); ++at) {
    const Reference choice = Reference::to(PySequence_Fast_GET_ITEM(sequence.get(), at));
    if (!read_choice(rest, choice.get(), said, reasons)) return false;
  }
  return true;
}

bool read_whole(Span& span, PyObject* answer, const Rest& rest) {
  const Thing found(answer);
  const Reference said(PyList_New(0)), reasons(PyList_New(0));
  if (!said || !reasons || !read_head(span, found) ||
      !read_choices(rest, found.declared(w_choices), said.get(), reasons.get()) ||
      !put_output(span, said.get(), answer)) {
    return false;
  }
  PyObject* into = metadata_of(span);
  if (into == nullptr || !put_reasons(into, reasons.get())) return false;
  PyObject* usage = found.declared(w_usage);
  if (usage != nullptr && usage != Py_None) {
    PyObject* counts = metrics_of(span);
    if (counts == nullptr || !read_counts(counts, usage)) return false;
  }
  PyObject* prompts = found.added(w_prompt_filters);
  return !is_true(prompts) ||
         done(PyObject_CallFunctionObjArgs(rest.prompt_filters, rest.call, prompts, nullptr));
}

PyObject* read_chat(PyObject*, PyObject* const* arguments, Py_ssize_t count) {
  Span* span = count == 6 ? span_of(arguments[0]) : nullptr;
  if (span == nullptr) {
    PyErr_SetString(PyExc_TypeError, "read_chat: see _core.pyi");
    return nullptr;
  }
  const Rest rest{arguments[2], arguments[3], arguments[4], arguments[5]};
  if (!read_whole(*span, arguments[1], rest)) return nullptr;
  Py_RETURN_NONE;
}

PyObject* read_usage(PyObject*, PyObject* const* arguments, Py_ssize_t count) {
  if (count != 2 || !PyDict_Check(arguments[0])) {
    PyErr_SetString(PyExc_TypeError, "read_usage: see _core.pyi");
    return nullptr;
  }
  if (!read_counts(arguments[0], arguments[1])) return nullptr;
  Py_RETURN_NONE;
}

bool make_words() {
  if (!intern(kTexts, words)) return false;
  zero = PyLong_FromLong(0);
  empty_text = PyUnicode_InternFromString("");
  return zero != nullptr && empty_text != nullptr;
}

}  // namespace

bool add_answer_functions(PyObject* module) {
  static PyMethodDef functions[] = {
      // By way of void*: the type of a METH_FASTCALL function is another one.
      {"read_chat", reinterpret_cast<PyCFunction>(reinterpret_cast<void*>(read_chat)),
       METH_FASTCALL, nullptr},
      {"read_usage", reinterpret_cast<PyCFunction>(reinterpret_cast<void*>(read_usage)),
       METH_FASTCALL, nullptr},
      {nullptr, nullptr, 0, nullptr}};
  return make_words() && PyModule_AddFunctions(module, functions) == 0;
}

}  // namespace catalejo::tracer
