// What of Azure a user may see: subscriptions, the accounts of Cognitive Services in them, and the
// deployments of models in those.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.hpp"
#include "model/price.hpp"

namespace catalejo::model {

struct AzureSubscription {
  std::string id, name;
};

struct AzureAccount {
  std::string id;  // "/subscriptions/…/resourceGroups/…/providers/…/accounts/contoso-eu"
  std::string name, resource_group, subscription, region;
  std::string kind;      // "OpenAI", "AIServices"
  std::string sku;       // "S0"
  std::string resource;  // first label of the host that it is called at: "contoso-eu"
  std::vector<std::pair<std::string, std::string>> tags;  // of the user's
};

struct AzureDeployment {
  std::string account;   // its id
  std::string resource;  // of the account
  std::string name;
  std::string model, version;
  std::string sku;  // "GlobalStandard", "ProvisionedManaged"
  std::int64_t capacity = 0;
  std::int64_t requests_per_minute = 0, tokens_per_minute = 0;  // 0 = not said
  std::string spillover;  // the deployment that takes what is too much for it
  std::string state;      // "Succeeded"
  Validity validity;      // since when it is this model, and until when
};

struct AzureInventory {
  std::vector<AzureSubscription> subscriptions;
  std::vector<AzureAccount> accounts;
  std::vector<AzureDeployment> deployments;
  UnixNanos read;  // 0 = never
};

// How what is deployed so is billed. nullopt when this name of Azure's is not known.
constexpr std::optional<DeploymentType> deployment_type_of_sku(std::string_view sku) {
  if (sku.ends_with("ProvisionedManaged")) return DeploymentType::provisioned;
  if (sku == "GlobalStandard") return DeploymentType::global;
  if (sku == "DataZoneStandard") return DeploymentType::data_zone;
  if (sku == "Standard") return DeploymentType::regional;
  if (sku == "GlobalBatch") return DeploymentType::global_batch;
  if (sku == "DataZoneBatch") return DeploymentType::data_zone_batch;
  return std::nullopt;
}

}  // namespace catalejo::model
