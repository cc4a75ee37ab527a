// libchdb behind a small wrapper: opened with dlopen, its functions found by name, its results
// turned into strings. The library carries no header; these are the signatures of version 26.7.
// One Engine per process; a Connection is used by one thread at a time.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace catalejo::store {

// The exception text of the engine, "Code: 60. DB::Exception: …", stands in Error::message.
using Parameters = std::vector<std::pair<std::string, std::string>>;

struct ChdbFunctions;

class InsertStream {
 public:
  InsertStream(const ChdbFunctions& functions, void* stream)
      : functions_(functions), stream_(stream) {}
  InsertStream(const InsertStream&) = delete;
  InsertStream& operator=(const InsertStream&) = delete;
  ~InsertStream();  // cancels when finish() was not called
  Result<void> append(std::string_view bytes);
  Result<void> finish();

 private:
  const ChdbFunctions& functions_;
  void* stream_;
  bool finished_ = false;
};

class Connection {
 public:
  Connection(const ChdbFunctions& functions, void** connection)
      : functions_(functions), connection_(connection) {}
  // The body in `format` (used when the SQL names none).
  Result<std::string> query(std::string_view sql, std::string_view format,
                            const Parameters& parameters);
  // `sql` without its FORMAT: "INSERT INTO t (a, b) SETTINGS x=1".
  Result<std::unique_ptr<InsertStream>> insert(std::string_view sql, std::string_view format);

 private:
  const ChdbFunctions& functions_;
  void** connection_;  // never closed: see Engine
};

class Engine {
 public:
  // Loads the library and opens the database in `path`.
  static Result<std::unique_ptr<Engine>> open(const std::string& library, const std::string& path,
                                              const std::string& config_file);
  ~Engine();
  Result<std::unique_ptr<Connection>> connect();
  const std::string& version() const { return version_; }

 private:
  Engine();
  std::unique_ptr<ChdbFunctions> functions_;
  std::vector<std::string> arguments_;
  std::string version_;
};

}  // namespace catalejo::store
