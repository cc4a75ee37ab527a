// The price catalogue: a file that says what models cost, where each figure comes from and when it
// was read (docs/formats/prices.md). A file with any fault is refused whole, with the place of the
// fault: half a price list would show wrong sums without a word.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "cost/model_name.hpp"
#include "model/price.hpp"

namespace catalejo::cost {

// A call whose prompt is longer than this is billed wholly at other rates.
struct LongContext {
  std::int64_t above_input_tokens = 0;
  model::Rates rates;
};

struct CataloguePrice {
  model::DeploymentType type = model::DeploymentType::global;
  model::Rates rates;
  std::vector<LongContext> long_context;  // none or one
  model::Validity validity;
  std::string source, read;  // empty = those of the file
};

struct CatalogueModel {
  std::string model;
  std::vector<std::string> names;  // other names of the same model
  bool fine_tuned = false;
  std::vector<CataloguePrice> prices;
  std::string note;
};

struct Catalogue {
  std::string name, version, note;
  std::string source, url, read;  // where the figures come from, and the day they were read
  std::vector<CatalogueModel> models;
  std::map<ModelName, std::size_t> by_name;  // every name of every model

  const CatalogueModel* find(const ModelName& wanted) const;
};

// Errors: malformed, wrong_type, missing_field, out_of_range; `where` is "models[3].prices[0]".
Result<Catalogue> parse_catalogue(std::string text);

// The one that the program carries.
std::string_view builtin_catalogue();

}  // namespace catalejo::cost
