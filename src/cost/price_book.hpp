// Catalogue, own prices, mappings and Azure's inventory as they are at one moment: an immutable
// snapshot that answers what one call is billed at, or why that is not known.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cost/catalogue.hpp"
#include "model/price.hpp"

namespace catalejo::cost {

// Where a cost comes from.
enum class Kind : std::uint8_t {
  catalogue,
  own_price,
  application,   // the span brought it
  ptu_estimate,  // a share of what a provisioned deployment costs a day
  unknown,
  none,  // not a model call: there is nothing to pay
};

// Why a cost is unknown.
enum class Reason : std::uint8_t {
  none,
  no_token_counts,
  failed_without_tokens,  // the call failed and reported no tokens; as a rule it is not billed
  no_model,               // neither a model nor a deployment is named
  deployment_not_mapped,
  no_price,          // of this model
  no_price_then,     // of this model at that time
  no_rate,           // of this model for this deployment type, or for audio
  no_ptu_price,      // a provisioned deployment without its monthly price
  ptu_not_measured,  // the tokens of that day are not there
};

std::string_view kind_name(Kind kind);
std::string_view reason_name(Reason reason);

// What is known of one call, or of many that are alike.
struct Call {
  std::string_view model;       // as the span says
  std::string_view deployment;  // "" when the span does not say
  std::string_view resource;
  UnixNanos time;
  bool long_context = false;  // see PriceBook::long_context_above
};

enum class ModelFrom : std::uint8_t { response, mapping, inventory, nowhere };

std::string_view model_from_name(ModelFrom from);  // "" of nowhere

struct Quote {
  Kind kind = Kind::unknown;
  Reason reason = Reason::none;
  std::string model;       // the one that is priced; what the span says when none is
  std::string deployment;  // the name that was looked for among mappings and inventory
  ModelFrom model_from = ModelFrom::nowhere;
  model::DeploymentType type = model::DeploymentType::global;
  bool type_assumed = true;  // nothing says it
  model::Rates rates;
  std::string source, read;  // of the catalogue; the note of an own price
  // Of the user's or of the inventory; lives as long as the book.
  const model::DeploymentMapping* mapping = nullptr;
};

class PriceBook {
 public:
  PriceBook(std::shared_ptr<const Catalogue> catalogue, std::vector<model::OwnPrice> own,
            std::vector<model::DeploymentMapping> mappings,
            std::vector<model::DeploymentMapping> inventory = {});

  Quote quote(const Call& call) const;

  // The moments strictly inside (from, to) at which an answer of quote() may change; sorted, the
  // newest limits::price_changes_max of them.
  std::vector<UnixNanos> changes(UnixNanos from, UnixNanos to) const;
  // Prompts above this are a class of their own; 0 when no price asks for it. Prices with another
  // bound than the lowest are not told apart: none is known.
  std::int64_t long_context_above() const { return long_context_above_; }
  bool has_provisioned() const { return has_provisioned_; }

  const Catalogue& catalogue() const { return *catalogue_; }
  const std::vector<model::OwnPrice>& own_prices() const { return own_; }
  const std::vector<model::DeploymentMapping>& mappings() const { return mappings_; }
  // nullptr when none holds. The one that names the resource wins over the one that names none.
  const model::DeploymentMapping* find_mapping(std::string_view deployment,
                                               std::string_view resource, UnixNanos time) const;
  // The name under which the book knows a model, or the same text in its usual spelling.
  std::string canonical(std::string_view model) const;

 private:
  void name_model(Quote& quote, const Call& call) const;
  void price_model(Quote& quote, const Call& call) const;
  bool price_own(Quote& quote, UnixNanos time) const;
  bool knows(std::string_view model) const;

  std::shared_ptr<const Catalogue> catalogue_;
  std::vector<model::OwnPrice> own_;
  std::vector<std::string> own_names_;  // canonical, beside own_
  std::vector<model::DeploymentMapping> mappings_, inventory_;
  std::vector<UnixNanos> changes_;
  std::int64_t long_context_above_ = 0;
  bool has_provisioned_ = false;
};

// "contoso-eu" of "contoso-eu.openai.azure.com", in lower case.
std::string resource_name(std::string_view host_or_name);

}  // namespace catalejo::cost
