// `catalejo price list|set|unset|check` and `catalejo deployment map|unmap|list`: what models cost
// and what deployments are. They write the control plane; a running server sees it within a second.
#pragma once

#include <string>

#include "app/settings.hpp"

namespace catalejo::app {

struct PriceOptions {
  std::string model, type, from, to, note;
  // Dollars per million tokens, as text; empty = not given.
  std::string input, cached_input, cache_write, output, audio_input, audio_output;
  std::string id;    // of an entry, to remove
  std::string file;  // to check; empty = the one in use
  bool own = false;  // list own prices only
  bool json = false;
};
int price_list(const Settings& settings, const PriceOptions& options);
int price_set(const Settings& settings, const PriceOptions& options);
int price_unset(const Settings& settings, const PriceOptions& options);
int price_check(const Settings& settings, const PriceOptions& options);

struct DeploymentOptions {
  std::string deployment, model, resource, type = "global", monthly_usd, from, to;
  std::string id;
  bool json = false;
};
int deployment_list(const Settings& settings, const DeploymentOptions& options);
int deployment_map(const Settings& settings, const DeploymentOptions& options);
int deployment_unmap(const Settings& settings, const DeploymentOptions& options);

}  // namespace catalejo::app
