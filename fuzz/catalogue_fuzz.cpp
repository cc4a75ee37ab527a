// A price catalogue from a stranger, and names of models: nothing may break, and a file that is
// taken must answer.
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>

#include "cost/price_book.hpp"
#include "cost/span_cost.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace catalejo;
  const std::string text(reinterpret_cast<const char*>(data), size);
  cost::parse_model_name(text);
  auto parsed = cost::parse_catalogue(text);
  if (!parsed) return parsed.error().message.empty() ? std::abort(), 1 : 0;
  const cost::PriceBook book(std::make_shared<const cost::Catalogue>(*parsed), {}, {});
  for (const cost::CatalogueModel& model : book.catalogue().models) {
    const cost::Quote quote = book.quote({model.model, "", "", {1}, true});
    const cost::Cost priced = cost::token_cost({.input = INT64_MAX, .output = INT64_MAX}, quote);
    if (priced.known() && priced.amount.value < 0) std::abort();
  }
  return 0;
}
