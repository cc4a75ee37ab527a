#include "cost/price_book.hpp"

#include <algorithm>
#include <array>

#include "base/ascii.hpp"
#include "base/limits.hpp"

namespace catalejo::cost {
namespace {

constexpr std::array<std::string_view, 6> kKindNames = {"catalogue",    "own_price", "application",
                                                        "ptu_estimate", "unknown",   "none"};
constexpr std::array<std::string_view, 10> kReasonNames = {"",
                                                           "no_token_counts",
                                                           "failed_without_tokens",
                                                           "no_model",
                                                           "deployment_not_mapped",
                                                           "no_price",
                                                           "no_price_then",
                                                           "no_rate",
                                                           "no_ptu_price",
                                                           "ptu_not_measured"};

}  // namespace

std::string_view kind_name(Kind kind) {
  return kKindNames[static_cast<std::size_t>(kind)];
}

std::string_view reason_name(Reason reason) {
  return kReasonNames[static_cast<std::size_t>(reason)];
}

std::string_view model_from_name(ModelFrom from) {
  constexpr std::array<std::string_view, 4> kNames = {"response", "mapping", "inventory", ""};
  return kNames[static_cast<std::size_t>(from)];
}

std::string resource_name(std::string_view host_or_name) {
  return lower_ascii(host_or_name.substr(0, host_or_name.find('.')));
}

namespace {

// nullptr when none holds. The one that names the resource wins over the one that names none.
const model::DeploymentMapping* find_among(const std::vector<model::DeploymentMapping>& mappings,
                                           std::string_view deployment, std::string_view resource,
                                           UnixNanos time) {
  const model::DeploymentMapping* found = nullptr;
  const std::string wanted = resource_name(resource);
  for (const model::DeploymentMapping& mapping : mappings) {
    if (!equal_ignoring_case(mapping.deployment, deployment) || !mapping.validity.holds(time))
      continue;
    if (!mapping.resource.empty() && mapping.resource != wanted) continue;
    if (found == nullptr || (found->resource.empty() && !mapping.resource.empty()))
      found = &mapping;
  }
  return found;
}

// What Azure says is deployed there. A call that does not name its resource has a deployment of
// any, as long as all of that name are the same.
const model::DeploymentMapping* find_deployed(
    const std::vector<model::DeploymentMapping>& inventory, std::string_view deployment,
    std::string_view resource, UnixNanos time) {
  if (!resource.empty()) return find_among(inventory, deployment, resource, time);
  const model::DeploymentMapping* found = nullptr;
  for (const model::DeploymentMapping& one : inventory) {
    if (!equal_ignoring_case(one.deployment, deployment) || !one.validity.holds(time)) continue;
    if (found != nullptr && (found->model != one.model || found->type != one.type)) return nullptr;
    found = &one;
  }
  return found;
}

}  // namespace

PriceBook::PriceBook(std::shared_ptr<const Catalogue> catalogue, std::vector<model::OwnPrice> own,
                     std::vector<model::DeploymentMapping> mappings,
                     std::vector<model::DeploymentMapping> inventory)
    : catalogue_(std::move(catalogue)),
      own_(std::move(own)),
      mappings_(std::move(mappings)),
      inventory_(std::move(inventory)) {
  const auto note = [&](const model::Validity& validity) {
    if (validity.from.value != INT64_MIN) changes_.push_back(validity.from);
    if (validity.to.value != INT64_MAX) changes_.push_back(validity.to);
  };
  for (const CatalogueModel& model : catalogue_->models) {
    for (const CataloguePrice& price : model.prices) {
      note(price.validity);
      for (const LongContext& tier : price.long_context) {
        if (long_context_above_ == 0 || tier.above_input_tokens < long_context_above_)
          long_context_above_ = tier.above_input_tokens;
      }
    }
  }
  for (const model::OwnPrice& price : own_) {
    note(price.validity);
    own_names_.push_back(canonical(price.model));
  }
  for (auto* list : {&mappings_, &inventory_}) {
    for (model::DeploymentMapping& mapping : *list) {
      note(mapping.validity);
      mapping.resource = resource_name(mapping.resource);
    }
  }
  // Of the inventory nobody knows what they cost.
  has_provisioned_ = std::ranges::any_of(mappings_, [](const model::DeploymentMapping& mapping) {
    return mapping.type == model::DeploymentType::provisioned;
  });
  std::ranges::sort(changes_);
  changes_.erase(std::unique(changes_.begin(), changes_.end()), changes_.end());
}

std::vector<UnixNanos> PriceBook::changes(UnixNanos from, UnixNanos to) const {
  std::vector<UnixNanos> inside;
  for (const UnixNanos change : changes_)
    if (change > from && change <= to) inside.push_back(change);
  if (inside.size() > limits::price_changes_max)
    inside.erase(inside.begin(), inside.end() - limits::price_changes_max);
  return inside;
}

std::string PriceBook::canonical(std::string_view model) const {
  const ModelName name = parse_model_name(model);
  if (const CatalogueModel* known = catalogue_->find(name))
    return known->model + (name.fine_tuned ? " fine-tuned" : "");
  return name.base + (name.fine_tuned ? " fine-tuned" : "");
}

bool PriceBook::knows(std::string_view model) const {
  if (catalogue_->find(parse_model_name(model)) != nullptr) return true;
  return std::ranges::find(own_names_, canonical(model)) != own_names_.end();
}

const model::DeploymentMapping* PriceBook::find_mapping(std::string_view deployment,
                                                        std::string_view resource,
                                                        UnixNanos time) const {
  return find_among(mappings_, deployment, resource, time);
}

// The one place that says which model answered. In this order: the model of the response; the
// user's mapping of the deployment; what Azure said is deployed there.
void PriceBook::name_model(Quote& quote, const Call& call) const {
  // Some API versions, and every failed call, give the deployment back as the model.
  const bool echo = call.deployment.empty() || equal_ignoring_case(call.model, call.deployment);
  quote.deployment = std::string(call.deployment.empty() ? call.model : call.deployment);
  ModelFrom from = ModelFrom::mapping;
  if (!quote.deployment.empty()) {
    quote.mapping = find_mapping(quote.deployment, call.resource, call.time);
    if (quote.mapping == nullptr) {
      quote.mapping = find_deployed(inventory_, quote.deployment, call.resource, call.time);
      from = ModelFrom::inventory;
    }
  }
  if (quote.mapping != nullptr) {
    quote.type = quote.mapping->type;
    quote.type_assumed = !quote.mapping->type_known;
  }
  const bool named = !call.model.empty() && knows(call.model);
  if (named && !(echo && quote.mapping != nullptr)) {
    quote.model = canonical(call.model);
    quote.model_from = ModelFrom::response;
  } else if (quote.mapping != nullptr) {
    quote.model = canonical(quote.mapping->model);
    quote.model_from = from;
  } else {
    quote.model = std::string(call.model);
    if (quote.deployment.empty()) {
      quote.reason = Reason::no_model;
    } else if (!call.deployment.empty() && (call.model.empty() || echo)) {
      quote.reason = Reason::deployment_not_mapped;
    } else {
      quote.reason = Reason::no_price;
    }
  }
}

bool PriceBook::price_own(Quote& quote, UnixNanos time) const {
  const model::OwnPrice* best = nullptr;
  for (std::size_t i = 0; i < own_.size(); ++i) {
    const model::OwnPrice& price = own_[i];
    if (own_names_[i] != quote.model || !price.validity.holds(time)) continue;
    if (price.type && *price.type != quote.type) continue;
    // The one for this deployment type wins, then the one that began last.
    const auto rank = [](const model::OwnPrice& p) {
      return std::pair(p.type.has_value(), p.validity.from);
    };
    if (best == nullptr || rank(price) > rank(*best)) best = &price;
  }
  if (best == nullptr) return false;
  quote.kind = Kind::own_price;
  quote.rates = best->rates;
  quote.source = best->note;
  return true;
}

void PriceBook::price_model(Quote& quote, const Call& call) const {
  if (price_own(quote, call.time)) return;
  ModelName name = parse_model_name(quote.model);
  if (constexpr std::string_view kFineTuned = " fine-tuned"; quote.model.ends_with(kFineTuned)) {
    name = parse_model_name(
        std::string_view(quote.model).substr(0, quote.model.size() - kFineTuned.size()));
    name.fine_tuned = true;
  }
  const CatalogueModel* model = catalogue_->find(name);
  quote.reason = Reason::no_price;
  if (model == nullptr) return;
  quote.reason = Reason::no_rate;
  for (const CataloguePrice& price : model->prices) {
    if (price.type != quote.type) continue;
    quote.reason = Reason::no_price_then;
    if (!price.validity.holds(call.time)) continue;
    quote.kind = Kind::catalogue;
    quote.reason = Reason::none;
    quote.rates = price.rates;
    if (call.long_context && !price.long_context.empty())
      quote.rates = price.long_context.front().rates;
    quote.source = price.source.empty() ? catalogue_->source : price.source;
    quote.read = price.read.empty() ? catalogue_->read : price.read;
    return;
  }
}

Quote PriceBook::quote(const Call& call) const {
  Quote quote;
  name_model(quote, call);
  if (quote.mapping != nullptr && quote.type == model::DeploymentType::provisioned) {
    const bool priced = quote.mapping->monthly_nano_usd >= 0;
    quote.kind = priced ? Kind::ptu_estimate : Kind::unknown;
    quote.reason = priced ? Reason::none : Reason::no_ptu_price;
    return quote;
  }
  if (quote.reason == Reason::none) price_model(quote, call);
  return quote;
}

}  // namespace catalejo::cost
