// Costs as JSON (openapi.json: Cost, SpanCost, CostSum). An unknown cost is null with its reason,
// never 0.
#pragma once

#include <string>

#include "api/spans_json.hpp"
#include "evaluate/judge/record.hpp"
#include "model/price.hpp"
#include "query/cost_sum.hpp"

namespace catalejo::api {

// {"usd","kind","reason","model"}, for a row of a list.
void append_cost(std::string& out, const query::SpanCost& span);
// The same with how it was computed.
void append_span_cost(std::string& out, const query::SpanCost& span);
// A call of ours as the row that it will have in the store, as far as its cost depends on it.
query::SpanRow row_of(const evaluate::judge::OwnCall& call);
void append_cost_sum(std::string& out, const query::CostSum& sum);

// Dollars; null below 0.
void append_usd(std::string& out, std::int64_t nano_usd);
void append_rates(Fields& fields, const model::Rates& rates);
void append_validity(Fields& fields, const model::Validity& validity);
void append_mapping(std::string& out, const model::DeploymentMapping& mapping);
void append_own_price(std::string& out, const model::OwnPrice& price);

}  // namespace catalejo::api
