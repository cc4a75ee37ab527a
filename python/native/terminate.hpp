// SIGTERM, as a container is stopped by it, in a process that has no handler for it: what is queued
// is delivered first, within a bound, and then the process dies of the signal as it would have.
//
// The handler is the C library's alone: Python's `signal.getsignal` says SIG_DFL as before, a
// handler that the application has stays, and one that it sets later replaces ours.
#pragma once

namespace catalejo::tracer {

// Where SIGTERM has its default action; otherwise nothing. Called with each start of the thread.
void watch_sigterm();

}  // namespace catalejo::tracer
