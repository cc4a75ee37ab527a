// The part of the control plane that is about money: which model a deployment is, and own prices.
// The same file as the keys, its own connection. Thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "model/price.hpp"

namespace catalejo::store {

class PriceControl {
 public:
  static Result<std::unique_ptr<PriceControl>> open(const std::string& path);
  virtual ~PriceControl() = default;

  virtual Result<std::vector<model::DeploymentMapping>> deployments() = 0;
  virtual Result<std::vector<model::OwnPrice>> prices() = 0;
  // What holds for the same deployment and resource (or model and type): of the same validity it is
  // replaced, an older one ends where the new one begins, any other overlap is bad_request.
  // Gives the new id.
  virtual Result<std::int64_t> put_deployment(model::DeploymentMapping mapping) = 0;
  virtual Result<std::int64_t> put_price(model::OwnPrice price) = 0;
  // Error not_found.
  virtual Result<void> remove_deployment(std::int64_t id) = 0;
  virtual Result<void> remove_price(std::int64_t id) = 0;
  // Another number after every change, whichever process made it.
  virtual std::int64_t version() = 0;
};

}  // namespace catalejo::store
