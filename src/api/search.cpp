// GET /api/v1/explain and /api/v1/suggest, and what is said of a search that makes no sense.
#include <array>

#include "api/parameters.hpp"
#include "api/routes.hpp"
#include "api/spans_json.hpp"
#include "base/limits.hpp"
#include "codec/utf8.hpp"

namespace catalejo::api {
namespace {

using query::search::Kind;
using query::search::Node;
using query::search::Op;
using query::search::Problem;
using query::search::Term;

std::string_view kind_name(Kind kind) {
  constexpr std::array<std::string_view, 6> kNames = {"everything", "and",  "or",
                                                      "not",        "word", "term"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::string_view op_name(Op op) {
  constexpr std::array<std::string_view, 8> kNames = {"=",  "<",     "<=", ">",
                                                      ">=", "range", "in", "exists"};
  return kNames[static_cast<std::size_t>(op)];
}

std::string_view source_name(query::search::Source source) {
  constexpr std::array<std::string_view, 6> kNames = {"span",     "tag",        "metric",
                                                      "metadata", "evaluation", "trace"};
  return kNames[static_cast<std::size_t>(source)];
}

void append_values(std::string& out, const Term& term) {
  out += '[';
  for (const query::search::Value& value : term.values) {
    if (out.back() != '[') out += ',';
    Fields fields(out);
    fields.text("text", value.text.literal);
    fields.key("wildcard") += value.text.wildcard ? "true" : "false";
    fields.close();
  }
  out += ']';
}

void append_term(Fields& fields, const Term& term) {
  if (!term.key.empty()) {
    fields.text("key", term.key);
    fields.text("source", source_name(term.target.source));
    fields.text("type", query::search::type_name(term.target.type));
    fields.key("child") += term.target.child ? "true" : "false";
    fields.text("op", op_name(term.op));
  }
  if (term.op == Op::range) {
    fields.key("low_included") += term.low_excluded ? "false" : "true";
    fields.key("high_included") += term.high_excluded ? "false" : "true";
  }
  append_values(fields.key("values"), term);
}

// As deep as limits::search_depth_max lets a search be.
void append_node(std::string& out, const Node& node, std::string_view text) {
  Fields fields(out);
  fields.text("kind", kind_name(node.kind));
  const std::size_t begin = query::search::code_points_before(text, node.place.begin);
  const std::size_t end = query::search::code_points_before(text, node.place.end);
  fields.integer("position", static_cast<std::int64_t>(begin));
  fields.integer("length", static_cast<std::int64_t>(end - begin));
  if (node.kind == Kind::term || node.kind == Kind::word) append_term(fields, node.term);
  if (!node.children.empty()) {
    std::string& list = fields.key("children");
    list += '[';
    for (const Node& child : node.children) {
      if (list.back() != '[') list += ',';
      append_node(list, child, text);
    }
    list += ']';
  }
  fields.close();
}

void append_problem(std::string& out, const Problem& problem) {
  Fields fields(out);
  fields.text("code", problem.code);
  fields.text("message", problem.message);
  fields.integer("position", static_cast<std::int64_t>(problem.position));
  fields.integer("length", static_cast<std::int64_t>(problem.length));
  fields.text_or_null("suggestion", problem.suggestion);
  fields.close();
}

std::string explain_body(const query::Filter& filter) {
  query::ListPlan plan;
  plan.filter = filter;
  plan.rows_max = limits::page_rows_default;
  const query::Statement statement = query::plan_list(plan);
  std::string body;
  Fields fields(body);
  fields.key("problem") += "null";
  if (filter.search) {
    fields.text("query", filter.search->text);
    append_node(fields.key("ast"), filter.search->root, filter.search->text);
  } else {
    fields.text("query", "");
    fields.key("ast") += "null";
  }
  fields.text("sql", statement.sql);
  Fields parameters(fields.key("parameters"));
  for (const auto& [name, value] : statement.parameters) {
    std::string shown;  // the other filters need not be UTF-8
    codec::append_as_utf8(shown, value);
    parameters.text(name, shown);
  }
  parameters.close();
  fields.close();
  return body;
}

// While a search is being typed it is wrong most of the time: no failure of the request.
std::string explain_body(const Problem& found, std::string_view query) {
  std::string text, body;
  codec::append_as_utf8(text, query);
  Fields fields(body);
  append_problem(fields.key("problem"), found);
  fields.text("query", text);
  fields.key("ast") += "null";
  fields.key("sql") += "null";
  fields.key("parameters") += "{}";
  fields.close();
  return body;
}

// Of the parameter `query`, when that is what was refused.
std::optional<Problem> problem_of(const Error& error, const query::Parameters& parameters) {
  const std::string* text = error.where == "query" ? find_parameter(parameters, "query") : nullptr;
  if (text == nullptr) return std::nullopt;
  auto read = query::search::read(*text);
  Problem* found = std::get_if<Problem>(&read);
  return found ? std::optional(std::move(*found)) : std::nullopt;
}

Result<std::size_t> parse_cursor_position(const query::Parameters& parameters) {
  const std::string* text = find_parameter(parameters, "cursor");
  if (!text || text->empty()) return SIZE_MAX;
  const auto position = parse_decimal64(*text);
  if (position) return static_cast<std::size_t>(*position);
  return Error{Code::bad_request, "the cursor is a number of characters from the start", "cursor"};
}

std::string suggest_body(const query::search::Completion& completion,
                         const std::vector<query::search::Suggestion>& found) {
  std::string body;
  Fields fields(body);
  fields.integer("begin", static_cast<std::int64_t>(completion.begin));
  fields.integer("end", static_cast<std::int64_t>(completion.end));
  std::string& list = fields.key("items");
  list += '[';
  for (const query::search::Suggestion& each : found) {
    if (list.back() != '[') list += ',';
    Fields item(list);
    item.text("text", each.text);
    item.text("kind", each.kind);
    item.text_or_null("type", each.type);
    item.integer("count", static_cast<std::int64_t>(each.count));
    item.close();
  }
  list += ']';
  fields.close();
  return body;
}

}  // namespace

net::Response filter_problem(const Error& error, const query::Parameters& parameters) {
  net::Response response = problem(error);
  const auto found = problem_of(error, parameters);
  if (!found) return response;
  response.body = R"({"errors":[)";
  codec::JsonObjectWriter object(response.body);
  append_error(object, error);
  append_problem(object.key("query"), *found);
  object.close();
  response.body += "]}";
  return response;
}

Answer get_explain(ApiPtr api, net::Request request, std::string) {
  auto parameters = parameters_of(request);
  if (!parameters) co_return problem(parameters.error());
  auto filter = query::parse_filter(*parameters, query::View::traces, now(), {"api_key"});
  if (filter) {
    auto priced = co_await api->costs.priced(*std::move(filter));
    if (!priced) co_return problem(priced.error());
    co_return json_answer(explain_body(*priced));
  }
  if (const auto found = problem_of(filter.error(), *parameters))
    co_return json_answer(explain_body(*found, *find_parameter(*parameters, "query")));
  co_return problem(filter.error());
}

Answer get_suggest(ApiPtr api, net::Request request, std::string) {
  auto parameters = parameters_of(request);
  if (!parameters) co_return problem(parameters.error());
  auto cursor = parse_cursor_position(*parameters);
  if (!cursor) co_return problem(cursor.error());
  std::string text;
  if (const std::string* typed = find_parameter(*parameters, "query"))
    codec::append_as_utf8(text, *typed);
  // A search that is being typed makes no sense yet: it is no part of the filter.
  query::Parameters others;
  for (const auto& parameter : *parameters)
    if (parameter.first != "query") others.push_back(parameter);
  auto filter = query::parse_filter(others, query::View::traces, now(), {"cursor", "api_key"});
  if (!filter) co_return problem(filter.error());
  if (text.size() > limits::filter_text_bytes_max)
    co_return problem({Code::bad_request, "the search is too long", "query"});
  auto completion = query::search::completion_at(text, *cursor);
  const query::search::Scope scope{filter->from, filter->to, filter->view == query::View::apm};
  auto found = co_await api->reader.suggestions(completion, scope);
  if (!found) co_return problem(found.error());
  co_return json_answer(suggest_body(completion, *found));
}

}  // namespace catalejo::api
