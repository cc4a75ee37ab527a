#include "api/cost_json.hpp"

#include <algorithm>

#include "base/money.hpp"

namespace catalejo::api {
namespace {

// Reasons that a table of costs names; the counts of the rest are in unknown_calls.
constexpr std::size_t kReasonsMax = 50;

void append_head(Fields& fields, const query::SpanCost& span) {
  append_usd(fields.key("usd"), span.cost.known() ? span.cost.amount.value : -1);
  fields.text("kind", cost::kind_name(span.cost.kind));
  fields.text_or_null("reason", cost::reason_name(span.cost.reason));
  fields.text_or_null("model", span.is_model_call ? span.quote.model : std::string());
}

void append_tokens(std::string& out, const cost::TokenSplit& tokens) {
  Fields fields(out);
  fields.integer("input", tokens.input);
  fields.integer("cached_input", tokens.cached);
  fields.integer("cache_write", tokens.cache_write);
  fields.integer("audio_input", tokens.audio_input);
  fields.integer("output", tokens.output);
  fields.integer("audio_output", tokens.audio_output);
  fields.integer("reasoning", tokens.reasoning);
  fields.close();
}

void append_unknown(std::string& out, const query::UnknownCalls& unknown) {
  Fields fields(out);
  fields.text("reason", cost::reason_name(unknown.reason));
  fields.text_or_null("model", unknown.model);
  fields.text_or_null("deployment", unknown.deployment);
  fields.integer("calls", static_cast<std::int64_t>(unknown.calls));
  fields.close();
}

// A failed call without tokens is as a rule not billed: it leaves no gap in a sum.
std::uint64_t missing_calls(const query::CostSum& sum) {
  std::uint64_t missing = 0;
  for (const query::UnknownCalls& unknown : sum.unknown)
    if (unknown.reason != cost::Reason::failed_without_tokens) missing += unknown.calls;
  return missing;
}

}  // namespace

void append_usd(std::string& out, std::int64_t nano_usd) {
  if (nano_usd < 0) {
    out += "null";
  } else {
    codec::append_json_number(out, static_cast<double>(nano_usd) / 1e9);
  }
}

void append_cost(std::string& out, const query::SpanCost& span) {
  Fields fields(out);
  append_head(fields, span);
  fields.close();
}

void append_span_cost(std::string& out, const query::SpanCost& span) {
  const cost::Quote& quote = span.quote;
  Fields fields(out);
  append_head(fields, span);
  fields.text_or_null("deployment", span.is_model_call ? quote.deployment : std::string());
  const bool priced = span.cost.kind == cost::Kind::catalogue ||
                      span.cost.kind == cost::Kind::own_price ||
                      span.cost.kind == cost::Kind::ptu_estimate;
  fields.text_or_null("model_from",
                      span.is_model_call ? cost::model_from_name(quote.model_from) : "");
  fields.text_or_null("deployment_type",
                      priced ? model::deployment_type_name(quote.type) : std::string_view());
  fields.key("deployment_type_assumed") += priced && quote.type_assumed ? "true" : "false";
  fields.text_or_null("source", priced ? quote.source : std::string());
  fields.text_or_null("read", priced ? quote.read : std::string());
  fields.key("parts") += '[';
  for (const cost::CostPart& part : span.parts) {
    if (out.back() != '[') out += ',';
    Fields line(out);
    line.text("what", part.what);
    line.integer("tokens", part.tokens);
    append_usd(line.key("usd_per_million"), part.rate);
    append_usd(line.key("usd"), part.cost.value);
    line.close();
  }
  out += ']';
  fields.close();
}

query::SpanRow row_of(const evaluate::judge::OwnCall& call) {
  query::SpanRow row;
  row.half = 1;
  row.start = call.start;
  row.kind = "llm";
  row.model = call.model.empty() ? call.deployment : call.model;
  row.deployment = call.deployment;
  row.azure_resource = call.resource;
  if (call.input_tokens + call.output_tokens > 0) {
    row.input_tokens = call.input_tokens;
    row.output_tokens = call.output_tokens;
  }
  return row;
}

void append_cost_sum(std::string& out, const query::CostSum& sum) {
  Fields fields(out);
  append_usd(fields.key("usd"), sum.known_calls() > 0 ? sum.known_cost().value : -1);
  fields.key("complete") += missing_calls(sum) == 0 ? "true" : "false";
  fields.integer("calls", static_cast<std::int64_t>(sum.calls));
  fields.integer("unknown_calls", static_cast<std::int64_t>(sum.unknown_calls()));
  Fields kinds(fields.key("by_kind"));
  for (std::size_t i = 0; i < static_cast<std::size_t>(cost::Kind::unknown); ++i) {
    if (sum.calls_by_kind[i] == 0) continue;
    append_usd(kinds.key(cost::kind_name(static_cast<cost::Kind>(i))), sum.cost_by_kind[i].value);
  }
  kinds.close();
  fields.key("unknown") += '[';
  for (std::size_t i = 0; i < std::min(sum.unknown.size(), kReasonsMax); ++i) {
    if (i > 0) out += ',';
    append_unknown(out, sum.unknown[i]);
  }
  out += ']';
  append_tokens(fields.key("tokens"), sum.tokens);
  fields.close();
}

void append_rates(Fields& fields, const model::Rates& rates) {
  append_usd(fields.key("input"), rates.input);
  append_usd(fields.key("cached_input"), rates.cached_input);
  append_usd(fields.key("cache_write"), rates.cache_write);
  append_usd(fields.key("output"), rates.output);
  append_usd(fields.key("audio_input"), rates.audio_input);
  append_usd(fields.key("audio_output"), rates.audio_output);
}

void append_validity(Fields& fields, const model::Validity& validity) {
  fields.text_or_null("from",
                      validity.from.value == INT64_MIN ? std::string() : to_rfc3339(validity.from));
  fields.text_or_null("to",
                      validity.to.value == INT64_MAX ? std::string() : to_rfc3339(validity.to));
}

void append_mapping(std::string& out, const model::DeploymentMapping& mapping) {
  Fields fields(out);
  fields.integer("id", mapping.id);
  fields.text("deployment", mapping.deployment);
  fields.text_or_null("resource", mapping.resource);
  fields.text("model", mapping.model);
  fields.text("type", model::deployment_type_name(mapping.type));
  append_usd(fields.key("monthly_usd"), mapping.monthly_nano_usd);
  append_validity(fields, mapping.validity);
  fields.close();
}

void append_own_price(std::string& out, const model::OwnPrice& price) {
  Fields fields(out);
  fields.integer("id", price.id);
  fields.text("model", price.model);
  fields.text_or_null("type",
                      price.type ? model::deployment_type_name(*price.type) : std::string_view());
  append_rates(fields, price.rates);
  append_validity(fields, price.validity);
  fields.text_or_null("note", price.note);
  fields.close();
}

}  // namespace catalejo::api
