// How to log in to Azure, how far its metrics are read, and what was found there. In
// control.sqlite, its own connection. Thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "model/azure.hpp"

namespace catalejo::store {

struct AzureLogin {
  std::string auth;  // "secret", "workload", "managed"; empty = none
  std::string tenant, client;
  std::string secret;  // goes to Azure and to nobody else
  std::string author;
  UnixNanos changed;  // 0 = never
};

// Every value of a metric before `through_s` was read, and is read again only because Azure may
// have changed it.
struct AzurePosition {
  std::string account;     // its id, in small letters
  std::string metric;      // by its REST name
  std::string dimensions;  // that it was read by, with commas between
  std::int64_t through_s = 0;
  std::int64_t since_s = 0;  // what lies before it was read by other dimensions
};

class AzureControl {
 public:
  static Result<std::unique_ptr<AzureControl>> open(const std::string& path);
  virtual ~AzureControl() = default;

  virtual Result<AzureLogin> login() = 0;
  // Error bad_request when something of it is missing.
  virtual Result<void> put_login(AzureLogin login) = 0;
  virtual Result<void> remove_login() = 0;

  virtual Result<std::vector<AzurePosition>> positions() = 0;
  virtual Result<void> put_positions(const std::vector<AzurePosition>& positions) = 0;

  virtual Result<model::AzureInventory> inventory() = 0;
  // What was found now. Of a deployment that is another model than before, and of one that is gone,
  // what it was stays, with the time at which that ended.
  virtual Result<void> put_inventory(const model::AzureInventory& found) = 0;

  // Another number after every change of login or deployments, whichever process made it.
  virtual std::int64_t version() = 0;
};

}  // namespace catalejo::store
