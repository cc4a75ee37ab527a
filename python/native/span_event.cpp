#include "span_event.hpp"

#include <array>
#include <charconv>
#include <cstdint>
#include <string_view>

#include "codec/json_writer.hpp"
#include "py_object.hpp"
#include "span.hpp"
#include "walk.hpp"

namespace catalejo::tracer {
namespace {

// Own references of a span's fields: str() of one may run code that changes another.
class Fields {
 public:
  explicit Fields(const Span& span) {
    for (std::size_t at = 0; at < values_.size(); ++at) {
      values_[at] = Reference::to(span.fields[at]);
    }
  }

  // False, with a Python error, when the application has deleted one.
  bool whole() const {
    for (const Reference& value : values_) {
      if (value) continue;
      PyErr_SetString(PyExc_AttributeError, "a span has lost one of its fields");
      return false;
    }
    return true;
  }
  PyObject* operator[](SpanField field) const { return values_[field].get(); }
  bool has(SpanField field) const { return is_true(values_[field].get()); }

 private:
  std::array<Reference, kSpanFields> values_;
};

class Writer {
 public:
  Writer(Walk& walk, const Fields& fields, const SpanFacts& facts)
      : walk_(walk), out_(walk.out()), fields_(fields), facts_(facts) {}

  // False with a Python error when str() of a tag fails.
  bool write() {
    out_ += R"({"span_id":)";
    number_text(fields_[span_id]);
    out_ += R"(,"trace_id":)";
    hex(fields_[trace_id]);
    out_ += R"(,"parent_id":)";
    if (fields_.has(parent_id)) {
      number_text(fields_[parent_id]);
    } else {
      out_ += R"("undefined")";
    }
    value(R"(,"name":)", fields_[name]);
    value(R"(,"start_ns":)", fields_[start_ns]);
    value(R"(,"duration":)", fields_[duration_ns]);
    out_ += fields_[error] == Py_None ? R"(,"status":"ok")" : R"(,"status":"error")";
    value(R"(,"ml_app":)", facts_.ml_app);
    if (is_true(facts_.service)) value(R"(,"service":)", facts_.service);
    if (fields_.has(session_id)) value(R"(,"session_id":)", fields_[session_id]);
    value(R"(,"metrics":)", fields_[metrics]);
    if (!write_tags()) return false;
    write_meta();
    write_dd();
    out_ += '}';
    return true;
  }

 private:
  void value(std::string_view before, PyObject* object) {
    out_ += before;
    walk_.value(object, kDepth);
  }

  // Ids are texts: servers written in JavaScript would round them.
  void number_text(PyObject* number) {
    const std::uint64_t plain = PyLong_Check(number) ? PyLong_AsUnsignedLongLong(number) : 0;
    if (plain != 0 && PyErr_Occurred() == nullptr) {
      char digits[20];
      const auto end = std::to_chars(digits, digits + sizeof digits, plain).ptr;
      out_ += '"';
      out_.append(digits, end);
      out_ += '"';
      return;
    }
    PyErr_Clear();
    out_ += '"';
    walk_.value(number, kDepth);
    out_ += '"';
  }

  void hex(PyObject* number) {
    static PyObject* const kHalf = PyLong_FromLong(64);
    const std::uint64_t low = PyLong_AsUnsignedLongLongMask(number);
    const Reference above(PyNumber_Rshift(number, kHalf));
    const std::uint64_t high = above ? PyLong_AsUnsignedLongLongMask(above.get()) : 0;
    PyErr_Clear();
    char text[34] = {};
    text[0] = text[33] = '"';
    for (int at = 0; at < 16; ++at) {
      text[1 + at] = "0123456789abcdef"[high >> (60 - 4 * at) & 15];
      text[17 + at] = "0123456789abcdef"[low >> (60 - 4 * at) & 15];
    }
    out_.append(text, sizeof text);
  }

  void write_meta() {
    value(R"(,"meta":{"span":{"kind":)", fields_[kind]);
    value(R"(},"metadata":)", fields_[metadata]);
    if (fields_.has(model_name)) value(R"(,"model_name":)", fields_[model_name]);
    if (fields_.has(model_provider)) value(R"(,"model_provider":)", fields_[model_provider]);
    if (fields_[input] != Py_None) value(R"(,"input":)", fields_[input]);
    if (fields_[output] != Py_None) value(R"(,"output":)", fields_[output]);
    if (fields_[error] != Py_None) value(R"(,"error":)", fields_[error]);
    if (PyTuple_Check(fields_[agent]) && PyTuple_GET_SIZE(fields_[agent]) == 2) {
      value(R"(,"agent_attribution":{"pagent_name":)", PyTuple_GET_ITEM(fields_[agent], 0));
      value(R"(,"pagent_span_id":)", PyTuple_GET_ITEM(fields_[agent], 1));
      out_ += '}';
    }
    if (PyDict_Check(fields_[meta])) walk_.members(fields_[meta], kDepth);
    out_ += '}';
  }

  void write_dd() {
    out_ += R"(,"_dd":{"span_id":)";
    number_text(fields_[span_id]);
    out_ += R"(,"trace_id":)";
    hex(fields_[apm_trace_id]);
    out_ += R"(,"apm_trace_id":)";
    hex(fields_[apm_trace_id]);
    value(R"(,"sample_rate":)", facts_.sample_rate);
    value(R"(,"sampling_decision":)", facts_.sampling_decision);
    out_ += '}';
  }

  bool tag(PyObject* key, PyObject* text) {
    out_ += ',';
    return walk_.pair(key, text);
  }

  bool has_tag(PyObject* key) const {
    const int found = PyDict_Contains(fields_[tags], key);
    if (found < 0) PyErr_Clear();
    return found == 1;
  }

  // `k:v` texts: what the span says wins over what the process says.
  bool write_tags() {
    static PyObject* const kMlApp = PyUnicode_InternFromString("ml_app");
    static PyObject* const kSession = PyUnicode_InternFromString("session_id");
    out_ += fields_[error] == Py_None ? R"(,"tags":["error:0")" : R"(,"tags":["error:1")";
    for (Py_ssize_t at = 0; at < PyList_GET_SIZE(facts_.common_keys); ++at) {
      if (at >= PyList_GET_SIZE(facts_.common_tags)) break;
      if (has_tag(PyList_GET_ITEM(facts_.common_keys, at))) continue;
      value(",", PyList_GET_ITEM(facts_.common_tags, at));
    }
    if (!has_tag(kMlApp) && !tag(kMlApp, facts_.ml_app)) return false;
    if (fields_.has(session_id) && !tag(kSession, fields_[session_id])) return false;
    PyObject *key = nullptr, *own = nullptr;
    Py_ssize_t position = 0;
    while (PyDict_Next(fields_[tags], &position, &key, &own)) {
      const Reference kept_key = Reference::to(key), kept = Reference::to(own);
      if (!tag(kept_key.get(), kept.get())) return false;
    }
    if (!write_error_type()) return false;
    out_ += ']';
    return true;
  }

  bool write_error_type() {
    static PyObject* const kErrorType = PyUnicode_InternFromString("error_type");
    if (!PyDict_Check(fields_[error])) return true;
    PyObject* type = PyDict_GetItemString(fields_[error], "type");
    if (type != nullptr) return tag(kErrorType, type);
    out_ += R"(,"error_type:")";
    return true;
  }

  static constexpr int kDepth = 2;  // of a value in the event, about

  Walk& walk_;
  std::string& out_;
  const Fields& fields_;
  const SpanFacts& facts_;
};

}  // namespace

TapePointer capture_span(PyObject* span, const SpanFacts& facts, TapeOf tape_of) {
  const Span* const found = span_of(span);
  if (found == nullptr) {
    PyErr_SetString(PyExc_TypeError, "no span");
    return nullptr;
  }
  const Fields fields(*found);
  if (!fields.whole()) return nullptr;
  if (!PyDict_Check(fields[tags])) {
    PyErr_SetString(PyExc_TypeError, "the tags of a span are no dict");
    return nullptr;
  }
  try {
    Recording recording;
    Walk walk(recording, tape_of);
    if (!Writer(walk, fields, facts).write()) return nullptr;
    return recording.tape();
  } catch (...) {  // no memory
    return nullptr;
  }
}

}  // namespace catalejo::tracer
