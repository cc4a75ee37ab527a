#include "evaluate/privacy/desk.hpp"

#include <fmt/format.h>

#include "base/limits.hpp"
#include "detect/secrets/secrets.hpp"
#include "query/statement.hpp"

namespace catalejo::evaluate::privacy {
namespace {

// What the pipeline would be given, had the span just come.
model::Span span_of(const query::SpanRow& row) {
  model::Span span{.name = row.name,
                   .apm_name = row.apm_name,
                   .resource = row.resource,
                   .service = row.service,
                   .env = row.env,
                   .version = row.version,
                   .ml_app = row.ml_app,
                   .session_id = row.session_id,
                   .user_id = row.user_id,
                   .error_type = row.error_type,
                   .error_message = row.error_message,
                   .error_stack = row.error_stack,
                   .input_json = row.input,
                   .output_json = row.output,
                   .metadata_json = row.metadata,
                   .extra_json = row.extra};
  for (const auto& [key, value] : row.tags) span.tags.push_back({key, value});
  return span;
}

query::Statement plan_report(UnixNanos from, UnixNanos to) {
  query::StatementBuilder out;
  const std::string marked =
      fmt::format("bitAnd(flags, {}) != 0", static_cast<std::uint32_t>(model::flag_redacted));
  out << "SELECT toString(ml_app), substring(toString(k), "
      << fmt::format("{}", pipeline::kRedactedTag.size() + 1)
      << ") AS rule, sum(toUInt64OrZero(v)) AS times, count()\nFROM (\n"
      << "  SELECT ml_app, tags FROM spans WHERE start >= " << out.bind_time(from)
      << " AND start <= " << out.bind_time(to) << " AND " << marked
      << "\n  UNION ALL\n  SELECT ml_app, tags FROM evaluations WHERE timestamp >= "
      << out.bind_time(from) << " AND timestamp <= " << out.bind_time(to) << " AND " << marked
      << ")\nARRAY JOIN mapKeys(tags) AS k, mapValues(tags) AS v\nWHERE startsWith(k, "
      << out.bind_text(pipeline::kRedactedTag)
      << ")\nGROUP BY ml_app, rule\nORDER BY times DESC, ml_app, rule\nLIMIT 500\nFORMAT RowBinary";
  return std::move(out).finish();
}

}  // namespace

Result<RedactionDesk::Held> RedactionDesk::held(std::size_t versions_max) {
  auto rules = control_.rules();
  if (!rules) return rules.error();
  auto history = control_.history(versions_max);
  if (!history) return history.error();
  return Held{.rules = *std::move(rules), .history = *std::move(history)};
}

Result<std::int64_t> RedactionDesk::put(store::RedactionRule rule, const std::string& author) {
  CATALEJO_TRY(pipeline::check_rule(rule));
  auto id = control_.put(std::move(rule), author);
  if (id) CATALEJO_TRY(redaction_.refresh());
  return id;
}

Result<void> RedactionDesk::remove(std::int64_t id, const std::string& author) {
  CATALEJO_TRY(control_.remove(id, author));
  return redaction_.refresh();
}

Result<void> RedactionDesk::undo(std::int64_t seq, const std::string& author) {
  CATALEJO_TRY(control_.undo(seq, author));
  return redaction_.refresh();
}

Result<std::shared_ptr<const pipeline::Redactor>> RedactionDesk::with(
    const std::optional<store::RedactionRule>& draft, bool find_all) {
  auto held = control_.rules();
  if (!held) return held.error();
  std::vector<store::RedactionRule> rules;
  // Any rule of a person's about the same comes before these.
  if (find_all)
    for (const char* target : {"pii", "secrets"})
      rules.push_back({.app = "*", .target = target, .action = "keep"});
  for (store::RedactionRule& rule : *held)
    if (!draft || draft->id == 0 || rule.id != draft->id) rules.push_back(std::move(rule));
  if (draft) {
    CATALEJO_TRY(pipeline::check_rule(*draft));
    rules.push_back(*draft);
    rules.back().enabled = true;
  }
  return redaction_.compile(rules);
}

Result<pipeline::Redactor::Tried> RedactionDesk::try_text(
    const std::string& app, const std::string& text,
    const std::optional<store::RedactionRule>& draft) {
  auto redactor = with(draft, true);
  if (!redactor) return redactor.error();
  return (*redactor)->try_text(app, text);
}

Task<Result<query::ListPage>> RedactionDesk::past_spans(store::Store& store, query::Filter filter,
                                                        std::string cursor, std::size_t rows_max) {
  query::ListPlan plan;
  plan.filter = std::move(filter);
  plan.columns = query::Columns::all;
  plan.rows_max = rows_max;
  if (!cursor.empty()) {
    auto after = query::parse_cursor(cursor);
    if (!after) co_return after.error();
    plan.after = *after;
  }
  query::Reader reader(store);
  co_return co_await reader.list(std::move(plan));
}

Result<DryRun> RedactionDesk::dry_run(const query::ListPage& past,
                                      const std::optional<store::RedactionRule>& draft) {
  auto redactor = with(draft, false);
  if (!redactor) return redactor.error();
  DryRun run{.next = past.next};
  for (const query::SpanRow& row : past.spans.rows) {
    model::Batch batch;
    batch.spans.push_back(span_of(row));
    (*redactor)->apply(batch, run.counts);
    ++run.spans;
    if ((batch.spans[0].flags & model::flag_redacted) != 0) ++run.spans_hit;
  }
  return run;
}

Task<Result<std::vector<ReportLine>>> RedactionDesk::report(store::Store& store, UnixNanos from,
                                                            UnixNanos to) {
  auto body = co_await query::ask(store, plan_report(from, to));
  if (!body) co_return body.error();
  std::vector<ReportLine> lines;
  query::RowReader row(*body);
  while (!row.at_end() && !row.failed()) {
    ReportLine line;
    line.app = row.text();
    line.rule = row.text();
    line.times = row.u64();
    line.rows = row.u64();
    lines.push_back(std::move(line));
  }
  if (row.failed()) co_return query::broken_answer();
  co_return lines;
}

std::vector<BuiltInRule> RedactionDesk::built_in() {
  std::vector<BuiltInRule> rules;
  for (const auto& [name, kind] : detect::built_in_rules()) {
    const bool secret = kind == detect::Class::secret;
    rules.push_back({std::string(name),
                     std::string(secret ? detect::secrets::provider_of(name) : std::string_view{}),
                     secret});
  }
  return rules;
}

}  // namespace catalejo::evaluate::privacy
