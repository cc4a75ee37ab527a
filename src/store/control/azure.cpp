#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <set>

#include "base/limits.hpp"
#include "store/azure_control.hpp"
#include "store/control/sqlite.hpp"

namespace catalejo::store {
namespace {

using model::AzureAccount;
using model::AzureDeployment;
using model::AzureInventory;

constexpr const char* kDeployments =
    "SELECT account, resource, name, model, version, sku, capacity, requests_per_minute, "
    "tokens_per_minute, spillover, state, from_ns, to_ns FROM azure_deployments "
    "ORDER BY account, name, from_ns";

// A tag's key and value as two lines each; neither holds one in Azure.
std::string packed(const std::vector<std::pair<std::string, std::string>>& tags) {
  std::string text;
  for (const auto& [key, value] : tags) text += fmt::format("{}\n{}\n", key, value);
  return text;
}

std::vector<std::pair<std::string, std::string>> unpacked(std::string_view text) {
  std::vector<std::pair<std::string, std::string>> tags;
  const auto line = [&] {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string taken(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    return taken;
  };
  while (!text.empty()) {
    std::string key = line();
    tags.emplace_back(std::move(key), line());
  }
  return tags;
}

Result<void> check(const AzureLogin& login) {
  const bool secret = login.auth == "secret", workload = login.auth == "workload";
  if (!secret && !workload && login.auth != "managed")
    return bad("auth", "must be secret, workload or managed");
  for (const auto& [name, text] :
       {std::pair{"tenant", &login.tenant}, {"client", &login.client}, {"secret", &login.secret}})
    CATALEJO_TRY(check_length(name, *text, limits::azure_login_bytes_max));
  if (secret && login.tenant.empty()) return bad("tenant", "is missing");
  if (secret && login.client.empty()) return bad("client", "is missing");
  if (secret && login.secret.empty()) return bad("secret", "is missing");
  return {};
}

class SqliteAzureControl : public AzureControl {
 public:
  explicit SqliteAzureControl(Database database) : database_(std::move(database)) {}

  Result<AzureLogin> login() override;
  Result<void> put_login(AzureLogin login) override;
  Result<void> remove_login() override;
  Result<std::vector<AzurePosition>> positions() override;
  Result<void> put_positions(const std::vector<AzurePosition>& positions) override;
  Result<AzureInventory> inventory() override;
  Result<void> put_inventory(const AzureInventory& found) override;
  std::int64_t version() override;

 private:
  // mutex_ is held; of put_inventory() inside a transaction.
  Result<std::vector<AzureDeployment>> deployments();
  Result<void> replace_accounts(const AzureInventory& found);
  Result<void> end_deployment(const AzureDeployment& known, UnixNanos at);
  Result<void> insert_deployment(const AzureDeployment& deployment);
  Result<void> update_deployment(const AzureDeployment& deployment);
  Result<void> replace_deployments(const AzureInventory& found);

  std::mutex mutex_;  // guards the members below
  Database database_;
  std::int64_t own_changes_ = 0;
};

Result<AzureLogin> SqliteAzureControl::login() {
  const std::lock_guard lock(mutex_);
  Statement row(database_.get(),
                "SELECT auth, tenant, client, secret, author, changed_ns FROM azure_login");
  AzureLogin login;
  if (row.step())
    login = {.auth = row.text(0),
             .tenant = row.text(1),
             .client = row.text(2),
             .secret = row.text(3),
             .author = row.text(4),
             .changed = {row.number(5)}};
  CATALEJO_TRY(row.result());
  return login;
}

Result<void> SqliteAzureControl::put_login(AzureLogin login) {
  CATALEJO_TRY(check(login));
  const std::lock_guard lock(mutex_);
  Statement put(database_.get(),
                "INSERT OR REPLACE INTO azure_login (id, auth, tenant, client, secret, author, "
                "changed_ns) VALUES (1,?,?,?,?,?,?)");
  put.bind(1, login.auth).bind(2, login.tenant).bind(3, login.client).bind(4, login.secret);
  put.bind(5, login.author).bind(6, now().value).step();
  CATALEJO_TRY(put.result());
  ++own_changes_;
  return {};
}

Result<void> SqliteAzureControl::remove_login() {
  const std::lock_guard lock(mutex_);
  CATALEJO_TRY(execute(database_.get(), "DELETE FROM azure_login"));
  ++own_changes_;
  return {};
}

Result<std::vector<AzurePosition>> SqliteAzureControl::positions() {
  const std::lock_guard lock(mutex_);
  Statement row(database_.get(),
                "SELECT account, metric, dimensions, through_s, since_s FROM azure_positions");
  std::vector<AzurePosition> all;
  while (row.step())
    all.push_back({row.text(0), row.text(1), row.text(2), row.number(3), row.number(4)});
  CATALEJO_TRY(row.result());
  return all;
}

Result<void> SqliteAzureControl::put_positions(const std::vector<AzurePosition>& positions) {
  const std::lock_guard lock(mutex_);
  return transact(database_.get(), [&]() -> Result<void> {
    for (const AzurePosition& position : positions) {
      Statement put(database_.get(),
                    "INSERT OR REPLACE INTO azure_positions (account, metric, dimensions, "
                    "through_s, since_s) VALUES (?,?,?,?,?)");
      put.bind(1, position.account).bind(2, position.metric).bind(3, position.dimensions);
      put.bind(4, position.through_s).bind(5, position.since_s).step();
      CATALEJO_TRY(put.result());
    }
    return {};
  });
}

Result<std::vector<AzureDeployment>> SqliteAzureControl::deployments() {
  Statement row(database_.get(), kDeployments);
  std::vector<AzureDeployment> all;
  while (row.step())
    all.push_back({.account = row.text(0),
                   .resource = row.text(1),
                   .name = row.text(2),
                   .model = row.text(3),
                   .version = row.text(4),
                   .sku = row.text(5),
                   .capacity = row.number(6),
                   .requests_per_minute = row.number(7),
                   .tokens_per_minute = row.number(8),
                   .spillover = row.text(9),
                   .state = row.text(10),
                   .validity = {{row.number(11)}, {row.number(12)}}});
  CATALEJO_TRY(row.result());
  return all;
}

Result<AzureInventory> SqliteAzureControl::inventory() {
  const std::lock_guard lock(mutex_);
  AzureInventory all;
  Statement subscription(database_.get(), "SELECT id, name FROM azure_subscriptions ORDER BY name");
  while (subscription.step())
    all.subscriptions.push_back({subscription.text(0), subscription.text(1)});
  CATALEJO_TRY(subscription.result());
  Statement account(database_.get(),
                    "SELECT id, name, resource_group, subscription, region, kind, sku, resource, "
                    "tags FROM azure_accounts ORDER BY name, id");
  while (account.step())
    all.accounts.push_back({.id = account.text(0),
                            .name = account.text(1),
                            .resource_group = account.text(2),
                            .subscription = account.text(3),
                            .region = account.text(4),
                            .kind = account.text(5),
                            .sku = account.text(6),
                            .resource = account.text(7),
                            .tags = unpacked(account.text(8))});
  CATALEJO_TRY(account.result());
  auto found = deployments();
  if (!found) return found.error();
  all.deployments = *std::move(found);
  Statement read(database_.get(), "SELECT at_ns FROM azure_read");
  if (read.step()) all.read = {read.number(0)};
  CATALEJO_TRY(read.result());
  return all;
}

Result<void> SqliteAzureControl::replace_accounts(const AzureInventory& found) {
  CATALEJO_TRY(execute(database_.get(), "DELETE FROM azure_subscriptions"));
  CATALEJO_TRY(execute(database_.get(), "DELETE FROM azure_accounts"));
  for (const model::AzureSubscription& subscription : found.subscriptions) {
    Statement put(database_.get(),
                  "INSERT OR REPLACE INTO azure_subscriptions (id, name) VALUES (?,?)");
    put.bind(1, subscription.id).bind(2, subscription.name).step();
    CATALEJO_TRY(put.result());
  }
  for (const AzureAccount& account : found.accounts) {
    Statement put(database_.get(),
                  "INSERT OR REPLACE INTO azure_accounts (id, name, resource_group, subscription, "
                  "region, kind, sku, resource, tags) VALUES (?,?,?,?,?,?,?,?,?)");
    put.bind(1, account.id).bind(2, account.name).bind(3, account.resource_group);
    put.bind(4, account.subscription).bind(5, account.region).bind(6, account.kind);
    put.bind(7, account.sku).bind(8, account.resource).bind(9, packed(account.tags)).step();
    CATALEJO_TRY(put.result());
  }
  Statement read(database_.get(), "INSERT OR REPLACE INTO azure_read (id, at_ns) VALUES (1,?)");
  read.bind(1, found.read.value).step();
  return read.result();
}

Result<void> SqliteAzureControl::end_deployment(const AzureDeployment& known, UnixNanos at) {
  ++own_changes_;
  Statement end(database_.get(),
                "UPDATE azure_deployments SET to_ns = ? WHERE account = ? AND name = ? AND to_ns = "
                "?");
  end.bind(1, at.value).bind(2, known.account).bind(3, known.name).bind(4, INT64_MAX).step();
  return end.result();
}

Result<void> SqliteAzureControl::insert_deployment(const AzureDeployment& deployment) {
  ++own_changes_;
  Statement put(database_.get(),
                "INSERT INTO azure_deployments (account, resource, name, model, version, sku, "
                "capacity, requests_per_minute, tokens_per_minute, spillover, state, from_ns, "
                "to_ns) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)");
  put.bind(1, deployment.account).bind(2, deployment.resource).bind(3, deployment.name);
  put.bind(4, deployment.model).bind(5, deployment.version).bind(6, deployment.sku);
  put.bind(7, deployment.capacity).bind(8, deployment.requests_per_minute);
  put.bind(9, deployment.tokens_per_minute).bind(10, deployment.spillover);
  put.bind(11, deployment.state).bind(12, deployment.validity.from.value);
  put.bind(13, deployment.validity.to.value).step();
  return put.result();
}

Result<void> SqliteAzureControl::update_deployment(const AzureDeployment& deployment) {
  Statement put(database_.get(),
                "UPDATE azure_deployments SET resource = ?, capacity = ?, requests_per_minute = ?, "
                "tokens_per_minute = ?, spillover = ?, state = ? WHERE account = ? AND name = ? "
                "AND to_ns = ?");
  put.bind(1, deployment.resource).bind(2, deployment.capacity);
  put.bind(3, deployment.requests_per_minute).bind(4, deployment.tokens_per_minute);
  put.bind(5, deployment.spillover).bind(6, deployment.state).bind(7, deployment.account);
  put.bind(8, deployment.name).bind(9, INT64_MAX).step();
  return put.result();
}

Result<void> SqliteAzureControl::replace_deployments(const AzureInventory& found) {
  auto known = deployments();
  if (!known) return known.error();
  std::map<std::pair<std::string, std::string>, const AzureDeployment*> open;
  std::set<std::pair<std::string, std::string>> ever, seen;
  for (const AzureDeployment& deployment : *known) {
    ever.emplace(deployment.account, deployment.name);
    if (deployment.validity.to.value == INT64_MAX)
      open[{deployment.account, deployment.name}] = &deployment;
  }
  for (AzureDeployment deployment : found.deployments) {
    const std::pair key(deployment.account, deployment.name);
    if (!seen.insert(key).second) continue;
    const auto at = open.find(key);
    const bool same = at != open.end() && at->second->model == deployment.model &&
                      at->second->version == deployment.version &&
                      at->second->sku == deployment.sku;
    if (same) {
      CATALEJO_TRY(update_deployment(deployment));
      continue;
    }
    if (at != open.end()) CATALEJO_TRY(end_deployment(deployment, found.read));
    // What it was before it was seen for the first time is most likely what it is.
    deployment.validity = {ever.contains(key) ? found.read : UnixNanos{INT64_MIN}, {INT64_MAX}};
    CATALEJO_TRY(insert_deployment(deployment));
  }
  for (const auto& [key, deployment] : open)
    if (!seen.contains(key)) CATALEJO_TRY(end_deployment(*deployment, found.read));
  return {};
}

Result<void> SqliteAzureControl::put_inventory(const AzureInventory& found) {
  const std::lock_guard lock(mutex_);
  return transact(database_.get(), [&]() -> Result<void> {
    CATALEJO_TRY(replace_accounts(found));
    return replace_deployments(found);
  });
}

std::int64_t SqliteAzureControl::version() {
  const std::lock_guard lock(mutex_);
  Statement version(database_.get(), "PRAGMA data_version");
  const std::int64_t others = version.step() ? version.number(0) : 0;
  return others * 1'000'003 + own_changes_;
}

}  // namespace

Result<std::unique_ptr<AzureControl>> AzureControl::open(const std::string& path) {
  auto database = open_database(path);
  if (!database) return database.error();
  return std::unique_ptr<AzureControl>(std::make_unique<SqliteAzureControl>(std::move(*database)));
}

}  // namespace catalejo::store
