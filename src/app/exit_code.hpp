// What a command's exit code means; documented in docs/en/reference/command-line.md.
#pragma once

namespace catalejo::app {

enum ExitCode : int {
  exit_ok = 0,
  exit_failed = 1,       // tried and failed; the reason is on standard error
  exit_usage = 2,        // the command line is wrong
  exit_not_running = 3,  // no Catalejo answers at the address
  exit_config = 4,       // a setting is wrong or contradicts another
  exit_in_use = 5,       // a port, socket or data folder belongs to another process
};

}  // namespace catalejo::app
