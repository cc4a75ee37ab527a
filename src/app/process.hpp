// What a process that serves does with itself: its signals, its memory.
#pragma once

namespace catalejo::app {

// SIGINT and SIGTERM are taken by wait_for_stop() alone; must run before any thread starts.
void block_signals();

// Bodies and rows of some hundred KB come and go. With glibc's defaults their pages go back to the
// kernel each time and are cleared anew: a tenth of the CPU of an ingest. What is kept here instead
// is given back when the log has been idle for a while (LogWriter).
void keep_freed_memory();

// Until SIGINT or SIGTERM; a second one then ends the process at once.
void wait_for_stop();

}  // namespace catalejo::app
