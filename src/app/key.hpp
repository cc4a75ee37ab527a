// `catalejo key create|list|revoke`: API keys of the agentless intake and the read API.
#pragma once

#include <string>

#include "app/settings.hpp"

namespace catalejo::app {

int key_create(const Settings& settings, const std::string& name, bool json);
int key_list(const Settings& settings, bool json);
int key_revoke(const Settings& settings, const std::string& id_or_name);

}  // namespace catalejo::app
