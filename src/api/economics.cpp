// GET /api/v1/azure/economics: what deployments consumed, as Azure counts it and as it was traced.
#include <fmt/format.h>

#include "api/parameters.hpp"
#include "api/routes.hpp"
#include "api/spans_json.hpp"
#include "azure/crawl/crawler.hpp"
#include "base/limits.hpp"
#include "insight/economics/economics_reader.hpp"
#include "query/filter.hpp"
#include "query/saturate.hpp"

namespace catalejo::api {
namespace {

namespace economics = insight::economics;

constexpr std::int64_t kUsualNanos = kNanosPerDay;

// Filters would narrow what was traced and not what Azure counts, so there are none.
Result<economics::Window> parse(const net::Request& request) {
  auto parameters = parameters_of(request);
  if (!parameters) return parameters.error();
  for (const auto& [name, value] : *parameters)
    if (name != "from" && name != "to" && name != "api_key")
      return Error{Code::bad_request, fmt::format("there is no parameter '{}' here", name), name};
  const UnixNanos present = now();
  auto filter = query::parse_filter(*parameters, query::View::spans, present, {"api_key"});
  if (!filter) return filter.error();
  if (find_parameter(*parameters, "from") == nullptr)
    filter->from = query::shifted(filter->to, -kUsualNanos);
  const std::int64_t length = query::distance_saturated(filter->from, filter->to);
  if (length > limits::azure_kept_seconds * kNanosPerSecond) {
    return Error{Code::bad_request,
                 fmt::format("a time of at most {} days can be compared",
                             limits::azure_kept_seconds / 86'400),
                 "from"};
  }
  return economics::window_of(filter->from, filter->to, present);
}

void append_window(Fields& fields, economics::Window window) {
  fields.time("from_ns", {window.from_s * kNanosPerSecond});
  fields.time("to_ns", {window.to_s * kNanosPerSecond});
}

void append_billed(std::string& out, const std::optional<economics::Billed>& billed) {
  if (!billed) {
    out += "null";
    return;
  }
  Fields fields(out);
  fields.integer("prompt", billed->prompt);
  fields.integer("completion", billed->completion);
  fields.integer("total", billed->total());
  fields.integer("requests", billed->requests);
  fields.integer("succeeded", billed->succeeded);
  fields.integer("spilled", billed->spilled);
  fields.close();
}

void append_traced(std::string& out, const economics::Traced& traced) {
  Fields fields(out);
  fields.integer("prompt", traced.prompt);
  fields.integer("cached", traced.cached);
  fields.integer("completion", traced.completion);
  fields.integer("total", traced.total());
  fields.integer("calls", traced.calls);
  fields.integer("failed", traced.failed);
  fields.integer("without_tokens", traced.uncounted);
  fields.integer("by_name", traced.by_name);
  fields.close();
}

void append_difference(std::string& out, std::int64_t billed, std::int64_t traced) {
  const economics::Difference made = economics::difference(billed, traced);
  Fields fields(out);
  fields.integer("untraced", made.untraced);
  fields.integer("beyond", made.beyond);
  fields.number("share", made.share);
  fields.close();
}

void append_differences(std::string& out, const std::optional<economics::Billed>& billed,
                        const economics::Traced& traced) {
  if (!billed) {
    out += "null";
    return;
  }
  Fields fields(out);
  append_difference(fields.key("prompt"), billed->prompt, traced.prompt);
  append_difference(fields.key("completion"), billed->completion, traced.completion);
  append_difference(fields.key("total"), billed->total(), traced.total());
  append_difference(fields.key("calls"), billed->succeeded, traced.calls - traced.failed);
  fields.close();
}

void append_limit(Fields& fields, std::string_view name, const economics::Limit& limit) {
  const bool known = limit.from != economics::LimitFrom::nowhere;
  fields.known(name, known ? limit.per_minute : -1);
  fields.text_or_null(fmt::format("{}_from", name), economics::limit_from_name(limit.from));
}

void append_minute(Fields& fields, std::string_view name, std::int64_t value, std::int64_t at_s) {
  fields.integer(name, value);
  const std::string at = fmt::format("{}_at_ns", name);
  if (value > 0) {
    fields.time(at, {at_s * kNanosPerSecond});
  } else {
    fields.text_or_null(at, "");
  }
}

void append_call(std::string& out, const economics::ThrottledCall& call) {
  Fields fields(out);
  fields.time("start_ns", call.start);
  fields.trace_id("trace_id", call.trace_id);
  fields.span_id("span_id", call.span_id);
  fields.text_or_null("request_id", call.request_id);
  fields.known("retry_after_ms", call.retry_after_ms);
  fields.flag("failed", call.failed);
  fields.close();
}

void append_quota(std::string& out, const economics::Row& row, const std::string& search) {
  const economics::Throttled& throttled = row.throttled;
  Fields fields(out);
  append_limit(fields, "tokens_per_minute", row.limits.tokens);
  append_limit(fields, "requests_per_minute", row.limits.requests);
  if (row.peak) {
    Fields peak(fields.key("peak"));
    append_minute(peak, "tokens", row.peak->tokens, row.peak->tokens_at_s);
    append_minute(peak, "requests", row.peak->requests, row.peak->requests_at_s);
    peak.close();
  } else {
    fields.key("peak") += "null";
  }
  fields.known("throttled", row.billed ? row.billed->throttled : -1);
  Fields traced(fields.key("traced"));
  traced.integer("failed", throttled.failed);
  traced.integer("retried", throttled.retried);
  traced.integer("retries", throttled.retries);
  traced.known("retry_after_ms_max", throttled.retry_after_ms_max);
  append_array(traced.key("newest"), throttled.newest, append_call);
  traced.text_or_null("search", throttled.newest.empty() || search.empty()
                                    ? std::string()
                                    : fmt::format("{} {}", search, economics::kThrottledSearch));
  traced.close();
  fields.close();
}

void append_money(Fields& fields, std::string_view name, const std::optional<NanoUsd>& money) {
  fields.cost(name, money ? money->value : -1);
}

void append_provisioned(std::string& out, const economics::Provisioned& made) {
  Fields fields(out);
  if (made.utilisation) {
    const economics::Utilisation& used = *made.utilisation;
    Fields utilisation(fields.key("utilisation"));
    utilisation.number("mean", used.mean());
    utilisation.number("p95", used.p95);
    utilisation.number("max", used.max);
    utilisation.integer("minutes", used.minutes);
    utilisation.close();
  } else {
    fields.key("utilisation") += "null";
  }
  fields.integer("minutes", made.minutes);
  append_money(fields, "usd", made.cost);
  append_money(fields, "usd_per_million", made.million);
  fields.known("tokens_per_hour", made.served_per_hour.value_or(-1));
  fields.text("by_token_type", model::deployment_type_name(made.by_token_type));
  append_money(fields, "by_token_usd", made.by_token);
  append_money(fields, "by_token_usd_per_million", made.by_token_million);
  fields.text_or_null("by_token_unknown", cost::reason_name(made.by_token_unknown));
  fields.known("break_even_tokens_per_hour", made.break_even.value_or(-1));
  fields.number("break_even_utilisation", made.break_even_share);
  fields.close();
}

void append_filter(std::string& out, const economics::FilterVolume& volume,
                   const std::string& search) {
  Fields fields(out);
  fields.known("checked", volume.checked.value_or(-1));
  fields.key("verdicts") += '[';
  bool first = true;
  for (const auto& [verdict, line] : volume.lines) {
    if (!first) out += ',';
    first = false;
    const std::string more = economics::terms_for(verdict);
    const bool found = line.calls > 0 && !search.empty() && !more.empty();
    Fields row(out);
    row.text_or_null("side", verdict.side);
    row.text_or_null("category", verdict.category);
    row.text_or_null("severity", verdict.severity);
    row.known("harmful", line.harmful.value_or(-1));
    row.known("blocked", line.blocked.value_or(-1));
    row.integer("calls", line.calls);
    row.integer("filtered", line.filtered);
    row.trace_id("trace_id", line.trace_id);
    row.span_id("span_id", line.span_id);
    row.text_or_null("search", found ? fmt::format("{} {}", search, more) : std::string());
    row.close();
  }
  out += ']';
  fields.close();
}

void append_row(std::string& out, const economics::Row& row) {
  const economics::Place& place = row.place;
  Fields fields(out);
  fields.text_or_null("account", place.account);
  fields.text_or_null("account_id", place.account_id);
  fields.text_or_null("resource", place.resource);
  fields.text_or_null("subscription", place.subscription);
  fields.text_or_null("region", place.region);
  fields.text("deployment", place.deployment);
  fields.text_or_null("model", place.model);
  fields.text_or_null("version", place.version);
  fields.text_or_null("sku", place.sku);
  fields.known("capacity", place.capacity > 0 ? place.capacity : -1);
  append_window(fields, place.window);
  append_billed(fields.key("billed"), row.billed);
  fields.text_or_null("unknown", economics::unknown_name(place.unknown));
  append_traced(fields.key("traced"), row.traced);
  append_differences(fields.key("difference"), row.billed, row.traced);
  const std::string search = economics::search_for(row.called);
  fields.text_or_null("search", search);
  append_quota(fields.key("quota"), row, search);
  fields.text_or_null("spillover", place.spillover);
  if (row.provisioned) {
    append_provisioned(fields.key("provisioned"), *row.provisioned);
  } else {
    fields.key("provisioned") += "null";
  }
  append_filter(fields.key("content_filter"), row.filter, search);
  fields.close();
}

std::string body_of(const economics::Economics& all) {
  std::string body;
  Fields fields(body);
  append_window(fields, all.asked);
  fields.flag("too_recent", all.asked.empty());
  fields.flag("cut", all.cut);
  append_array(fields.key("deployments"), all.rows, append_row);
  Fields total(fields.key("total"));
  append_billed(total.key("billed"), all.billed);
  append_traced(total.key("traced"), all.traced);
  append_differences(total.key("difference"), all.billed, all.traced);
  append_traced(total.key("elsewhere"), all.elsewhere);
  total.integer("unknown", static_cast<std::int64_t>(all.unknown));
  total.close();
  fields.close();
  return body;
}

}  // namespace

Answer get_azure_economics(ApiPtr api, net::Request request, std::string) {
  auto window = parse(request);
  if (!window) co_return problem(window.error());
  auto work = [api]() -> Result<economics::Known> {
    store::AzureControl& control = *api->options.azure->options().control;
    auto inventory = control.inventory();
    if (!inventory) return inventory.error();
    auto positions = control.positions();
    if (!positions) return positions.error();
    return economics::Known{*std::move(inventory), *std::move(positions)};
  };
  auto known = co_await api->options.desk->run(std::move(work));
  if (!known) co_return problem(known.error());
  economics::Known given = *std::move(known);
  economics::EconomicsReader reader(*api->options.store, *api->options.prices);
  auto all = co_await reader.economics(std::move(given), *window);
  if (!all) co_return problem(all.error());
  co_return json_answer(body_of(*all));
}

}  // namespace catalejo::api
