#include "release.hpp"

#include <Python.h>

#include <atomic>
#include <mutex>
#include <vector>

namespace catalejo::tracer {
namespace {

struct List {
  std::mutex mutex;  // guards objects, asked, ended
  std::vector<void*> objects;
  std::atomic<bool> any{false};
  bool asked = false;
  bool ended = false;
};

// Never destroyed: the native thread may outlive static objects.
List& list() {
  static List* const only = new List;
  return *only;
}

int on_pending_call(void*) {
  {
    const std::lock_guard lock(list().mutex);
    list().asked = false;
  }
  release_now();
  return 0;
}

}  // namespace

void release_later(void* object) {
  const std::lock_guard lock(list().mutex);
  try {
    list().objects.push_back(object);
    list().any.store(true, std::memory_order_release);
  } catch (...) {
    return;  // no memory for the list: the object is kept for good, which harms nobody
  }
}

void release_now() {
  if (!list().any.load(std::memory_order_acquire)) return;
  std::vector<void*> objects;
  {
    const std::lock_guard lock(list().mutex);
    if (list().ended) return;
    objects.swap(list().objects);
    list().any.store(false, std::memory_order_release);
  }
  for (void* object : objects) Py_DECREF(static_cast<PyObject*>(object));
}

void ask_for_release() {
  const std::lock_guard lock(list().mutex);
  if (list().ended || list().asked || list().objects.empty()) return;
  list().asked = Py_AddPendingCall(on_pending_call, nullptr) == 0;
}

void call_later(int (*call)(void*)) {
  const std::lock_guard lock(list().mutex);
  if (!list().ended) static_cast<void>(Py_AddPendingCall(call, nullptr));
}

void python_ends() {
  const std::lock_guard lock(list().mutex);
  list().ended = true;
}

bool python_has_ended() {
  const std::lock_guard lock(list().mutex);
  return list().ended;
}

void lock_release_for_fork() {
  list().mutex.lock();
}
void unlock_release_after_fork() {
  list().mutex.unlock();
}

}  // namespace catalejo::tracer
