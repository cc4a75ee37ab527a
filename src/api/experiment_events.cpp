// What came out of an experiment: rows and scores, sent by a client and read by clients and the
// page. Rows that were sent as spans are collected when somebody reads.
#include <fmt/format.h>

#include "api/body.hpp"
#include "api/dataset_request.hpp"
#include "api/experiment_request.hpp"
#include "api/experiment_spans.hpp"
#include "api/experiments_json.hpp"
#include "api/parameters.hpp"
#include "base/limits.hpp"

namespace catalejo::api {
namespace {

struct Events {
  store::ExperimentRows page;
  std::vector<store::ExperimentScore> summary;
};

struct EventsAsked {
  std::string id;
  std::int64_t after = 0;
  std::size_t limit = limits::dataset_page_rows_max;
  bool all = false;  // one answer for all rows, which a client without pages asks for
};

Result<EventsAsked> parse_events_asked(const net::Request& request, std::string id) {
  EventsAsked asked{.id = std::move(id)};
  const auto cursor = request.parameter("page[cursor]").value_or("");
  if (!cursor.empty()) {
    auto after = parse_number(cursor);
    if (!after || *after < 1) return bad("page[cursor]", "this is no cursor of ours");
    asked.after = *after;
  }
  if (const auto text = request.parameter("page[limit]")) {
    auto limit = parse_limit("page[limit]", *text, limits::dataset_page_rows_max);
    if (!limit) return limit.error();
    asked.limit = *limit;
  }
  return asked;
}

// On the desk's thread.
Result<Events> read_events(const ApiPtr& api, const EventsAsked& asked) {
  Events events;
  std::optional<std::int64_t> after = asked.after;
  std::size_t bytes = 0;
  while (after) {
    auto page = api->options.datasets->experiments().rows(asked.id, *after, asked.limit);
    if (!page) return page.error();
    for (const store::ExperimentRow& row : page->rows)
      bytes += row.input.size() + row.output.size() + row.expected.size();
    if (bytes > limits::bodies_in_flight_bytes_max / 2)
      return Error{Code::body_too_large,
                   "the rows of this experiment are too large for one answer; read them by pages, "
                   "at /api/v2/llm-obs/v3/experiments/{id}/events",
                   asked.id};
    std::ranges::move(page->rows, std::back_inserter(events.page.rows));
    std::ranges::move(page->scores, std::back_inserter(events.page.scores));
    events.page.next = after = page->next;
    if (!asked.all) break;
  }
  auto summary = api->options.datasets->experiments().summary(asked.id);
  if (!summary) return summary.error();
  events.summary = std::move(summary->scores);
  return events;
}

Task<Result<void>> keep_rows(ApiPtr api, std::string id, std::vector<store::ExperimentRow> rows) {
  auto work = [api, id, rows = std::move(rows)] {
    return api->options.datasets->experiments().collect(id, rows, false);
  };
  co_return co_await api->options.desk->run(std::move(work));
}

// Makes rows of the spans that came since. More may come: the collector says when all are there.
Task<Result<void>> collect(ApiPtr api, store::Experiment experiment) {
  if (experiment.collected) co_return Result<void>();
  KeepRows keep = [api, id = experiment.id](std::vector<store::ExperimentRow> rows,
                                            bool) -> Task<Result<void>> {
    return keep_rows(api, id, std::move(rows));
  };
  co_return co_await collect_experiment_spans(api->reader, experiment, keep);
}

Task<Result<Events>> events_of(ApiPtr api, EventsAsked asked) {
  auto experiment = co_await find_experiment(api, asked.id);
  if (!experiment) co_return experiment.error();
  // A later page goes on in what the first one found.
  if (asked.after == 0) {
    auto collected = co_await collect(api, *experiment);
    if (!collected) co_return collected.error();
  }
  auto work = [api, asked] { return read_events(api, asked); };
  co_return co_await api->options.desk->run(std::move(work));
}

Answer events_answer(ApiPtr api, EventsAsked asked) {
  auto events = co_await events_of(api, asked);
  if (!events) co_return problem(events.error());
  std::string body;
  Fields fields(body);
  append_item(fields.key("data"), asked.id, "experiment_events", [&](Fields& attributes) {
    append_events(attributes.key("spans"), events->page);
    append_array(attributes.key("summary_metrics"), events->summary, append_score);
  });
  append_after(fields, events->page.next);
  fields.close();
  co_return json_answer(std::move(body));
}

struct Sent {
  std::vector<store::ExperimentRow> rows;
  std::vector<store::ExperimentScore> scores;
};

Result<Sent> read_sent(std::string text) {
  AttributesBody body;
  CATALEJO_TRY(body.parse(std::move(text)));
  Sent sent;
  CATALEJO_TRY(body.each("spans", [&](auto item, std::string where) -> Result<void> {
    auto row = read_row(item, where);
    if (!row) return row.error();
    sent.rows.push_back(*std::move(row));
    return {};
  }));
  CATALEJO_TRY(body.each("metrics", [&](auto item, std::string where) -> Result<void> {
    auto score = read_score(item, where);
    if (!score) return score.error();
    sent.scores.push_back(*std::move(score));
    return {};
  }));
  return sent;
}

// The newest experiment of these two names; empty when there is none.
Result<std::string> id_of_names(const ApiPtr& api, const std::string& project_name,
                                const std::string& experiment_name) {
  auto projects = api->options.datasets->projects();
  if (!projects) return projects.error();
  for (const store::Project& project : *projects) {
    if (project.name != project_name) continue;
    auto page = api->options.datasets->experiments().list(
        {.project = project.id, .experiment = experiment_name, .limit = 1});
    if (!page) return page.error();
    if (!page->experiments.empty()) return page->experiments.front().id;
  }
  return Error{Code::not_found, "there is no experiment of these names", experiment_name};
}

}  // namespace

void append_after(Fields& fields, std::optional<std::int64_t> next) {
  Fields meta(fields.key("meta"));
  meta.text_or_null("after", next ? fmt::format("{}", *next) : "");
  meta.close();
}

Answer add_experiment_events(ApiPtr api, net::Request request, std::string id) {
  auto sent = read_sent(std::move(request.body));
  if (!sent) co_return problem(sent.error());
  auto work = [api, id, sent = *std::move(sent)] {
    return api->options.datasets->experiments().add(id, sent.rows, sent.scores);
  };
  auto kept = co_await api->options.desk->run(std::move(work));
  if (!kept) co_return problem(kept.error());
  net::Response answer = json_answer("{}");
  answer.status = 202;
  co_return answer;
}

Answer get_experiment_events(ApiPtr api, net::Request request, std::string id) {
  auto asked = parse_events_asked(request, std::move(id));
  if (!asked) co_return problem(asked.error());
  asked->all = true;
  co_return co_await events_answer(api, *std::move(asked));
}

Answer get_experiment_events_page(ApiPtr api, net::Request request, std::string id) {
  auto asked = parse_events_asked(request, std::move(id));
  if (!asked) co_return problem(asked.error());
  co_return co_await events_answer(api, *std::move(asked));
}

Answer get_named_experiment_events(ApiPtr api, net::Request request, std::string) {
  auto work = [api, project = request.parameter("filter[project_name]").value_or(""),
               name = request.parameter("filter[experiment_name]").value_or("")] {
    return id_of_names(api, project, name);
  };
  auto id = co_await api->options.desk->run(std::move(work));
  if (!id) co_return problem(id.error());
  co_return co_await get_experiment_events(api, std::move(request), *std::move(id));
}

Answer get_experiment_spans(ApiPtr api, net::Request request, std::string id) {
  auto asked = parse_events_asked(request, std::move(id));
  if (!asked) co_return problem(asked.error());
  asked->all = true;
  auto events = co_await events_of(api, *std::move(asked));
  if (!events) co_return problem(events.error());
  std::string body;
  Fields fields(body);
  append_event_items(fields.key("data"), events->page);
  fields.close();
  co_return json_answer(std::move(body));
}

Answer get_experiment_rows(ApiPtr api, net::Request request, std::string id) {
  auto asked = parse_events_asked(request, std::move(id));
  if (!asked) co_return problem(asked.error());
  auto events = co_await events_of(api, *std::move(asked));
  if (!events) co_return problem(events.error());
  std::string body;
  Fields fields(body);
  append_previews(fields.key("rows"), events->page);
  append_array(fields.key("summary_metrics"), events->summary, append_score);
  append_after(fields, events->page.next);
  fields.close();
  co_return json_answer(std::move(body));
}

Answer get_experiment_row(ApiPtr api, net::Request, std::string ids) {
  const auto [id, span_id] = split_ids(ids);
  auto work = [api, wanted = id, span = span_id] {
    return api->options.datasets->experiments().row(wanted, span);
  };
  auto page = co_await api->options.desk->run(std::move(work));
  if (!page) co_return problem(page.error());
  std::string body;
  Fields fields(body);
  append_events(fields.key("rows"), *page);
  fields.close();
  co_return json_answer(std::move(body));
}

}  // namespace catalejo::api
