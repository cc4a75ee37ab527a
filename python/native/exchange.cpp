#include "exchange.hpp"

#include <array>
#include <cstddef>

#include "call.hpp"
#include "collector.hpp"
#include "py_object.hpp"

namespace catalejo::tracer {
namespace {

enum Word : std::size_t {
  w_data_sources,
  w_deployment,
  w_dict,
  w_extra_headers,
  w_extra_json,
  w_include_usage,
  w_json_data,
  w_may_ask,
  w_model,
  w_options,
  w_path,
  w_read_input,
  w_response,
  w_stream,
  w_stream_options,
  w_url,
  w_usage,
  w_wants_usage,
  kWords
};
constexpr std::array<const char*, kWords> kTexts = {
    "data_sources", "deployment", "__dict__",       "extra_headers", "extra_json", "include_usage",
    "json_data",    "may_ask",    "model",          "options",       "path",       "read_input",
    "response",     "stream",     "stream_options", "url",           "usage",      "wants_usage"};
std::array<PyObject*, kWords> words;  // interned, kept for good
PyObject *empty_text, *deployments;

PyObject* get(PyObject* dict, Word key) {
  PyObject* found = PyDict_GetItemWithError(dict, words[key]);
  if (found == nullptr) PyErr_Clear();
  return found;
}

Reference attribute(PyObject* object, Word name) {
  return Reference(PyObject_GetAttr(object, words[name]));
}

// Whether `options` are of a request of this call's: others are of a token provider's, say.
// Negative with a Python error.
Py_ssize_t is_ours(const Call& call, const Reference& url) {
  const Reference path = url ? attribute(call.operation, w_path) : Reference();
  return path ? PyUnicode_Tailmatch(url.get(), path.get(), 0, PY_SSIZE_T_MAX, 1) : -1;
}

// The name in /deployments/NAME/chat/completions, or what the client was made for.
Reference deployment_of(const Call& call, PyObject* url) {
  const Py_ssize_t named = PyUnicode_Tailmatch(url, deployments, 0, PY_SSIZE_T_MAX, -1);
  if (named < 0) return {};
  if (named > 0) {
    const Py_ssize_t begin = PyUnicode_GET_LENGTH(deployments), length = PyUnicode_GET_LENGTH(url);
    const Py_ssize_t end = PyUnicode_FindChar(url, '/', begin, length, 1);
    return Reference(PyUnicode_Substring(url, begin, end < 0 ? length : end));
  }
  Reference of_client = attribute(call.place, w_deployment);
  if (of_client && !is_true(of_client.get())) return Reference::to(call.model);
  return of_client;
}

bool read(PyObject* self, PyObject* url, PyObject* body) {
  auto& call = *reinterpret_cast<Call*>(self);
  call.body_seen = 1;
  PyObject* model = get(body, w_model);
  keep(call.model, model != nullptr && PyUnicode_CheckExact(model) ? model : empty_text);
  const Reference deployment = deployment_of(call, url);
  if (!deployment) return false;
  keep(call.deployment, deployment.get());
  call.streamed = is_true(get(body, w_stream)) ? 1 : 0;
  const Reference read_input = attribute(call.operation, w_read_input);
  const Reference done(
      read_input ? PyObject_CallFunctionObjArgs(read_input.get(), self, body, nullptr) : nullptr);
  return static_cast<bool>(done);
}

// The body as it goes out: with what the application adds to it.
Reference whole_body(PyObject* options, PyObject* data) {
  const Reference more = attribute(options, w_extra_json);
  if (!more) return {};
  if (!is_true(more.get())) return Reference::to(data);
  Reference whole(PyDict_Copy(data));
  if (whole && PyDict_Update(whole.get(), more.get()) != 0) return {};
  return whole;
}

// Whether to ask for the token counts of a stream without the application noticing: what is known
// of the operation, the client and the body first, then Python. Negative with a Python error.
int may_ask(PyObject* self, PyObject* body) {
  const auto& call = *reinterpret_cast<Call*>(self);
  const Reference wanted = attribute(call.operation, w_wants_usage);
  const Reference given = attribute(call.place, w_usage);
  if (!wanted || !given) return -1;
  if (!is_true(wanted.get()) || !is_true(given.get()) || get(body, w_data_sources) != nullptr) {
    return 0;
  }
  PyObject* options = get(body, w_stream_options);
  const bool is_open =
      options == nullptr || options == Py_None ||
      (PyDict_CheckExact(options) && PyDict_Contains(options, words[w_include_usage]) == 0);
  if (!is_open) return 0;
  const Reference found(PyObject_CallMethodObjArgs(self, words[w_may_ask], nullptr));
  return found ? PyObject_IsTrue(found.get()) : -1;
}

bool ask(PyObject* options, PyObject* data, PyObject* body) {
  PyObject* given = get(body, w_stream_options);
  const Reference asked(is_true(given) ? PyDict_Copy(given) : PyDict_New());
  const Reference changed(PyDict_Copy(data));
  // Not by the model's own __setattr__, which takes longer than all of the above.
  const Reference fields = attribute(options, w_dict);
  return asked && changed && fields &&
         PyDict_SetItem(asked.get(), words[w_include_usage], Py_True) == 0 &&
         PyDict_SetItem(changed.get(), words[w_stream_options], asked.get()) == 0 &&
         PyDict_SetItem(fields.get(), words[w_json_data], changed.get()) == 0;
}

bool read_attempt(PyObject* self, PyObject* options, PyObject* url) {
  auto& call = *reinterpret_cast<Call*>(self);
  const Reference data = attribute(options, w_json_data);
  if (!data || !PyDict_CheckExact(data.get())) return static_cast<bool>(data);
  const Reference body = whole_body(options, data.get());
  if (!body || (call.body_seen == 0 && !read(self, url, body.get()))) return false;
  if (call.streamed != 0 && call.injected == Py_None) {
    const int may = may_ask(self, body.get());
    if (may < 0) return false;
    keep(call.injected, may != 0 ? Py_True : Py_False);
  }
  return call.injected != Py_True || ask(options, data.get(), body.get());
}

}  // namespace

PyObject* sending(PyObject* self, PyObject* options) {
  auto& call = *reinterpret_cast<Call*>(self);
  const Reference url = attribute(options, w_url);
  const Py_ssize_t ours = is_ours(call, url);
  if (ours < 0) return nullptr;
  if (ours == 0) Py_RETURN_NONE;
  if (++call.attempts > 1) call.retry_ns = now_ns() - call.begun_ns;
  if (!read_attempt(self, options, url.get())) return nullptr;
  Py_RETURN_NONE;
}

PyObject* receiving(PyObject* self, PyObject* arguments) {
  auto& call = *reinterpret_cast<Call*>(self);
  PyObject* options = PyDict_Check(arguments) ? get(arguments, w_options) : nullptr;
  PyObject* response = options == nullptr ? nullptr : get(arguments, w_response);
  if (response == nullptr) {
    PyErr_SetString(PyExc_TypeError, "openai says of what it has received something else");
    return nullptr;
  }
  const Py_ssize_t ours = is_ours(call, attribute(options, w_url));
  if (ours < 0) return nullptr;
  if (ours > 0) keep(call.response, response);
  Py_RETURN_NONE;
}

PyObject* read_request(PyObject* self, PyObject* arguments) {
  PyObject *url = nullptr, *body = nullptr;
  if (PyArg_ParseTuple(arguments, "UO!", &url, &PyDict_Type, &body) == 0) return nullptr;
  if (!read(self, url, body)) return nullptr;
  Py_RETURN_NONE;
}

bool prepare_exchange() {
  empty_text = PyUnicode_InternFromString("");
  deployments = PyUnicode_InternFromString("/deployments/");
  return empty_text != nullptr && deployments != nullptr && intern(kTexts, words);
}

}  // namespace catalejo::tracer
