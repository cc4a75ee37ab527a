// Held around each short call that must not be cut in two by a fork() of another thread: opening
// and closing files, and calls into OpenSSL, whose locks the child could never take again.
#pragma once

#include <mutex>

namespace catalejo::tracer {

std::mutex& fork_gate();

}  // namespace catalejo::tracer
