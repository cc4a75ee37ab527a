// Scores of experiments, selected, grouped and counted, at Datadog's path and in its shape
// (docs.datadoghq.com/api/latest/llm-observability, "Aggregate experimentation"). Its documents
// name one index, "experiment-evals", and one metric, "score_value".
#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "api/body.hpp"
#include "api/dataset_request.hpp"
#include "api/spans_json.hpp"
#include "query/search/parser.hpp"
#include "store/experimentation.hpp"

namespace catalejo::api {
namespace {

namespace dom = codec::dom;
using query::search::Kind;
using query::search::Node;
using query::search::Op;
using query::search::Term;

constexpr std::string_view kIndex = "experiment-evals";
constexpr std::int64_t kGroupsDefault = 1'000, kGroupsMax = 10'000;
constexpr std::size_t kFieldsMax = 8;

struct Wanted {
  store::ScoresAsked asked;
  std::vector<std::string> names;  // what the metrics are called in the answer
};

Result<double> read_value(const query::search::Value& value) {
  double number = 0;
  const std::string& text = value.text.literal;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(number))
    return bad("search.query", fmt::format("\"{}\" is no number", text));
  return number;
}

// An end of a range; nothing where it is open.
Result<std::optional<double>> read_end(const query::search::Value& value, bool excluded,
                                       double towards) {
  if (value.text.only_star()) return std::optional<double>();
  auto number = read_value(value);
  if (!number) return number.error();
  return std::optional(excluded ? std::nextafter(*number, towards) : *number);
}

Result<store::ScoreCondition> read_comparison(const Term& term, store::ScoreCondition condition) {
  const bool range = term.op == Op::range;
  std::optional<double> low, high;
  if (range || term.op == Op::greater || term.op == Op::greater_equal || term.op == Op::equal) {
    auto end =
        read_end(term.values.front(), range ? term.low_excluded : term.op == Op::greater, HUGE_VAL);
    if (!end) return end.error();
    low = *end;
  }
  if (range || term.op == Op::less || term.op == Op::less_equal || term.op == Op::equal) {
    auto end =
        read_end(term.values.back(), range ? term.high_excluded : term.op == Op::less, -HUGE_VAL);
    if (!end) return end.error();
    high = *end;
  }
  if (!low && !high) return bad("search.query", "a range needs one end at least");
  condition.from = low;
  condition.to = high;
  return condition;
}

Result<store::ScoreCondition> read_term(const Term& term, bool none) {
  store::ScoreCondition condition{.field = term.key, .none = none};
  if (condition.field.starts_with('@')) condition.field.erase(0, 1);
  const bool number = condition.field == "score_value" || condition.field == "duration";
  if (number && term.op != Op::any_of && term.op != Op::exists)
    return read_comparison(term, std::move(condition));
  if (term.op != Op::equal && term.op != Op::any_of)
    return bad("search.query", fmt::format("{} takes values, no comparison", term.key));
  for (const query::search::Value& value : term.values) {
    if (value.text.wildcard) return bad("search.query", "takes no * and no ?");
    condition.values.push_back(value.text.literal);
  }
  return condition;
}

// Terms that all must hold; what is between OR is for the language of spans only.
Result<void> read_node(const Node& node, bool none, std::vector<store::ScoreCondition>& all_of) {
  if (node.kind == Kind::everything) return {};
  if (node.kind == Kind::all_of && !none) {
    for (const Node& child : node.children) CATALEJO_TRY(read_node(child, none, all_of));
    return {};
  }
  if (node.kind == Kind::none_of && !none) return read_node(node.children.front(), true, all_of);
  if (node.kind != Kind::term)
    return bad("search.query",
               "write @field:value, -@field:value or @field IN [a, b], side by side");
  auto condition = read_term(node.term, none);
  if (!condition) return condition.error();
  all_of.push_back(*std::move(condition));
  return {};
}

Result<void> read_query(const std::string& text, store::ScoresAsked& asked) {
  const auto parsed = query::search::parse(text);
  if (const auto* wrong = std::get_if<query::search::Problem>(&parsed))
    return bad("search.query", fmt::format("at {}: {}", wrong->position, wrong->message));
  return read_node(std::get<Node>(parsed), false, asked.all_of);
}

Result<std::string> text_at(dom::element object, std::string_view name, const std::string& where) {
  dom::element value;
  if (object[name].get(value) != simdjson::SUCCESS || value.is_null()) return std::string();
  return read_text(fmt::format("{}.{}", where, name), value);
}

// The texts `name` of the objects of an array.
Result<std::vector<std::string>> texts_at(dom::element object, std::string_view array,
                                          std::string_view name) {
  std::vector<std::string> texts;
  dom::element value;
  if (object[array].get(value) != simdjson::SUCCESS || value.is_null()) return texts;
  dom::array items;
  if (value.get(items) != simdjson::SUCCESS || items.size() > kFieldsMax)
    return bad(array, fmt::format("must be an array of at most {}", kFieldsMax));
  for (const dom::element item : items) {
    auto text = text_at(item, name, std::string(array));
    if (!text) return text.error();
    texts.push_back(*std::move(text));
  }
  return texts;
}

Result<std::int64_t> number_at(dom::element object, std::string_view name,
                               const std::string& where) {
  dom::element value;
  if (object[name].get(value) != simdjson::SUCCESS) return bad(where, "is missing");
  return read_number(where, value);
}

Result<void> read_range(dom::element aggregate, store::ScoresAsked& asked) {
  dom::element value;
  if (aggregate["dataset_version"].get(value) == simdjson::SUCCESS && !value.is_null()) {
    auto version = read_number("dataset_version", value);
    if (!version) return version.error();
    asked.dataset_version = *version;
  }
  if (aggregate["time"].get(value) == simdjson::SUCCESS && !value.is_null()) {
    auto from = number_at(value, "from", "time.from");
    if (!from) return from.error();
    auto to = number_at(value, "to", "time.to");
    if (!to) return to.error();
    if (*from > *to) return bad("time.from", "must not be after time.to");
    asked.time_ms = {*from, *to};
  }
  asked.limit = static_cast<std::size_t>(kGroupsDefault);
  if (aggregate["limit"].get(value) == simdjson::SUCCESS && !value.is_null()) {
    auto limit = read_number("limit", value);
    if (!limit) return limit.error();
    if (*limit < 1 || *limit > kGroupsMax)
      return bad("limit", fmt::format("must be from 1 to {}", kGroupsMax));
    asked.limit = static_cast<std::size_t>(*limit);
  }
  return {};
}

Result<void> check_index(dom::element aggregate) {
  dom::array indexes;
  if (aggregate["indexes"].get(indexes) == simdjson::SUCCESS && indexes.size() == 1 &&
      codec::text_or_empty(indexes.at(0)) == kIndex)
    return {};
  return bad("indexes", fmt::format("must be [\"{}\"]", kIndex));
}

Result<Wanted> read_wanted(const AttributesBody& body) {
  const auto aggregate = body.find("aggregate");
  if (!aggregate || !aggregate->is_object()) return bad("aggregate", "must be an object");
  CATALEJO_TRY(check_index(*aggregate));
  Wanted wanted;
  auto metrics = texts_at(*aggregate, "compute", "metric");
  if (!metrics) return metrics.error();
  if (metrics->empty()) return bad("compute", "name one metric or more");
  wanted.asked.metrics = *std::move(metrics);
  auto names = texts_at(*aggregate, "compute", "name");
  if (!names) return names.error();
  for (std::size_t i = 0; i < names->size(); ++i)
    wanted.names.push_back((*names)[i].empty() ? wanted.asked.metrics[i] : (*names)[i]);
  auto fields = texts_at(*aggregate, "group_by", "field");
  if (!fields) return fields.error();
  wanted.asked.group_by = *std::move(fields);
  for (std::string& field : wanted.asked.group_by)
    if (field.starts_with('@')) field.erase(0, 1);
  CATALEJO_TRY(read_range(*aggregate, wanted.asked));
  dom::element search;
  if ((*aggregate)["search"].get(search) != simdjson::SUCCESS)
    return bad("search.query", "is missing");
  auto query = text_at(search, "query", "search");
  if (!query) return query.error();
  CATALEJO_TRY(read_query(*query, wanted.asked));
  return wanted;
}

void append_group(std::string& out, const store::ScoreGroup& group, const Wanted& wanted) {
  Fields fields(out);
  Fields by(fields.key("by"));
  for (std::size_t i = 0; i < group.by.size(); ++i) by.text(wanted.asked.group_by[i], group.by[i]);
  by.close();
  Fields metrics(fields.key("metrics"));
  for (std::size_t i = 0; i < group.metrics.size(); ++i)
    metrics.number(wanted.names[i], group.metrics[i]);
  metrics.close();
  fields.close();
}

}  // namespace

Answer count_experimentation(ApiPtr api, net::Request request, std::string) {
  AttributesBody body;
  if (auto parsed = body.parse(std::move(request.body)); !parsed) co_return problem(parsed.error());
  auto wanted = read_wanted(body);
  if (!wanted) co_return problem(wanted.error());
  auto work = [api, asked = wanted->asked] {
    return api->options.datasets->experimentation().count_scores(asked);
  };
  auto counted = co_await api->options.desk->run(std::move(work));
  if (!counted) co_return problem(counted.error());
  std::string json;
  Fields fields(json);
  append_item(fields.key("data"), "experimentation", "experimentation", [&](Fields& attributes) {
    attributes.integer("hit_count", counted->hits);
    Fields result(attributes.key("result"));
    append_array(result.key("values"), counted->groups,
                 [&](std::string& out, const store::ScoreGroup& group) {
                   append_group(out, group, *wanted);
                 });
    result.close();
  });
  fields.close();
  co_return json_answer(std::move(json));
}

}  // namespace catalejo::api
