#include "span_event.hpp"

#include <array>
#include <cstdint>
#include <string_view>

#include "codec/json_writer.hpp"
#include "py_object.hpp"
#include "walk.hpp"

namespace catalejo::tracer {
namespace {

enum Field : std::uint8_t {
  span_id,
  trace_id,
  apm_trace_id,
  parent_id,
  name,
  start_ns,
  duration_ns,
  kind,
  metadata,
  metrics,
  model_name,
  model_provider,
  input,
  output,
  meta,
  error,
  agent,
  session_id,
  kFields
};
constexpr std::array<const char*, kFields> kFieldNames = {
    "span_id",     "trace_id", "apm_trace_id", "parent_id", "name",       "start_ns",
    "duration_ns", "kind",     "metadata",     "metrics",   "model_name", "model_provider",
    "input",       "output",   "meta",         "error",     "agent",      "session_id"};

// Interned once and kept; null when there was no memory.
PyObject* const* field_names() {
  static const auto names = [] {
    std::array<PyObject*, kFields> made = {};
    for (std::size_t at = 0; at < made.size(); ++at) {
      made[at] = PyUnicode_InternFromString(kFieldNames[at]);
    }
    return made;
  }();
  return names.data();
}

struct Fields {
  std::array<Reference, kFields> values;

  bool read(PyObject* span) {
    for (std::size_t at = 0; at < values.size(); ++at) {
      values[at] = Reference(PyObject_GetAttr(span, field_names()[at]));
      if (!values[at]) return false;
    }
    return true;
  }
  PyObject* operator[](Field field) const { return values[field].get(); }
  bool has(Field field) const {
    const int is_true = PyObject_IsTrue(values[field].get());
    if (is_true < 0) PyErr_Clear();
    return is_true == 1;
  }
};

class Writer {
 public:
  Writer(Walk& walk, const Fields& fields, const SpanFacts& facts)
      : walk_(walk), out_(walk.out()), fields_(fields), facts_(facts) {}

  void write() {
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
    value(R"(,"tags":)", facts_.tags);
    write_meta();
    write_dd();
    out_ += '}';
  }

 private:
  static bool is_true(PyObject* object) {
    const int found = PyObject_IsTrue(object);
    if (found < 0) PyErr_Clear();
    return found == 1;
  }

  void value(std::string_view before, PyObject* object) {
    out_ += before;
    walk_.value(object, kDepth);
  }

  // Ids are texts: servers written in JavaScript would round them.
  void number_text(PyObject* number) {
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

  static constexpr int kDepth = 2;  // of a value in the event, about

  Walk& walk_;
  std::string& out_;
  const Fields& fields_;
  const SpanFacts& facts_;
};

}  // namespace

TapePointer capture_span(PyObject* span, const SpanFacts& facts, TapeOf tape_of) {
  Fields fields;
  if (!fields.read(span)) return nullptr;
  try {
    Recording recording;
    Walk walk(recording, tape_of);
    Writer(walk, fields, facts).write();
    return recording.tape();
  } catch (...) {  // no memory
    return nullptr;
  }
}

}  // namespace catalejo::tracer
