// Tokens of Entra ID for one login, kept until shortly before they expire. A token and a secret are
// never logged, counted or shown.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "azure/http.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace catalejo::azure {

enum class Auth {
  none,
  secret,    // an application and its client secret
  workload,  // an application and a token that this workload's platform writes into a file
  managed,   // the identity of the machine or of the App Service that this runs on
};
std::string_view auth_name(Auth auth);  // "", "secret", "workload", "managed"
std::optional<Auth> auth_of(std::string_view name);

struct Login {
  Auth auth = Auth::none;
  std::string tenant, client, secret;
  std::string token_file;
  bool operator==(const Login&) const = default;
};

// Where Azure is: the public cloud, another one, or a fake.
struct Endpoints {
  std::string authority = "https://login.microsoftonline.com";
  std::string management = "https://management.azure.com";
  std::string metrics = "https://{region}.metrics.monitor.azure.com";
  // What a token for metrics is asked for; of another cloud another one.
  std::string metrics_audience = "https://metrics.monitor.azure.com";
  std::string identity = "http://169.254.169.254/metadata/identity/oauth2/token";
  // Of App Service, where it says so in the environment (IDENTITY_ENDPOINT, IDENTITY_HEADER).
  std::string app_identity, app_identity_header;
};

struct Token {
  std::string value;
  UnixNanos expires;
};

// {"access_token":…,"expires_in":3599} of Entra ID, {"expires_on":"1700000000"} of a managed
// identity; numbers may be texts. Error "malformed".
Result<Token> read_token(std::string_view body, UnixNanos now);

// From one thread at a time.
class Tokens {
 public:
  Tokens(Login login, Endpoints endpoints, Http& http)
      : login_(std::move(login)), endpoints_(std::move(endpoints)), http_(http) {}

  // For what is at "https://management.azure.com". Errors are of problem.hpp.
  Result<std::string> get(const std::string& audience);
  // It was not accepted: the next get() asks anew.
  void forget(const std::string& audience) { kept_.erase(audience); }

  const Login& login() const { return login_; }

 private:
  Result<Token> fetch(const std::string& audience);
  Result<net::ClientResponse> ask_entra(const std::string& audience, const std::string& proof);
  Result<net::ClientResponse> ask_identity(const std::string& audience);

  const Login login_;
  const Endpoints endpoints_;
  Http& http_;
  struct Kept {
    std::string value;
    UnixNanos renew;  // from when on it is not used any more
  };
  std::map<std::string, Kept> kept_;
};

}  // namespace catalejo::azure
