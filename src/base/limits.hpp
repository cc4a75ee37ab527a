// Every bound of the program in one place, each with its reason. A loop, queue, depth or buffer
// that has no constant here has no bound, and that is a bug.
#pragma once

#include <cstddef>
#include <cstdint>

namespace catalejo::limits {

// --- intake ---
// Real clients send up to 20 MiB and the agent of the original accepts 25.
inline constexpr std::size_t intake_body_bytes_max = 25u << 20;
// A body may inflate to this and no further, whatever its ratio claims.
inline constexpr std::size_t inflated_body_bytes_max = 64u << 20;
// The clients stringify below 12; simdjson's own stack is the next bound.
inline constexpr std::size_t nesting_depth_max = 128;
// One request cannot hold more spans than a tracer's buffer; keeps per-request memory bounded.
inline constexpr std::size_t spans_per_request_max = 200'000;
inline constexpr std::size_t evaluations_per_request_max = 50'000;
inline constexpr std::size_t tags_per_span_max = 512;
inline constexpr std::size_t metrics_per_span_max = 512;
// Names and tags are shown on one line and are LowCardinality in the database.
inline constexpr std::size_t name_bytes_max = 5'000;
inline constexpr std::size_t tag_bytes_max = 5'000;
// A prompt of a million tokens is about 6 MB; more is cut, and the span says so.
inline constexpr std::size_t text_bytes_max = 16u << 20;
// Inline images and audio: above this the content is replaced by a note of its size and hash.
inline constexpr std::size_t attachment_bytes_max = 1u << 20;
inline constexpr std::size_t error_stack_bytes_max = 256u << 10;
// Datadog refuses spans older than 24 h; a self-hosted server may be told to import history, so
// the floor is the retention. The future is allowed for clock skew only.
inline constexpr std::int64_t span_future_seconds_max = 24 * 3600;

// --- metrics ---
// What one datagram can hold over UDP on IPv4; Unix sockets are read with the same buffer.
inline constexpr std::size_t datagram_bytes_max = 65'507;
// A metric of more tags has a series a value; the rest is left out and counted.
inline constexpr std::size_t tags_per_metric_max = 100;
inline constexpr std::size_t metric_name_bytes_max = 200;
inline constexpr std::size_t metric_tag_bytes_max = 200;
// The Agent's sketches have as many; more values than these bins hold lie below the lowest.
inline constexpr std::size_t sketch_bins_max = 4'096;
// Combinations of tags of one metric within ten seconds; what is beyond goes into one series.
inline constexpr std::size_t series_per_metric_max = 20'000;
// The same over all metrics: some 500 bytes of memory each.
inline constexpr std::size_t metric_series_max = 1'000'000;
inline constexpr std::size_t set_members_max = 100'000;  // of one series
// A body of 25 MiB has no more points than this unless they say nothing.
inline constexpr std::size_t points_per_request_max = 500'000;
// Older points are a mistake of a clock or of a unit; the future is as spans have it.
inline constexpr std::int64_t point_past_seconds_max = 3ll * 366 * 86'400;
// Datagrams taken by one call of the kernel: their buffers are 4 MiB.
inline constexpr std::size_t datagrams_at_once = 64;
// Of the kernel, for what comes while the thread does something else; it may allow less.
inline constexpr int datagram_queue_bytes = 32 << 20;
inline constexpr std::size_t statsd_streams_max = 256;
// Series that metrics of spans have open: above the first, what is complete is given on at once, so
// that spans of many days at a time do not fill the memory; above the second it is counted as lost.
inline constexpr std::size_t span_metric_series_early = 100'000;
inline constexpr std::size_t span_metric_series_most = 1'000'000;
// Groups of statistics in a request of a tracer, and requests that are known when they come again.
inline constexpr std::size_t trace_stats_groups_max = 100'000;
inline constexpr std::size_t trace_stats_remembered = 4'096;
// --- events and service checks ---

// Characters, as Datadog has them: its typed clients refuse to read longer ones. The rest is cut.
inline constexpr std::size_t event_title_characters_max = 500;
inline constexpr std::size_t event_text_characters_max = 4'000;
inline constexpr std::size_t event_key_characters_max = 100;  // aggregation key
// A body of an Agent holds some hundred service checks.
inline constexpr std::size_t events_per_request_max = 10'000;
// Of DogStatsD within a second, while the thread that keeps them is busy.
inline constexpr std::size_t events_waiting_max = 10'000;
// A page of Datadog's list.
inline constexpr std::size_t events_page_max = 1'000;
inline constexpr std::size_t events_pages_max = 10'000;
// Words and tags of a question.
inline constexpr std::size_t event_query_bytes_max = 2'000;
inline constexpr std::size_t event_query_terms_max = 32;
// Steps of a timeline.
inline constexpr std::size_t event_buckets_max = 500;
// Checks of which the newest state is shown.
inline constexpr std::size_t checks_shown_max = 1'000;

// --- metric queries ---
// Brackets inside each other: the parser recurses this deep and no deeper.
inline constexpr std::size_t metric_query_depth_max = 32;
inline constexpr std::size_t metric_query_bytes_max = 8'192;
// Every metric of a formula is a SELECT.
inline constexpr std::size_t metric_query_metrics_max = 26;
inline constexpr std::size_t metric_query_buckets_max = 5'000;
inline constexpr std::size_t metric_query_groups_max = 1'000;
inline constexpr std::size_t metric_names_max = 10'000;
// Functions and operations of one query, each of which goes over all lines.
inline constexpr std::size_t metric_query_steps_max = 200;
// Queries, and formulas over them, of one request for a dashboard's widget.
inline constexpr std::size_t metric_formulas_max = 50;
// Points of the past that anomalies and forecasts learn from, of one line: six weeks of 10 minutes.
inline constexpr std::size_t metric_history_points_max = 6'500;

// Of a question about spans in a formula: each place of each group is a row of the answer.
inline constexpr std::size_t span_formula_keys_max = 4;
inline constexpr std::size_t span_formula_rows_max = 200'000;
// Metrics over their limit whose tags are counted, and tags of each that are told.
inline constexpr std::size_t series_reported_max = 20;
inline constexpr std::size_t series_tags_reported_max = 10;
// --- Azure ---
// Of metrics of fifty accounts for an hour; more, and less is asked for at a time.
inline constexpr std::size_t azure_answer_bytes_max = 64u << 20;
// A name, a description, the address of a next page.
inline constexpr std::size_t azure_text_bytes_max = 32u << 10;
inline constexpr std::size_t azure_tags_max = 50;  // Azure's own bound
inline constexpr std::size_t azure_dimensions_max = 20;
inline constexpr std::size_t azure_login_bytes_max = 1'000;
// Accounts of one batch, which is Azure's own bound, and metrics of one call.
inline constexpr std::size_t azure_batch_max = 50;
inline constexpr std::size_t azure_metrics_max = 20;
// Series of a metric of one account that are asked for; Azure gives ten unless it is told.
inline constexpr std::size_t azure_series_max = 100'000;
// Minutes that one call asks about.
inline constexpr std::int64_t azure_minutes_max = 60;
// How long Azure keeps metrics: what an outage can be filled up with.
inline constexpr std::int64_t azure_kept_seconds = 93ll * 86'400;
// Hosts and subscriptions whose pace is kept apart, and problems that are told.
inline constexpr std::size_t azure_buckets_max = 10'000;
inline constexpr std::size_t azure_problems_max = 200;

// --- net ---
inline constexpr std::size_t http_header_bytes_max = 64u << 10;
inline constexpr std::size_t connections_max = 12'000;
inline constexpr int header_timeout_seconds = 10;  // slow-loris: the whole header
inline constexpr int body_timeout_seconds = 60;    // 25 MiB on a slow link
inline constexpr int keep_alive_seconds = 75;
inline constexpr int write_timeout_seconds = 30;
// Bodies in flight over all connections: what a flood may take of memory before 503.
inline constexpr std::size_t bodies_in_flight_bytes_max = 192u << 20;

// --- store ---
inline constexpr std::size_t log_segment_bytes = 64u << 20;
// Rows waiting for the database; above it intake answers 503 rather than filling the disk.
inline constexpr std::uint64_t log_bytes_max_default = 4ull << 30;
inline constexpr std::size_t log_queue_bytes_max = 64u << 20;  // encoded batches not yet written
inline constexpr std::size_t batch_rows_max = 20'000;
inline constexpr std::size_t batch_bytes_max = 48u << 20;
inline constexpr int batch_age_ms_max = 1'000;
// Duplicates are looked for among this many newest ids (two generations of half each).
inline constexpr std::size_t recent_ids_max = 1u << 20;
// Rows held in memory for the database while it is behind; beyond it they are read from the log.
inline constexpr std::size_t handover_bytes_max = 64u << 20;
// The log leaves this much of the disk free (or a twentieth of a small one), so that the database
// can still take what is in the log and make room again.
inline constexpr std::uint64_t disk_free_bytes_min = 256ull << 20;
// The words of this many spans are one row of span_words: fewer spans are more rows to look at,
// more spans more text to read for each that fits.
inline constexpr std::size_t words_block_spans = 2'048;
// Between two spans of one row.
inline constexpr std::int64_t words_gap_nanos_max = 10ll * 1'000'000'000;
// Of older spans, whose words the database takes by one statement of about a second.
inline constexpr std::size_t words_built_spans_max = 50'000;
// Beyond it the spans carry attachments in base64; they are read by every search for a word.
inline constexpr std::size_t words_block_bytes_max = 2u << 20;
// Two letters are part of nearly every block, and nobody types more than 4 096.
inline constexpr std::size_t word_bytes_min = 3;
inline constexpr std::size_t word_bytes_max = 4'096;
inline constexpr int query_threads = 3;
inline constexpr int brief_query_threads = 2;  // for those alone that read little
inline constexpr int query_seconds_max = 30;
inline constexpr std::size_t query_queue_max = 256;

// --- api ---
inline constexpr std::size_t page_rows_default = 50;
inline constexpr std::size_t page_rows_max = 5'000;
// A trace is shown to this many spans; the answer says how many more there are. The shape of one
// takes some 100 bytes a span while it is kept and 400 while it is made.
inline constexpr std::size_t trace_spans_max = 2'000'000;
// Rows of a trace that its shape is read from; with both halves apart there are two to a span. 103
// bytes each, in one answer of the database (net::ClientOptions::body_bytes_max).
inline constexpr std::size_t trace_shape_rows_max = 2'200'000;
// Shapes of large traces that are kept for the next window.
inline constexpr std::size_t trace_shapes_bytes_max = 256u << 20;
// Answers of the database that wait to become shapes.
inline constexpr std::size_t trace_shapes_queue_bytes_max = 512u << 20;
// Rows of one window of a large trace.
inline constexpr std::size_t trace_window_rows_max = 500;
// Spans that are closed or opened against the rule: their ids travel in the address.
inline constexpr std::size_t trace_flipped_max = 1'000;
// Spans of a large trace that come with its head, or around one span, or as one page of messages.
inline constexpr std::size_t trace_part_spans_max = 200;
inline constexpr std::size_t trace_part_evaluations_max = 500;
inline constexpr std::size_t trace_part_text_bytes_max = 64u << 10;
inline constexpr std::size_t live_subscribers_max = 256;
// A filter is written by hand or clicked together: more is a mistake or an attack.
inline constexpr std::size_t filter_values_max = 200;
inline constexpr std::size_t filter_text_bytes_max = 4'096;
// --- search language ---
// Brackets and NOTs inside each other: the parser and the planner recurse this deep and no deeper.
inline constexpr std::size_t search_depth_max = 32;
// Every term is a condition evaluated on every row that is looked at.
inline constexpr std::size_t search_terms_max = 128;
// A free word reads the long texts; each costs a pass over them.
inline constexpr std::size_t search_words_max = 16;
// @trace, @child and @evaluation are SELECTs of their own inside the SELECT.
inline constexpr std::size_t search_subselects_max = 8;
// The newest traces (or evaluations) that one of them gives; 16 or 24 bytes each in memory.
inline constexpr std::size_t search_subselect_rows_max = 200'000;
// Stretches of time that one search reads; beyond it near ones are read together.
inline constexpr std::size_t search_stretches_max = 64;
// Judgements of one @evaluation term that are looked up before the spans. They travel in a URL,
// which may have 1 MiB.
inline constexpr std::size_t search_judged_max = 500;
inline constexpr std::size_t search_judged_bytes_max = 32u << 10;
// Names inside @meta.metadata.a.b.c: as deep as a person writes them.
inline constexpr std::size_t search_path_parts_max = 16;
// What a completion list shows, and the newest rows its values are counted in.
inline constexpr std::size_t suggest_items_max = 20;
inline constexpr std::size_t suggest_rows_max = 100'000;
inline constexpr std::size_t parameters_max = 512;
// First characters of a prompt or answer in a list, and the largest JSON they are picked from here
// rather than in the database.
inline constexpr std::size_t preview_characters_max = 300;
inline constexpr std::size_t preview_json_bytes_max = 64u << 10;
inline constexpr std::size_t list_rows_max = 500;  // rows of a page of our own lists
inline constexpr std::size_t facet_fields_max = 15;
inline constexpr std::size_t facet_values_max = 200;
inline constexpr std::size_t series_groups_max = 20;
inline constexpr std::size_t series_buckets_max = 2'000;
// Rows of a series before its groups are told apart: more, and the database names the largest.
inline constexpr std::size_t series_rows_max = series_buckets_max * series_groups_max + 1;
// Answers about slices of time that are kept, of series and of facets each; a day by the minute and
// four models is 0.7 MB. Days are dropped without a word, so none is kept for long.
inline constexpr std::size_t slice_cache_bytes_max = 8u << 20;
inline constexpr std::int64_t slice_kept_nanos_max = 600ll * 1'000'000'000;
// Values of a field in one slice, and rows of all slices: more, and they are counted afresh.
inline constexpr std::size_t slice_values_max = 1'000;
inline constexpr std::size_t slice_rows_max = 100'000;
// Inserts that are remembered: a quarter of an hour of them.
inline constexpr std::size_t inserted_times_max = 1'024;
// How far from its root a span of a trace is looked for, by whoever asks about many traces at once:
// a range of time has an edge, and a trace may lie across it.
inline constexpr std::int64_t trace_slack_nanos = 600ll * 1'000'000'000;
// LLM traces inside one APM trace (a batch job calls a model thousands of times).
inline constexpr std::size_t trace_ids_max = 1'000;
// Up to this many rows a trace is answered whole; above it is read by windows.
inline constexpr std::size_t trace_whole_rows_max = 2'000;
inline constexpr std::size_t trace_evaluations_max = 10'000;
inline constexpr std::size_t trace_join_tags_max = 2'000;

// --- what people keep: views, feedback, datasets ---
// A name that a person gives: of a view, a dataset, a judgement, themselves.
inline constexpr std::size_t short_name_bytes_max = 200;
inline constexpr std::size_t views_max = 1'000;
inline constexpr std::size_t view_query_bytes_max = 8'192;
inline constexpr std::size_t dashboards_max = 1'000;
inline constexpr std::size_t dashboard_title_bytes_max = 1'000;
// The largest of 213 dashboards that Datadog's integrations ship has 60 KB.
inline constexpr std::size_t dashboard_bytes_max = 1u << 20;
// A comment on an answer; a page of text.
inline constexpr std::size_t comment_bytes_max = 16u << 10;
// Calls for the file of datasets that wait for the one thread that writes them.
inline constexpr std::size_t desk_queue_max = 256;
inline constexpr std::size_t datasets_max = 10'000;
inline constexpr std::size_t dataset_records_max = 100'000;
// The longest field that Datadog's client reads from a CSV file has 10 MB.
inline constexpr std::size_t dataset_record_bytes_max = 10u << 20;
inline constexpr std::size_t dataset_bytes_max = 1u << 30;
// A page of records ends at whichever comes first.
inline constexpr std::size_t dataset_page_rows_max = 1'000;
inline constexpr std::size_t dataset_page_bytes_max = 8u << 20;
inline constexpr std::size_t dataset_tags_max = 100;
// Spans taken into a dataset by one request.
inline constexpr std::size_t dataset_spans_max = 2'000;
// Bad rows of a file that are told one by one; the others are counted.
inline constexpr std::size_t bad_rows_told_max = 100;
inline constexpr std::size_t csv_columns_max = 1'000;

// --- experiments and prompts ---
inline constexpr std::size_t experiments_max = 10'000;
// Of its description, configuration, metadata and what went wrong; of the texts of a score.
inline constexpr std::size_t experiment_text_bytes_max = 64u << 10;
// What a search through experiments, datasets and the like counts at most.
inline constexpr std::size_t experimentation_found_max = 10'000;
// Rows of an experiment: a dataset of dataset_records_max run once. Their texts are those of spans.
inline constexpr std::size_t experiment_rows_max = 100'000;
inline constexpr std::size_t experiment_bytes_max = 1u << 30;
inline constexpr std::size_t experiment_scores_max = 2'000'000;
// Spans of an experiment that are read in one go, with their texts.
inline constexpr std::size_t experiment_spans_page = 500;
// Of a text in a list of rows; a row of its own has all of it.
inline constexpr std::size_t experiment_preview_bytes_max = 400;
// Experiments that the server runs, record by record on one thread: how many at a time, how often
// one of them may ask each record, and by how many evaluators it is scored.
inline constexpr std::size_t experiment_runs_open_max = 50;
inline constexpr int experiment_run_times_max = 20;
inline constexpr std::size_t experiment_run_evaluators_max = 20;
// What is asked of a record, the record filled in; a model takes less.
inline constexpr std::size_t experiment_question_bytes_max = 2u << 20;
// Rows in sequence that a deployment failed to answer, after which the rest is not tried.
inline constexpr int experiment_run_failures_max = 10;
// A limit of a deployment is waited for, from 15 s on twice as long each time: 8 minutes in all.
inline constexpr int experiment_run_tries_max = 6;
inline constexpr int experiment_run_pause_ms = 15'000;
inline constexpr std::size_t prompts_max = 10'000;
inline constexpr std::size_t prompt_versions_max = 10'000;
inline constexpr std::size_t prompt_bytes_max = 1u << 20;
inline constexpr std::size_t prompt_labels_max = 20;

// --- queues of what people are asked about ---
inline constexpr std::size_t queues_max = 1'000;
inline constexpr std::size_t queue_items_max = 100'000;
// A form of more than this is filled in by nobody.
inline constexpr std::size_t queue_labels_max = 50;
inline constexpr std::size_t label_options_max = 100;
inline constexpr std::int64_t queue_reviewers_max = 10;
// Items named by one request; of a list, the newest rows that are taken.
inline constexpr std::size_t queue_add_max = 5'000;
// What a rule adds to a queue in a day, when it does not say: an hour of work for a person.
inline constexpr std::int64_t queue_daily_default = 100;
// So many days of what a rule did are kept and shown.
inline constexpr std::int64_t queue_rule_days_max = 30;
// Answers of one request: a client sends what a person clicked together.
inline constexpr std::size_t queue_answers_max = 200;
inline constexpr std::size_t queue_page_rows_max = 500;
// Items where people disagree that are named; the others are counted.
inline constexpr std::size_t queue_disagreements_max = 100;

// --- cost ---
// One call of a model: its context is a few million tokens; above this a count is somebody's
// mistake and would make sums of a million calls overflow.
inline constexpr std::int64_t tokens_per_call_max = 10'000'000'000;
// The catalogue of the program has 34 KB and 80 models.
inline constexpr std::size_t catalogue_bytes_max = 4u << 20;
inline constexpr std::size_t catalogue_models_max = 5'000;
// A million dollars per million tokens, or per month.
inline constexpr std::int64_t price_nano_usd_max = 1'000'000'000'000'000;
// Mappings and prices of a user's: written by hand, read with every change.
inline constexpr std::size_t own_prices_max = 2'000;
inline constexpr std::size_t deployments_max = 5'000;
// Moments at which a price or a mapping changes, inside the time of one question.
inline constexpr std::size_t price_changes_max = 200;
// Lines of a cost table; the rest is one line.
inline constexpr std::size_t cost_groups_max = 500;

// --- redaction ---
// Each own pattern is a pass over every text.
inline constexpr std::size_t redaction_rules_max = 100;
inline constexpr std::size_t own_pattern_bytes_max = 1'000;
// RE2 refuses what would need more; its automaton grows no further than this.
inline constexpr std::size_t own_pattern_memory_max = 1u << 20;
// A text that is tried out.
inline constexpr std::size_t redaction_test_bytes_max = 1u << 20;
// Spans of the past that one step of a dry run reads.
inline constexpr std::size_t redaction_dry_run_rows_max = 500;
// Changes of the rules that are shown, the newest ones.
inline constexpr std::size_t redaction_history_max = 200;

// --- evaluation ---
// What a user sets for one evaluator: lists of topics or canaries.
inline constexpr std::size_t evaluator_options_bytes_max = 64u << 10;
// Spans that are judged before the evaluators look up: whether they must stop, what is set, and
// whether they have had their share. With texts of this many bytes sooner.
inline constexpr std::size_t judged_spans_max = 500;
inline constexpr std::size_t judged_bytes_max = 4u << 20;
// Traces and sessions that wait in control.sqlite until they are quiet, some 100 bytes each; what
// comes then is not judged. Their names travel in a URL, so many at a time and no longer ones.
inline constexpr std::size_t wholes_waiting_max = 200'000;
inline constexpr std::size_t wholes_page = 50;
inline constexpr std::size_t whole_name_bytes_max = 256;
// Of a trace or session the last spans are looked at, and what was said in the last turns: how it
// ended tells. Of a turn whose texts are longer nothing is read.
inline constexpr std::size_t whole_steps_max = 2'000;
inline constexpr std::size_t whole_turns_max = 40;
inline constexpr std::size_t whole_turn_bytes_max = 256u << 10;
// Of each text of a turn what is kept in memory.
inline constexpr std::size_t whole_text_bytes_max = 16u << 10;
// How long before the spans that came now a whole may have begun.
inline constexpr std::int64_t whole_reaches_back_nanos = 7ll * 86'400 * 1'000'000'000;

// --- insights ---
// Combinations of application, model, deployment, prompt version and step; the rest is one.
inline constexpr std::size_t insight_cells_max = 400;
// A home page names what matters; nobody reads the thirtieth change.
inline constexpr std::size_t insight_changes_max = 20;
inline constexpr std::size_t insight_groups_max = 20;
// Changes of latency whose retries are counted: each reads the metadata of its calls.
inline constexpr std::size_t insight_explained_max = 3;
// Kinds of message before they are merged by fingerprint, and how much of a message and of the end
// of a stack is looked at.
inline constexpr std::size_t error_rows_max = 20'000;
inline constexpr std::size_t error_message_bytes_max = 400;
inline constexpr std::size_t error_stack_tail_bytes = 1'500;
inline constexpr std::size_t error_groups_max = 100;
inline constexpr std::size_t outliers_max = 50;

// --- topics of inputs ---
// Inputs that are looked at, of each of the two periods, and how much of each: its beginning and
// its end, where what is asked stands.
inline constexpr std::size_t topic_inputs_max = 20'000;
inline constexpr std::size_t topic_input_bytes_max = 4'096;
// Different words and phrases that are counted, and those that texts are then compared by.
inline constexpr std::size_t topic_features_seen_max = 2'000'000;
inline constexpr std::size_t topic_features_max = 20'000;
inline constexpr std::size_t topic_dimensions = 48;
inline constexpr std::size_t topics_max = 64;
// What is shown of each topic: typical inputs, and spans that the explorer opens (a search takes
// limits::filter_values_max values and filter_text_bytes_max bytes).
inline constexpr std::size_t topic_examples_max = 6;
inline constexpr std::size_t topic_spans_max = 100;
// Questions for topics that wait for the one thread that answers them, answers that are kept for
// those who ask again, and for how long; who has not asked for this long has left.
inline constexpr std::size_t topic_jobs_max = 4;
inline constexpr std::size_t topic_reports_max = 8;
inline constexpr int topic_report_seconds = 300;
inline constexpr int topic_lease_seconds = 15;

// --- judges ---
// Each span is compared with every judge that is published.
inline constexpr std::size_t judges_max = 100;
// Prompt of 64 KiB, schema of 32 KiB, as a body escapes them.
inline constexpr std::size_t judge_body_bytes_max = 256u << 10;
// Spans that wait for the one thread that asks judges: ids only. Who has waited this long is not
// judged any more, since what comes now waits behind.
inline constexpr std::size_t judge_queue_max = 1'000;
inline constexpr int judge_wait_seconds_max = 3'600;
// An answer of a model that reasons takes a minute.
inline constexpr int judge_timeout_ms = 90'000;
// People who try a judge at the same time.
inline constexpr std::size_t judge_trials_max = 4;
// Spans and traces that one request has judged.
inline constexpr std::size_t judge_run_spans_max = 200;
inline constexpr std::size_t judge_run_traces_max = 20;

// --- monitors ---
inline constexpr std::size_t monitors_max = 5'000;
inline constexpr std::size_t monitor_bytes_max = 256u << 10;  // of its JSON
inline constexpr std::size_t monitor_name_bytes_max = 2'000;
// A message with all its cases; what is sent of it is no longer.
inline constexpr std::size_t monitor_message_bytes_max = 64u << 10;
// {{#…}} inside each other.
inline constexpr std::size_t monitor_template_depth_max = 16;
inline constexpr std::size_t monitor_mentions_max = 50;  // of one message
inline constexpr std::size_t channels_max = 500;
inline constexpr std::size_t channel_bytes_max = 64u << 10;
// Looks that are made up for after a stop; an older one says nothing that is still of use.
inline constexpr std::int64_t monitor_looks_late_max = 5;
// Monitors whose looks become one transaction: each costs a write to the disk.
inline constexpr std::size_t monitor_looks_at_once = 64;
// With pauses that double up to ten minutes, some three hours; then somebody has to look.
inline constexpr std::int64_t notice_attempts_max = 24;
inline constexpr int notice_timeout_ms = 10'000;
inline constexpr std::int64_t monitor_history_days = 90;
// Of a composite monitor: as many as Datadog takes, and how often they may be named.
inline constexpr std::size_t composite_members_max = 10;
inline constexpr std::size_t composite_steps_max = 200;
// Groups of one look at spans; each becomes a row.
inline constexpr std::size_t monitor_span_groups_max = 1'000;
inline constexpr std::size_t monitor_span_keys_max = 4;  // that it is grouped by
// Looks of one request for a replay, a day of minutes; its caller goes on from there.
inline constexpr std::size_t monitor_replay_looks_max = 1'440;
inline constexpr std::size_t monitor_replay_points_max = 20'000;

// --- channels and downtimes ---
inline constexpr std::size_t mail_addresses_max = 50;  // of one channel
inline constexpr std::size_t downtimes_max = 5'000;    // that are not over
inline constexpr std::size_t downtime_bytes_max = 32u << 10;
inline constexpr std::size_t downtime_recurrences_max = 5;  // of one schedule, as at Datadog
// Beginnings that are looked through for the one that holds, so that no rule takes for ever.
inline constexpr int downtime_steps_max = 20'000;
inline constexpr std::size_t downtime_rrule_bytes_max = 1'000;

}  // namespace catalejo::limits
