// The table of routes and what every handler of it is given.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "api/api.hpp"
#include "base/task.hpp"
#include "codec/json_writer.hpp"
#include "insight/insight_reader.hpp"
#include "insight/topics/desk.hpp"
#include "query/cost_reader.hpp"
#include "query/reader.hpp"

namespace catalejo::api {

struct Api {
  Api(ApiOptions given, store::Monitors& kept)
      : options(std::move(given)),
        reader(*options.store),
        costs(*options.store, *options.prices),
        insights(*options.store, costs),
        topics(*options.store, costs, options.embed),
        monitors(kept) {}
  ApiOptions options;
  query::Reader reader;
  query::CostReader costs;
  insight::InsightReader insights;
  insight::topics::Desk topics;
  store::Monitors& monitors;
};
using ApiPtr = std::shared_ptr<Api>;

enum class Access {
  open,  // says nothing about the data
  key,   // wants a key when keys are required
};

struct Route {
  std::string_view method;  // GET also answers HEAD
  std::string_view path;    // "/api/v1/traces/{id}/lines"
  Access access;
  // `id` is what stood at {…}; of several, joined by '/'.
  Task<net::Response> (*handle)(ApiPtr api, net::Request request, std::string id);
};
std::span<const Route> routes();

// Handlers, by file.
using Answer = Task<net::Response>;
Answer get_traces(ApiPtr api, net::Request request, std::string id);         // lists.cpp
Answer get_spans(ApiPtr api, net::Request request, std::string id);          // lists.cpp
Answer get_trace(ApiPtr api, net::Request request, std::string id);          // traces.cpp
Answer get_export(ApiPtr api, net::Request request, std::string id);         // export.cpp
Answer get_trace_lines(ApiPtr api, net::Request request, std::string id);    // traces.cpp
Answer find_in_trace(ApiPtr api, net::Request request, std::string id);      // traces.cpp
Answer get_sessions(ApiPtr api, net::Request request, std::string id);       // groups.cpp
Answer get_users(ApiPtr api, net::Request request, std::string id);          // groups.cpp
Answer get_facets(ApiPtr api, net::Request request, std::string id);         // figures.cpp
Answer get_series(ApiPtr api, net::Request request, std::string id);         // figures.cpp
Answer get_metric_query(ApiPtr api, net::Request request, std::string id);   // metric_queries.cpp
Answer post_metric_query(ApiPtr api, net::Request request, std::string id);  // metric_queries.cpp
Answer query_scalar(ApiPtr api, net::Request request, std::string id);       // metric_formulas.cpp
Answer query_timeseries(ApiPtr api, net::Request request, std::string id);   // metric_formulas.cpp
Answer get_metric_names(ApiPtr api, net::Request request, std::string id);   // metric_queries.cpp
Answer search_metrics(ApiPtr api, net::Request request, std::string id);     // metric_queries.cpp
Answer get_metric_tags(ApiPtr api, net::Request request, std::string id);    // metric_queries.cpp
Answer get_histogram(ApiPtr api, net::Request request, std::string id);      // metric_queries.cpp
Answer get_explain(ApiPtr api, net::Request request, std::string id);        // search.cpp
Answer get_suggest(ApiPtr api, net::Request request, std::string id);        // search.cpp
Answer get_costs(ApiPtr api, net::Request request, std::string id);          // costs.cpp
Answer get_prices(ApiPtr api, net::Request request, std::string id);         // prices.cpp
Answer put_price(ApiPtr api, net::Request request, std::string id);          // prices.cpp
Answer remove_price(ApiPtr api, net::Request request, std::string id);       // prices.cpp
Answer get_deployments(ApiPtr api, net::Request request, std::string id);    // prices.cpp
Answer put_deployment(ApiPtr api, net::Request request, std::string id);     // prices.cpp
Answer remove_deployment(ApiPtr api, net::Request request, std::string id);  // prices.cpp
Answer get_views(ApiPtr api, net::Request request, std::string id);          // views.cpp
Answer put_view(ApiPtr api, net::Request request, std::string id);           // views.cpp
Answer remove_view(ApiPtr api, net::Request request, std::string id);        // views.cpp
// dashboards.cpp
Answer get_dashboards(ApiPtr api, net::Request request, std::string id);
Answer get_dashboard(ApiPtr api, net::Request request, std::string id);
Answer create_dashboard(ApiPtr api, net::Request request, std::string id);
Answer put_dashboard(ApiPtr api, net::Request request, std::string id);
Answer remove_dashboard(ApiPtr api, net::Request request, std::string id);
Answer restore_dashboards(ApiPtr api, net::Request request, std::string id);
// monitors.cpp, monitor_search.cpp, monitor_history.cpp, webhooks.cpp
Answer get_monitors(ApiPtr api, net::Request request, std::string id);
Answer get_monitor(ApiPtr api, net::Request request, std::string id);
Answer create_monitor(ApiPtr api, net::Request request, std::string id);
Answer import_monitor(ApiPtr api, net::Request request, std::string id);
Answer put_monitor(ApiPtr api, net::Request request, std::string id);
Answer remove_monitor(ApiPtr api, net::Request request, std::string id);
Answer validate_monitor(ApiPtr api, net::Request request, std::string id);
Answer validate_kept_monitor(ApiPtr api, net::Request request, std::string id);
Answer can_delete_monitors(ApiPtr api, net::Request request, std::string id);
Answer search_monitors(ApiPtr api, net::Request request, std::string id);
Answer search_monitor_groups(ApiPtr api, net::Request request, std::string id);
Answer get_monitor_events(ApiPtr api, net::Request request, std::string id);
Answer get_monitor_notices(ApiPtr api, net::Request request, std::string id);
Answer mute_monitor(ApiPtr api, net::Request request, std::string id);
Answer unmute_monitor(ApiPtr api, net::Request request, std::string id);
Answer get_webhooks(ApiPtr api, net::Request request, std::string id);
Answer create_webhook(ApiPtr api, net::Request request, std::string id);
Answer get_webhook(ApiPtr api, net::Request request, std::string name);
Answer put_webhook(ApiPtr api, net::Request request, std::string name);
Answer remove_webhook(ApiPtr api, net::Request request, std::string name);
Answer get_channels(ApiPtr api, net::Request request, std::string id);      // channels.cpp
Answer create_channel(ApiPtr api, net::Request request, std::string id);    // channels.cpp
Answer get_channel(ApiPtr api, net::Request request, std::string name);     // channels.cpp
Answer put_channel(ApiPtr api, net::Request request, std::string name);     // channels.cpp
Answer remove_channel(ApiPtr api, net::Request request, std::string name);  // channels.cpp
Answer get_downtimes(ApiPtr api, net::Request request, std::string id);     // downtimes.cpp
Answer create_downtime(ApiPtr api, net::Request request, std::string id);   // downtimes.cpp
Answer get_downtime(ApiPtr api, net::Request request, std::string id);      // downtimes.cpp
Answer patch_downtime(ApiPtr api, net::Request request, std::string id);    // downtimes.cpp
Answer cancel_downtime(ApiPtr api, net::Request request, std::string id);   // downtimes.cpp
Answer preview_downtime(ApiPtr api, net::Request request, std::string id);
Answer get_first_downtimes(ApiPtr api, net::Request request, std::string id);
Answer create_first_downtime(ApiPtr api, net::Request request, std::string id);
Answer get_first_downtime(ApiPtr api, net::Request request, std::string id);
Answer put_first_downtime(ApiPtr api, net::Request request, std::string id);
Answer cancel_first_downtime(ApiPtr api, net::Request request, std::string id);
Answer cancel_downtimes_by_scope(ApiPtr api, net::Request request, std::string id);
Answer get_downtimes_of_monitor(ApiPtr api, net::Request request, std::string id);
Answer get_matches(ApiPtr api, net::Request request, std::string id);  // downtimes.cpp
Answer try_channel(ApiPtr api, net::Request request, std::string name);
Answer get_evaluations(ApiPtr api, net::Request request, std::string id);  // feedback.cpp
Answer give_feedback(ApiPtr api, net::Request request, std::string id);    // feedback.cpp
// datasets.cpp, dataset_records.cpp, dataset_import.cpp, dataset_copies.cpp
Answer get_all_datasets(ApiPtr api, net::Request request, std::string id);
Answer make_dataset(ApiPtr api, net::Request request, std::string id);
Answer get_dataset(ApiPtr api, net::Request request, std::string id);
Answer remove_dataset(ApiPtr api, net::Request request, std::string id);
Answer restore_dataset(ApiPtr api, net::Request request, std::string id);
Answer import_records(ApiPtr api, net::Request request, std::string id);
Answer export_records(ApiPtr api, net::Request request, std::string id);
Answer add_spans(ApiPtr api, net::Request request, std::string id);
Answer get_diff(ApiPtr api, net::Request request, std::string id);
Answer get_projects(ApiPtr api, net::Request request, std::string id);
Answer make_project(ApiPtr api, net::Request request, std::string id);
Answer update_project(ApiPtr api, net::Request request, std::string id);
Answer delete_projects(ApiPtr api, net::Request request, std::string id);
Answer delete_datasets(ApiPtr api, net::Request request, std::string id);
Answer upload_records(ApiPtr api, net::Request request, std::string id);
Answer upload_project_records(ApiPtr api, net::Request request, std::string ids);
Answer get_datasets(ApiPtr api, net::Request request, std::string id);
Answer create_dataset(ApiPtr api, net::Request request, std::string id);
Answer update_dataset(ApiPtr api, net::Request request, std::string id);
Answer get_records(ApiPtr api, net::Request request, std::string id);
Answer create_records(ApiPtr api, net::Request request, std::string id);
Answer update_records(ApiPtr api, net::Request request, std::string id);
Answer delete_records(ApiPtr api, net::Request request, std::string id);
Answer batch_update(ApiPtr api, net::Request request, std::string id);
Answer get_versions(ApiPtr api, net::Request request, std::string id);
Answer clone_dataset(ApiPtr api, net::Request request, std::string id);
Answer restore_version(ApiPtr api, net::Request request, std::string id);
Answer get_dataset_lock(ApiPtr api, net::Request request, std::string id);
Answer lock_dataset(ApiPtr api, net::Request request, std::string id);
Answer unlock_dataset(ApiPtr api, net::Request request, std::string id);
// queues.cpp, queue_items.cpp, queue_answers.cpp, queue_results.cpp
Answer get_queues(ApiPtr api, net::Request request, std::string id);
Answer create_queue(ApiPtr api, net::Request request, std::string id);
Answer get_queue(ApiPtr api, net::Request request, std::string id);
Answer update_queue(ApiPtr api, net::Request request, std::string id);
Answer remove_queue(ApiPtr api, net::Request request, std::string id);
Answer restore_queue(ApiPtr api, net::Request request, std::string id);
Answer get_queue_rule(ApiPtr api, net::Request request, std::string id);  // queue_rule.cpp
Answer put_queue_rule(ApiPtr api, net::Request request, std::string id);
Answer remove_queue_rule(ApiPtr api, net::Request request, std::string id);
Answer get_label_schema(ApiPtr api, net::Request request, std::string id);
Answer put_label_schema(ApiPtr api, net::Request request, std::string id);
Answer add_interactions(ApiPtr api, net::Request request, std::string id);
Answer remove_interactions(ApiPtr api, net::Request request, std::string id);
Answer add_list(ApiPtr api, net::Request request, std::string id);
Answer get_queue_items(ApiPtr api, net::Request request, std::string id);
Answer upsert_annotations(ApiPtr api, net::Request request, std::string id);
Answer delete_annotations(ApiPtr api, net::Request request, std::string id);
Answer get_annotated(ApiPtr api, net::Request request, std::string id);
Answer find_annotated(ApiPtr api, net::Request request, std::string id);
Answer get_agreement(ApiPtr api, net::Request request, std::string id);
Answer export_queue(ApiPtr api, net::Request request, std::string id);
Answer make_queue_dataset(ApiPtr api, net::Request request, std::string id);
Answer get_insights(ApiPtr api, net::Request request, std::string id);        // insights.cpp
Answer get_errors(ApiPtr api, net::Request request, std::string id);          // insights.cpp
Answer get_outliers(ApiPtr api, net::Request request, std::string id);        // insights.cpp
Answer get_patterns(ApiPtr api, net::Request request, std::string id);        // patterns.cpp
Answer get_live(ApiPtr api, net::Request request, std::string id);            // status.cpp
Answer get_ledger(ApiPtr api, net::Request request, std::string id);          // status.cpp
Answer get_info(ApiPtr api, net::Request request, std::string id);            // status.cpp
Answer get_health(ApiPtr api, net::Request request, std::string id);          // status.cpp
Answer get_metrics(ApiPtr api, net::Request request, std::string id);         // status.cpp
Answer get_openapi(ApiPtr api, net::Request request, std::string id);         // status.cpp
Answer get_span_events(ApiPtr api, net::Request request, std::string id);     // span_events.cpp
Answer search_span_events(ApiPtr api, net::Request request, std::string id);  // span_events.cpp

// events.cpp, events_v2.cpp
Answer get_events(ApiPtr api, net::Request request, std::string id);
Answer get_event_counts(ApiPtr api, net::Request request, std::string id);
Answer get_event(ApiPtr api, net::Request request, std::string id);
Answer get_service_checks(ApiPtr api, net::Request request, std::string id);
Answer list_events(ApiPtr api, net::Request request, std::string id);
Answer search_events(ApiPtr api, net::Request request, std::string id);
Answer get_event_response(ApiPtr api, net::Request request, std::string id);

Answer get_redaction(ApiPtr api, net::Request request, std::string id);          // redaction.cpp
Answer put_redaction_rule(ApiPtr api, net::Request request, std::string id);     // redaction.cpp
Answer remove_redaction_rule(ApiPtr api, net::Request request, std::string id);  // redaction.cpp
Answer undo_redaction(ApiPtr api, net::Request request, std::string id);         // redaction.cpp
Answer test_redaction(ApiPtr api, net::Request request, std::string id);         // redaction.cpp
Answer dry_run_redaction(ApiPtr api, net::Request request, std::string id);      // redaction.cpp
Answer get_redaction_report(ApiPtr api, net::Request request, std::string id);   // redaction.cpp

Answer get_azure(ApiPtr api, net::Request request, std::string id);            // azure.cpp
Answer get_azure_inventory(ApiPtr api, net::Request request, std::string id);  // azure.cpp
Answer put_azure_login(ApiPtr api, net::Request request, std::string id);      // azure.cpp
Answer remove_azure_login(ApiPtr api, net::Request request, std::string id);   // azure.cpp
Answer check_azure(ApiPtr api, net::Request request, std::string id);          // azure.cpp
Answer read_azure(ApiPtr api, net::Request request, std::string id);           // azure.cpp
// economics.cpp
Answer get_azure_economics(ApiPtr api, net::Request request, std::string id);

// evaluators.cpp
Answer get_evaluators(ApiPtr api, net::Request request, std::string id);
Answer put_evaluator(ApiPtr api, net::Request request, std::string id);
Answer get_evaluator_history(ApiPtr api, net::Request request, std::string id);
Answer test_evaluators(ApiPtr api, net::Request request, std::string id);
Answer get_evaluator_runs(ApiPtr api, net::Request request, std::string id);
Answer begin_evaluator_run(ApiPtr api, net::Request request, std::string id);
Answer cancel_evaluator_run(ApiPtr api, net::Request request, std::string id);
Answer get_evaluator_counts(ApiPtr api, net::Request request, std::string id);
Answer get_evaluator_agreement(ApiPtr api, net::Request request, std::string id);
Answer get_judges(ApiPtr api, net::Request request, std::string id);       // judges.cpp
Answer create_judge(ApiPtr api, net::Request request, std::string id);     // judges.cpp
Answer edit_judge(ApiPtr api, net::Request request, std::string id);       // judges.cpp
Answer remove_judge(ApiPtr api, net::Request request, std::string id);     // judges.cpp
Answer publish_judge(ApiPtr api, net::Request request, std::string id);    // judges.cpp
Answer unpublish_judge(ApiPtr api, net::Request request, std::string id);  // judges.cpp
Answer try_judge(ApiPtr api, net::Request request, std::string id);        // judge_runs.cpp
Answer run_judge(ApiPtr api, net::Request request, std::string id);        // judge_runs.cpp
Answer infer_judge(ApiPtr api, net::Request request, std::string name);    // judge_infer.cpp

// playground.cpp
Answer get_playground(ApiPtr api, net::Request request, std::string id);
Answer ask_playground(ApiPtr api, net::Request request, std::string id);
Answer get_integration_accounts(ApiPtr api, net::Request request, std::string integration);
Answer get_integration_models(ApiPtr api, net::Request request, std::string ids);
Answer infer_integration(ApiPtr api, net::Request request, std::string ids);

Answer get_experiments(ApiPtr api, net::Request request, std::string id);     // experiments.cpp
Answer create_experiment(ApiPtr api, net::Request request, std::string id);   // experiments.cpp
Answer update_experiment(ApiPtr api, net::Request request, std::string id);   // experiments.cpp
Answer delete_experiments(ApiPtr api, net::Request request, std::string id);  // experiments.cpp
Answer restore_experiment(ApiPtr api, net::Request request, std::string id);  // experiments.cpp
// experimentation.cpp, experimentation_analytics.cpp
Answer search_experimentation(ApiPtr api, net::Request request, std::string id);
Answer search_experimentation_pages(ApiPtr api, net::Request request, std::string id);
Answer count_experimentation(ApiPtr api, net::Request request, std::string id);
// experiment_events.cpp
Answer add_experiment_events(ApiPtr api, net::Request request, std::string id);
Answer get_experiment_events(ApiPtr api, net::Request request, std::string id);
Answer get_experiment_events_page(ApiPtr api, net::Request request, std::string id);
Answer get_named_experiment_events(ApiPtr api, net::Request request, std::string id);
Answer get_experiment_spans(ApiPtr api, net::Request request, std::string id);
Answer get_experiment_rows(ApiPtr api, net::Request request, std::string id);
Answer get_experiment_row(ApiPtr api, net::Request request, std::string id);
// experiment_runs.cpp
Answer get_experiment_runs(ApiPtr api, net::Request request, std::string id);
Answer begin_experiment_run(ApiPtr api, net::Request request, std::string id);
Answer estimate_experiment_run(ApiPtr api, net::Request request, std::string id);
Answer get_experiment_run(ApiPtr api, net::Request request, std::string id);
Answer cancel_experiment_run(ApiPtr api, net::Request request, std::string id);
Answer continue_experiment_run(ApiPtr api, net::Request request, std::string id);
Answer retry_experiment_run(ApiPtr api, net::Request request, std::string id);

// prompts.cpp
Answer get_prompts(ApiPtr api, net::Request request, std::string id);
Answer create_prompt(ApiPtr api, net::Request request, std::string id);
Answer get_prompt(ApiPtr api, net::Request request, std::string id);
Answer resolve_prompt(ApiPtr api, net::Request request, std::string id);
Answer update_prompt(ApiPtr api, net::Request request, std::string id);
Answer remove_prompt(ApiPtr api, net::Request request, std::string id);
Answer get_prompt_versions(ApiPtr api, net::Request request, std::string id);
Answer add_prompt_version(ApiPtr api, net::Request request, std::string id);
Answer get_prompt_version(ApiPtr api, net::Request request, std::string id);
Answer update_prompt_version(ApiPtr api, net::Request request, std::string id);

// {"errors":[{"code","number","detail","where"}]}; 401 for a missing key.
net::Response problem(const Error& error);
// The same for parameters of a filter: of a refused `query` it also says "query", what
// query::search::Problem says, so that a page can point at the place.
net::Response filter_problem(const Error& error, const query::Parameters& parameters);
void append_error(codec::JsonObjectWriter& object, const Error& error);
net::Response json_answer(std::string body);
// Makes the answer a file to be kept under `name`.
void set_file(net::Response& answer, std::string_view type, std::string_view name);

}  // namespace catalejo::api
