// One of the `queries` of a request, or of the `variables` of a monitor: a query of metrics or a
// question about spans, with the name that formulas call it by. A pure function.
#pragma once

#include <string>

#include "base/result.hpp"
#include "codec/json_dom.hpp"
#include "query/metrics/parser.hpp"
#include "query/metrics/reduce.hpp"

namespace catalejo::query::metrics {

struct AskedQuery {
  NamedQuery named;
  Reducer reducer = Reducer::avg;
};

// `where` is "queries[2]", `usual_name` what it is called when it does not say. Errors:
// bad_request.
Result<AskedQuery> read_named_query(codec::dom::element item, const std::string& where,
                                    std::string usual_name);

}  // namespace catalejo::query::metrics
