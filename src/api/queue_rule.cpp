// The rule of a queue, by which it fills itself (queue_filler.hpp).
#include "api/body.hpp"
#include "api/dataset_request.hpp"
#include "api/queues_json.hpp"
#include "api/spans_json.hpp"
#include "base/limits.hpp"
#include "base/log.hpp"

namespace catalejo::api {
namespace {

Result<void> read_field(store::QueueRule& rule, std::string_view name, codec::dom::element value) {
  if (name == "sample") {
    if (value.get(rule.sample) == simdjson::SUCCESS && rule.sample > 0 && rule.sample <= 1)
      return {};
    return bad(name, "must be above 0 and at most 1");
  }
  if (name == "daily_max") {
    const auto max = static_cast<std::int64_t>(limits::queue_add_max);
    if (value.get(rule.daily_max) == simdjson::SUCCESS && rule.daily_max >= 1 &&
        rule.daily_max <= max)
      return {};
    return bad(name, fmt::format("must be a number from 1 to {}", max));
  }
  for (const auto& [key, part] :
       {std::pair{"filter", &rule.filter}, {"type", &rule.type}, {"author", &rule.author}}) {
    if (name != key) continue;
    auto text = read_text(name, value);
    if (!text) return text.error();
    *part = *std::move(text);
    return {};
  }
  return no_such_field(name);
}

Result<store::QueueRule> parse_rule(std::string body) {
  store::QueueRule rule;
  rule.daily_max = limits::queue_daily_default;
  CATALEJO_TRY(read_body(std::move(body), [&](std::string_view name, codec::dom::element value) {
    return read_field(rule, name, value);
  }));
  if (rule.filter.size() > limits::view_query_bytes_max)
    return bad("filter", fmt::format("is longer than {} bytes", limits::view_query_bytes_max));
  auto plan = plan_of_list(rule.filter, query::Columns::line, 1);
  if (!plan) return plan.error();
  if (rule.type.empty()) rule.type = plan->filter.view == query::View::traces ? "trace" : "span";
  if (rule.type != "trace" && rule.type != "span" && rule.type != "session")
    return bad("type", "must be trace, span or session");
  return rule;
}

net::Response rule_answer(const std::optional<store::QueueRule>& rule) {
  std::string body;
  Fields answer(body);
  if (!rule) {
    answer.key("rule") += "null";
    answer.close();
    return json_answer(std::move(body));
  }
  Fields fields(answer.key("rule"));
  fields.text("filter", rule->filter);
  fields.text("type", rule->type);
  codec::append_json_number(fields.key("sample"), rule->sample);
  fields.integer("daily_max", rule->daily_max);
  const bool today = rule->day == now().value / (86'400 * kNanosPerSecond);
  fields.integer("added_today", today ? rule->added_on_day : 0);
  fields.text("since", to_rfc3339(rule->since));
  fields.text_or_null("author", rule->author);
  fields.text_or_null("problem", rule->problem);
  fields.close();
  answer.close();
  return json_answer(std::move(body));
}

}  // namespace

Answer get_queue_rule(ApiPtr api, net::Request, std::string id) {
  auto work = [api, id] { return api->options.queues->rule(id); };
  auto rule = co_await api->options.desk->run(std::move(work));
  if (!rule) co_return problem(rule.error());
  co_return rule_answer(*rule);
}

Answer put_queue_rule(ApiPtr api, net::Request request, std::string id) {
  auto rule = parse_rule(request.body);
  if (!rule) co_return problem(rule.error());
  rule->queue = id;
  rule->author = author_or_key(api, request, rule->author);
  auto work = [api, given = *rule]() -> Result<std::optional<store::QueueRule>> {
    auto kept = api->options.queues->put_rule(given);
    if (!kept) return kept.error();
    return api->options.queues->rule(given.queue);
  };
  auto kept = co_await api->options.desk->run(std::move(work));
  if (!kept) co_return problem(kept.error());
  log::info("audit", "rule of queue {} set by {}", id, who(api, request));
  co_return rule_answer(*kept);
}

Answer remove_queue_rule(ApiPtr api, net::Request request, std::string id) {
  auto work = [api, id] { return api->options.queues->remove_rule(id); };
  auto removed = co_await api->options.desk->run(std::move(work));
  if (!removed) co_return problem(removed.error());
  log::info("audit", "rule of queue {} removed by {}", id, who(api, request));
  co_return rule_answer(std::nullopt);
}

}  // namespace catalejo::api
