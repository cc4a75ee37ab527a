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
  if (name == "sample") return read_sample(name, value, rule.sample);
  if (name == "daily_max") {
    const auto max = static_cast<std::int64_t>(limits::queue_add_max);
    if (value.get(rule.daily_max) == simdjson::SUCCESS && rule.daily_max >= 1 &&
        rule.daily_max <= max)
      return {};
    return bad(name, fmt::format("must be a number from 1 to {}", max));
  }
  return read_text_field(
      name, value, {{"filter", &rule.filter}, {"type", &rule.type}, {"author", &rule.author}});
}

}  // namespace

Result<store::QueueRule> read_queue_rule(std::string body) {
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

namespace {

struct RuleSeen {
  std::optional<store::QueueRule> rule;
  std::vector<store::RuleDay> days;
};

Result<RuleSeen> see_rule(const ApiPtr& api, const std::string& id) {
  auto rule = api->options.queues->rule(id);
  if (!rule) return rule.error();
  auto days = api->options.queues->rule_days(id);
  if (!days) return days.error();
  return RuleSeen{*std::move(rule), *std::move(days)};
}

void append_rule(std::string& out, const store::QueueRule& rule) {
  Fields fields(out);
  fields.text("filter", rule.filter);
  fields.text("type", rule.type);
  codec::append_json_number(fields.key("sample"), rule.sample);
  fields.integer("daily_max", rule.daily_max);
  fields.text("since", to_rfc3339(rule.since));
  fields.text("through", to_rfc3339(rule.through));
  fields.text_or_null("author", rule.author);
  fields.text_or_null("problem", rule.problem);
  fields.close();
}

void append_day(std::string& out, const store::RuleDay& one) {
  Fields fields(out);
  const UnixNanos begin{one.day * kNanosPerDay};
  fields.text("day", to_rfc3339(begin).substr(0, std::string_view("2026-01-01").size()));
  fields.integer("added", one.counts.added);
  fields.integer("known", one.counts.known);
  fields.integer("sampled_out", one.counts.sampled_out);
  fields.integer("unnamed", one.counts.unnamed);
  fields.integer("over_day", one.counts.over_day);
  fields.integer("queue_full", one.counts.queue_full);
  fields.text_or_null("last_added",
                      one.last_added.value == 0 ? std::string() : to_rfc3339(one.last_added));
  fields.close();
}

net::Response rule_answer(const RuleSeen& seen) {
  std::string body;
  Fields answer(body);
  if (seen.rule) {
    append_rule(answer.key("rule"), *seen.rule);
  } else {
    answer.key("rule") += "null";
  }
  append_array(answer.key("days"), seen.days, append_day);
  answer.close();
  return json_answer(std::move(body));
}

}  // namespace

Answer get_queue_rule(ApiPtr api, net::Request, std::string id) {
  auto work = [api, id] { return see_rule(api, id); };
  auto seen = co_await api->options.desk->run(std::move(work));
  if (!seen) co_return problem(seen.error());
  co_return rule_answer(*seen);
}

Answer put_queue_rule(ApiPtr api, net::Request request, std::string id) {
  auto rule = read_queue_rule(request.body);
  if (!rule) co_return problem(rule.error());
  rule->queue = id;
  rule->author = author_or_key(api, request, rule->author);
  auto work = [api, given = *rule]() -> Result<RuleSeen> {
    CATALEJO_TRY(api->options.queues->put_rule(given));
    return see_rule(api, given.queue);
  };
  auto seen = co_await api->options.desk->run(std::move(work));
  if (!seen) co_return problem(seen.error());
  log::info("audit", "rule of queue {} set by {}", id, who(api, request));
  co_return rule_answer(*seen);
}

Answer remove_queue_rule(ApiPtr api, net::Request request, std::string id) {
  auto work = [api, id]() -> Result<RuleSeen> {
    CATALEJO_TRY(api->options.queues->remove_rule(id));
    return see_rule(api, id);
  };
  auto seen = co_await api->options.desk->run(std::move(work));
  if (!seen) co_return problem(seen.error());
  log::info("audit", "rule of queue {} removed by {}", id, who(api, request));
  co_return rule_answer(*seen);
}

}  // namespace catalejo::api
