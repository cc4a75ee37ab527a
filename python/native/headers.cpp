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

// Our name of a header, or None; null with a Python error.
Reference ours_of(PyObject* name, const HeaderNames& names) {
  PyObject* ours = PyDict_GetItemWithError(names.known, name);
  if (ours != nullptr) return Reference::to(ours);
  if (PyErr_Occurred() != nullptr) return {};
  return Reference(PyObject_CallFunctionObjArgs(names.learn, name, nullptr));
}

bool read_header(PyObject* entry, const HeaderNames& names, PyObject* limits, PyObject* found) {
  if (!PyTuple_Check(entry) || PyTuple_GET_SIZE(entry) < 2) return true;
  const Reference ours = ours_of(PyTuple_GET_ITEM(entry, 0), names);
  if (!ours) return false;
  PyObject* value = PyTuple_GET_ITEM(entry, PyTuple_GET_SIZE(entry) - 1);
  if (ours.get() == Py_None || !PyBytes_Check(value)) return true;
  const int is_number = PySet_Contains(names.numbers, ours.get());
  if (is_number < 0) return false;
  const std::string_view text(PyBytes_AS_STRING(value),
                              static_cast<std::size_t>(PyBytes_GET_SIZE(value)));
  const Reference read(number_or_text(text, is_number == 1));
  return read && PyDict_SetItem(is_number == 1 ? limits : found, ours.get(), read.get()) == 0;
}

}  // namespace

bool read_headers(PyObject* entries, const HeaderNames& names, PyObject* limits, PyObject* found) {
  const Reference sequence(PySequence_Fast(entries, "headers"));
  if (!sequence) return false;
  for (Py_ssize_t at = 0; at < PySequence_Fast_GET_SIZE(sequence.get()); ++at) {
    const Reference entry = Reference::to(PySequence_Fast_GET_ITEM(sequence.get(), at));
    if (!read_header(entry.get(), names, limits, found)) return false;
  }
  return true;
}

}  // namespace catalejo::tracer
