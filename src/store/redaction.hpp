// What is to be taken out of texts before they are stored, as people told us. In control.sqlite,
// its own connection; every change is kept, so that it can be undone. Thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"

namespace catalejo::store {

struct RedactionRule {
  std::int64_t id = 0;
  std::string name;     // of an own pattern: what stands for it, "employee_number"
  std::string app;      // of ml_app or service, "*" within it stands for anything
  std::string target;   // "pii", "secrets", a rule of theirs ("card_number"), or "pattern"
  std::string pattern;  // with target "pattern": RE2
  std::string action;   // "mask", "hash", "drop", "keep"
  bool enabled = true;
};

// A rule as it was from then on.
struct RedactionVersion {
  std::int64_t seq = 0;
  RedactionRule rule;
  bool removed = false;
  std::string author;
  UnixNanos at;
};

class RedactionControl {
 public:
  static Result<std::unique_ptr<RedactionControl>> open(const std::string& path);
  virtual ~RedactionControl() = default;

  virtual Result<std::vector<RedactionRule>> rules() = 0;  // by id
  // Newest first.
  virtual Result<std::vector<RedactionVersion>> history(std::size_t versions_max) = 0;
  // Without an id a new rule. Gives the id. Error not_found, or bad_request when there are too
  // many.
  virtual Result<std::int64_t> put(RedactionRule rule, const std::string& author) = 0;
  virtual Result<void> remove(std::int64_t id, const std::string& author) = 0;
  // The rule becomes what it was before this version; one that this version made is removed.
  virtual Result<void> undo(std::int64_t seq, const std::string& author) = 0;
};

}  // namespace catalejo::store
