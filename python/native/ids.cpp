#include "ids.hpp"

#include <pthread.h>
#include <sys/random.h>
#include <time.h>

#include <array>

#include "py_object.hpp"

namespace catalejo::tracer {
namespace {

// Random numbers in stock, of the kernel: an application that seeds `random` does not get the same
// ids twice. A child throws its parent's away.
std::array<std::uint64_t, 64> stock;
std::size_t left = 0;

PyObject* trace_of_others = nullptr;  // a function, see _core.follow

void forget_stock() {
  left = 0;
}

void refill() {
  auto* bytes = reinterpret_cast<char*>(stock.data());
  std::size_t filled = 0;
  while (filled < sizeof stock) {
    const ssize_t got = ::getrandom(bytes + filled, sizeof stock - filled, 0);
    if (got > 0) filled += static_cast<std::size_t>(got);
  }
  left = stock.size();
}

// The seconds since 1970, shifted to where a trace id has them; borrowed.
PyObject* seconds_part() {
  static time_t second = 0;
  static PyObject* part = nullptr;
  timespec now = {};
  ::clock_gettime(CLOCK_REALTIME_COARSE, &now);
  if (part != nullptr && now.tv_sec == second) return part;
  static PyObject* const kShift = PyLong_FromLong(96);
  const Reference number(PyLong_FromLongLong(now.tv_sec));
  PyObject* made = number ? PyNumber_Lshift(number.get(), kShift) : nullptr;
  if (made == nullptr) return nullptr;
  second = now.tv_sec;
  Py_XDECREF(part);
  part = made;
  return part;
}

PyObject* follow(PyObject*, PyObject* function) {
  PyObject* before = trace_of_others;
  trace_of_others = function == Py_None ? nullptr : function;
  Py_XINCREF(trace_of_others);
  Py_XDECREF(before);
  Py_RETURN_NONE;
}

template <PyObject* (*Make)()>
PyObject* without_arguments(PyObject*, PyObject*) {
  return Make();
}

}  // namespace

std::uint64_t random_id() {
  for (;;) {
    if (left == 0) refill();
    const std::uint64_t found = stock[--left];
    if (found != 0) return found;
  }
}

PyObject* new_span_id() {
  return PyLong_FromUnsignedLongLong(random_id());
}

PyObject* new_trace_id() {
  PyObject* high = seconds_part();
  const Reference low(high == nullptr ? nullptr : new_span_id());
  return low ? PyNumber_Or(high, low.get()) : nullptr;
}

PyObject* new_apm_trace_id() {
  if (trace_of_others != nullptr) {
    const Reference function = Reference::to(trace_of_others);
    Reference theirs(PyObject_CallObject(function.get(), nullptr));
    const int is_one = theirs ? PyObject_IsTrue(theirs.get()) : -1;
    if (is_one != 0) return is_one < 0 ? nullptr : theirs.release();
  }
  return new_trace_id();
}

bool add_id_functions(PyObject* module) {
  static PyMethodDef functions[] = {
      {"span_id", without_arguments<new_span_id>, METH_NOARGS, nullptr},
      {"trace_id", without_arguments<new_trace_id>, METH_NOARGS, nullptr},
      {"apm_trace_id", without_arguments<new_apm_trace_id>, METH_NOARGS, nullptr},
      {"follow", follow, METH_O, nullptr},
      {nullptr, nullptr, 0, nullptr}};
  ::pthread_atfork(nullptr, nullptr, forget_stock);
  return PyModule_AddFunctions(module, functions) == 0;
}

}  // namespace catalejo::tracer
