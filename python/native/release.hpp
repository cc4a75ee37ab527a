// References to Python objects that threads without the interpreter's lock have finished with. They
// are given back by the next thread that has the lock, or by a pending call that the interpreter is
// asked to make; never after the interpreter has ended. Their number is bounded by the queue that
// they were in.
#pragma once

namespace catalejo::tracer {

void release_later(void* object);  // any thread; never fails, at worst the object lives on
void release_now();                // needs the interpreter's lock; nearly free when there is none
void ask_for_release();            // any thread: a pending call, when something waits
void call_later(int (*call)(void*));  // on the interpreter's main thread, unless it has ended
void python_ends();                   // from now on the interpreter is left alone
bool python_has_ended();

// Around fork(), so that no lock of this file is held by a thread that the child does not have.
void lock_release_for_fork();
void unlock_release_after_fork();

}  // namespace catalejo::tracer
