// The control plane in SQLite: API keys now; prompts, datasets, monitors and dashboards later.
// Keys are kept as SHA-256 with a prefix to show; the key itself is told once, when it is made.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"

namespace catalejo::store {

struct ApiKey {
  std::string id;  // "key_7f3a…", not secret
  std::string name;
  std::string last4;             // the last four characters of the key
  UnixNanos created, last_used;  // last_used 0 = never (kept to the minute)
  bool revoked = false;
};

struct NewApiKey {
  ApiKey key;
  std::string secret;  // 32 lower-case hex digits, the form Datadog's clients expect
};

class Control {
 public:
  static Result<std::unique_ptr<Control>> open(const std::string& path);
  virtual ~Control() = default;
  virtual Result<NewApiKey> create_key(const std::string& name) = 0;
  virtual Result<std::vector<ApiKey>> list_keys() = 0;
  // By id, or by name when it is unique. Error not_found.
  virtual Result<void> revoke_key(const std::string& id) = 0;
  // Thread-safe and cheap (keys are cached; another process's change is seen within a second).
  virtual std::optional<ApiKey> find_key(std::string_view secret) = 0;
  virtual bool has_keys() = 0;  // revoked ones too: what was once closed stays closed
};

}  // namespace catalejo::store
