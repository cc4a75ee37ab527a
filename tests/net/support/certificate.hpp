// A self-signed certificate for 127.0.0.1 and localhost, made when the test runs.
#pragma once

#include <string>

#include "net/server.hpp"

namespace catalejo::net::testing {

// Two PEM files in `directory`.
TlsFiles make_certificate(const std::string& directory);

// An empty directory of its own, removed with its content at the end.
class TemporaryDirectory {
 public:
  TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  ~TemporaryDirectory();
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace catalejo::net::testing
