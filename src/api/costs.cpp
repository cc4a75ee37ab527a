// GET /api/v1/costs: what was spent, by what.
#include <fmt/format.h>

#include "api/cost_json.hpp"
#include "api/parameters.hpp"
#include "api/routes.hpp"

namespace catalejo::api {
namespace {

struct Question {
  query::Filter filter;
  query::CostBy by = query::CostBy::model;
  const query::Field* field = nullptr;
  std::string by_name = "model";
};

Result<Question> parse(const net::Request& request) {
  auto parameters = parameters_of(request);
  if (!parameters) return parameters.error();
  auto filter = query::parse_filter(*parameters, query::View::spans, now(), {"by", "api_key"});
  if (!filter) return filter.error();
  Question question;
  question.filter = *std::move(filter);
  const std::string* by = find_parameter(*parameters, "by");
  if (by == nullptr || by->empty()) return question;
  question.by_name = *by;
  if (*by == "model") return question;
  question.by = query::CostBy::deployment;
  if (*by == "deployment") return question;
  question.by = query::CostBy::field;
  question.field = query::find_field(*by);
  if (question.field == nullptr)
    return Error{Code::bad_request, fmt::format("there is no field '{}'", *by), "by"};
  return question;
}

}  // namespace

Answer get_costs(ApiPtr api, net::Request request, std::string) {
  auto question = parse(request);
  if (!question) co_return problem(question.error());
  auto priced = co_await api->costs.priced(question->filter);
  if (!priced) co_return problem(priced.error());
  const query::Filter filter = *std::move(priced);
  auto table = co_await api->costs.table(filter, question->by, question->field);
  if (!table) co_return problem(table.error());
  query::CostSum total;
  std::string body;
  Fields fields(body);
  fields.text("by", question->by_name);
  fields.time("from_ns", filter.from);
  fields.time("to_ns", filter.to);
  fields.key("groups") += '[';
  for (const query::CostGroup& group : *table) {
    if (body.back() != '[') body += ',';
    total.add(group.sum);
    Fields row(body);
    row.text("name", group.name);
    append_cost_sum(row.key("cost"), group.sum);
    row.close();
  }
  body += ']';
  total.finish();
  append_cost_sum(fields.key("total"), total);
  fields.close();
  co_return json_answer(std::move(body));
}

}  // namespace catalejo::api
