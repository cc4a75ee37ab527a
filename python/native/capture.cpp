#include "capture.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "codec/json_writer.hpp"
#include "py_object.hpp"
#include "walk.hpp"

namespace catalejo::tracer {
namespace {

// A list that holds another twice, which holds another twice…: the walk ends here.
constexpr std::size_t kValuesMax = 1'000'000;
// Below this a text is copied at once: cheaper than keeping it alive and giving it back.
constexpr std::size_t kHeldCharactersMin = 256;
// The buffer is kept between calls up to this size.
constexpr std::size_t kScratchBytesMax = 64u << 10;

// Only touched with the interpreter's lock held. Taken away while in use: str(value) may run Python
// code that captures something itself.
std::string& scratch() {
  static std::string* const only = new std::string;
  return *only;
}

bool characters_of(PyObject* object, Characters& characters) {
#if PY_VERSION_HEX < 0x030C0000
  if (PyUnicode_READY(object) != 0) {
    PyErr_Clear();
    return false;
  }
#endif
  characters.data = PyUnicode_DATA(object);
  characters.length = static_cast<std::size_t>(PyUnicode_GET_LENGTH(object));
  characters.width = static_cast<std::uint8_t>(PyUnicode_KIND(object));
  characters.ascii = PyUnicode_IS_ASCII(object) != 0;
  return true;
}

// After a failure inside the application's own __str__: it must not see the exception, but a
// Ctrl-C that arrived just then must not be lost either.
void forget_exception() {
  if (PyErr_ExceptionMatches(PyExc_KeyboardInterrupt)) {
    PyErr_Clear();
    PyErr_SetInterrupt();
    return;
  }
  PyErr_Clear();
}

}  // namespace

bool Walk::pair(PyObject* key, PyObject* value) {
  for (PyObject* part : {key, value}) {
    const Reference text_of_it(PyObject_Str(part));
    Characters characters;
    if (!text_of_it || !characters_of(text_of_it.get(), characters)) return false;
    const std::size_t at = out_.size();
    append_json_text(out_, characters);
    if (part == key) {
      out_.back() = ':';
    } else {
      out_.erase(at, 1);
    }
  }
  return true;
}

void Walk::text(PyObject* object) {
  Characters characters;
  if (!characters_of(object, characters)) {
    out_ += "null";
    return;
  }
  // An interned str can be immortal, which does not outlive the interpreter for all its name.
  if (characters.length < kHeldCharactersMin || PyUnicode_CHECK_INTERNED(object)) {
    append_json_text(out_, characters);
    return;
  }
  holes_.push_back(Hole{.at = out_.size(), .object = object, .characters = characters});
  Py_INCREF(object);
}

void Walk::integer(PyObject* object) {
  int overflow = 0;
  const long long number = PyLong_AsLongLongAndOverflow(object, &overflow);
  if (overflow == 0) {
    codec::append_json_number(out_, static_cast<std::int64_t>(number));
    return;
  }
  PyObject* digits = PyNumber_ToBase(object, 10);
  if (digits == nullptr) {  // more digits than the interpreter likes to write
    forget_exception();
    out_ += "null";
    return;
  }
  Characters characters;
  if (characters_of(digits, characters)) {
    out_.append(static_cast<const char*>(characters.data), characters.length);
  } else {
    out_ += "null";
  }
  Py_DECREF(digits);
}

void Walk::as_text(PyObject* object) {
  PyObject* text_of_it = PyObject_Str(object);
  if (text_of_it == nullptr) {
    forget_exception();
    out_ += "\"[unprintable ";
    const std::string_view name = Py_TYPE(object)->tp_name;
    for (const char c : name.substr(0, 200)) out_ += c < ' ' || c == '"' || c == '\\' ? '?' : c;
    out_ += "]\"";
    return;
  }
  text(text_of_it);
  Py_DECREF(text_of_it);
}

void Walk::tape(const TapePointer& nested) {
  if (nested->depth() + 1 >= Tape::kDepthMax) {
    nested->append_to(out_);
    return;
  }
  holes_.push_back(Hole{.at = out_.size(), .nested = nested});
}

bool Walk::enter(PyObject* object, int depth) {
  if (depth >= kDepthMax) return false;
  for (int at = 0; at < depth; ++at) {
    if (path_[at] == object) return false;
  }
  path_[depth] = object;
  return true;
}

void Walk::key(char before, PyObject* object) {
  Characters characters;
  if (PyUnicode_Check(object) && characters_of(object, characters)) {
    if (characters.ascii) {
      codec::append_json_key(out_, before,
                             {static_cast<const char*>(characters.data), characters.length});
      return;
    }
    out_ += before;
    append_json_text(out_, characters);
    out_ += ':';
    return;
  }
  out_ += before;
  // As json.dumps: True is "true", 1.5 is "1.5".
  if (object == Py_None || PyBool_Check(object) || PyLong_Check(object) || PyFloat_Check(object)) {
    out_ += '"';
    value(object, kDepthMax);
    out_ += '"';
  } else {
    as_text(object);
  }
  out_ += ':';
}

char Walk::entries(char before, PyObject* dict, int depth) {
  PyObject* name = nullptr;
  PyObject* member = nullptr;
  Py_ssize_t position = 0;
  while (PyDict_Next(dict, &position, &name, &member)) {
    // str() of something inside may run code that changes this very dict.
    Py_INCREF(name);
    Py_INCREF(member);
    key(before, name);
    value(member, depth);
    Py_DECREF(name);
    Py_DECREF(member);
    before = ',';
  }
  return before;
}

void Walk::members(PyObject* dict, int depth) {
  entries(',', dict, depth);
}

void Walk::mapping(PyObject* object, int depth) {
  if (!enter(object, depth)) return as_text(object);
  if (entries('{', object, depth + 1) == '{') out_ += '{';
  out_ += '}';
}

void Walk::sequence(PyObject* object, int depth) {
  if (!enter(object, depth)) return as_text(object);
  const bool is_list = PyList_Check(object);
  char before = '[';
  for (Py_ssize_t at = 0; at < (is_list ? PyList_GET_SIZE(object) : PyTuple_GET_SIZE(object));
       ++at) {
    PyObject* member = is_list ? PyList_GET_ITEM(object, at) : PyTuple_GET_ITEM(object, at);
    Py_INCREF(member);
    out_ += before;
    value(member, depth + 1);
    Py_DECREF(member);
    before = ',';
  }
  if (before == '[') out_ += '[';
  out_ += ']';
}

void Walk::value(PyObject* object, int depth) {
  if (++values_ > kValuesMax) {
    out_ += "null";
  } else if (PyUnicode_Check(object)) {
    text(object);
  } else if (object == Py_None) {
    out_ += "null";
  } else if (PyBool_Check(object)) {
    out_ += object == Py_True ? "true" : "false";
  } else if (PyLong_Check(object)) {
    integer(object);
  } else if (PyFloat_Check(object)) {
    codec::append_json_number(out_, PyFloat_AS_DOUBLE(object));
  } else if (PyDict_Check(object)) {
    mapping(object, depth);
  } else if (PyList_Check(object) || PyTuple_Check(object)) {
    sequence(object, depth);
  } else if (const TapePointer* nested = tape_of_(object)) {
    tape(*nested);
  } else {
    as_text(object);
  }
}

Recording::Recording() : text_(std::move(scratch())) {
  text_.clear();
}

Recording::~Recording() {
  for (const Hole& hole : holes_) Py_XDECREF(static_cast<PyObject*>(hole.object));
  // Given back for the next walk, unless this one made it large.
  if (text_.capacity() <= kScratchBytesMax) scratch() = std::move(text_);
}

TapePointer Recording::tape() {
  auto made = std::make_shared<const Tape>(std::string(text_), std::move(holes_));
  holes_.clear();
  return made;
}

TapePointer capture(PyObject* value, TapeOf tape_of) {
  try {
    Recording recording;
    Walk(recording, tape_of).value(value, 0);
    return recording.tape();
  } catch (...) {  // no memory
    return nullptr;
  }
}

}  // namespace catalejo::tracer
