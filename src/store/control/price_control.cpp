#include "store/price_control.hpp"

#include <fmt/format.h>

#include <mutex>

#include "base/limits.hpp"
#include "store/control/sqlite.hpp"

namespace catalejo::store {
namespace {

constexpr const char* kDeployments =
    "SELECT id, deployment, resource, model, type, monthly_nano_usd, from_ns, to_ns FROM "
    "deployments ORDER BY deployment, resource, from_ns";
constexpr const char* kPrices =
    "SELECT id, model, type, input, cached_input, cache_write, output, audio_input, audio_output, "
    "from_ns, to_ns, note FROM own_prices ORDER BY model, type, from_ns";

Result<void> check_text(std::string_view name, std::string_view text, bool needed) {
  if (needed && text.empty()) return bad(std::string(name), fmt::format("{} is missing", name));
  if (text.size() > limits::name_bytes_max) return bad(std::string(name), "is too long");
  return {};
}

Result<void> check_amount(std::string_view name, std::int64_t nano_usd) {
  if (nano_usd >= -1 && nano_usd <= limits::price_nano_usd_max) return {};
  return bad(std::string(name), "must be from 0 to 1000000 dollars");
}

Result<void> check_validity(const model::Validity& validity) {
  if (validity.from < validity.to) return {};
  return bad("from", "from is not before to");
}

Result<void> check(const model::DeploymentMapping& mapping) {
  CATALEJO_TRY(check_text("deployment", mapping.deployment, true));
  CATALEJO_TRY(check_text("resource", mapping.resource, false));
  CATALEJO_TRY(check_text("model", mapping.model, true));
  CATALEJO_TRY(check_amount("monthly_usd", mapping.monthly_nano_usd));
  const bool provisioned = mapping.type == model::DeploymentType::provisioned;
  if (provisioned != (mapping.monthly_nano_usd >= 0)) {
    return bad("monthly_usd", provisioned ? "a provisioned deployment needs its price per month"
                                          : "only a provisioned deployment has a price per month");
  }
  return check_validity(mapping.validity);
}

Result<void> check(const model::OwnPrice& price) {
  CATALEJO_TRY(check_text("model", price.model, true));
  CATALEJO_TRY(check_text("note", price.note, false));
  if (price.type == model::DeploymentType::provisioned)
    return bad("type", "a provisioned deployment is priced where it is mapped");
  const model::Rates& rates = price.rates;
  for (const auto& [name, rate] : {std::pair{"input", rates.input},
                                   {"cached_input", rates.cached_input},
                                   {"cache_write", rates.cache_write},
                                   {"output", rates.output},
                                   {"audio_input", rates.audio_input},
                                   {"audio_output", rates.audio_output}})
    CATALEJO_TRY(check_amount(name, rate));
  if (rates.input < 0) return bad("input", "input is missing");
  return check_validity(price.validity);
}

class SqlitePriceControl : public PriceControl {
 public:
  explicit SqlitePriceControl(Database database) : database_(std::move(database)) {}

  Result<std::vector<model::DeploymentMapping>> deployments() override;
  Result<std::vector<model::OwnPrice>> prices() override;
  Result<std::int64_t> put_deployment(model::DeploymentMapping mapping) override;
  Result<std::int64_t> put_price(model::OwnPrice price) override;
  Result<void> remove_deployment(std::int64_t id) override { return remove("deployments", id); }
  Result<void> remove_price(std::int64_t id) override { return remove("own_prices", id); }
  std::int64_t version() override;

 private:
  Result<void> remove(const char* table, std::int64_t id);
  // Makes room for a validity among the rows that are for the same thing. mutex_ is held, inside a
  // transaction.
  Result<void> make_room(const char* table, const char* same, std::string_view first,
                         std::string_view second, const model::Validity& wanted);
  // Gives the id that `change` inserted. mutex_ is held.
  template <typename Change>
  Result<std::int64_t> insert_as_one(Change change);

  std::mutex mutex_;  // guards the members below
  Database database_;
  std::int64_t own_changes_ = 0;
};

Result<std::vector<model::DeploymentMapping>> SqlitePriceControl::deployments() {
  const std::lock_guard lock(mutex_);
  Statement row(database_.get(), kDeployments);
  std::vector<model::DeploymentMapping> all;
  while (row.step()) {
    model::DeploymentMapping mapping{.id = row.number(0),
                                     .deployment = row.text(1),
                                     .resource = row.text(2),
                                     .model = row.text(3),
                                     .monthly_nano_usd = row.number(5),
                                     .validity = {{row.number(6)}, {row.number(7)}}};
    mapping.type = model::deployment_type_of(row.text(4)).value_or(model::DeploymentType::global);
    all.push_back(std::move(mapping));
  }
  CATALEJO_TRY(row.result());
  return all;
}

Result<std::vector<model::OwnPrice>> SqlitePriceControl::prices() {
  const std::lock_guard lock(mutex_);
  Statement row(database_.get(), kPrices);
  std::vector<model::OwnPrice> all;
  while (row.step()) {
    model::OwnPrice price{.id = row.number(0),
                          .model = row.text(1),
                          .type = model::deployment_type_of(row.text(2)),
                          .validity = {{row.number(9)}, {row.number(10)}},
                          .note = row.text(11)};
    price.rates = {row.number(3), row.number(4), row.number(5),
                   row.number(6), row.number(7), row.number(8)};
    all.push_back(std::move(price));
  }
  CATALEJO_TRY(row.result());
  return all;
}

template <typename Change>
Result<std::int64_t> SqlitePriceControl::insert_as_one(Change change) {
  CATALEJO_TRY(transact(database_.get(), change));
  ++own_changes_;
  return sqlite3_last_insert_rowid(database_.get());
}

Result<void> SqlitePriceControl::make_room(const char* table, const char* same,
                                           std::string_view first, std::string_view second,
                                           const model::Validity& wanted) {
  struct Other {
    std::int64_t id;
    model::Validity validity;
  };
  std::vector<Other> others;
  std::int64_t count = 0;
  {
    Statement row(database_.get(),
                  fmt::format("SELECT id, from_ns, to_ns FROM {} WHERE {} AND from_ns < ?4 AND "
                              "to_ns > ?3",
                              table, same)
                      .c_str());
    row.bind(1, first).bind(2, second);
    row.bind(3, wanted.from.value).bind(4, wanted.to.value);
    while (row.step()) others.push_back({row.number(0), {{row.number(1)}, {row.number(2)}}});
    CATALEJO_TRY(row.result());
    Statement counted(database_.get(), fmt::format("SELECT count(*) FROM {}", table).c_str());
    if (counted.step()) count = counted.number(0);
  }
  if (count >= static_cast<std::int64_t>(limits::own_prices_max))
    return bad(table, fmt::format("there are {} already; remove some", count));
  for (const Other& other : others) {
    const bool replaced = other.validity == wanted;
    const bool ended = other.validity.from < wanted.from && other.validity.to <= wanted.to;
    if (!replaced && !ended) {
      return bad("from", fmt::format("number {} holds in a part of the same time; remove it first, "
                                     "or give other dates",
                                     other.id));
    }
    const std::string sql = replaced ? fmt::format("DELETE FROM {} WHERE id = ?1", table)
                                     : fmt::format("UPDATE {} SET to_ns = ?2 WHERE id = ?1", table);
    Statement change(database_.get(), sql.c_str());
    change.bind(1, other.id);
    if (!replaced) change.bind(2, wanted.from.value);
    change.step();
    CATALEJO_TRY(change.result());
  }
  return {};
}

Result<std::int64_t> SqlitePriceControl::put_deployment(model::DeploymentMapping mapping) {
  CATALEJO_TRY(check(mapping));
  const std::lock_guard lock(mutex_);
  return insert_as_one([&]() -> Result<void> {
    CATALEJO_TRY(make_room("deployments", "lower(deployment) = lower(?1) AND resource = ?2",
                           mapping.deployment, mapping.resource, mapping.validity));
    Statement insert(database_.get(),
                     "INSERT INTO deployments (deployment, resource, model, type, "
                     "monthly_nano_usd, from_ns, to_ns) VALUES (?,?,?,?,?,?,?)");
    insert.bind(1, mapping.deployment).bind(2, mapping.resource).bind(3, mapping.model);
    insert.bind(4, model::deployment_type_name(mapping.type)).bind(5, mapping.monthly_nano_usd);
    insert.bind(6, mapping.validity.from.value).bind(7, mapping.validity.to.value).step();
    return insert.result();
  });
}

Result<std::int64_t> SqlitePriceControl::put_price(model::OwnPrice price) {
  CATALEJO_TRY(check(price));
  const std::lock_guard lock(mutex_);
  const std::string type(price.type ? model::deployment_type_name(*price.type) : "");
  return insert_as_one([&]() -> Result<void> {
    CATALEJO_TRY(make_room("own_prices", "lower(model) = lower(?1) AND type = ?2", price.model,
                           type, price.validity));
    Statement insert(database_.get(),
                     "INSERT INTO own_prices (model, type, input, cached_input, cache_write, "
                     "output, audio_input, audio_output, from_ns, to_ns, note) VALUES "
                     "(?,?,?,?,?,?,?,?,?,?,?)");
    const model::Rates& rates = price.rates;
    insert.bind(1, price.model).bind(2, type).bind(3, rates.input).bind(4, rates.cached_input);
    insert.bind(5, rates.cache_write).bind(6, rates.output).bind(7, rates.audio_input);
    insert.bind(8, rates.audio_output).bind(9, price.validity.from.value);
    insert.bind(10, price.validity.to.value).bind(11, price.note).step();
    return insert.result();
  });
}

Result<void> SqlitePriceControl::remove(const char* table, std::int64_t id) {
  const std::lock_guard lock(mutex_);
  Statement gone(database_.get(), fmt::format("DELETE FROM {} WHERE id = ?", table).c_str());
  gone.bind(1, id).step();
  CATALEJO_TRY(gone.result());
  if (sqlite3_changes(database_.get()) == 0)
    return Error{Code::not_found, "there is none with this number", fmt::format("{}", id)};
  ++own_changes_;
  return {};
}

std::int64_t SqlitePriceControl::version() {
  const std::lock_guard lock(mutex_);
  Statement version(database_.get(), "PRAGMA data_version");
  const std::int64_t others = version.step() ? version.number(0) : 0;
  // data_version tells of other connections' changes only. Both only grow.
  return others * 1'000'003 + own_changes_;
}

}  // namespace

Result<std::unique_ptr<PriceControl>> PriceControl::open(const std::string& path) {
  auto database = open_database(path);
  if (!database) return database.error();
  return std::unique_ptr<PriceControl>(std::make_unique<SqlitePriceControl>(std::move(*database)));
}

}  // namespace catalejo::store
