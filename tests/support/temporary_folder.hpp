// Files of a test: each test is a process of its own, and several run at once.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <stdexcept>
#include <string>
#include <system_error>

namespace catalejo {

// An empty folder of its own, removed with what is in it at the end.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    if (!::mkdtemp(path_.data())) throw std::runtime_error("cannot make " + path_);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  const std::string& path() const { return path_; }
  std::string file(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_ = (std::filesystem::temp_directory_path() / "catalejo-XXXXXX").string();
};

}  // namespace catalejo
