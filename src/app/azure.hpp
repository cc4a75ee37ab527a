// Azure Monitor as the settings ask for it, and `catalejo azure login|check|logout`.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "app/settings.hpp"
#include "azure/crawl/crawler.hpp"
#include "pipeline/pipeline.hpp"
#include "store/azure_control.hpp"

namespace catalejo::app {

// What the settings say of the login; Error config when half of it is there.
Result<azure::Login> azure_login_of(const Settings& settings);
azure::Endpoints azure_endpoints_of(const Settings& settings);

Result<std::unique_ptr<azure::Crawler>> open_azure(const Settings& settings,
                                                   store::AzureControl& control,
                                                   store::Store& store,
                                                   pipeline::Pipeline& pipeline, Counters& counters,
                                                   std::function<void()> on_points);

struct AzureOptions {
  std::string tenant, client;
  bool workload = false, managed = false;
  bool check = true;  // before the login is kept
};
// Asks for the secret where there is a terminal, else reads it from standard input: an argument
// would be seen by everyone on the machine.
int azure_login(const Settings& settings, const AzureOptions& options);
int azure_logout(const Settings& settings);
int azure_check(const Settings& settings);

}  // namespace catalejo::app
