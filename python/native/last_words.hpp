// What Python still has to say when SIGTERM ends a process that has no handler for it: the spans of
// streams that are open. Said by the native thread, which takes the interpreter's lock for it; only
// when the thread that the signal stopped does not have it, since that one waits for us.
#pragma once

#include <Python.h>

#include <atomic>
#include <cstdint>

namespace catalejo::tracer {

enum class Speech : std::uint8_t { none, asked_for, goes_on };

bool may_speak();                        // asked by the handler of the signal; async-signal-safe
void speak(std::atomic<Speech>& state);  // on the native thread; waits for the interpreter's lock

bool add_last_words(PyObject* module);  // `last_words(function)`

}  // namespace catalejo::tracer
