// catalejo._core: the Python side of the native core. What each function promises is in
// catalejo/_core.pyi.
#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>
#include <utility>

#include "answer.hpp"
#include "call.hpp"
#include "capture.hpp"
#include "chunks.hpp"
#include "ids.hpp"
#include "last_words.hpp"
#include "redaction.hpp"
#include "release.hpp"
#include "request.hpp"
#include "sender.hpp"
#include "span.hpp"
#include "span_event.hpp"
#include "tape_object.hpp"
#include "target_dict.hpp"

namespace nb = nanobind;

namespace catalejo::tracer {
namespace {

constexpr long long kTimeoutMsMax = 3'600'000;

Clock::time_point in_ms(long long timeout_ms) {
  return Clock::now() + std::chrono::milliseconds(std::clamp(timeout_ms, 0LL, kTimeoutMsMax));
}

bool submit(std::string_view kind, nb::handle event) {
  release_now();
  if (kind != "span" && kind != "evaluation") throw nb::value_error("kind: span or evaluation");
  return Sender::current().submit(kind == "span" ? Kind::span : Kind::evaluation,
                                  capture(event.ptr(), tape_of));
}

// Called for every span: without nanobind, whose way to a function is longer.
PyObject* submit_span(PyObject*, PyObject* const* arguments, Py_ssize_t count) {
  if (count != 7 || !PyList_Check(arguments[1]) || !PyList_Check(arguments[2])) {
    PyErr_SetString(PyExc_TypeError, "submit_span: see _core.pyi");
    return nullptr;
  }
  release_now();
  const SpanFacts facts{arguments[1], arguments[2], arguments[3],
                        arguments[4], arguments[5], arguments[6]};
  TapePointer tape = capture_span(arguments[0], facts, tape_of);
  if (!tape && PyErr_Occurred() != nullptr) return nullptr;
  return PyBool_FromLong(Sender::current().submit(Kind::span, std::move(tape)));
}

bool add_functions(PyObject* module) {
  static PyMethodDef functions[] = {
      // By way of void*: the type of a METH_FASTCALL function is another one.
      {"submit_span", reinterpret_cast<PyCFunction>(reinterpret_cast<void*>(submit_span)),
       METH_FASTCALL, nullptr},
      {nullptr, nullptr, 0, nullptr}};
  return PyModule_AddFunctions(module, functions) == 0;
}

bool interpreter_is_ending() {
#if PY_VERSION_HEX >= 0x030D0000
  return Py_IsFinalizing() != 0;
#else
  return _Py_IsFinalizing() != 0;
#endif
}

// `work` without the interpreter's lock. A thread that wants the lock back while the interpreter
// ends is ended by it on the spot, which C++ does not survive: such a thread stays here.
template <typename Work>
auto unlocked(Work work) {
  PyThreadState* const state = PyEval_SaveThread();
  auto result = work();
  while (interpreter_is_ending() && ::gettid() != ::getpid()) ::pause();
  PyEval_RestoreThread(state);
  return result;
}

bool flush(long long timeout_ms) {
  const bool done = unlocked([&] { return Sender::current().flush(in_ms(timeout_ms)); });
  release_now();
  return done;
}

bool shutdown(long long timeout_ms) {
  const bool done = unlocked([&] { return Sender::current().shutdown(in_ms(timeout_ms)); });
  release_now();
  return done;
}

nb::dict counts() {
  const Counts now = Sender::current().counts();
  nb::dict lost;
  for (std::size_t at = 0; at < kLossNames.size(); ++at) lost[kLossNames[at]] = now.lost[at];
  nb::dict all;
  all["submitted"] = now.submitted;
  all["recovered"] = now.recovered;
  all["sent"] = now.sent;
  all["acknowledged"] = now.acknowledged;
  all["queued"] = now.queued;
  all["spooled"] = now.spooled;
  all["lost"] = lost;
  all["requests"] = now.requests;
  all["retries"] = now.retries;
  nb::dict redacted;
  for (const auto& [rule, times] : now.redacted) redacted[rule.c_str()] = times;
  all["redacted"] = redacted;
  return all;
}

void after_fork_in_child() {
  Sender::current().after_fork_in_child();
  release_now();
}

nb::dict probe(const std::string& url, long long timeout_ms, const std::string& ca_file) {
  const std::optional<Url> parsed = parse_url(url);
  if (!parsed) throw nb::value_error("url: http(s)://host:port/path or unix:///path.socket");
  const Answer answer = unlocked([&] {
    return HttpClient(ca_file, nullptr).request("GET", *parsed, {}, {}, in_ms(timeout_ms));
  });
  nb::dict out;
  out["status"] = answer.status;
  out["body"] = nb::bytes(answer.body.data(), answer.body.size());
  out["error"] = nb::str(answer.error.data(), answer.error.size());
  return out;
}

std::string redact_trouble(nb::dict target) {
  const Redaction* const redaction = Redaction::of(target_of(target));
  return redaction == nullptr ? std::string() : redaction->trouble();
}

void refuse_subinterpreters() {
  if (PyInterpreterState_Get() == PyInterpreterState_Main()) return;
  throw nb::import_error("catalejo: sub-interpreters are not supported; the tracer is off here");
}

}  // namespace

NB_MODULE(_core, m) {
  refuse_subinterpreters();
  nb::set_leak_warnings(false);  // objects that live when the interpreter ends are no one's fault
  m.def(
      "configure", [](nb::dict target) { Sender::current().configure(target_of(target)); },
      nb::arg("target"));
  m.def("submit", submit, nb::arg("kind"), nb::arg("event").none());
  m.def("counts", counts);
  m.def("flush", flush, nb::arg("timeout_ms"));
  m.def("shutdown", shutdown, nb::arg("timeout_ms"));
  m.def("after_fork_in_child", after_fork_in_child);
  m.def("last_error", [] { return Sender::current().last_error(); });
  m.def("redact_trouble", redact_trouble, nb::arg("target"));
  m.def("route", [] { return Sender::current().route(); });
  m.def("probe", probe, nb::arg("url"), nb::arg("timeout_ms"), nb::arg("ca_file") = "");
  if (!add_functions(m.ptr()) || !add_chunk_types(m.ptr()) || !add_id_functions(m.ptr()) ||
      !add_span_type(m.ptr()) || !add_last_words(m.ptr()) || !add_answer_functions(m.ptr()) ||
      !add_call_type(m.ptr()) || !add_tape_type(m.ptr()) || !add_request_functions(m.ptr())) {
    throw nb::python_error();
  }
  m.def("_python_ends", python_ends);
  nb::module_::import_("atexit").attr("register")(m.attr("_python_ends"));
}

}  // namespace catalejo::tracer
