// Dashboards as they were given, whole: what this version does not draw is kept as well. In
// control.sqlite, its own connection. Thread-safe.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"

namespace catalejo::store {

// A removed one can be brought back for so long.
inline constexpr int kDashboardRemovedDays = 30;

struct Dashboard {
  std::string id;      // "abc-def-ghi"; empty: a new one
  std::string title;   // stands in the body too
  std::string layout;  // "ordered" or "free"
  std::string body;    // a JSON object without what the server says: id, author, times, address
  std::string author;  // of its first version
  UnixNanos created, modified;
};

class Dashboards {
 public:
  static Result<std::unique_ptr<Dashboards>> open(const std::string& path);
  virtual ~Dashboards() = default;

  virtual Result<std::vector<Dashboard>> list() = 0;         // by title, without bodies
  virtual Result<Dashboard> get(const std::string& id) = 0;  // error not_found
  // As it is kept. Errors: bad_request when it makes no sense, not_found for an id that is not
  // here.
  virtual Result<Dashboard> put(Dashboard dashboard) = 0;
  virtual Result<void> remove(const std::string& id) = 0;  // error not_found
  // Brings a removed one back, as it was, under its own id; one that is there stays as it is.
  // Errors: not_found, also when it was removed more than kDashboardRemovedDays ago.
  virtual Result<void> restore(const std::string& id) = 0;
};

}  // namespace catalejo::store
