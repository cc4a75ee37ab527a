// /api/v1/evaluators: what is judged, how it is set, passes over the past, and what came of it.
// Every change leaves a line in the log.
#include <fmt/format.h>

#include "api/body.hpp"
#include "api/parameters.hpp"
#include "api/spans_json.hpp"
#include "base/limits.hpp"
#include "base/log.hpp"
#include "evaluate/engine/engine.hpp"
#include "evaluate/engine/trial.hpp"
#include "evaluate/registry.hpp"
#include "insight/agreement.hpp"
#include "query/evaluation_counts.hpp"
#include "query/evaluator_agreement.hpp"
#include "query/plans.hpp"

namespace catalejo::api {
namespace {

namespace dom = codec::dom;

evaluate::Engine& engine(const ApiPtr& api) {
  return *api->options.evaluators;
}

Result<double> read_double(std::string_view name, dom::element value) {
  double number = 0;
  if (value.get(number) != simdjson::SUCCESS) return bad(name, "must be a number");
  return number;
}

Result<void> read_setting(store::EvaluatorSettings& settings, std::string_view name,
                          dom::element value) {
  for (const auto& [key, flag] : {std::pair<std::string_view, bool*>{"enabled", &settings.enabled},
                                  {"keep_passes", &settings.keep_passes}}) {
    if (name != key) continue;
    if (value.get(*flag) != simdjson::SUCCESS) return bad(name, "must be true or false");
    return {};
  }
  if (name == "threshold" || name == "sampling") {
    auto number = read_double(name, value);
    if (!number) return number.error();
    if (name == "threshold") {
      settings.threshold = *number;
    } else {
      settings.sampling = *number;
    }
    return {};
  }
  if (name == "options") {
    if (!value.is_object() && !value.is_null()) return bad(name, "must be an object");
    if (!value.is_null()) settings.options = simdjson::minify(value);
    return {};
  }
  return read_text_field(name, value, {{"query", &settings.query}});
}

void append_settings(std::string& out, const store::EvaluatorSettings& settings) {
  Fields fields(out);
  fields.flag("enabled", settings.enabled);
  fields.number("threshold", settings.threshold);
  fields.number("sampling", settings.sampling);
  fields.text("query", settings.query);
  fields.key("options") += settings.options.empty() ? "null" : settings.options;
  fields.flag("keep_passes", settings.keep_passes);
  fields.text_or_null("author", settings.author);
  fields.text_or_null("changed",
                      settings.changed.value > 0 ? to_rfc3339(settings.changed) : std::string());
  fields.close();
}

void append_skipped(std::string& out, const evaluate::Tally& tally) {
  Fields fields(out);
  for (const auto& [reason, spans] : tally.skipped)
    fields.integer(reason, static_cast<std::int64_t>(spans));
  fields.close();
}

void append_evaluator(std::string& out, const evaluate::Seat& seat, const evaluate::Tally& tally) {
  Fields fields(out);
  fields.text("id", seat.evaluator->id());
  fields.integer("version", seat.evaluator->version());
  fields.text("scope", evaluate::scope_name(seat.evaluator->scope()));
  fields.text("source", evaluate::source_of(*seat.evaluator));
  const auto threshold = seat.evaluator->threshold();
  fields.number("own_threshold", threshold ? std::optional(threshold->score) : std::nullopt);
  fields.flag("fails_below", threshold && threshold->below);
  fields.text_or_null("asks_for", seat.evaluator->asks_for());
  append_settings(fields.key("settings"), seat.settings);
  fields.integer("judged", static_cast<std::int64_t>(tally.judged));
  fields.integer("failed", static_cast<std::int64_t>(tally.failed));
  append_skipped(fields.key("skipped"), tally);
  fields.number("seconds", tally.seconds);
  fields.close();
}

void append_status(std::string& out, const evaluate::EngineStatus& status) {
  Fields fields(out);
  fields.flag("running", status.running);
  fields.integer("behind_bytes", static_cast<std::int64_t>(status.behind_bytes));
  fields.integer("skipped_bytes", static_cast<std::int64_t>(status.skipped_bytes));
  fields.integer("spans", static_cast<std::int64_t>(status.spans));
  fields.number("cpu_seconds", status.cpu_seconds);
  fields.integer("waiting", static_cast<std::int64_t>(status.waiting));
  fields.text_or_null("problem", status.problem);
  fields.close();
}

std::string_view state_name(store::RunState state) {
  constexpr std::string_view kNames[] = {"waiting", "running", "done", "cancelled", "failed"};
  return kNames[static_cast<std::size_t>(state)];
}

void append_run(std::string& out, const store::EvaluatorRun& run) {
  Fields fields(out);
  fields.integer("id", run.id);
  fields.text("evaluator", run.evaluator);
  fields.integer("version", run.version);
  fields.time("from_ns", run.from);
  fields.time("to_ns", run.to);
  fields.text("state", state_name(run.state));
  for (const auto& [name, number] : {std::pair{"spans", run.spans},
                                     {"seen", run.seen},
                                     {"judged", run.judged},
                                     {"failed", run.failed}})
    fields.integer(name, number);
  fields.text("author", run.author);
  fields.text_or_null("problem", run.problem);
  fields.text("created", to_rfc3339(run.created));
  fields.text("updated", to_rfc3339(run.updated));
  fields.close();
}

void append_counts(std::string& out, const query::CountsLine& line) {
  Fields fields(out);
  fields.text("evaluator", line.evaluator);
  fields.integer("version", line.version);
  fields.text_or_null("app", line.ml_app);
  fields.integer("judged", static_cast<std::int64_t>(line.judged));
  fields.integer("failed", static_cast<std::int64_t>(line.failed));
  append_array(fields.key("buckets"), line.buckets,
               [](std::string& to, const query::CountsBucket& bucket) {
                 Fields entry(to);
                 entry.integer("start_ms", bucket.start_ms);
                 entry.integer("judged", static_cast<std::int64_t>(bucket.judged));
                 entry.integer("failed", static_cast<std::int64_t>(bucket.failed));
                 entry.close();
               });
  fields.close();
}

// A share of nothing is not known.
std::optional<double> share(std::uint64_t part, std::uint64_t whole) {
  if (whole == 0) return std::nullopt;
  return static_cast<double>(part) / static_cast<double>(whole);
}

std::optional<double> kappa_of(const query::AgreementLine& line) {
  std::vector<insight::CategoryPair> pairs(line.both_fail, {1, 1});
  pairs.insert(pairs.end(), line.only_people, {1, 0});
  pairs.insert(pairs.end(), line.only_evaluator, {0, 1});
  pairs.insert(pairs.end(), line.both_pass, {0, 0});
  return insight::agreement_of_two(pairs).kappa;
}

void append_agreement(std::string& out, const query::AgreementLine& line) {
  Fields fields(out);
  fields.text("evaluator", line.label);
  for (const auto& [name, things] : {std::pair{"both_fail", line.both_fail},
                                     {"only_people", line.only_people},
                                     {"only_evaluator", line.only_evaluator},
                                     {"both_pass", line.both_pass},
                                     {"not_judged", line.not_judged}})
    fields.integer(name, static_cast<std::int64_t>(things));
  fields.number("precision", share(line.both_fail, line.both_fail + line.only_evaluator));
  fields.number("recall", share(line.both_fail, line.both_fail + line.only_people));
  fields.number("kappa", kappa_of(line));
  append_array(fields.key("differences"), line.differences,
               [](std::string& to, const query::AgreementLine::Difference& difference) {
                 Fields entry(to);
                 entry.trace_id("trace_id", difference.trace_id);
                 entry.span_id("span_id", difference.span_id);
                 entry.text("people", difference.people_fail ? "fail" : "pass");
                 entry.close();
               });
  fields.close();
}

// An empty end of it is the filter's own: from the last day on, until now.
Result<query::Filter> period(const query::Parameters& parameters) {
  for (const auto& [name, value] : parameters)
    if (name != "from" && name != "to" && name != "ml_app" && name != "api_key")
      return bad(name, "counts are told by from, to and ml_app alone");
  return query::parse_filter(parameters, query::View::spans, now(), {"api_key"});
}

}  // namespace

Answer get_evaluators(ApiPtr api, net::Request, std::string) {
  std::string body;
  Fields fields(body);
  append_status(fields.key("engine"), engine(api).status());
  append_array(fields.key("evaluators"), engine(api).seats(),
               [&](std::string& out, const evaluate::Seat& seat) {
                 append_evaluator(out, seat, engine(api).tally(seat.evaluator->id()));
               });
  fields.close();
  co_return json_answer(std::move(body));
}

Answer put_evaluator(ApiPtr api, net::Request request, std::string id) {
  store::EvaluatorSettings settings{.evaluator = id};
  auto read = read_body(std::move(request.body), [&](std::string_view name, dom::element value) {
    return read_setting(settings, name, value);
  });
  if (!read) co_return problem(read.error());
  const std::string author = who(api, request);
  settings.author = author;
  auto work = [api, settings] { return engine(api).set(settings); };
  auto done = co_await api->options.desk->run(std::move(work));
  if (!done) co_return problem(done.error());
  log::info("audit", "evaluator {} set by {}: {}, sampling {}, search \"{}\"", id, author,
            settings.enabled ? "on" : "off", settings.sampling, settings.query);
  std::string body;
  append_settings(body, settings);
  co_return json_answer(std::move(body));
}

Answer get_evaluator_history(ApiPtr api, net::Request, std::string id) {
  auto work = [api, id] { return engine(api).history(id); };
  auto history = co_await api->options.desk->run(std::move(work));
  if (!history) co_return problem(history.error());
  std::string body;
  Fields fields(body);
  append_array(fields.key("history"), *history, append_settings);
  fields.close();
  co_return json_answer(std::move(body));
}

Answer test_evaluators(ApiPtr api, net::Request request, std::string) {
  evaluate::Trial trial;
  auto read = read_body(
      std::move(request.body),
      [&](std::string_view name, dom::element value) {
        return read_text_field(
            name, value,
            {{"system", &trial.system}, {"input", &trial.input}, {"output", &trial.output}});
      },
      limits::redaction_test_bytes_max);
  if (!read) co_return problem(read.error());
  auto work = [api, trial]() -> Result<std::string> {
    return evaluate::try_text(trial, engine(api).seats());
  };
  auto verdicts = co_await api->options.desk->run(std::move(work));
  if (!verdicts) co_return problem(verdicts.error());
  std::string body;
  Fields fields(body);
  fields.key("verdicts") += *verdicts;
  fields.close();
  co_return json_answer(std::move(body));
}

Answer get_evaluator_runs(ApiPtr api, net::Request, std::string) {
  auto work = [api] { return engine(api).runs(); };
  auto runs = co_await api->options.desk->run(std::move(work));
  if (!runs) co_return problem(runs.error());
  std::string body;
  Fields fields(body);
  append_array(fields.key("runs"), *runs, append_run);
  fields.close();
  co_return json_answer(std::move(body));
}

Answer begin_evaluator_run(ApiPtr api, net::Request request, std::string) {
  std::string evaluator, from, to;
  auto read = read_body(std::move(request.body), [&](std::string_view name, dom::element value) {
    return read_text_field(name, value, {{"evaluator", &evaluator}, {"from", &from}, {"to", &to}});
  });
  if (!read) co_return problem(read.error());
  query::Parameters parameters;
  if (!from.empty()) parameters.emplace_back("from", from);
  if (!to.empty()) parameters.emplace_back("to", to);
  auto filter = period(parameters);
  if (!filter) co_return problem(filter.error());
  const std::string author = who(api, request);
  auto work = [api, evaluator, first = filter->from, last = filter->to, author] {
    return engine(api).begin_run(evaluator, first, last, author);
  };
  auto id = co_await api->options.desk->run(std::move(work));
  if (!id) co_return problem(id.error());
  log::info("audit", "pass {} of evaluator {} from {} to {} begun by {}", *id, evaluator,
            to_rfc3339(filter->from), to_rfc3339(filter->to), author);
  co_return number_answer("id", *id);
}

Answer cancel_evaluator_run(ApiPtr api, net::Request request, std::string id) {
  auto number = parse_number(id);
  if (!number) co_return problem(number.error());
  const std::string author = who(api, request);
  auto work = [api, number = *number] { return engine(api).cancel_run(number); };
  auto done = co_await api->options.desk->run(std::move(work));
  if (!done) co_return problem(done.error());
  log::info("audit", "pass {} of an evaluator cancelled by {}", *number, author);
  co_return number_answer("cancelled", *number);
}

Answer get_evaluator_counts(ApiPtr api, net::Request request, std::string) {
  auto parameters = parameters_of(request);
  if (!parameters) co_return problem(parameters.error());
  auto filter = period(*parameters);
  if (!filter) co_return problem(filter.error());
  query::CountsPlan plan{.from = filter->from, .to = filter->to, .ml_apps = {}, .wholes = {}};
  for (const evaluate::Seat& seat : engine(api).seats())
    if (seat.evaluator->scope() != evaluate::Scope::span)
      plan.wholes.push_back(evaluate::source_of(*seat.evaluator));
  for (const query::FieldFilter& field : filter->fields) plan.ml_apps = field.wanted;
  plan.interval_ms =
      std::max<std::int64_t>(60'000, query::choose_interval_ms(filter->from, filter->to));
  auto body = co_await query::ask(*api->options.store, query::plan_evaluation_counts(plan));
  if (!body) co_return problem(body.error());
  auto lines = query::read_evaluation_counts(*body);
  if (!lines) co_return problem(lines.error());
  std::string out;
  Fields fields(out);
  append_array(fields.key("lines"), *lines, append_counts);
  fields.integer("interval_ms", plan.interval_ms);
  fields.time("from_ns", plan.from);
  fields.time("to_ns", plan.to);
  fields.close();
  co_return json_answer(std::move(out));
}

Answer get_evaluator_agreement(ApiPtr api, net::Request request, std::string) {
  auto parameters = parameters_of(request);
  if (!parameters) co_return problem(parameters.error());
  auto filter = period(*parameters);
  if (!filter) co_return problem(filter.error());
  query::AgreementPlan plan{.from = filter->from, .to = filter->to, .ml_apps = {}, .silent = {}};
  for (const query::FieldFilter& field : filter->fields) plan.ml_apps = field.wanted;
  for (const evaluate::Seat& seat : engine(api).seats())
    if (evaluate::judges_all(seat) && !seat.settings.keep_passes)
      plan.silent.emplace_back(seat.evaluator->id());
  auto body = co_await query::ask(*api->options.store, query::plan_agreement(plan));
  if (!body) co_return problem(body.error());
  auto lines = query::read_agreement(*body);
  if (!lines) co_return problem(lines.error());
  std::string out;
  Fields fields(out);
  append_array(fields.key("lines"), *lines, append_agreement);
  fields.time("from_ns", plan.from);
  fields.time("to_ns", plan.to);
  fields.close();
  co_return json_answer(std::move(out));
}

}  // namespace catalejo::api
