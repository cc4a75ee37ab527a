// Control on SQLite. One connection behind a mutex: the tables are small and the calls rare. Keys
// are looked up in a cache by hash; another process's change shows in `PRAGMA data_version`, which
// is asked at most once a second.
#include "store/control.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <map>
#include <mutex>

#include "store/control/sqlite.hpp"

namespace catalejo::store {
namespace {

constexpr std::int64_t kCacheNanos = kNanosPerSecond;
constexpr std::int64_t kLastUsedNanos = 60 * kNanosPerSecond;

std::string sha256(std::string_view text) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  CATALEJO_INVARIANT(EVP_Digest(text.data(), text.size(), digest, &size, EVP_sha256(), nullptr) ==
                     1);
  return {reinterpret_cast<char*>(digest), size};
}

ApiKey read_key(const Statement& row) {
  return {.id = row.text(0),
          .name = row.text(1),
          .last4 = row.text(2),
          .created = {row.number(3)},
          .last_used = {row.number(4)},
          .revoked = row.number(5) != 0};
}

constexpr const char* kKeyColumns =
    "SELECT id, name, last4, created_ns, last_used_ns, revoked_ns, sha256 FROM api_keys";

class SqliteControl : public Control {
 public:
  explicit SqliteControl(Database database) : database_(std::move(database)) {}

  Result<NewApiKey> create_key(const std::string& name) override;
  Result<std::vector<ApiKey>> list_keys() override;
  Result<void> revoke_key(const std::string& id) override;
  std::optional<ApiKey> find_key(std::string_view secret) override;
  bool has_keys() override;

 private:
  void refresh_cache();  // mutex_ is held
  void note_use(ApiKey& key);

  std::mutex mutex_;  // guards the members below
  Database database_;
  std::map<std::string, ApiKey, std::less<>> active_;  // by SHA-256
  bool any_key_ = false;
  std::int64_t checked_ns_ = 0, version_ = -1;
};

Result<NewApiKey> SqliteControl::create_key(const std::string& name) {
  if (name.empty() || name.size() > 200)
    return Error{Code::bad_request, "a key's name has 1 to 200 characters", "name"};
  NewApiKey made;
  made.secret = random_hex(16);
  made.key = {.id = "key_" + random_hex(6),
              .name = name,
              .last4 = made.secret.substr(28),
              .created = now(),
              .last_used = {},
              .revoked = false};
  const std::lock_guard lock(mutex_);
  Statement insert(database_.get(),
                   "INSERT INTO api_keys (id, name, sha256, last4, created_ns) VALUES (?,?,?,?,?)");
  insert.bind(1, made.key.id).bind(2, name).bind_blob(3, sha256(made.secret));
  insert.bind(4, made.key.last4).bind(5, made.key.created.value).step();
  CATALEJO_TRY(insert.result());
  checked_ns_ = 0;
  version_ = -1;
  return made;
}

Result<std::vector<ApiKey>> SqliteControl::list_keys() {
  const std::lock_guard lock(mutex_);
  Statement select(database_.get(), fmt::format("{} ORDER BY created_ns", kKeyColumns).c_str());
  std::vector<ApiKey> keys;
  while (select.step()) keys.push_back(read_key(select));
  CATALEJO_TRY(select.result());
  return keys;
}

Result<void> SqliteControl::revoke_key(const std::string& id) {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> ids;
  {
    Statement select(database_.get(),
                     "SELECT id FROM api_keys WHERE revoked_ns = 0 AND (id = ?1 OR name = ?1)");
    select.bind(1, id);
    while (select.step()) ids.push_back(select.text(0));
    CATALEJO_TRY(select.result());
  }
  if (ids.empty())
    return Error{Code::not_found, "no active key has this id or name; see `catalejo key list`", id};
  if (ids.size() > 1) {
    return Error{Code::bad_request,
                 fmt::format("{} keys have this name; name one by its id", ids.size()), id};
  }
  Statement update(database_.get(), "UPDATE api_keys SET revoked_ns = ? WHERE id = ?");
  update.bind(1, now().value).bind(2, ids[0]).step();
  version_ = -1;
  checked_ns_ = 0;
  return update.result();
}

void SqliteControl::refresh_cache() {
  const std::int64_t at = steady_now_nanos();
  if (version_ >= 0 && at - checked_ns_ < kCacheNanos) return;
  checked_ns_ = at;
  Statement version(database_.get(), "PRAGMA data_version");
  const std::int64_t seen = version.step() ? version.number(0) : -1;
  if (seen == version_) return;
  std::map<std::string, ApiKey, std::less<>> fresh;
  bool any = false;
  Statement select(database_.get(), kKeyColumns);
  while (select.step()) {
    any = true;
    if (ApiKey key = read_key(select); !key.revoked) fresh.emplace(select.text(6), std::move(key));
  }
  // A failed read keeps the old keys: refusing every client would be worse than a late revocation.
  if (!select.result()) return;
  any_key_ = any;
  active_ = std::move(fresh);
  version_ = seen;
}

void SqliteControl::note_use(ApiKey& key) {
  const UnixNanos at = now();
  if (at.value - key.last_used.value < kLastUsedNanos) return;
  key.last_used = at;
  Statement update(database_.get(), "UPDATE api_keys SET last_used_ns = ? WHERE id = ?");
  update.bind(1, at.value).bind(2, key.id).step();
}

std::optional<ApiKey> SqliteControl::find_key(std::string_view secret) {
  if (secret.empty()) return std::nullopt;
  const std::string hash = sha256(secret);
  const std::lock_guard lock(mutex_);
  refresh_cache();
  const auto found = active_.find(hash);
  if (found == active_.end()) return std::nullopt;
  note_use(found->second);
  return found->second;
}

bool SqliteControl::has_keys() {
  const std::lock_guard lock(mutex_);
  refresh_cache();
  return any_key_;
}

}  // namespace

Result<std::unique_ptr<Control>> Control::open(const std::string& path) {
  auto database = open_database(path);
  if (!database) return database.error();
  return std::unique_ptr<Control>(std::make_unique<SqliteControl>(std::move(*database)));
}

}  // namespace catalejo::store
