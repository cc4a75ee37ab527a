// Parts that the SELECTs of this folder share: which points of Azure's metrics, which spans, and
// the columns that say whose they are. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "insight/economics/counted.hpp"
#include "query/row_reader.hpp"

namespace catalejo::insight::economics {

Error broken_rows();
// Azure's sums are doubles; what corrected them may leave one below 0 for a moment.
std::int64_t whole_of(double sum);

std::string_view metric_of(Counter counter);
// The tag of a key, out of the column `labels`.
std::string tag_column(std::string_view key);
// Subscription, group, account and deployment, under the names kPlaceNames.
std::string place_columns();
inline constexpr std::string_view kPlaceNames = "c_subscription, c_group, c_account, c_deployment";
MetricPlace read_place(query::RowReader& row);
// The condition of points of `metrics` in the time.
void write_metrics(query::StatementBuilder& out, const Span& span,
                   std::vector<std::string> metrics);

// Whose call a span is, as u_resource, u_deployment and u_model.
inline constexpr std::string_view kCallNames =
    "toString(azure_resource) AS u_resource, toString(deployment) AS u_deployment, "
    "if(deployment = '', toString(model), '') AS u_model";
// The condition of model calls of Azure in the time; of any provider at these resources.
void write_calls(query::StatementBuilder& out, const Span& span,
                 const std::vector<std::string>& resources);

// How many of the bounds are not after `seconds`, an expression.
std::string era_of(query::StatementBuilder& out, std::string_view seconds, const Span& span);

}  // namespace catalejo::insight::economics
