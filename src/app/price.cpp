#include "app/price.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "api/cost_json.hpp"
#include "app/exit_code.hpp"
#include "base/file.hpp"
#include "base/ids.hpp"
#include "base/limits.hpp"
#include "cost/prices.hpp"
#include "store/price_control.hpp"

namespace catalejo::app {
namespace {

int failed(const Error& error) {
  fmt::print(stderr, "catalejo: {}\n", to_string(error));
  return exit_failed;
}

Result<std::unique_ptr<store::PriceControl>> open_control(const Settings& settings) {
  CATALEJO_TRY(make_directories(settings.data_dir));
  return store::PriceControl::open(settings.control_path());
}

Result<std::shared_ptr<const cost::PriceBook>> open_book(const Settings& settings,
                                                         store::PriceControl* control) {
  auto prices = cost::Prices::open(
      {.path = settings.prices_path(), .required = !settings.prices.empty(), .control = control});
  if (!prices) return prices.error();
  return (*prices)->current();
}

Result<void> read_usd(std::string_view name, const std::string& text, std::int64_t& nano_usd) {
  if (text.empty()) return {};
  double usd = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), usd);
  if (error != std::errc{} || end != text.data() + text.size() || !(usd >= 0 && usd <= 1e6)) {
    return Error{Code::bad_request,
                 fmt::format("'{}' is no amount: write US dollars, such as 2.50", text),
                 std::string(name)};
  }
  nano_usd = std::llround(usd * 1e9);
  return {};
}

Result<void> read_moment(std::string_view name, const std::string& text, UnixNanos& moment) {
  if (text.empty()) return {};
  const auto time = parse_rfc3339(text);
  if (!time) {
    return Error{Code::bad_request,
                 fmt::format("'{}' is no date: write 2026-11-01, or RFC 3339", text),
                 std::string(name)};
  }
  moment = *time;
  return {};
}

Result<std::int64_t> read_id(const std::string& text) {
  const auto number = parse_decimal64(text);
  if (number && *number <= INT64_MAX) return static_cast<std::int64_t>(*number);
  return Error{
      Code::bad_request, fmt::format("'{}' is no number of an entry; see the list", text), {}};
}

std::string dollars(std::int64_t nano_usd) {
  if (nano_usd < 0) return "-";
  std::string text = fmt::format("{:.9f}", static_cast<double>(nano_usd) / 1e9);
  while (text.ends_with('0') && text[text.size() - 3] != '.') text.pop_back();
  return text;
}

std::string period(const model::Validity& validity) {
  const auto day = [](UnixNanos time) { return to_rfc3339(time).substr(0, 10); };
  const bool open_from = validity.from.value == INT64_MIN, open_to = validity.to.value == INT64_MAX;
  if (open_from && open_to) return "always";
  if (open_from) return "until " + day(validity.to);
  if (open_to) return "from " + day(validity.from);
  return day(validity.from) + " to " + day(validity.to);
}

void print_rates(std::string_view id, std::string_view model, std::string_view type,
                 const model::Rates& rates, std::string_view rest) {
  fmt::print("{:<4} {:<40} {:<16} {:>10} {:>10} {:>10}  {}\n", id, model, type,
             dollars(rates.input), dollars(rates.cached_input), dollars(rates.output), rest);
}

void print_json(const std::vector<model::OwnPrice>& prices) {
  std::string text = "[";
  for (const model::OwnPrice& price : prices) {
    if (text.size() > 1) text += ',';
    api::append_own_price(text, price);
  }
  fmt::print("{}]\n", text);
}

}  // namespace

int price_list(const Settings& settings, const PriceOptions& options) {
  auto control = open_control(settings);
  if (!control) return failed(control.error());
  auto book = open_book(settings, control->get());
  if (!book) return failed(book.error());
  if (options.json) {
    print_json((*book)->own_prices());
    return exit_ok;
  }
  fmt::print("US dollars per million tokens\n{:<4} {:<40} {:<16} {:>10} {:>10} {:>10}\n", "ID",
             "MODEL", "DEPLOYMENT TYPE", "INPUT", "CACHED", "OUTPUT");
  for (const model::OwnPrice& price : (*book)->own_prices()) {
    print_rates(fmt::format("{}", price.id), price.model,
                price.type ? model::deployment_type_name(*price.type) : "any", price.rates,
                period(price.validity) + (price.note.empty() ? "" : "  " + price.note));
  }
  if (options.own) return exit_ok;
  const cost::Catalogue& catalogue = (*book)->catalogue();
  for (const cost::CatalogueModel& model : catalogue.models) {
    for (const cost::CataloguePrice& price : model.prices)
      print_rates("", model.model + (model.fine_tuned ? " fine-tuned" : ""),
                  model::deployment_type_name(price.type), price.rates, "");
  }
  fmt::print("Entries without an ID are of the catalogue of {} ({}, read {}).\n", catalogue.version,
             catalogue.source, catalogue.read);
  return exit_ok;
}

int price_set(const Settings& settings, const PriceOptions& options) {
  model::OwnPrice price{.model = options.model, .note = options.note};
  if (!options.type.empty()) price.type = model::deployment_type_of(options.type);
  for (const auto& [name, text, rate] :
       {std::tuple{"--input", &options.input, &price.rates.input},
        {"--cached-input", &options.cached_input, &price.rates.cached_input},
        {"--cache-write", &options.cache_write, &price.rates.cache_write},
        {"--output", &options.output, &price.rates.output},
        {"--audio-input", &options.audio_input, &price.rates.audio_input},
        {"--audio-output", &options.audio_output, &price.rates.audio_output}}) {
    if (auto read = read_usd(name, *text, *rate); !read) return failed(read.error());
  }
  for (const auto& [name, text, moment] :
       {std::tuple{"--from", &options.from, &price.validity.from},
        {"--to", &options.to, &price.validity.to}}) {
    if (auto read = read_moment(name, *text, *moment); !read) return failed(read.error());
  }
  auto control = open_control(settings);
  if (!control) return failed(control.error());
  auto id = (*control)->put_price(price);
  if (!id) return failed(id.error());
  fmt::print("Own price {} of {} set, {}; all costs shown from now on use it.\n", *id, price.model,
             period(price.validity));
  return exit_ok;
}

int price_unset(const Settings& settings, const PriceOptions& options) {
  auto id = read_id(options.id);
  if (!id) return failed(id.error());
  auto control = open_control(settings);
  if (!control) return failed(control.error());
  if (auto removed = (*control)->remove_price(*id); !removed) return failed(removed.error());
  fmt::print("Own price {} removed.\n", *id);
  return exit_ok;
}

int price_check(const Settings& settings, const PriceOptions& options) {
  const std::string path = options.file.empty() ? settings.prices_path() : options.file;
  auto text = read_file(path);
  if (!text) return failed(text.error());
  auto catalogue = cost::parse_catalogue(*std::move(text));
  if (!catalogue) {
    fmt::print(stderr, "catalejo: {}: {}\n", path, to_string(catalogue.error()));
    return exit_failed;
  }
  fmt::print("{} is good: {} models, version {}, {} read {}.\n", path, catalogue->models.size(),
             catalogue->version, catalogue->source, catalogue->read);
  return exit_ok;
}

int deployment_list(const Settings& settings, const DeploymentOptions& options) {
  auto control = open_control(settings);
  if (!control) return failed(control.error());
  auto mappings = (*control)->deployments();
  if (!mappings) return failed(mappings.error());
  if (options.json) {
    std::string text = "[";
    for (const model::DeploymentMapping& mapping : *mappings) {
      if (text.size() > 1) text += ',';
      api::append_mapping(text, mapping);
    }
    fmt::print("{}]\n", text);
    return exit_ok;
  }
  if (mappings->empty()) {
    fmt::print("No deployment is mapped. Map one with: catalejo deployment map NAME MODEL\n");
    return exit_ok;
  }
  fmt::print("{:<4} {:<28} {:<20} {:<32} {:<16} {:>12}  {}\n", "ID", "DEPLOYMENT", "RESOURCE",
             "MODEL", "TYPE", "USD A MONTH", "VALID");
  for (const model::DeploymentMapping& mapping : *mappings) {
    fmt::print("{:<4} {:<28} {:<20} {:<32} {:<16} {:>12}  {}\n", mapping.id, mapping.deployment,
               mapping.resource.empty() ? "any" : mapping.resource, mapping.model,
               model::deployment_type_name(mapping.type), dollars(mapping.monthly_nano_usd),
               period(mapping.validity));
  }
  return exit_ok;
}

int deployment_map(const Settings& settings, const DeploymentOptions& options) {
  model::DeploymentMapping mapping{.deployment = options.deployment,
                                   .resource = cost::resource_name(options.resource),
                                   .model = options.model};
  mapping.type = model::deployment_type_of(options.type).value_or(model::DeploymentType::global);
  if (auto read = read_usd("--monthly-usd", options.monthly_usd, mapping.monthly_nano_usd); !read)
    return failed(read.error());
  for (const auto& [name, text, moment] :
       {std::tuple{"--from", &options.from, &mapping.validity.from},
        {"--to", &options.to, &mapping.validity.to}}) {
    if (auto read = read_moment(name, *text, *moment); !read) return failed(read.error());
  }
  auto control = open_control(settings);
  if (!control) return failed(control.error());
  auto id = (*control)->put_deployment(mapping);
  if (!id) return failed(id.error());
  fmt::print("Deployment \"{}\" is {} ({}), {}; number {}. Costs of the past are shown anew.\n",
             mapping.deployment, mapping.model, model::deployment_type_name(mapping.type),
             period(mapping.validity), *id);
  auto book = open_book(settings, control->get());
  const bool provisioned = mapping.type == model::DeploymentType::provisioned;
  if (book && !provisioned) {
    const UnixNanos then =
        std::min(std::max(now(), mapping.validity.from), UnixNanos{mapping.validity.to.value - 1});
    const cost::Quote quote =
        (*book)->quote({"", mapping.deployment, mapping.resource, then, false});
    if (quote.kind == cost::Kind::unknown)
      fmt::print("There is no price of {} as {} yet: catalejo price set {} --input … --output …\n",
                 mapping.model, model::deployment_type_name(mapping.type), mapping.model);
  }
  return exit_ok;
}

int deployment_unmap(const Settings& settings, const DeploymentOptions& options) {
  auto id = read_id(options.id);
  if (!id) return failed(id.error());
  auto control = open_control(settings);
  if (!control) return failed(control.error());
  if (auto removed = (*control)->remove_deployment(*id); !removed) return failed(removed.error());
  fmt::print("Mapping {} removed.\n", *id);
  return exit_ok;
}

}  // namespace catalejo::app
