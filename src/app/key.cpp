#include "app/key.hpp"

#include <fmt/format.h>

#include "app/exit_code.hpp"
#include "base/file.hpp"
#include "codec/json_writer.hpp"
#include "store/control.hpp"

namespace catalejo::app {
namespace {

int failed(const Error& error) {
  fmt::print(stderr, "catalejo: {}\n", to_string(error));
  return exit_failed;
}

Result<std::unique_ptr<store::Control>> open_control(const Settings& settings) {
  CATALEJO_TRY(make_directories(settings.data_dir));
  return store::Control::open(settings.control_path());
}

// To the second.
std::string when(UnixNanos time) {
  if (time.value == 0) return "never";
  return to_rfc3339({time.value / kNanosPerSecond * kNanosPerSecond});
}

}  // namespace

int key_create(const Settings& settings, const std::string& name, bool json) {
  auto control = open_control(settings);
  if (!control) return failed(control.error());
  auto made = (*control)->create_key(name);
  if (!made) return failed(made.error());
  if (json) {
    fmt::print("{{\"id\":{},\"name\":{},\"key\":{}}}\n", codec::json_quoted(made->key.id),
               codec::json_quoted(made->key.name), codec::json_quoted(made->secret));
    return exit_ok;
  }
  // The key alone on standard output, so that DD_API_KEY=$(catalejo key create app) works.
  fmt::print("{}\n", made->secret);
  fmt::print(stderr,
             "Key \"{}\" ({}) made. It is shown this once: only a hash of it is kept.\n"
             "From now on the agentless intake and the page ask for a key.\n",
             made->key.name, made->key.id);
  return exit_ok;
}

int key_list(const Settings& settings, bool json) {
  auto control = open_control(settings);
  if (!control) return failed(control.error());
  auto keys = (*control)->list_keys();
  if (!keys) return failed(keys.error());
  if (json) {
    std::string text = "[";
    for (const store::ApiKey& key : *keys) {
      if (text.size() > 1) text += ',';
      text += fmt::format(
          "{{\"id\":{},\"name\":{},\"last4\":{},\"created\":\"{}\",\"last_used\":\"{}\","
          "\"revoked\":{}}}",
          codec::json_quoted(key.id), codec::json_quoted(key.name), codec::json_quoted(key.last4),
          when(key.created), when(key.last_used), key.revoked);
    }
    fmt::print("{}]\n", text);
    return exit_ok;
  }
  if (keys->empty()) {
    fmt::print("No keys. On loopback none is needed; make one with: catalejo key create NAME\n");
    return exit_ok;
  }
  fmt::print("{:<22} {:<20} {:<9} {:<21} {:<21} {}\n", "ID", "NAME", "KEY", "CREATED", "LAST USED",
             "STATE");
  for (const store::ApiKey& key : *keys) {
    fmt::print("{:<22} {:<20} …{:<8} {:<21} {:<21} {}\n", key.id, key.name, key.last4,
               when(key.created), when(key.last_used), key.revoked ? "revoked" : "active");
  }
  return exit_ok;
}

int key_revoke(const Settings& settings, const std::string& id_or_name) {
  auto control = open_control(settings);
  if (!control) return failed(control.error());
  if (auto revoked = (*control)->revoke_key(id_or_name); !revoked) return failed(revoked.error());
  fmt::print("Key \"{}\" revoked; a running server refuses it within a second.\n", id_or_name);
  return exit_ok;
}

}  // namespace catalejo::app
