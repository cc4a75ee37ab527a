// GET /api/v1/export: the rows of a list as one Parquet file, sent while it is made.
#include "query/export.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "api/parameters.hpp"
#include "api/routes.hpp"

namespace catalejo::api {
namespace {

// "catalejo-traces-20261125T220800Z.parquet"
std::string file_name(query::View view, UnixNanos time) {
  const std::string_view what = view == query::View::traces  ? "traces"
                                : view == query::View::spans ? "spans"
                                                             : "apm";
  const auto seconds = static_cast<std::time_t>(time.value / kNanosPerSecond);
  return fmt::format("catalejo-{}-{:%Y%m%dT%H%M%SZ}.parquet", what, fmt::gmtime(seconds));
}

}  // namespace

Answer get_export(ApiPtr api, net::Request request, std::string) {
  auto parameters = parameters_of(request);
  if (!parameters) co_return problem(parameters.error());
  auto filter = query::parse_filter(*parameters, query::View::traces, now(), {"format", "api_key"});
  if (!filter) co_return filter_problem(filter.error(), *parameters);
  const std::string* format = find_parameter(*parameters, "format");
  if (format == nullptr || *format != "parquet")
    co_return problem({Code::bad_request,
                       "write format=parquet; CSV and JSON Lines are made of the pages of a list",
                       "format"});
  auto priced = co_await api->costs.priced(*std::move(filter));
  if (!priced) co_return problem(priced.error());
  auto narrow = co_await query::narrowed(*api->options.store, *std::move(priced));
  if (!narrow) co_return problem(narrow.error());
  auto file = std::make_shared<query::ParquetExport>(*api->options.store, *narrow);
  // What is wrong shows at the beginning, while it can still be answered.
  auto begin = co_await file->next();
  if (!begin) co_return problem(begin.error());
  net::Response response;
  response.body = *std::move(begin);
  response.next_part = [api, file] { return file->next(); };
  set_file(response, "application/vnd.apache.parquet", file_name(narrow->view, now()));
  co_return response;
}

}  // namespace catalejo::api
