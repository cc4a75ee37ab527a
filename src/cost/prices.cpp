#include "cost/prices.hpp"

#include <sys/stat.h>

#include "base/file.hpp"
#include "base/log.hpp"

namespace catalejo::cost {
namespace {

constexpr std::int64_t kLookEveryNanos = kNanosPerSecond;

// Another number for every content that is written; 0 when there is no such file.
std::int64_t stamp_of(const std::string& path) {
  struct stat status {};
  if (path.empty() || ::stat(path.c_str(), &status) != 0) return 0;
  const std::int64_t time = status.st_mtim.tv_sec * kNanosPerSecond + status.st_mtim.tv_nsec;
  return time ^ (status.st_size << 40) ^ static_cast<std::int64_t>(status.st_ino);
}

Result<Catalogue> load(const std::string& path) {
  auto text = read_file(path);
  if (!text) return text.error();
  return parse_catalogue(*std::move(text));
}

// What is deployed at Azure as mappings. A model is priced by its version where that is known.
Result<std::vector<model::DeploymentMapping>> deployed(store::AzureControl& azure,
                                                       const Catalogue& catalogue) {
  auto inventory = azure.inventory();
  if (!inventory) return inventory.error();
  std::vector<model::DeploymentMapping> mappings;
  for (const model::AzureDeployment& one : inventory->deployments) {
    const std::string versioned = one.model + "-" + one.version;
    const bool known = catalogue.find(parse_model_name(versioned)) != nullptr;
    const auto type = model::deployment_type_of_sku(one.sku);
    mappings.push_back({.deployment = one.name,
                        .resource = one.resource,
                        .model = known ? versioned : one.model,
                        .type = type.value_or(model::DeploymentType::global),
                        .type_known = type.has_value(),
                        .validity = one.validity});
  }
  return mappings;
}

}  // namespace

Result<std::unique_ptr<Prices>> Prices::open(PricesOptions options) {
  std::unique_ptr<Prices> prices(new Prices(std::move(options)));
  auto builtin = parse_catalogue(std::string(builtin_catalogue()));
  if (!builtin) return builtin.error();
  prices->builtin_ = std::make_shared<const Catalogue>(*std::move(builtin));
  prices->catalogue_ = prices->builtin_;
  const std::lock_guard lock(prices->mutex_);
  prices->refresh();
  const bool missing = prices->file_stamp_ == 0;
  if (prices->options_.required && (missing || !prices->problem_.empty())) {
    return Error{Code::config, missing ? "there is no such price catalogue" : prices->problem_,
                 prices->options_.path};
  }
  return prices;
}

bool Prices::refresh_file() {
  const std::int64_t stamp = stamp_of(options_.path);
  if (stamp == file_stamp_) return false;
  file_stamp_ = stamp;
  problem_.clear();
  if (stamp == 0) {
    const bool changed = catalogue_ != builtin_;
    catalogue_ = builtin_;
    loaded_path_.clear();
    if (changed) log::warn("cost", "{} is gone; the built-in prices hold", options_.path);
    return changed;
  }
  auto loaded = load(options_.path);
  if (!loaded) {
    problem_ = to_string(loaded.error());
    log::error("cost", "{} cannot be used, the prices before it still hold: {}", options_.path,
               problem_);
    return false;
  }
  log::info("cost", "prices of {} ({} models) read from {}", loaded->version, loaded->models.size(),
            options_.path);
  catalogue_ = std::make_shared<const Catalogue>(*std::move(loaded));
  loaded_path_ = options_.path;
  return true;
}

void Prices::refresh() {
  checked_ns_ = steady_now_nanos();
  const bool new_file = refresh_file();
  const std::int64_t version = options_.control ? options_.control->version() : 0;
  const std::int64_t azure_version = options_.azure ? options_.azure->version() : 0;
  if (book_ && !new_file && version == control_version_ && azure_version == azure_version_) return;
  std::vector<model::OwnPrice> own;
  std::vector<model::DeploymentMapping> mappings, inventory;
  if (options_.control) {
    auto prices = options_.control->prices();
    auto deployments = options_.control->deployments();
    if (prices && deployments) {
      own = *std::move(prices);
      mappings = *std::move(deployments);
    } else {
      log::error("cost", "own prices cannot be read: {}",
                 to_string(prices ? deployments.error() : prices.error()));
      // Once more a second later; until then the ones before hold.
      if (book_) return;
    }
  }
  if (options_.azure) {
    if (auto found = deployed(*options_.azure, *catalogue_)) {
      inventory = *std::move(found);
    } else {
      log::error("cost", "what is deployed at Azure cannot be read: {}", to_string(found.error()));
      if (book_) return;
    }
  }
  control_version_ = version;
  azure_version_ = azure_version;
  book_ = std::make_shared<const PriceBook>(catalogue_, std::move(own), std::move(mappings),
                                            std::move(inventory));
}

std::shared_ptr<const PriceBook> Prices::current() {
  const std::lock_guard lock(mutex_);
  if (steady_now_nanos() - checked_ns_ >= kLookEveryNanos) refresh();
  return book_;
}

std::shared_ptr<const PriceBook> Prices::fresh() {
  const std::lock_guard lock(mutex_);
  refresh();
  return book_;
}

Prices::Status Prices::status() {
  const std::lock_guard lock(mutex_);
  return {loaded_path_, problem_};
}

}  // namespace catalejo::cost
