// `catalejo env`: the exact variables an application needs to send here.
#pragma once

#include <string>

#include "app/settings.hpp"

namespace catalejo::app {

struct EnvOptions {
  bool agentless = false;
  bool serverless = false;
  std::string ml_app = "my-app";
  std::string format = "sh";  // sh, dotenv, powershell, json
};

int print_env(const Settings& settings, const EnvOptions& options);

}  // namespace catalejo::app
