#include "headers.hpp"

#include <algorithm>
#include <string_view>

#include "py_object.hpp"

namespace catalejo::tracer {
namespace {

constexpr std::size_t kDigitsMax = 18;  // what surely fits

PyObject* number_or_text(std::string_view value, bool is_number) {
  const bool digits = !value.empty() && value.size() <= kDigitsMax &&
                      std::ranges::all_of(value, [](char c) { return c >= '0' && c <= '9'; });
  if (is_number && digits) {
    long long number = 0;
    for (const char c : value) number = number * 10 + (c - '0');
    return PyLong_FromLongLong(number);
  }
  return PyUnicode_DecodeLatin1(value.data(), static_cast<Py_ssize_t>(value.size()), nullptr);
}

struct Readers {
  PyObject* names;
  PyObject* numbers;
  PyObject* limits;
  PyObject* found;
};

// 1: read, or of no interest; 0: its name is not among those known; -1 with a Python error.
int read_header(PyObject* entry, const Readers& readers) {
  if (!PyTuple_Check(entry) || PyTuple_GET_SIZE(entry) < 2) return 0;
  PyObject* value = PyTuple_GET_ITEM(entry, PyTuple_GET_SIZE(entry) - 1);
  PyObject* ours = PyDict_GetItemWithError(readers.names, PyTuple_GET_ITEM(entry, 0));
  if (ours == nullptr) return PyErr_Occurred() != nullptr ? -1 : 0;
  if (ours == Py_None) return 1;
  if (!PyBytes_Check(value)) return 0;
  const int is_number = PySet_Contains(readers.numbers, ours);
  if (is_number < 0) return -1;
  const std::string_view text(PyBytes_AS_STRING(value),
                              static_cast<std::size_t>(PyBytes_GET_SIZE(value)));
  const Reference read(number_or_text(text, is_number == 1));
  PyObject* into = is_number == 1 ? readers.limits : readers.found;
  return read && PyDict_SetItem(into, ours, read.get()) == 0 ? 1 : -1;
}

}  // namespace

PyObject* read_headers(PyObject*, PyObject* const* arguments, Py_ssize_t count) {
  if (count != 5 || !PyList_Check(arguments[0]) || !PyDict_Check(arguments[1]) ||
      !PyAnySet_Check(arguments[2]) || !PyDict_Check(arguments[3]) || !PyDict_Check(arguments[4])) {
    Py_RETURN_FALSE;
  }
  const Readers readers{arguments[1], arguments[2], arguments[3], arguments[4]};
  for (Py_ssize_t at = 0; at < PyList_GET_SIZE(arguments[0]); ++at) {
    const Reference entry = Reference::to(PyList_GET_ITEM(arguments[0], at));
    const int read = read_header(entry.get(), readers);
    if (read < 0) return nullptr;
    if (read == 0) Py_RETURN_FALSE;
  }
  Py_RETURN_TRUE;
}

}  // namespace catalejo::tracer
