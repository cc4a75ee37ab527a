// Two periods as every route about them takes and tells them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/spans_json.hpp"
#include "insight/insight_reader.hpp"
#include "query/filter.hpp"

namespace catalejo::api {

// The filters of a list, and `against`: before, day or week.
Result<insight::Periods> parse_periods(const query::Parameters& parameters);
void append_times(Fields& fields, const insight::Periods& periods);
void append_figures(std::string& out, const insight::Figures& figures, const insight::Sums& judged);

}  // namespace catalejo::api
