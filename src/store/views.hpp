// Views of a list that somebody gave a name; everybody who uses the server sees them. In
// control.sqlite, its own connection. Thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"

namespace catalejo::store {

struct View {
  std::int64_t id = 0;
  std::string name;
  std::string path;    // of the page: "/traces"
  std::string query;   // as in its address, without "?": search, filters, columns, time, order
  std::string author;  // who wrote it last, as they call themselves; may be empty
  UnixNanos updated;
};

class Views {
 public:
  static Result<std::unique_ptr<Views>> open(const std::string& path);
  virtual ~Views() = default;

  virtual Result<std::vector<View>> list() = 0;  // by name
  // With an id, that view is changed (error not_found); without one, the view of the same name on
  // the same page is replaced. Gives the id. Error bad_request when it makes no sense.
  virtual Result<std::int64_t> put(View view) = 0;
  virtual Result<void> remove(std::int64_t id) = 0;  // error not_found
};

}  // namespace catalejo::store
