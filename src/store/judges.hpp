// Judges as people set them up, with every version that was published, and what they did and spent
// on a day. In control.sqlite, its own connection. Knows settings as text only
// (evaluate/judge/settings.hpp reads it). Thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"

namespace catalejo::store {

struct Judge {
  std::int64_t id = 0;
  std::string name;
  std::string draft;         // settings, JSON
  std::int64_t version = 0;  // that is published; 0 = none
  std::string published;     // its settings
  std::string author;        // who changed it last
  UnixNanos updated;
};

// By what: "calls", "tokens", "judged", a reason for which spans were not judged.
using JudgeAmounts = std::map<std::string, std::int64_t, std::less<>>;

class Judges {
 public:
  static Result<std::unique_ptr<Judges>> open(const std::string& path);
  virtual ~Judges() = default;

  virtual Result<std::vector<Judge>> all() = 0;  // by id
  virtual Result<Judge> find(std::int64_t id) = 0;
  // Without an id a new one. Gives the id. Errors: not_found; bad_request when another has the
  // name, or there are too many.
  virtual Result<std::int64_t> put(const Judge& judge) = 0;
  // The draft as a version, which is the newest one when nothing changed since. Gives its number.
  virtual Result<std::int64_t> publish(std::int64_t id, const std::string& author) = 0;
  virtual Result<void> unpublish(std::int64_t id, const std::string& author) = 0;
  // Its versions and amounts stay: evaluations name them.
  virtual Result<void> remove(std::int64_t id, const std::string& author) = 0;

  // By judge. `day` counts from 1970.
  virtual Result<std::map<std::int64_t, JudgeAmounts>> day(std::int64_t day) = 0;
  // In place of what was there.
  virtual Result<void> put_day(std::int64_t day,
                               const std::map<std::int64_t, JudgeAmounts>& amounts) = 0;
};

}  // namespace catalejo::store
