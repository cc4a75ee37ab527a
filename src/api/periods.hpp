// Two periods as every route about them takes and tells them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/routes.hpp"
#include "api/spans_json.hpp"
#include "insight/insight_reader.hpp"
#include "query/filter.hpp"

namespace catalejo::api {

struct AskedPeriods {
  std::optional<net::Response> refused;  // what the parameters' fault is answered with
  query::Parameters parameters;
  insight::Periods periods;
};
// The filters of a list, and `against`: before, day or week; priced where the search is about cost.
Task<AskedPeriods> asked_periods(ApiPtr api, net::Request request);
void append_times(Fields& fields, const insight::Periods& periods);
void append_figures(std::string& out, const insight::Figures& figures, const insight::Sums& judged);

}  // namespace catalejo::api
