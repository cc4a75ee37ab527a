// /api/v1/redaction: what is taken out of texts before they are stored. Every change leaves a line
// in the log; texts that are tried out leave none.
#include <fmt/format.h>

#include <algorithm>

#include "api/body.hpp"
#include "api/parameters.hpp"
#include "api/spans_json.hpp"
#include "base/limits.hpp"
#include "base/log.hpp"
#include "evaluate/privacy/desk.hpp"

namespace catalejo::api {
namespace {

namespace dom = codec::dom;
using evaluate::privacy::RedactionDesk;

Result<void> read_rule_field(store::RedactionRule& rule, std::string_view name,
                             dom::element value) {
  if (name == "id") {
    auto id = read_number(name, value);
    if (!id) return id.error();
    rule.id = *id;
    return {};
  }
  if (name == "enabled") {
    if (value.get(rule.enabled) != simdjson::SUCCESS) return bad(name, "must be true or false");
    return {};
  }
  return read_text_field(name, value,
                         {{"name", &rule.name},
                          {"app", &rule.app},
                          {"target", &rule.target},
                          {"pattern", &rule.pattern},
                          {"action", &rule.action}});
}

Result<std::optional<store::RedactionRule>> read_draft(dom::element value) {
  dom::object fields;
  if (value.get(fields) != simdjson::SUCCESS) return bad("rule", "must be an object");
  store::RedactionRule rule{.app = "*"};
  for (const dom::key_value_pair field : fields) {
    if (field.value.is_null()) continue;
    CATALEJO_TRY(read_rule_field(rule, field.key, field.value));
  }
  return std::optional(std::move(rule));
}

// What is tried out: a text, or past spans.
struct Trial {
  std::string text, app, from, to, cursor;
  std::size_t limit = 200;
  std::optional<store::RedactionRule> draft;
};

Result<Trial> parse_trial(std::string body) {
  Trial trial;
  CATALEJO_TRY(read_body(
      std::move(body),
      [&](std::string_view name, dom::element value) -> Result<void> {
        if (name == "rule") {
          auto draft = read_draft(value);
          if (!draft) return draft.error();
          trial.draft = *std::move(draft);
          return {};
        }
        if (name == "limit") {
          auto limit = read_number(name, value);
          if (!limit) return limit.error();
          if (*limit < 1 || *limit > static_cast<std::int64_t>(limits::redaction_dry_run_rows_max))
            return bad(name,
                       fmt::format("must be from 1 to {}", limits::redaction_dry_run_rows_max));
          trial.limit = static_cast<std::size_t>(*limit);
          return {};
        }
        return read_text_field(name, value,
                               {{"text", &trial.text},
                                {"app", &trial.app},
                                {"from", &trial.from},
                                {"to", &trial.to},
                                {"cursor", &trial.cursor}});
      },
      limits::redaction_test_bytes_max));
  return trial;
}

void append_rule(std::string& out, const store::RedactionRule& rule) {
  Fields fields(out);
  fields.integer("id", rule.id);
  fields.text_or_null("name", rule.name);
  fields.text("app", rule.app);
  fields.text("target", rule.target);
  fields.text_or_null("pattern", rule.pattern);
  fields.text("action", rule.action);
  fields.flag("enabled", rule.enabled);
  fields.close();
}

void append_version(std::string& out, const store::RedactionVersion& version) {
  Fields fields(out);
  fields.integer("seq", version.seq);
  append_rule(fields.key("rule"), version.rule);
  fields.flag("removed", version.removed);
  fields.text("author", version.author);
  fields.text("at", to_rfc3339(version.at));
  fields.close();
}

void append_built_in(std::string& out, const evaluate::privacy::BuiltInRule& rule) {
  Fields fields(out);
  fields.text("name", rule.name);
  fields.text("class", rule.secret ? "secrets" : "pii");
  fields.text_or_null("provider", rule.provider);
  fields.close();
}

void append_report_line(std::string& out, const evaluate::privacy::ReportLine& line) {
  Fields fields(out);
  fields.text_or_null("app", line.app);
  fields.text("rule", line.rule);
  fields.integer("times", static_cast<std::int64_t>(line.times));
  fields.integer("rows", static_cast<std::int64_t>(line.rows));
  fields.close();
}

RedactionDesk& desk(const ApiPtr& api) {
  return *api->options.redaction;
}

}  // namespace

Answer get_redaction(ApiPtr api, net::Request, std::string) {
  auto work = [api] { return desk(api).held(limits::redaction_history_max); };
  auto held = co_await api->options.desk->run(std::move(work));
  if (!held) co_return problem(held.error());
  std::string body;
  Fields fields(body);
  append_array(fields.key("rules"), held->rules, append_rule);
  append_array(fields.key("history"), held->history, append_version);
  append_array(fields.key("built_in"), RedactionDesk::built_in(), append_built_in);
  fields.close();
  co_return json_answer(std::move(body));
}

Answer put_redaction_rule(ApiPtr api, net::Request request, std::string) {
  store::RedactionRule rule{.app = "*"};
  auto read = read_body(std::move(request.body), [&](std::string_view name, dom::element value) {
    return read_rule_field(rule, name, value);
  });
  if (!read) co_return problem(read.error());
  const std::string author = who(api, request);
  auto work = [api, rule, author] { return desk(api).put(rule, author); };
  auto id = co_await api->options.desk->run(std::move(work));
  if (!id) co_return problem(id.error());
  log::info("audit", "redaction rule {} ({} {} for {}) set by {}", *id, rule.action, rule.target,
            rule.app, author);
  co_return number_answer("id", *id);
}

Answer remove_redaction_rule(ApiPtr api, net::Request request, std::string id) {
  auto number = parse_number(id);
  if (!number) co_return problem(number.error());
  const std::string author = who(api, request);
  auto work = [api, number = *number, author] { return desk(api).remove(number, author); };
  auto removed = co_await api->options.desk->run(std::move(work));
  if (!removed) co_return problem(removed.error());
  log::info("audit", "redaction rule {} removed by {}", *number, author);
  co_return number_answer("removed", *number);
}

Answer undo_redaction(ApiPtr api, net::Request request, std::string id) {
  auto seq = parse_number(id);
  if (!seq) co_return problem(seq.error());
  const std::string author = who(api, request);
  auto work = [api, seq = *seq, author] { return desk(api).undo(seq, author); };
  auto undone = co_await api->options.desk->run(std::move(work));
  if (!undone) co_return problem(undone.error());
  log::info("audit", "change {} of the redaction rules undone by {}", *seq, author);
  co_return number_answer("id", *seq);
}

Answer test_redaction(ApiPtr api, net::Request request, std::string) {
  auto trial = parse_trial(std::move(request.body));
  if (!trial) co_return problem(trial.error());
  auto work = [api, trial = *std::move(trial)] {
    return desk(api).try_text(trial.app, trial.text, trial.draft);
  };
  auto tried = co_await api->options.desk->run(std::move(work));
  if (!tried) co_return problem(tried.error());
  std::string body;
  Fields fields(body);
  fields.text("text", tried->text);
  fields.key("found") += '[';
  for (const auto& part : tried->parts) {
    if (body.back() != '[') body += ',';
    Fields entry(body);
    entry.integer("begin", part.begin);
    entry.integer("end", part.end);
    entry.text("rule", part.rule);
    entry.text("action", pipeline::redact_action_name(part.action));
    entry.close();
  }
  body += ']';
  fields.close();
  co_return json_answer(std::move(body));
}

Answer dry_run_redaction(ApiPtr api, net::Request request, std::string) {
  auto trial = parse_trial(std::move(request.body));
  if (!trial) co_return problem(trial.error());
  query::Parameters parameters;
  if (!trial->from.empty()) parameters.emplace_back("from", trial->from);
  if (!trial->to.empty()) parameters.emplace_back("to", trial->to);
  if (!trial->app.empty()) parameters.emplace_back("ml_app", trial->app);
  auto filter = query::parse_filter(parameters, query::View::spans, now(), {});
  if (!filter) co_return problem(filter.error());
  auto page = co_await desk(api).past_spans(*api->options.store, *std::move(filter), trial->cursor,
                                            trial->limit);
  if (!page) co_return problem(page.error());
  auto past = std::make_shared<query::ListPage>(*std::move(page));
  auto work = [api, past, draft = trial->draft] { return desk(api).dry_run(*past, draft); };
  auto run = co_await api->options.desk->run(std::move(work));
  if (!run) co_return problem(run.error());
  std::vector<evaluate::privacy::ReportLine> lines;
  for (const auto& [key, times] : run->counts)
    lines.push_back({.app = key.first, .rule = key.second, .times = times, .rows = 0});
  std::string body;
  Fields fields(body);
  fields.integer("spans", static_cast<std::int64_t>(run->spans));
  fields.integer("spans_hit", static_cast<std::int64_t>(run->spans_hit));
  append_array(fields.key("counts"), lines, append_report_line);
  fields.text_or_null("next", run->next);
  fields.close();
  co_return json_answer(std::move(body));
}

Answer get_redaction_report(ApiPtr api, net::Request request, std::string) {
  auto parameters = parameters_of(request);
  if (!parameters) co_return problem(parameters.error());
  auto filter = query::parse_filter(*parameters, query::View::spans, now(), {"api_key"});
  if (!filter) co_return filter_problem(filter.error(), *parameters);
  auto lines = co_await desk(api).report(*api->options.store, filter->from, filter->to);
  if (!lines) co_return problem(lines.error());
  std::string body;
  Fields fields(body);
  append_array(fields.key("lines"), *lines, append_report_line);
  fields.time("from_ns", filter->from);
  fields.time("to_ns", filter->to);
  fields.close();
  co_return json_answer(std::move(body));
}

}  // namespace catalejo::api
