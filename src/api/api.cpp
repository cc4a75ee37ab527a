#include "api/api.hpp"

#include <fmt/format.h>

#include <exception>

#include "api/guard.hpp"
#include "api/metric_cardinality.hpp"
#include "api/monitor_replay.hpp"
#include "api/page.hpp"
#include "api/routes.hpp"
#include "base/log.hpp"
#include "codec/json_writer.hpp"
#include "codec/utf8.hpp"

namespace catalejo::api {
namespace {

// No std::array: what deduces its size nests once a route, and clang counts to 256.
constexpr Route kRoutes[] = {
    Route{"GET", "/api/v1/traces", Access::key, get_traces},
    Route{"GET", "/api/v1/traces/{id}", Access::key, get_trace},
    Route{"GET", "/api/v1/traces/{id}/lines", Access::key, get_trace_lines},
    Route{"GET", "/api/v1/traces/{id}/find", Access::key, find_in_trace},
    Route{"GET", "/api/v1/spans", Access::key, get_spans},
    Route{"GET", "/api/v1/export", Access::key, get_export},
    Route{"GET", "/api/v1/sessions", Access::key, get_sessions},
    Route{"GET", "/api/v1/users", Access::key, get_users},
    Route{"GET", "/api/v1/facets", Access::key, get_facets},
    Route{"GET", "/api/v1/series", Access::key, get_series},
    Route{"GET", "/api/v1/query", Access::key, get_metric_query},
    Route{"POST", "/api/v1/query", Access::key, post_metric_query},
    Route{"POST", "/api/v2/query/scalar", Access::key, query_scalar},
    Route{"POST", "/api/v2/query/timeseries", Access::key, query_timeseries},
    Route{"GET", "/api/v1/metrics", Access::key, get_metric_names},
    Route{"GET", "/api/v1/metrics/cardinality", Access::key, get_metric_cardinality},
    Route{"GET", "/api/v1/search", Access::key, search_metrics},
    Route{"GET", "/api/v2/metrics/{metric_name}/all-tags", Access::key, get_metric_tags},
    Route{"GET", "/api/v1/histogram", Access::key, get_histogram},
    Route{"GET", "/api/v1/events", Access::key, get_events},
    Route{"GET", "/api/v1/events/counts", Access::key, get_event_counts},
    Route{"GET", "/api/v1/events/{event_id}", Access::key, get_event},
    Route{"GET", "/api/v1/service_checks", Access::key, get_service_checks},
    Route{"GET", "/api/v2/events", Access::key, list_events},
    Route{"POST", "/api/v2/events/search", Access::key, search_events},
    Route{"GET", "/api/v2/events/{event_id}", Access::key, get_event_response},
    Route{"GET", "/api/v1/explain", Access::key, get_explain},
    Route{"GET", "/api/v1/suggest", Access::key, get_suggest},
    Route{"GET", "/api/v1/costs", Access::key, get_costs},
    Route{"GET", "/api/v1/insights", Access::key, get_insights},
    Route{"GET", "/api/v1/errors", Access::key, get_errors},
    Route{"GET", "/api/v1/outliers", Access::key, get_outliers},
    Route{"GET", "/api/v1/patterns", Access::key, get_patterns},
    Route{"GET", "/api/v1/prices", Access::key, get_prices},
    Route{"POST", "/api/v1/prices", Access::key, put_price},
    Route{"DELETE", "/api/v1/prices/{id}", Access::key, remove_price},
    Route{"GET", "/api/v1/deployments", Access::key, get_deployments},
    Route{"POST", "/api/v1/deployments", Access::key, put_deployment},
    Route{"DELETE", "/api/v1/deployments/{id}", Access::key, remove_deployment},
    Route{"GET", "/api/v1/dashboard", Access::key, get_dashboards},
    Route{"POST", "/api/v1/dashboard", Access::key, create_dashboard},
    Route{"PATCH", "/api/v1/dashboard", Access::key, restore_dashboards},
    Route{"GET", "/api/v1/dashboard/{dashboard_id}", Access::key, get_dashboard},
    Route{"PUT", "/api/v1/dashboard/{dashboard_id}", Access::key, put_dashboard},
    Route{"DELETE", "/api/v1/dashboard/{dashboard_id}", Access::key, remove_dashboard},
    Route{"GET", "/api/v1/monitor", Access::key, get_monitors},
    Route{"POST", "/api/v1/monitor", Access::key, create_monitor},
    Route{"POST", "/api/v1/monitor/validate", Access::key, validate_monitor},
    Route{"GET", "/api/v1/monitor/search", Access::key, search_monitors},
    Route{"GET", "/api/v1/monitor/groups/search", Access::key, search_monitor_groups},
    Route{"GET", "/api/v1/monitor/can_delete", Access::key, can_delete_monitors},
    Route{"GET", "/api/v1/monitor/{monitor_id}", Access::key, get_monitor},
    Route{"PUT", "/api/v1/monitor/{monitor_id}", Access::key, put_monitor},
    Route{"DELETE", "/api/v1/monitor/{monitor_id}", Access::key, remove_monitor},
    Route{"POST", "/api/v1/monitor/{monitor_id}/validate", Access::key, validate_kept_monitor},
    Route{"POST", "/api/v1/monitor/{monitor_id}/mute", Access::key, mute_monitor},
    Route{"POST", "/api/v1/monitor/{monitor_id}/unmute", Access::key, unmute_monitor},
    Route{"GET", "/api/v1/monitor/{monitor_id}/downtimes", Access::key, get_downtimes_of_monitor},
    Route{"POST", "/api/v1/monitors/import", Access::key, import_monitor},
    Route{"POST", "/api/v1/monitors/replay", Access::key, replay_monitor},
    Route{"GET", "/api/v1/monitors/notices", Access::key, get_monitor_notices},
    Route{"GET", "/api/v1/monitors/{monitor_id}/events", Access::key, get_monitor_events},
    Route{"GET", "/api/v1/channels", Access::key, get_channels},
    Route{"POST", "/api/v1/channels", Access::key, create_channel},
    Route{"GET", "/api/v1/channels/{channel}", Access::key, get_channel},
    Route{"PUT", "/api/v1/channels/{channel}", Access::key, put_channel},
    Route{"DELETE", "/api/v1/channels/{channel}", Access::key, remove_channel},
    Route{"POST", "/api/v1/channels/{channel}/try", Access::key, try_channel},
    Route{"GET", "/api/v1/downtime", Access::key, get_first_downtimes},
    Route{"POST", "/api/v1/downtime", Access::key, create_first_downtime},
    Route{"POST", "/api/v1/downtime/cancel/by_scope", Access::key, cancel_downtimes_by_scope},
    Route{"GET", "/api/v1/downtime/{downtime_id}", Access::key, get_first_downtime},
    Route{"PUT", "/api/v1/downtime/{downtime_id}", Access::key, put_first_downtime},
    Route{"DELETE", "/api/v1/downtime/{downtime_id}", Access::key, cancel_first_downtime},
    Route{"POST", "/api/v1/downtimes/preview", Access::key, preview_downtime},
    Route{"GET", "/api/v2/downtime", Access::key, get_downtimes},
    Route{"POST", "/api/v2/downtime", Access::key, create_downtime},
    Route{"GET", "/api/v2/downtime/{downtime_id}", Access::key, get_downtime},
    Route{"PATCH", "/api/v2/downtime/{downtime_id}", Access::key, patch_downtime},
    Route{"DELETE", "/api/v2/downtime/{downtime_id}", Access::key, cancel_downtime},
    Route{"GET", "/api/v2/monitor/{monitor_id}/downtime_matches", Access::key, get_matches},
    Route{"GET", "/api/v1/integration/webhooks/configuration/webhooks", Access::key, get_webhooks},
    Route{"POST", "/api/v1/integration/webhooks/configuration/webhooks", Access::key,
          create_webhook},
    Route{"GET", "/api/v1/integration/webhooks/configuration/webhooks/{webhook_name}", Access::key,
          get_webhook},
    Route{"PUT", "/api/v1/integration/webhooks/configuration/webhooks/{webhook_name}", Access::key,
          put_webhook},
    Route{"DELETE", "/api/v1/integration/webhooks/configuration/webhooks/{webhook_name}",
          Access::key, remove_webhook},
    Route{"GET", "/api/v1/views", Access::key, get_views},
    Route{"POST", "/api/v1/views", Access::key, put_view},
    Route{"DELETE", "/api/v1/views/{id}", Access::key, remove_view},
    Route{"GET", "/api/v1/redaction", Access::key, get_redaction},
    Route{"POST", "/api/v1/redaction/rules", Access::key, put_redaction_rule},
    Route{"DELETE", "/api/v1/redaction/rules/{id}", Access::key, remove_redaction_rule},
    Route{"POST", "/api/v1/redaction/history/{id}/undo", Access::key, undo_redaction},
    Route{"POST", "/api/v1/redaction/test", Access::key, test_redaction},
    Route{"POST", "/api/v1/redaction/dry-run", Access::key, dry_run_redaction},
    Route{"GET", "/api/v1/redaction/report", Access::key, get_redaction_report},
    Route{"GET", "/api/v1/azure", Access::key, get_azure},
    Route{"GET", "/api/v1/azure/inventory", Access::key, get_azure_inventory},
    Route{"PUT", "/api/v1/azure/login", Access::key, put_azure_login},
    Route{"DELETE", "/api/v1/azure/login", Access::key, remove_azure_login},
    Route{"POST", "/api/v1/azure/check", Access::key, check_azure},
    Route{"POST", "/api/v1/azure/read", Access::key, read_azure},
    Route{"GET", "/api/v1/azure/economics", Access::key, get_azure_economics},
    Route{"GET", "/api/v1/evaluators", Access::key, get_evaluators},
    Route{"GET", "/api/v1/evaluators/agreement", Access::key, get_evaluator_agreement},
    Route{"GET", "/api/v1/evaluators/counts", Access::key, get_evaluator_counts},
    Route{"GET", "/api/v1/evaluators/runs", Access::key, get_evaluator_runs},
    Route{"POST", "/api/v1/evaluators/runs", Access::key, begin_evaluator_run},
    Route{"DELETE", "/api/v1/evaluators/runs/{id}", Access::key, cancel_evaluator_run},
    Route{"POST", "/api/v1/evaluators/test", Access::key, test_evaluators},
    Route{"PUT", "/api/v1/evaluators/{id}", Access::key, put_evaluator},
    Route{"GET", "/api/v1/evaluators/{id}/history", Access::key, get_evaluator_history},
    Route{"GET", "/api/v1/judges", Access::key, get_judges},
    Route{"POST", "/api/v1/judges", Access::key, create_judge},
    Route{"POST", "/api/v1/judges/try", Access::key, try_judge},
    Route{"PUT", "/api/v1/judges/{id}", Access::key, edit_judge},
    Route{"DELETE", "/api/v1/judges/{id}", Access::key, remove_judge},
    Route{"POST", "/api/v1/judges/{id}/publish", Access::key, publish_judge},
    Route{"POST", "/api/v1/judges/{id}/unpublish", Access::key, unpublish_judge},
    Route{"POST", "/api/v1/judges/{id}/run", Access::key, run_judge},
    Route{"GET", "/api/v1/evaluations", Access::key, get_evaluations},
    Route{"POST", "/api/v1/feedback", Access::key, give_feedback},
    Route{"GET", "/api/v1/datasets", Access::key, get_all_datasets},
    Route{"POST", "/api/v1/datasets", Access::key, make_dataset},
    Route{"GET", "/api/v1/datasets/{id}", Access::key, get_dataset},
    Route{"DELETE", "/api/v1/datasets/{id}", Access::key, remove_dataset},
    Route{"POST", "/api/v1/datasets/{id}/restore", Access::key, restore_dataset},
    Route{"POST", "/api/v1/datasets/{id}/import", Access::key, import_records},
    Route{"GET", "/api/v1/datasets/{id}/export", Access::key, export_records},
    Route{"POST", "/api/v1/datasets/{id}/spans", Access::key, add_spans},
    Route{"GET", "/api/v1/datasets/{id}/diff", Access::key, get_diff},
    Route{"GET", "/api/unstable/llm-obs/v1/projects", Access::key, get_projects},
    Route{"POST", "/api/unstable/llm-obs/v1/projects", Access::key, make_project},
    Route{"POST", "/api/unstable/llm-obs/v1/datasets/delete", Access::key, delete_datasets},
    Route{"POST", "/api/unstable/llm-obs/v1/datasets/{dataset_id}/records/upload", Access::key,
          upload_records},
    Route{"POST", "/api/unstable/llm-obs/v1/{project_id}/datasets/delete", Access::key,
          delete_datasets},
    Route{"GET", "/api/unstable/llm-obs/v1/{project_id}/datasets", Access::key, get_datasets},
    Route{"POST", "/api/unstable/llm-obs/v1/{project_id}/datasets", Access::key, create_dataset},
    Route{"PATCH", "/api/unstable/llm-obs/v1/{project_id}/datasets/{dataset_id}", Access::key,
          update_dataset},
    Route{"GET", "/api/unstable/llm-obs/v1/{project_id}/datasets/{dataset_id}/records", Access::key,
          get_records},
    Route{"POST", "/api/unstable/llm-obs/v1/{project_id}/datasets/{dataset_id}/records",
          Access::key, create_records},
    Route{"PATCH", "/api/unstable/llm-obs/v1/{project_id}/datasets/{dataset_id}/records",
          Access::key, update_records},
    Route{"POST", "/api/unstable/llm-obs/v1/{project_id}/datasets/{dataset_id}/records/delete",
          Access::key, delete_records},
    Route{"POST", "/api/unstable/llm-obs/v1/{project_id}/datasets/{dataset_id}/batch_update",
          Access::key, batch_update},
    Route{"GET", "/api/unstable/llm-obs/v1/{project_id}/datasets/{dataset_id}/versions",
          Access::key, get_versions},
    Route{"GET", "/api/unstable/llm-obs/v1/{project_id}/datasets/{dataset_id}/export", Access::key,
          export_records},
    Route{"GET", "/api/v2/llm-obs/v1/projects", Access::key, get_projects},
    Route{"POST", "/api/v2/llm-obs/v1/projects", Access::key, make_project},
    Route{"POST", "/api/v2/llm-obs/v1/projects/delete", Access::key, delete_projects},
    Route{"PATCH", "/api/v2/llm-obs/v1/projects/{project_id}", Access::key, update_project},
    Route{"POST", "/api/v2/llm-obs/v2/{project_id}/datasets/{dataset_id}/records/upload",
          Access::key, upload_project_records},
    Route{"POST", "/api/v2/llm-obs/v1/datasets/delete", Access::key, delete_datasets},
    Route{"POST", "/api/v2/llm-obs/v1/datasets/{dataset_id}/records/upload", Access::key,
          upload_records},
    Route{"POST", "/api/v2/llm-obs/v1/{project_id}/datasets/delete", Access::key, delete_datasets},
    Route{"GET", "/api/v2/llm-obs/v1/{project_id}/datasets", Access::key, get_datasets},
    Route{"POST", "/api/v2/llm-obs/v1/{project_id}/datasets", Access::key, create_dataset},
    Route{"PATCH", "/api/v2/llm-obs/v1/{project_id}/datasets/{dataset_id}", Access::key,
          update_dataset},
    Route{"GET", "/api/v2/llm-obs/v1/{project_id}/datasets/{dataset_id}/records", Access::key,
          get_records},
    Route{"POST", "/api/v2/llm-obs/v1/{project_id}/datasets/{dataset_id}/records", Access::key,
          create_records},
    Route{"PATCH", "/api/v2/llm-obs/v1/{project_id}/datasets/{dataset_id}/records", Access::key,
          update_records},
    Route{"POST", "/api/v2/llm-obs/v1/{project_id}/datasets/{dataset_id}/records/delete",
          Access::key, delete_records},
    Route{"POST", "/api/v2/llm-obs/v1/{project_id}/datasets/{dataset_id}/batch_update", Access::key,
          batch_update},
    Route{"GET", "/api/v2/llm-obs/v1/{project_id}/datasets/{dataset_id}/versions", Access::key,
          get_versions},
    Route{"POST", "/api/v2/llm-obs/v1/{project_id}/datasets/{dataset_id}/clone", Access::key,
          clone_dataset},
    Route{"POST", "/api/v2/llm-obs/v1/{project_id}/datasets/{dataset_id}/restore", Access::key,
          restore_version},
    Route{"GET", "/api/v2/llm-obs/v1/{project_id}/datasets/{dataset_id}/draft_state", Access::key,
          get_dataset_lock},
    Route{"PATCH", "/api/v2/llm-obs/v1/{project_id}/datasets/{dataset_id}/draft_state/lock",
          Access::key, lock_dataset},
    Route{"PATCH", "/api/v2/llm-obs/v1/{project_id}/datasets/{dataset_id}/draft_state/unlock",
          Access::key, unlock_dataset},
    Route{"GET", "/api/v2/llm-obs/v1/{project_id}/datasets/{dataset_id}/export", Access::key,
          export_records},
    Route{"GET", "/api/unstable/llm-obs/v1/datasets/{dataset_id}/records", Access::key,
          get_records},
    Route{"POST", "/api/unstable/llm-obs/v1/datasets/{dataset_id}/batch_update", Access::key,
          batch_update},
    Route{"GET", "/api/v1/playground", Access::key, get_playground},
    Route{"POST", "/api/v1/playground/ask", Access::key, ask_playground},
    Route{"GET", "/api/v2/llm-obs/v1/integrations/{integration}/accounts", Access::key,
          get_integration_accounts},
    Route{"GET", "/api/v2/llm-obs/v1/integrations/{integration}/{account_id}/models", Access::key,
          get_integration_models},
    Route{"POST", "/api/v2/llm-obs/v1/integrations/{integration}/{account_id}/inference",
          Access::key, infer_integration},
    Route{"POST", "/api/unstable/llm-obs/v1/evaluators/{name}/infer", Access::key, infer_judge},
    Route{"GET", "/api/unstable/llm-obs/v1/experiments/events", Access::key,
          get_named_experiment_events},
    Route{"GET", "/api/unstable/llm-obs/v1/experiments", Access::key, get_experiments},
    Route{"POST", "/api/unstable/llm-obs/v1/experiments", Access::key, create_experiment},
    Route{"POST", "/api/unstable/llm-obs/v1/experiments/delete", Access::key, delete_experiments},
    Route{"PATCH", "/api/unstable/llm-obs/v1/experiments/{experiment_id}", Access::key,
          update_experiment},
    Route{"GET", "/api/unstable/llm-obs/v1/experiments/{experiment_id}/events", Access::key,
          get_experiment_events},
    Route{"POST", "/api/unstable/llm-obs/v1/experiments/{experiment_id}/events", Access::key,
          add_experiment_events},
    Route{"GET", "/api/v2/llm-obs/v1/experiments", Access::key, get_experiments},
    Route{"POST", "/api/v2/llm-obs/v1/experiments", Access::key, create_experiment},
    Route{"POST", "/api/v2/llm-obs/v1/experiments/delete", Access::key, delete_experiments},
    Route{"PATCH", "/api/v2/llm-obs/v1/experiments/{experiment_id}", Access::key,
          update_experiment},
    Route{"GET", "/api/v2/llm-obs/v1/experiments/{experiment_id}/events", Access::key,
          get_experiment_spans},
    Route{"POST", "/api/v2/llm-obs/v1/experiments/{experiment_id}/events", Access::key,
          add_experiment_events},
    Route{"GET", "/api/v2/llm-obs/v2/experiments/{experiment_id}/events", Access::key,
          get_experiment_events},
    Route{"GET", "/api/v2/llm-obs/v3/experiments/{experiment_id}/events", Access::key,
          get_experiment_events_page},
    Route{"POST", "/api/v2/llm-obs/v1/experimentation/search", Access::key, search_experimentation},
    Route{"POST", "/api/v2/llm-obs/v1/experimentation/simple-search", Access::key,
          search_experimentation_pages},
    Route{"POST", "/api/v2/llm-obs/v1/experimentation/analytics", Access::key,
          count_experimentation},
    Route{"POST", "/api/v1/experiments/{id}/restore", Access::key, restore_experiment},
    Route{"GET", "/api/v1/experiments/{id}/rows", Access::key, get_experiment_rows},
    Route{"GET", "/api/v1/experiments/{id}/rows/{span_id}", Access::key, get_experiment_row},
    Route{"GET", "/api/v1/experiment-runs", Access::key, get_experiment_runs},
    Route{"POST", "/api/v1/experiment-runs", Access::key, begin_experiment_run},
    Route{"POST", "/api/v1/experiment-runs/estimate", Access::key, estimate_experiment_run},
    Route{"GET", "/api/v1/experiment-runs/{id}", Access::key, get_experiment_run},
    Route{"POST", "/api/v1/experiment-runs/{id}/cancel", Access::key, cancel_experiment_run},
    Route{"POST", "/api/v1/experiment-runs/{id}/continue", Access::key, continue_experiment_run},
    Route{"POST", "/api/v1/experiment-runs/{id}/retry", Access::key, retry_experiment_run},
    Route{"GET", "/api/v1/prompts", Access::key, get_prompts},
    Route{"POST", "/api/v1/prompts", Access::key, create_prompt},
    Route{"GET", "/api/v1/prompts/{prompt_id}", Access::key, get_prompt},
    Route{"PATCH", "/api/v1/prompts/{prompt_id}", Access::key, update_prompt},
    Route{"DELETE", "/api/v1/prompts/{prompt_id}", Access::key, remove_prompt},
    Route{"POST", "/api/v1/prompts/{prompt_id}/resolve", Access::key, resolve_prompt},
    Route{"GET", "/api/v1/prompts/{prompt_id}/versions", Access::key, get_prompt_versions},
    Route{"POST", "/api/v1/prompts/{prompt_id}/versions", Access::key, add_prompt_version},
    Route{"GET", "/api/v1/prompts/{prompt_id}/versions/{version}", Access::key, get_prompt_version},
    Route{"PATCH", "/api/v1/prompts/{prompt_id}/versions/{version}", Access::key,
          update_prompt_version},
    Route{"GET", "/api/unstable/llm-obs/v1/prompts", Access::key, get_prompts},
    Route{"POST", "/api/unstable/llm-obs/v1/prompts", Access::key, create_prompt},
    Route{"GET", "/api/unstable/llm-obs/v1/prompts/{prompt_id}", Access::key, get_prompt},
    Route{"PATCH", "/api/unstable/llm-obs/v1/prompts/{prompt_id}", Access::key, update_prompt},
    Route{"DELETE", "/api/unstable/llm-obs/v1/prompts/{prompt_id}", Access::key, remove_prompt},
    Route{"POST", "/api/unstable/llm-obs/v1/prompts/{prompt_id}/resolve", Access::key,
          resolve_prompt},
    Route{"GET", "/api/unstable/llm-obs/v1/prompts/{prompt_id}/versions", Access::key,
          get_prompt_versions},
    Route{"POST", "/api/unstable/llm-obs/v1/prompts/{prompt_id}/versions", Access::key,
          add_prompt_version},
    Route{"GET", "/api/unstable/llm-obs/v1/prompts/{prompt_id}/versions/{version}", Access::key,
          get_prompt_version},
    Route{"PATCH", "/api/unstable/llm-obs/v1/prompts/{prompt_id}/versions/{version}", Access::key,
          update_prompt_version},
    Route{"GET", "/api/v2/llm-obs/v1/prompts", Access::key, get_prompts},
    Route{"POST", "/api/v2/llm-obs/v1/prompts", Access::key, create_prompt},
    Route{"GET", "/api/v2/llm-obs/v1/prompts/{prompt_id}", Access::key, get_prompt},
    Route{"PATCH", "/api/v2/llm-obs/v1/prompts/{prompt_id}", Access::key, update_prompt},
    Route{"DELETE", "/api/v2/llm-obs/v1/prompts/{prompt_id}", Access::key, remove_prompt},
    Route{"GET", "/api/v2/llm-obs/v1/prompts/{prompt_id}/versions", Access::key,
          get_prompt_versions},
    Route{"POST", "/api/v2/llm-obs/v1/prompts/{prompt_id}/versions", Access::key,
          add_prompt_version},
    Route{"GET", "/api/v2/llm-obs/v1/prompts/{prompt_id}/versions/{version}", Access::key,
          get_prompt_version},
    Route{"PATCH", "/api/v2/llm-obs/v1/prompts/{prompt_id}/versions/{version}", Access::key,
          update_prompt_version},
    Route{"GET", "/api/v1/queues/{id}", Access::key, get_queue},
    Route{"POST", "/api/v1/queues/{id}/restore", Access::key, restore_queue},
    Route{"GET", "/api/v1/queues/{id}/items", Access::key, get_queue_items},
    Route{"POST", "/api/v1/queues/{id}/items", Access::key, add_list},
    Route{"GET", "/api/v1/queues/{id}/rule", Access::key, get_queue_rule},
    Route{"PUT", "/api/v1/queues/{id}/rule", Access::key, put_queue_rule},
    Route{"DELETE", "/api/v1/queues/{id}/rule", Access::key, remove_queue_rule},
    Route{"GET", "/api/v1/queues/{id}/agreement", Access::key, get_agreement},
    Route{"GET", "/api/v1/queues/{id}/export", Access::key, export_queue},
    Route{"POST", "/api/v1/queues/{id}/dataset", Access::key, make_queue_dataset},
    Route{"GET", "/api/v2/llm-obs/v1/annotation-queues", Access::key, get_queues},
    Route{"POST", "/api/v2/llm-obs/v1/annotation-queues", Access::key, create_queue},
    Route{"PATCH", "/api/v2/llm-obs/v1/annotation-queues/{queue_id}", Access::key, update_queue},
    Route{"DELETE", "/api/v2/llm-obs/v1/annotation-queues/{queue_id}", Access::key, remove_queue},
    Route{"GET", "/api/v2/llm-obs/v1/annotation-queues/{queue_id}/label-schema", Access::key,
          get_label_schema},
    Route{"PUT", "/api/v2/llm-obs/v1/annotation-queues/{queue_id}/label-schema", Access::key,
          put_label_schema},
    Route{"POST", "/api/v2/llm-obs/v1/annotation-queues/{queue_id}/interactions", Access::key,
          add_interactions},
    Route{"POST", "/api/v2/llm-obs/v1/annotation-queues/{queue_id}/interactions/delete",
          Access::key, remove_interactions},
    Route{"POST", "/api/v2/llm-obs/v1/annotation-queues/{queue_id}/annotations", Access::key,
          upsert_annotations},
    Route{"POST", "/api/v2/llm-obs/v1/annotation-queues/{queue_id}/annotations/delete", Access::key,
          delete_annotations},
    Route{"GET", "/api/v2/llm-obs/v1/annotation-queues/{queue_id}/annotated-interactions",
          Access::key, get_annotated},
    Route{"GET", "/api/v2/llm-obs/v1/annotated-interactions", Access::key, find_annotated},
    Route{"GET", "/api/v1/live", Access::key, get_live},
    Route{"GET", "/api/v1/ledger", Access::key, get_ledger},
    Route{"GET", "/api/v1/info", Access::key, get_info},
    Route{"GET", "/api/v2/llm-obs/v1/spans/events", Access::key, get_span_events},
    Route{"POST", "/api/v2/llm-obs/v1/spans/events/search", Access::key, search_span_events},
    Route{"GET", "/api/health", Access::open, get_health},
    Route{"GET", "/metrics", Access::key, get_metrics},
    Route{"GET", "/openapi.json", Access::open, get_openapi},
};

// What stands at the {…} of the pattern, joined by '/', or nullopt when the path is another one.
std::optional<std::string> match(std::string_view pattern, std::string_view path) {
  std::string ids;
  while (true) {
    const std::string_view wanted = pattern.substr(0, pattern.find('/'));
    const std::string_view found = path.substr(0, path.find('/'));
    if (wanted.starts_with('{') && !found.empty()) {
      if (!ids.empty()) ids += '/';
      ids += found;
    } else if (wanted != found) {
      return std::nullopt;
    }
    if ((wanted.size() == pattern.size()) != (found.size() == path.size())) return std::nullopt;
    if (wanted.size() == pattern.size()) return ids;
    pattern.remove_prefix(wanted.size() + 1);
    path.remove_prefix(found.size() + 1);
  }
}

struct Match {
  const Route* route = nullptr;  // null when no path fits, or none with this method
  std::string id;
  std::string allowed;  // methods of the path, when the method does not fit
};

Match find_route(std::string_view method, std::string_view path) {
  Match result;
  const std::string_view wanted = method == "HEAD" ? "GET" : method;
  for (const Route& route : kRoutes) {
    auto id = match(route.path, path);
    if (!id) continue;
    if (route.method == wanted) return {&route, *std::move(id), {}};
    if (!result.allowed.empty()) result.allowed += ", ";
    result.allowed += route.method == "GET" ? "GET, HEAD" : std::string(route.method);
  }
  return result;
}

bool is_api_path(std::string_view path) {
  return path == "/api" || path.starts_with("/api/");
}

Answer dispatch(ApiPtr api, net::Request request) {
  Match found = find_route(request.method, request.path);
  if (found.route != nullptr) {
    if (found.route->access == Access::key && api->options.keys_required() &&
        !api->options.check_key(key_of(request))) {
      co_return problem({Code::unauthorized,
                         "send an API key as DD-API-KEY or Authorization: Bearer; make one with "
                         "`catalejo key create NAME`",
                         ""});
    }
    co_return co_await found.route->handle(api, std::move(request), std::move(found.id));
  }
  if (!found.allowed.empty()) {
    net::Response response =
        problem({Code::method_not_allowed, "use " + found.allowed + " here", request.path});
    response.headers.emplace_back("Allow", found.allowed);
    co_return response;
  }
  if (is_api_path(request.path))
    co_return problem(
        {Code::not_found, "there is no such route; GET /openapi.json lists them", request.path});
  co_return page_answer(request);
}

Answer serve(ApiPtr api, net::Request request) {
  net::Response response;
  const std::string path = request.path;
  try {
    std::optional<Error> refused;
    if (!api->options.keys_required()) refused = check_same_site(request, api->options.host_names);
    if (refused) {
      api->options.counters->counter("catalejo_api_refused_total", label("reason", refused->where))
          .add();
      response = problem(*refused);
    } else {
      response = co_await dispatch(api, std::move(request));
    }
  } catch (const std::exception& error) {
    api->options.counters->counter("catalejo_api_failed_total").add();
    log::error("api", "{} failed: {}", path, error.what());
    response = problem({Code::internal, "this request failed; the log of the server says why", ""});
  }
  add_security_headers(response);
  co_return response;
}

}  // namespace

std::span<const Route> routes() {
  return kRoutes;
}

net::Handler api_handler(ApiOptions options, store::Monitors& monitors) {
  CATALEJO_INVARIANT(options.store && options.ledger && options.counters && options.live &&
                     options.prices && options.price_control && options.views &&
                     options.dashboards && options.accept && options.datasets && options.queues &&
                     options.desk && options.judges && options.judge_runner && options.playground &&
                     options.experiment_runs && options.trials);
  const ApiPtr api = std::make_shared<Api>(std::move(options), monitors);
  return [api](net::Request request) { return serve(api, std::move(request)); };
}

net::Response json_answer(std::string body) {
  net::Response response = net::json_response(200, std::move(body));
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

void set_file(net::Response& answer, std::string_view type, std::string_view name) {
  answer.headers.emplace_back("Content-Type", type);
  answer.headers.emplace_back("Content-Disposition",
                              fmt::format("attachment; filename=\"{}\"", name));
  answer.headers.emplace_back("Cache-Control", "no-store");
}

void append_error(codec::JsonObjectWriter& object, const Error& error) {
  // A message may quote what the client sent, which need not be UTF-8.
  std::string detail, where;
  codec::append_as_utf8(detail, error.message);
  codec::append_as_utf8(where, error.where);
  object.text("code", code_name(error.code));
  codec::append_json_number(object.key("number"),
                            static_cast<std::uint64_t>(static_cast<std::uint16_t>(error.code)));
  object.text("detail", detail);
  object.text("where", where);
}

net::Response problem(const Error& error) {
  std::string body = R"({"errors":[)";
  codec::JsonObjectWriter object(body);
  append_error(object, error);
  object.close();
  net::Response like = net::error_response(error);
  like.body = body + "]}";
  if (error.code == Code::unauthorized) like.status = 401;
  return like;
}

}  // namespace catalejo::api
