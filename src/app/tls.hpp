// `catalejo tls init`: a private certificate authority and a server certificate for every host
// name that clients build from DD_SITE, so that unmodified agentless clients trust this server.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/settings.hpp"
#include "base/result.hpp"

namespace catalejo::app {

struct TlsSite {
  std::string domain;  // "catalejo.internal"
};

// The names a client of the original calls for a site: "llmobs-intake.SITE", "api.SITE",
// "browser-intake-<site with dashes>", … (as measured; docs/en/how-to/agentless.md).
std::vector<std::string> site_host_names(const std::string& domain);

// The site the certificate in `tls_dir` was made for, when there is one.
std::optional<TlsSite> read_site(const std::string& tls_dir);

struct TlsInitOptions {
  std::string site = "catalejo.internal";
  std::vector<std::string> more_names;  // DNS names or addresses
  int days = 825;
  bool force = false;  // replace an existing authority
};

int tls_init(const Settings& settings, const TlsInitOptions& options);

}  // namespace catalejo::app
