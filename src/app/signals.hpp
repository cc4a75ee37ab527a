// SIGINT and SIGTERM: taken by one who waits for them.
#pragma once

namespace catalejo::app {

// Must run before any thread starts.
void block_signals();
// Until one of them comes. A second one ends the process.
void wait_for_stop();

}  // namespace catalejo::app
