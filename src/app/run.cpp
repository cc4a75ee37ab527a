#include "app/run.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "app/exit_code.hpp"

namespace catalejo::app {
namespace {

// What shells answer for a command that is not there.
constexpr int kExitNotFound = 127;

// The working directory is no place to look for a package, so it leaves sys.path first.
constexpr const char* kProgram = R"(import sys
del sys.path[0]
try:
    from catalejo.cli import main
except ImportError:
    sys.exit("catalejo: the tracer is not installed for " + sys.executable + "; install it with: "
             + sys.executable + " -m pip install PATH_OF_CATALEJO'S_REPOSITORY")
sys.exit(main(["run"] + sys.argv[1:]))
)";

}  // namespace

std::string python_of_environment() {
  if (const char* home = std::getenv("VIRTUAL_ENV"); home != nullptr && *home != '\0') {
    std::string python = fmt::format("{}/bin/python", home);
    if (::access(python.c_str(), X_OK) == 0) return python;
  }
  return "python3";
}

int run_traced(std::span<char* const> arguments) {
  std::string python = python_of_environment();
  std::string flag = "-c", program = kProgram;
  std::vector<char*> words{python.data(), flag.data(), program.data()};
  words.insert(words.end(), arguments.begin(), arguments.end());
  words.push_back(nullptr);
  ::execvp(python.c_str(), words.data());
  const int reason = errno;
  fmt::print(stderr, "catalejo run: {}: {}; the tracer needs Python 3.9 or newer\n", python,
             std::strerror(reason));
  return reason == ENOENT ? kExitNotFound : exit_failed;
}

}  // namespace catalejo::app
