// Query parameters and cursors: whatever a URL holds. The SQL made from them must
// hold none of their text, only placeholders.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "query/filter.hpp"
#include "query/plans.hpp"

namespace {

using catalejo::query::Filter;

// Every value ends in this mark; it must not be found in any statement.
constexpr std::string_view kMark = "\x01mark";

void check(const Filter& filter) {
  catalejo::query::ListPlan list;
  list.filter = filter;
  list.rows_max = 50;
  const auto statement = catalejo::query::plan_list(list);
  if (statement.sql.find(kMark) != std::string::npos) std::abort();
  const auto facets =
      catalejo::query::plan_facets(filter, {catalejo::query::find_field("model")}, 10);
  if (facets.sql.find(kMark) != std::string::npos) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  catalejo::query::Parameters parameters;
  while (!rest.empty() && parameters.size() < 64) {
    const std::string_view pair = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
    const std::size_t equals = pair.find('=');
    const std::string value(equals == std::string_view::npos ? "" : pair.substr(equals + 1));
    parameters.emplace_back(pair.substr(0, equals), value + std::string(kMark));
    if (auto cursor = catalejo::query::parse_cursor(value))
      if (catalejo::query::encode_cursor(*cursor).size() != value.size()) std::abort();
  }
  const auto filter = catalejo::query::parse_filter(parameters, catalejo::query::View::traces,
                                                    {1'795'472'913'308'242'728}, {});
  if (filter) check(*filter);
  return 0;
}
