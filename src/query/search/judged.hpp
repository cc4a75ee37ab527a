// What an @evaluation term of a search finds, looked up before the spans are: ids that the indexes
// know instead of a condition on every row.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "query/search/search.hpp"

namespace catalejo::query::search {

// What the judgements that fit are about.
struct Judged {
  std::vector<std::pair<TraceId, SpanId>> spans;
  std::vector<TraceId> traces;                            // as a whole
  std::vector<std::string> sessions;                      // as a whole
  std::vector<std::pair<std::string, std::string>> tags;  // of the spans that have them
};

// (trace id, span id, session, key and value of the tag it joins by) of at most
// limits::search_judged_max + 1 judgements.
Statement plan_judged(const Term& term, const Scope& scope);
// nullptr: too many to be told one by one.
Result<std::shared_ptr<const Judged>> read_judged(std::string_view body);

// The terms of the search that are to be looked up.
std::vector<Term*> unjudged_terms(Node& root);

// An expression: the span is one that was judged so.
std::string write_condition(StatementBuilder& out, const Judged& judged);

}  // namespace catalejo::query::search
