#include "base/task.hpp"

namespace catalejo {

Executor*& current_executor() {
  thread_local Executor* executor = nullptr;
  return executor;
}

}  // namespace catalejo
