// /api/v1/prices and /api/v1/deployments: what models cost and what deployments are. Every change
// leaves a line in the log.
#include <fmt/format.h>

#include <cmath>

#include "api/body.hpp"
#include "api/cost_json.hpp"
#include "base/limits.hpp"
#include "base/log.hpp"

namespace catalejo::api {
namespace {

namespace dom = codec::dom;

// Dollars, at most a million of them.
Result<std::int64_t> read_usd(std::string_view name, dom::element value) {
  double usd = 0;
  if (value.get(usd) != simdjson::SUCCESS) return bad(name, "must be a number of US dollars");
  if (!(usd >= 0 && usd <= static_cast<double>(limits::price_nano_usd_max) / 1e9))
    return bad(name, "must be from 0 to 1000000 dollars");
  return std::llround(usd * 1e9);
}

Result<UnixNanos> read_moment(std::string_view name, dom::element value) {
  auto text = read_text(name, value);
  if (!text) return text.error();
  if (const auto time = parse_rfc3339(*text)) return *time;
  return bad(name, "must be a date such as 2026-11-01, or RFC 3339");
}

// Fields that both bodies have. False when it is not one of them.
Result<bool> read_common(std::string_view name, dom::element value, std::string& model,
                         model::Validity& validity) {
  if (name == "model") {
    auto text = read_text(name, value);
    if (!text) return text.error();
    model = *std::move(text);
  } else if (name == "from" || name == "to") {
    auto moment = read_moment(name, value);
    if (!moment) return moment.error();
    (name == "from" ? validity.from : validity.to) = *moment;
  } else {
    return false;
  }
  return true;
}

Result<model::DeploymentType> read_type(dom::element value) {
  auto text = read_text("type", value);
  if (!text) return text.error();
  if (const auto type = model::deployment_type_of(*text)) return *type;
  return bad("type", fmt::format("'{}' is no deployment type: write global, data_zone, regional, "
                                 "global_batch, data_zone_batch or provisioned",
                                 *text));
}

Result<model::OwnPrice> parse_price(std::string body) {
  model::OwnPrice price;
  CATALEJO_TRY(
      read_body(std::move(body), [&](std::string_view name, dom::element value) -> Result<void> {
        auto common = read_common(name, value, price.model, price.validity);
        if (!common) return common.error();
        if (*common) return {};
        if (name == "type") {
          auto type = read_type(value);
          if (!type) return type.error();
          price.type = *type;
          return {};
        }
        if (name == "note") {
          auto note = read_text(name, value);
          if (!note) return note.error();
          price.note = *std::move(note);
          return {};
        }
        for (const auto& [key, rate] : {std::pair{"input", &price.rates.input},
                                        {"cached_input", &price.rates.cached_input},
                                        {"cache_write", &price.rates.cache_write},
                                        {"output", &price.rates.output},
                                        {"audio_input", &price.rates.audio_input},
                                        {"audio_output", &price.rates.audio_output}}) {
          if (name != key) continue;
          auto usd = read_usd(name, value);
          if (!usd) return usd.error();
          *rate = *usd;
          return {};
        }
        return no_such_field(name);
      }));
  return price;
}

Result<model::DeploymentMapping> parse_mapping(std::string body) {
  model::DeploymentMapping mapping;
  CATALEJO_TRY(
      read_body(std::move(body), [&](std::string_view name, dom::element value) -> Result<void> {
        auto common = read_common(name, value, mapping.model, mapping.validity);
        if (!common) return common.error();
        if (*common) return {};
        if (name == "type") {
          auto type = read_type(value);
          if (!type) return type.error();
          mapping.type = *type;
        } else if (name == "monthly_usd") {
          auto usd = read_usd(name, value);
          if (!usd) return usd.error();
          mapping.monthly_nano_usd = *usd;
        } else if (name == "deployment" || name == "resource") {
          auto text = read_text(name, value);
          if (!text) return text.error();
          (name == "deployment" ? mapping.deployment : mapping.resource) = *std::move(text);
        } else {
          return no_such_field(name);
        }
        return {};
      }));
  mapping.resource = cost::resource_name(mapping.resource);
  return mapping;
}

net::Response changed(const ApiPtr& api, std::string_view name, std::int64_t id) {
  // What was just written counts for the next question already.
  api->options.prices->fresh();
  return number_answer(name, id);
}

void append_catalogue(std::string& out, const cost::Catalogue& catalogue,
                      const cost::Prices::Status& status) {
  Fields fields(out);
  fields.text_or_null("name", catalogue.name);
  fields.text("version", catalogue.version);
  fields.text("source", catalogue.source);
  fields.text_or_null("url", catalogue.url);
  fields.text("read", catalogue.read);
  fields.text_or_null("note", catalogue.note);
  fields.text_or_null("path", status.path);
  fields.text_or_null("problem", status.problem);
  fields.close();
}

void append_model(std::string& out, const cost::CatalogueModel& model) {
  Fields fields(out);
  fields.text("model", model.model);
  fields.key("names") += '[';
  for (const std::string& name : model.names) {
    if (out.back() != '[') out += ',';
    codec::append_json_string(out, name);
  }
  out += ']';
  fields.key("fine_tuned") += model.fine_tuned ? "true" : "false";
  fields.text_or_null("note", model.note);
  fields.key("prices") += '[';
  for (const cost::CataloguePrice& price : model.prices) {
    if (out.back() != '[') out += ',';
    Fields entry(out);
    entry.text("type", model::deployment_type_name(price.type));
    append_rates(entry, price.rates);
    append_validity(entry, price.validity);
    entry.close();
  }
  out += ']';
  fields.close();
}

}  // namespace

Answer get_prices(ApiPtr api, net::Request, std::string) {
  const auto book = api->options.prices->current();
  std::string body;
  Fields fields(body);
  append_catalogue(fields.key("catalogue"), book->catalogue(), api->options.prices->status());
  fields.key("own") += '[';
  for (const model::OwnPrice& price : book->own_prices()) {
    if (body.back() != '[') body += ',';
    append_own_price(body, price);
  }
  body += ']';
  fields.key("models") += '[';
  for (const cost::CatalogueModel& model : book->catalogue().models) {
    if (body.back() != '[') body += ',';
    append_model(body, model);
  }
  body += ']';
  fields.close();
  co_return json_answer(std::move(body));
}

Answer put_price(ApiPtr api, net::Request request, std::string) {
  auto price = parse_price(request.body);
  if (!price) co_return problem(price.error());
  auto id = api->options.price_control->put_price(*price);
  if (!id) co_return problem(id.error());
  log::info("audit", "own price {} of {} set by {}", *id, price->model, who(api, request));
  co_return changed(api, "id", *id);
}

Answer remove_price(ApiPtr api, net::Request request, std::string id) {
  auto number = parse_number(id);
  if (!number) co_return problem(number.error());
  auto removed = api->options.price_control->remove_price(*number);
  if (!removed) co_return problem(removed.error());
  log::info("audit", "own price {} removed by {}", *number, who(api, request));
  co_return changed(api, "removed", *number);
}

Answer get_deployments(ApiPtr api, net::Request, std::string) {
  const auto book = api->options.prices->current();
  std::string body;
  Fields fields(body);
  fields.key("mappings") += '[';
  for (const model::DeploymentMapping& mapping : book->mappings()) {
    if (body.back() != '[') body += ',';
    append_mapping(body, mapping);
  }
  body += ']';
  fields.close();
  co_return json_answer(std::move(body));
}

Answer put_deployment(ApiPtr api, net::Request request, std::string) {
  auto mapping = parse_mapping(request.body);
  if (!mapping) co_return problem(mapping.error());
  auto id = api->options.price_control->put_deployment(*mapping);
  if (!id) co_return problem(id.error());
  log::info("audit", "deployment {} mapped to {} ({}) by {}", mapping->deployment, mapping->model,
            model::deployment_type_name(mapping->type), who(api, request));
  co_return changed(api, "id", *id);
}

Answer remove_deployment(ApiPtr api, net::Request request, std::string id) {
  auto number = parse_number(id);
  if (!number) co_return problem(number.error());
  auto removed = api->options.price_control->remove_deployment(*number);
  if (!removed) co_return problem(removed.error());
  log::info("audit", "mapping {} removed by {}", *number, who(api, request));
  co_return changed(api, "removed", *number);
}

}  // namespace catalejo::api
