// Which groups a downtime is for: a scope as queries of metrics have it, and values in quotes, for
// those of spans may be any text: `env:prod AND user_id:"Ana (ops)"`. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "query/metrics/ast.hpp"

namespace catalejo::monitor {

// Errors: bad_request.
Result<query::metrics::Scope> read_scope(std::string_view text);
// Whatever the case of the letters.
bool holds(const query::metrics::Scope& scope, const std::vector<std::string>& tags);
// Tags that all must have whom the scope lets through.
void add_tags(const query::metrics::Scope& scope, std::vector<std::string>& tags);
// Whether both say the same, in whatever order.
bool same(const query::metrics::Scope& one, const query::metrics::Scope& other);
// The scope of those that have all of these tags; of none "*".
std::string scope_of(const std::vector<std::string>& tags);
// The tags when the scope asks for tags alone that all must be there; else nothing.
std::vector<std::string> plain_tags(const query::metrics::Scope& scope);

}  // namespace catalejo::monitor
