// What the login sees in Azure: subscriptions, accounts, deployments. What cannot be read is as it
// was before, and is told.
#pragma once

#include "azure/api.hpp"
#include "azure/crawl/problems.hpp"
#include "model/azure.hpp"

namespace catalejo::azure {

// Error when nothing can be said: no token, no list of subscriptions.
Result<model::AzureInventory> discover(Api& api, const model::AzureInventory& before,
                                       Problems& problems);

// Whether accounts of this kind have deployments of models.
bool deploys_models(std::string_view kind);

}  // namespace catalejo::azure
