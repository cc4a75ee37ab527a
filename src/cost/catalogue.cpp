#include "cost/catalogue.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/limits.hpp"
#include "codec/json_dom.hpp"

namespace catalejo::cost {
namespace {

namespace dom = codec::dom;

constexpr std::int64_t kFormat = 1;

struct RateField {
  std::string_view name;
  std::int64_t model::Rates::*rate;
};
constexpr std::array kRateFields = {
    RateField{"input", &model::Rates::input},
    RateField{"cached_input", &model::Rates::cached_input},
    RateField{"cache_write", &model::Rates::cache_write},
    RateField{"output", &model::Rates::output},
    RateField{"audio_input", &model::Rates::audio_input},
    RateField{"audio_output", &model::Rates::audio_output},
};

Error fault(Code code, const std::string& where, std::string message) {
  return Error{code, std::move(message), where};
}

Result<std::int64_t> whole_number(dom::element value, std::int64_t max, const std::string& where) {
  std::int64_t number = 0;
  if (value.get(number) != simdjson::SUCCESS)
    return fault(Code::wrong_type, where, "must be a whole number");
  if (number < 0 || number > max)
    return fault(Code::out_of_range, where, fmt::format("is {}, it takes 0 to {}", number, max));
  return number;
}

Result<std::string> text_of(dom::element value, const std::string& where) {
  std::string_view text;
  if (value.get(text) != simdjson::SUCCESS || text.empty())
    return fault(Code::wrong_type, where, "must be a text, not empty");
  if (text.size() > limits::name_bytes_max) return fault(Code::out_of_range, where, "is too long");
  return std::string(text);
}

Result<UnixNanos> date_of(dom::element value, const std::string& where) {
  auto text = text_of(value, where);
  if (!text) return text.error();
  if (const auto time = parse_rfc3339(*text)) return *time;
  return fault(Code::out_of_range, where,
               fmt::format("'{}' is no date: write 2026-08-11 or RFC 3339", *text));
}

// True when the field is one of the rates.
Result<bool> read_rate(std::string_view key, dom::element value, model::Rates& rates,
                       const std::string& where) {
  const auto field = std::ranges::find(kRateFields, key, &RateField::name);
  if (field == kRateFields.end()) return false;
  auto number = whole_number(value, limits::price_nano_usd_max, where + "." + std::string(key));
  if (!number) return number.error();
  rates.*(field->rate) = *number;
  return true;
}

Error unknown_field(std::string_view key, const std::string& where) {
  return fault(Code::wrong_type, where, fmt::format("there is no field '{}' here", key));
}

Result<LongContext> read_long_context(dom::element value, const std::string& where) {
  dom::object fields;
  if (value.get(fields) != simdjson::SUCCESS)
    return fault(Code::wrong_type, where, "must be an object");
  LongContext result;
  for (const dom::key_value_pair field : fields) {
    auto rate = read_rate(field.key, field.value, result.rates, where);
    if (!rate) return rate.error();
    if (*rate) continue;
    if (field.key != "above_input_tokens") return unknown_field(field.key, where);
    auto tokens =
        whole_number(field.value, limits::tokens_per_call_max, where + ".above_input_tokens");
    if (!tokens) return tokens.error();
    result.above_input_tokens = *tokens;
  }
  if (result.above_input_tokens == 0)
    return fault(Code::missing_field, where, "above_input_tokens is missing");
  if (result.rates.input < 0) return fault(Code::missing_field, where, "input is missing");
  return result;
}

Result<void> read_price_field(CataloguePrice& price, std::string_view key, dom::element value,
                              const std::string& where) {
  const std::string at = where + "." + std::string(key);
  auto rate = read_rate(key, value, price.rates, where);
  if (!rate) return rate.error();
  if (*rate) return {};
  if (key == "long_context") {
    auto long_context = read_long_context(value, at);
    if (!long_context) return long_context.error();
    price.long_context.push_back(*std::move(long_context));
    return {};
  }
  if (key == "from" || key == "to") {
    auto date = date_of(value, at);
    if (!date) return date.error();
    (key == "from" ? price.validity.from : price.validity.to) = *date;
    return {};
  }
  if (key != "type" && key != "source" && key != "read") return unknown_field(key, where);
  auto text = text_of(value, at);
  if (!text) return text.error();
  if (key == "source") price.source = *text;
  if (key == "read") price.read = *text;
  if (key != "type") return {};
  const auto type = model::deployment_type_of(*text);
  if (!type || *type == model::DeploymentType::provisioned) {
    return fault(Code::out_of_range, at,
                 fmt::format("'{}' is no deployment type: write global, data_zone, regional, "
                             "global_batch or data_zone_batch",
                             *text));
  }
  price.type = *type;
  return {};
}

Result<CataloguePrice> read_price(dom::element value, const std::string& where) {
  dom::object fields;
  if (value.get(fields) != simdjson::SUCCESS)
    return fault(Code::wrong_type, where, "must be an object");
  CataloguePrice price;
  bool typed = false;
  for (const dom::key_value_pair field : fields) {
    typed = typed || field.key == "type";
    CATALEJO_TRY(read_price_field(price, field.key, field.value, where));
  }
  if (!typed) return fault(Code::missing_field, where, "type is missing");
  if (price.rates.input < 0) return fault(Code::missing_field, where, "input is missing");
  if (price.validity.from >= price.validity.to)
    return fault(Code::out_of_range, where, "from is not before to");
  return price;
}

bool overlap(const model::Validity& a, const model::Validity& b) {
  return a.from < b.to && b.from < a.to;
}

Result<void> read_prices(CatalogueModel& model, dom::element value, const std::string& where) {
  dom::array prices;
  if (value.get(prices) != simdjson::SUCCESS)
    return fault(Code::wrong_type, where + ".prices", "must be an array");
  for (const dom::element element : prices) {
    const std::string at = fmt::format("{}.prices[{}]", where, model.prices.size());
    auto price = read_price(element, at);
    if (!price) return price.error();
    for (const CataloguePrice& other : model.prices) {
      if (other.type == price->type && overlap(other.validity, price->validity))
        return fault(Code::out_of_range, at, "another price of this type holds at the same time");
    }
    model.prices.push_back(*std::move(price));
  }
  return {};
}

Result<void> read_names(CatalogueModel& model, dom::element value, const std::string& where) {
  dom::array names;
  if (value.get(names) != simdjson::SUCCESS)
    return fault(Code::wrong_type, where + ".names", "must be an array of texts");
  for (const dom::element element : names) {
    auto name = text_of(element, where + ".names");
    if (!name) return name.error();
    model.names.push_back(*std::move(name));
  }
  return {};
}

Result<CatalogueModel> read_model(dom::element value, const std::string& where) {
  dom::object fields;
  if (value.get(fields) != simdjson::SUCCESS)
    return fault(Code::wrong_type, where, "must be an object");
  CatalogueModel model;
  for (const dom::key_value_pair field : fields) {
    if (field.key == "prices") {
      CATALEJO_TRY(read_prices(model, field.value, where));
    } else if (field.key == "names") {
      CATALEJO_TRY(read_names(model, field.value, where));
    } else if (field.key == "fine_tuned") {
      if (field.value.get(model.fine_tuned) != simdjson::SUCCESS)
        return fault(Code::wrong_type, where + ".fine_tuned", "must be true or false");
    } else if (field.key == "model" || field.key == "note") {
      auto text = text_of(field.value, where + "." + std::string(field.key));
      if (!text) return text.error();
      (field.key == "model" ? model.model : model.note) = *std::move(text);
    } else {
      return unknown_field(field.key, where);
    }
  }
  if (model.model.empty()) return fault(Code::missing_field, where, "model is missing");
  if (model.prices.empty())
    return fault(Code::missing_field, where, "prices is missing or empty; leave the model out");
  return model;
}

Result<void> index_names(Catalogue& catalogue) {
  for (std::size_t i = 0; i < catalogue.models.size(); ++i) {
    const CatalogueModel& model = catalogue.models[i];
    std::vector<std::string> names = model.names;
    names.push_back(model.model);
    for (const std::string& text : names) {
      ModelName name = parse_model_name(text);
      name.fine_tuned = name.fine_tuned || model.fine_tuned;
      const auto [found, added] = catalogue.by_name.emplace(name, i);
      if (added || found->second == i) continue;
      return fault(Code::out_of_range, fmt::format("models[{}]", i),
                   fmt::format("'{}' is a name of models[{}] already", text, found->second));
    }
  }
  return {};
}

Result<void> read_source(Catalogue& catalogue, dom::element value) {
  dom::object fields;
  if (value.get(fields) != simdjson::SUCCESS)
    return fault(Code::wrong_type, "source", "must be an object");
  for (const dom::key_value_pair field : fields) {
    auto text = text_of(field.value, "source." + std::string(field.key));
    if (!text) return text.error();
    if (field.key == "title") catalogue.source = *text;
    if (field.key == "url") catalogue.url = *text;
    if (field.key == "read") catalogue.read = *text;
  }
  return {};
}

Result<void> read_models(Catalogue& catalogue, dom::element value) {
  dom::array models;
  if (value.get(models) != simdjson::SUCCESS)
    return fault(Code::wrong_type, "models", "must be an array");
  for (const dom::element element : models) {
    if (catalogue.models.size() == limits::catalogue_models_max)
      return fault(Code::out_of_range, "models", "too many models");
    auto model = read_model(element, fmt::format("models[{}]", catalogue.models.size()));
    if (!model) return model.error();
    catalogue.models.push_back(*std::move(model));
  }
  return {};
}

// Texts that stand for themselves; "currency" may be nothing but USD.
Result<void> read_head(Catalogue& catalogue, std::string_view key, dom::element value) {
  auto text = text_of(value, std::string(key));
  if (!text) return text.error();
  if (key == "catalogue") catalogue.name = *text;
  if (key == "version") catalogue.version = *text;
  if (key == "note") catalogue.note = *text;
  if (key == "currency" && *text != "USD")
    return fault(Code::out_of_range, "currency", "must be USD: sums of other money would be wrong");
  return {};
}

Result<Catalogue> read_catalogue(dom::object fields) {
  Catalogue catalogue;
  std::int64_t format = 0;
  for (const dom::key_value_pair field : fields) {
    if (field.key == "format") {
      auto number = whole_number(field.value, INT64_MAX, "format");
      if (!number) return number.error();
      format = *number;
    } else if (field.key == "source") {
      CATALEJO_TRY(read_source(catalogue, field.value));
    } else if (field.key == "models") {
      CATALEJO_TRY(read_models(catalogue, field.value));
    } else if (field.key == "catalogue" || field.key == "version" || field.key == "currency" ||
               field.key == "unit" || field.key == "note") {
      CATALEJO_TRY(read_head(catalogue, field.key, field.value));
    } else {
      return unknown_field(field.key, "the file");
    }
  }
  if (format != kFormat) {
    return fault(Code::out_of_range, "format",
                 fmt::format("is {}, this program reads format {}", format, kFormat));
  }
  for (const auto& [name, text] : {std::pair{"version", &catalogue.version},
                                   {"source.title", &catalogue.source},
                                   {"source.read", &catalogue.read}})
    if (text->empty()) return fault(Code::missing_field, name, "is missing");
  CATALEJO_TRY(index_names(catalogue));
  return catalogue;
}

}  // namespace

const CatalogueModel* Catalogue::find(const ModelName& wanted) const {
  const auto found = by_name.find(wanted);
  return found == by_name.end() ? nullptr : &models[found->second];
}

Result<Catalogue> parse_catalogue(std::string text) {
  if (text.size() > limits::catalogue_bytes_max) {
    return fault(
        Code::out_of_range, "the file",
        fmt::format("has {} bytes, {} is the most", text.size(), limits::catalogue_bytes_max));
  }
  codec::JsonDocument document;
  CATALEJO_TRY(document.parse(text));
  if (document.notes() != 0)
    return fault(Code::malformed, "the file",
                 "is no JSON: it holds bytes or numbers that are none");
  dom::object fields;
  if (codec::root(document).get(fields) != simdjson::SUCCESS)
    return fault(Code::wrong_type, "the file", "must be an object");
  return read_catalogue(fields);
}

}  // namespace catalejo::cost
