#include "api/experiments_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>

#include "api/body.hpp"
#include "api/experiment_spans.hpp"
#include "api/spans_json.hpp"
#include "base/limits.hpp"
#include "codec/json_writer.hpp"
#include "codec/utf8.hpp"

namespace catalejo::api {
namespace {

namespace dom = codec::dom;

constexpr std::array<std::string_view, 4> kTypes = {"score", "boolean", "categorical", "json"};

std::string json_at(dom::element item, std::string_view name) {
  std::string json;
  dom::element value;
  if (item[name].get(value) == simdjson::SUCCESS && !value.is_null())
    codec::append_json(json, value);
  return json;
}

std::string text_at(dom::element item, std::string_view name) {
  dom::element value;
  if (item[name].get(value) != simdjson::SUCCESS) return {};
  return std::string(codec::text_or_empty(value));
}

std::int64_t number_at(dom::element item, std::string_view name) {
  dom::element value;
  double number = 0;
  if (item[name].get(value) != simdjson::SUCCESS || value.get(number) != simdjson::SUCCESS)
    return 0;
  std::int64_t whole = 0;
  if (value.get(whole) == simdjson::SUCCESS) return whole;
  return number > -9e18 && number < 9e18 ? static_cast<std::int64_t>(number) : 0;
}

std::string tags_at(dom::element item) {
  std::string tags = json_at(item, "tags");
  return tags.starts_with('[') ? tags : "[]";
}

// The texts of a score are short; what is longer than a comment is none of ours to keep whole.
Result<void> check_lengths(const store::ExperimentScore& score, const std::string& where) {
  if (score.label.size() > limits::short_name_bytes_max)
    return bad(where + ".label",
               fmt::format("is longer than {} bytes", limits::short_name_bytes_max));
  for (const std::string* text :
       {&score.value, &score.reasoning, &score.error, &score.metadata, &score.tags,
        &score.assessment, &score.status, &score.source, &score.judged_by})
    if (text->size() > limits::experiment_text_bytes_max)
      return bad(where, fmt::format("has a text of more than {} bytes",
                                    limits::experiment_text_bytes_max));
  return {};
}

Result<void> read_value(dom::element item, const std::string& where,
                        store::ExperimentScore& score) {
  const std::string name = score.type + "_value";
  const std::string value = json_at(item, name);
  if (value.empty()) return {};
  dom::element given;
  if (item[name].get(given) != simdjson::SUCCESS) return {};
  double number = 0;
  bool yes = false;
  if (score.type == "score") {
    if (given.get(number) != simdjson::SUCCESS) return bad(where + "." + name, "must be a number");
    score.score = number;
  } else if (score.type == "boolean") {
    if (given.get(yes) != simdjson::SUCCESS) return bad(where + "." + name, "must be a boolean");
    score.score = yes ? 1 : 0;
  } else if (score.type == "categorical" && !given.is_string()) {
    return bad(where + "." + name, "must be a text");
  }
  score.value = value;
  return {};
}

void append_summary(std::string& out, const store::ExperimentSummary& summary) {
  Fields fields(out);
  fields.integer("rows", summary.rows);
  fields.integer("errors", summary.errors);
  fields.integer("duration_mean", summary.duration_ns_mean);
  append_array(fields.key("labels"), summary.labels,
               [](std::string& to, const store::LabelSummary& one) {
                 Fields label(to);
                 label.text("label", one.label);
                 label.text_or_null("type", one.type);
                 label.integer("count", one.count);
                 label.integer("failed", one.failed);
                 label.number("mean", one.mean);
                 label.integer("passed", one.passed);
                 label.integer("refused", one.refused);
                 label.close();
               });
  append_array(fields.key("summary_metrics"), summary.scores, append_score);
  fields.close();
}

// `scores` are those of one page, in the order of its rows; `at` moves past those of this row.
void append_scores_of(std::string& out, const store::ExperimentRow& row,
                      const std::vector<store::ExperimentScore>& scores, std::size_t& at) {
  const std::size_t first = at;
  while (at < scores.size() && scores[at].span_id == row.span_id) ++at;
  append_array(out, std::span(scores).subspan(first, at - first), append_score);
}

// A JSON text without its quotes, other JSON as it is.
std::string preview(const std::string& stored) {
  std::string text = stored, shown = stored;
  codec::JsonDocument document;
  if (stored.starts_with('"') && document.parse(text))
    shown = codec::text_or_empty(codec::root(document));
  if (shown.size() <= limits::experiment_preview_bytes_max) return shown;
  return std::string(codec::utf8_prefix(shown, limits::experiment_preview_bytes_max)) + "…";
}

void append_event(std::string& out, const store::ExperimentRow& row,
                  const std::vector<store::ExperimentScore>& scores, std::size_t& at) {
  Fields fields(out);
  fields.text("id", row.span_id);
  fields.text("span_id", row.span_id);
  fields.text("trace_id", row.trace_id);
  fields.text_or_null("dataset_record_id", row.record);
  fields.integer("run_iteration", row.run);
  fields.text("name", row.name);
  fields.integer("start_ns", row.start.value);
  fields.integer("duration", row.duration_ns);
  fields.text("status", row.failed ? "error" : "ok");
  fields.key("tags") += row.tags;
  Fields meta(fields.key("meta"));
  meta.json("input", row.input);
  meta.json("output", row.output);
  meta.json("expected_output", row.expected);
  meta.json("metadata", row.metadata.empty() ? "{}" : row.metadata);
  Fields error(meta.key("error"));
  if (!row.error_type.empty()) error.text("type", row.error_type);
  if (!row.error_message.empty()) error.text("message", row.error_message);
  if (!row.error_stack.empty()) error.text("stack", row.error_stack);
  error.close();
  meta.close();
  append_scores_of(fields.key("eval_metrics"), row, scores, at);
  fields.close();
}

}  // namespace

void append_experiment_fields(Fields& attributes, const store::Experiment& experiment,
                              const store::ExperimentSummary* summary) {
  attributes.text("name", experiment.name);
  attributes.text("experiment", experiment.experiment);
  attributes.text("description", experiment.description);
  attributes.text("project_id", experiment.project);
  attributes.text("dataset_id", experiment.dataset);
  attributes.text_or_null("dataset_name", experiment.dataset_name);
  attributes.integer("dataset_version", experiment.dataset_version);
  attributes.key("config") += experiment.config;
  attributes.key("metadata") += experiment.metadata;
  attributes.integer("run_count", experiment.runs);
  attributes.text_or_null("parent_experiment_id", experiment.parent);
  if (!experiment.status.empty()) attributes.text("status", experiment.status);
  attributes.text_or_null("error", experiment.error);
  if (summary) {
    append_summary(attributes.key("aggregate_data"), *summary);
  } else {
    attributes.key("aggregate_data") += "{}";
  }
  attributes.text("created_at", to_rfc3339(experiment.created));
  attributes.text("updated_at", to_rfc3339(experiment.updated));
  if (experiment.deleted.value != 0) attributes.text("deleted_at", to_rfc3339(experiment.deleted));
}

void append_experiment(std::string& out, const store::Experiment& experiment,
                       const store::ExperimentSummary* summary) {
  append_item(out, experiment.id, "experiments", [&](Fields& attributes) {
    append_experiment_fields(attributes, experiment, summary);
  });
}

void append_score(std::string& out, const store::ExperimentScore& score) {
  Fields fields(out);
  fields.text("id", score.span_id + ":" + score.label);
  fields.text("span_id", score.span_id);
  fields.text("trace_id", score.trace_id);
  fields.text("label", score.label);
  fields.text("metric_type", score.type);
  if (score.value != "null") fields.key(score.type + "_value") += score.value;
  if (!score.assessment.empty()) fields.text("assessment", score.assessment);
  fields.text_or_null("reasoning", score.reasoning);
  if (!score.status.empty()) fields.text("status", score.status);
  fields.json("error", score.error);
  if (!score.metadata.empty()) fields.key("metadata") += score.metadata;
  fields.text("metric_source", score.source);
  if (!score.judged_by.empty()) fields.text("eval_source_type", score.judged_by);
  fields.key("tags") += score.tags;
  fields.integer("timestamp_ms", score.timestamp_ms);
  fields.close();
}

void append_events(std::string& out, const store::ExperimentRows& page) {
  std::size_t at = 0;
  append_array(out, page.rows, [&](std::string& to, const store::ExperimentRow& row) {
    append_event(to, row, page.scores, at);
  });
}

void append_previews(std::string& out, const store::ExperimentRows& page) {
  std::size_t at = 0;
  append_array(out, page.rows, [&](std::string& to, const store::ExperimentRow& row) {
    Fields fields(to);
    fields.text("span_id", row.span_id);
    fields.text("trace_id", row.trace_id);
    fields.text_or_null("record_id", row.record);
    fields.integer("run", row.run);
    fields.time("start_ns", row.start);
    fields.integer("duration_ns", row.duration_ns);
    fields.flag("failed", row.failed);
    fields.text_or_null(
        "error",
        preview(row.error_message.empty() && row.failed ? row.error_type : row.error_message));
    fields.text_or_null("input", preview(row.input));
    fields.text_or_null("output", preview(row.output));
    fields.text_or_null("expected", preview(row.expected));
    append_scores_of(fields.key("scores"), row, page.scores, at);
    fields.close();
  });
}

void append_event_items(std::string& out, const store::ExperimentRows& page) {
  std::size_t at = 0;
  append_array(out, page.rows, [&](std::string& to, const store::ExperimentRow& row) {
    Fields item(to);
    item.text("id", row.span_id);
    item.text("type", "experiments");
    append_event(item.key("attributes"), row, page.scores, at);
    item.close();
  });
}

Result<store::ExperimentScore> read_score(dom::element item, const std::string& where) {
  if (!item.is_object()) return bad(where, "must be an object");
  store::ExperimentScore score{.span_id = text_at(item, "span_id"),
                               .trace_id = text_at(item, "trace_id"),
                               .label = text_at(item, "label"),
                               .type = text_at(item, "metric_type"),
                               .assessment = text_at(item, "assessment"),
                               .reasoning = text_at(item, "reasoning"),
                               .status = text_at(item, "status"),
                               .source = text_at(item, "metric_source"),
                               .judged_by = text_at(item, "eval_source_type"),
                               .error = json_at(item, "error"),
                               .metadata = json_at(item, "metadata"),
                               .tags = tags_at(item),
                               .timestamp_ms = number_at(item, "timestamp_ms")};
  if (score.label.empty()) return bad(where + ".label", "is missing");
  if (std::ranges::find(kTypes, score.type) == kTypes.end())
    return bad(where + ".metric_type", "must be score, boolean, categorical or json");
  // Of the whole, whatever span is named with it.
  if (score.source == "summary") score.span_id = score.trace_id = "";
  CATALEJO_TRY(read_value(item, where, score));
  CATALEJO_TRY(check_lengths(score, where));
  return score;
}

Result<store::ExperimentRow> read_row(dom::element item, const std::string& where) {
  if (!item.is_object()) return bad(where, "must be an object");
  store::ExperimentRow row{.span_id = text_at(item, "span_id"),
                           .trace_id = text_at(item, "trace_id"),
                           .name = text_at(item, "name"),
                           .start = {number_at(item, "start_ns")},
                           .duration_ns = number_at(item, "duration"),
                           .failed = text_at(item, "status") == "error",
                           .tags = tags_at(item)};
  if (row.span_id.empty() || row.span_id.size() > limits::short_name_bytes_max)
    return bad(where + ".span_id",
               fmt::format("must have 1 to {} bytes", limits::short_name_bytes_max));
  dom::element meta;
  if (item["meta"].get(meta) == simdjson::SUCCESS && meta.is_object()) {
    row.input = json_at(meta, "input");
    row.output = json_at(meta, "output");
    row.expected = json_at(meta, "expected_output");
    row.metadata = json_at(meta, "metadata");
    dom::element error;
    if (meta["error"].get(error) == simdjson::SUCCESS && error.is_object()) {
      row.error_type = text_at(error, "type");
      row.error_message = text_at(error, "message");
      row.error_stack = text_at(error, "stack");
    }
  }
  dom::array tags;
  if (item["tags"].get(tags) == simdjson::SUCCESS) {
    for (const dom::element tag : tags) {
      const std::string_view text = codec::text_or_empty(tag);
      const std::size_t colon = text.find(':');
      if (colon != std::string_view::npos)
        set_from_tag(row, text.substr(0, colon), text.substr(colon + 1));
    }
  }
  return row;
}

}  // namespace catalejo::api
