// What came of a queue: its answers, as Datadog's client reads them and as files; how far people
// agree; a dataset of what they said.
#include <fmt/format.h>

#include <algorithm>

#include "api/body.hpp"
#include "api/dataset_request.hpp"
#include "api/parameters.hpp"
#include "api/queue_agreement.hpp"
#include "api/queues_json.hpp"
#include "api/spans_json.hpp"
#include "base/limits.hpp"
#include "base/log.hpp"
#include "codec/csv.hpp"

namespace catalejo::api {
namespace {

struct AnswersAsked {
  store::Queue queue;  // with the labels of the version that was asked for
  std::vector<store::AnsweredItem> items;
};

// On the desk's thread: all items with their answers of one version of the labels.
Result<AnswersAsked> read_all(const ApiPtr& api, const std::string& id, std::int64_t version) {
  auto queue = api->options.queues->get(id);
  if (!queue) return queue.error();
  if (version != 0 && version != queue->schema_version) {
    auto labels = api->options.queues->labels(id, version);
    if (!labels) return labels.error();
    queue->labels = *std::move(labels);
    queue->schema_version = version;
  }
  AnswersAsked all{*std::move(queue), {}};
  std::size_t bytes = 0;
  for (std::optional<std::int64_t> after = 0; after;) {
    auto page = api->options.queues->answered(id, all.queue.schema_version, *after,
                                              limits::queue_page_rows_max);
    if (!page) return page.error();
    for (store::AnsweredItem& one : page->items) {
      for (const store::QueueAnswer& answer : one.answers) bytes += answer.values.size();
      all.items.push_back(std::move(one));
    }
    if (bytes > limits::bodies_in_flight_bytes_max / 2)
      return Error{Code::body_too_large, "the answers of this queue are too large for one file",
                   id};
    after = page->next;
  }
  return all;
}

Future<Result<AnswersAsked>> all_of(const ApiPtr& api, const std::string& id,
                                    std::int64_t version) {
  auto work = [api, id, version] { return read_all(api, id, version); };
  return api->options.desk->run(std::move(work));
}

Result<std::int64_t> version_asked(const net::Request& request) {
  auto version = parse_number(request.parameter("version").value_or("0"));
  if (!version) return bad("version", "must be the number of a version of the labels");
  return version;
}

std::vector<const store::QueueAnswer*> given(const store::AnsweredItem& item) {
  std::vector<const store::QueueAnswer*> answers;
  for (const store::QueueAnswer& answer : item.answers)
    if (!answer.skipped) answers.push_back(&answer);
  return answers;
}

// {"name":value,…}
void append_named_values(std::string& out, const LabelValues& values) {
  Fields fields(out);
  for (const LabelValue& value : values) append_value(fields.key(value.name), value);
  fields.close();
}

// An annotation as LLMObsAnnotationItem has it: its values by the names of their labels.
void append_annotation(std::string& out, const store::QueueAnswer& answer) {
  Fields fields(out);
  append_answer_head(fields, answer);
  append_named_values(fields.key("label_values"), parse_values(answer.values));
  fields.close();
}

// A spreadsheet would run a text that begins like a formula, and these texts are strangers'.
void append_safe_field(std::string& out, std::string_view text) {
  const bool formula = !text.empty() && std::string_view("=+-@\t\r").find(text[0]) != text.npos;
  codec::append_csv_field(out, formula ? fmt::format("'{}", text) : std::string(text));
}

void append_csv_head(std::string& out, const Labels& labels) {
  out += "item,type,trace_id,span_id,session_id,reviewer,answered_at,skipped";
  for (const Label& label : labels) {
    out += "," + label.name;
    if (label.has_assessment) out += "," + label.name + "_assessment";
    if (label.has_reasoning) out += "," + label.name + "_reasoning";
  }
  out += "\r\n";
}

void append_csv_values(std::string& out, const Labels& labels, const LabelValues& values) {
  for (const Label& label : labels) {
    const auto found = std::ranges::find(values, label.id, &LabelValue::label_id);
    const bool there = found != values.end();
    out += ',';
    if (there && label.type == LabelType::score)
      out += value_text(*found);
    else if (there)
      append_safe_field(out, value_text(*found));
    if (label.has_assessment) out += "," + (there ? found->assessment : std::string());
    if (!label.has_reasoning) continue;
    out += ',';
    if (there && !found->reasoning.empty()) append_safe_field(out, found->reasoning);
  }
}

// One line for each answer; an item without one has a line with nothing behind it.
void append_csv_item(std::string& out, const Labels& labels, const store::AnsweredItem& one) {
  const Target target = target_of(one.item);
  std::string head = one.item.id + "," + one.item.type + ",";
  if (!target.trace_id.empty()) head += to_hex(target.trace_id);
  head += ",";
  if (target.span_id.value != 0) head += to_decimal(target.span_id);
  head += ",";
  if (!target.session_id.empty()) append_safe_field(head, target.session_id);
  for (const store::QueueAnswer& answer : one.answers) {
    out += head + ",";
    if (!answer.reviewer.empty()) append_safe_field(out, answer.reviewer);
    out += "," + to_rfc3339(answer.updated) + (answer.skipped ? ",true" : ",false");
    append_csv_values(out, labels, parse_values(answer.values));
    out += "\r\n";
  }
  if (!one.answers.empty()) return;
  out += head + ",,,";
  append_csv_values(out, labels, {});
  out += "\r\n";
}

void append_jsonl_item(std::string& out, const store::AnsweredItem& one) {
  Fields fields(out);
  append_item_fields(fields, one.item);
  append_array(fields.key("annotations"), one.answers, append_answer);
  fields.close();
  out += '\n';
}

struct DatasetAsked {
  std::string dataset, label, author;
};

Result<DatasetAsked> parse_dataset(std::string body) {
  DatasetAsked asked;
  const auto read = [&](std::string_view name, codec::dom::element value) -> Result<void> {
    for (const auto& [key, part] : {std::pair{"dataset", &asked.dataset},
                                    {"label", &asked.label},
                                    {"author", &asked.author}}) {
      if (name != key) continue;
      auto text = read_text(name, value);
      if (!text) return text.error();
      *part = *std::move(text);
      return {};
    }
    return no_such_field(name);
  };
  CATALEJO_TRY(read_body(std::move(body), read));
  if (asked.dataset.empty()) return bad("dataset", "dataset is missing");
  return asked;
}

// The question whose one row is what an answered item is about: a span, or the root of a trace.
query::ListPlan plan_of(const Target& target) {
  query::ListPlan plan{.columns = query::Columns::all, .rows_max = 1};
  const bool is_span = target.span_id.value != 0;
  plan.filter.view = is_span ? query::View::spans : query::View::traces;
  plan.filter.from = {0};
  plan.filter.to = {now().value + limits::span_future_seconds_max * kNanosPerSecond};
  plan.filter.trace_id = target.trace_id;
  if (is_span) plan.filter.span_id = target.span_id;
  return plan;
}

// The newest answer says what is expected; without a label it is what the model answered.
store::DatasetRecord record_of(const query::SpanRow& row, const store::AnsweredItem& item,
                               const store::Queue& queue, const std::string& label) {
  store::DatasetRecord record;
  if (!row.input.empty()) append_stored_json(record.input = "", row.input);
  if (!row.output.empty()) append_stored_json(record.expected_output = "", row.output);
  record.metadata.clear();
  Fields metadata(record.metadata);
  metadata.text("queue", queue.name);
  const auto answers = given(item);
  const LabelValues values = parse_values(answers.back()->values);
  append_named_values(metadata.key("labels"), values);
  metadata.text_or_null("reviewer", answers.back()->reviewer);
  metadata.close();
  if (const auto found = std::ranges::find(values, label, &LabelValue::name); found != values.end())
    append_value(record.expected_output = "", *found);
  record.source = fmt::format(R"({{"trace_id":"{}","span_id":"{}"}})", to_hex(row.trace_id),
                              to_decimal(row.span_id));
  return record;
}

// Whether the item can be a record: somebody answered it, with the label when one is asked for.
bool is_record(const store::AnsweredItem& item, const std::string& label) {
  const auto answers = given(item);
  if (answers.empty()) return false;
  if (label.empty()) return true;
  const LabelValues values = parse_values(answers.back()->values);
  return std::ranges::find(values, label, &LabelValue::name) != values.end();
}

// The fields of an item that somebody may answer, with what was answered.
void append_annotated(Fields& fields, const store::AnsweredItem& one) {
  append_item_fields(fields, one.item);
  fields.flag("can_annotate", true);
  append_array(
      fields.key("annotations"), given(one),
      [](std::string& out, const store::QueueAnswer* answer) { append_annotation(out, *answer); });
}

struct ContentsAsked {
  std::vector<std::string> contents;
  std::int64_t offset = 0, limit = 100;
};

// `contentIds`, each in the form that items have it in; which kind it is of is not said.
Result<ContentsAsked> contents_asked(const net::Request& request) {
  auto parameters = parameters_of(request);
  if (!parameters) return parameters.error();
  ContentsAsked asked;
  for (const auto& [name, value] : *parameters) {
    if (name == "contentIds") {
      for (const std::string_view kind : {"session", "trace", "span"})
        if (auto item = make_item(std::string(kind), value))
          asked.contents.push_back(item->content);
    } else if (name == "offset") {
      auto offset = parse_number(value);
      if (!offset) return bad(name, "must be a number of items");
      asked.offset = *offset;
    } else if (name == "limit") {
      auto limit = parse_limit(name, value, limits::queue_page_rows_max);
      if (!limit) return limit.error();
      asked.limit = static_cast<std::int64_t>(*limit);
    }
  }
  if (asked.contents.empty()) return bad("contentIds", "contentIds is missing");
  return asked;
}

}  // namespace

Answer find_annotated(ApiPtr api, net::Request request, std::string) {
  auto asked = contents_asked(request);
  if (!asked) co_return problem(asked.error());
  auto work = [api, asked = *asked] {
    return api->options.queues->find_items(asked.contents, asked.offset, asked.limit);
  };
  auto found = co_await api->options.desk->run(std::move(work));
  if (!found) co_return problem(found.error());
  std::string body;
  Fields fields(body);
  Fields data(fields.key("data"));
  data.text("id", "annotated_interactions_by_trace");
  data.text("type", "annotated_interactions_by_trace");
  Fields attributes(data.key("attributes"));
  append_array(attributes.key("annotated_interactions"), found->items,
               [](std::string& out, const store::FoundItem& one) {
                 Fields item(out);
                 append_annotated(item, one.answered);
                 item.text("queue_id", one.queue);
                 item.text("queue_name", one.queue_name);
                 item.close();
               });
  attributes.integer("total_count", found->total);
  attributes.close();
  data.close();
  fields.close();
  co_return json_answer(std::move(body));
}

Answer get_annotated(ApiPtr api, net::Request request, std::string id) {
  auto version = version_asked(request);
  if (!version) co_return problem(version.error());
  auto all = co_await all_of(api, id, *version);
  if (!all) co_return problem(all.error());
  std::string body;
  Fields fields(body);
  Fields data(fields.key("data"));
  data.text("id", id);
  data.text("type", "annotated_interactions");
  Fields attributes(data.key("attributes"));
  append_array(attributes.key("annotated_interactions"), all->items,
               [](std::string& out, const store::AnsweredItem& one) {
                 Fields item(out);
                 append_annotated(item, one);
                 item.close();
               });
  attributes.close();
  data.close();
  fields.close();
  co_return json_answer(std::move(body));
}

Answer get_agreement(ApiPtr api, net::Request request, std::string id) {
  auto version = version_asked(request);
  if (!version) co_return problem(version.error());
  auto all = co_await all_of(api, id, *version);
  if (!all) co_return problem(all.error());
  QueueAgreement agreement(parse_labels(all->queue.labels));
  query::EvaluationTargets targets;
  for (std::size_t i = 0; i < all->items.size(); ++i) {
    const store::AnsweredItem& one = all->items[i];
    agreement.add(one);
    if (!given(one).empty()) {
      const Target target = target_of(one.item);
      if (target.session_id.empty())
        targets.traces.push_back(target.trace_id);
      else
        targets.sessions.push_back(target.session_id);
    }
    const std::size_t asked = targets.traces.size() + targets.sessions.size();
    if (asked == 0 || (asked < limits::page_rows_default && i + 1 < all->items.size())) continue;
    auto rows = co_await api->reader.evaluations(std::exchange(targets, {}));
    if (!rows) co_return problem(rows.error());
    agreement.add_evaluations(rows->rows);
  }
  std::string body;
  Fields fields(body);
  fields.integer("schema_version", all->queue.schema_version);
  agreement.append(fields.key("labels"));
  fields.close();
  co_return json_answer(std::move(body));
}

Answer export_queue(ApiPtr api, net::Request request, std::string id) {
  const std::string format = request.parameter("format").value_or("csv");
  if (format != "csv" && format != "jsonl")
    co_return problem(bad("format", "must be csv or jsonl"));
  auto version = version_asked(request);
  if (!version) co_return problem(version.error());
  auto all = co_await all_of(api, id, *version);
  if (!all) co_return problem(all.error());
  const Labels labels = parse_labels(all->queue.labels);
  const bool csv = format == "csv";
  net::Response answer;
  if (csv) append_csv_head(answer.body, labels);
  for (const store::AnsweredItem& one : all->items)
    csv ? append_csv_item(answer.body, labels, one) : append_jsonl_item(answer.body, one);
  set_file(answer, csv ? "text/csv; charset=utf-8" : "application/x-ndjson",
           fmt::format("queue-{}.{}", id.substr(0, 8), format));
  co_return answer;
}

Answer make_queue_dataset(ApiPtr api, net::Request request, std::string id) {
  auto asked = parse_dataset(request.body);
  if (!asked) co_return problem(asked.error());
  auto all = co_await all_of(api, id, 0);
  if (!all) co_return problem(all.error());
  store::DatasetChange change;
  change.author = author_or_key(api, request, asked->author);
  change.note = fmt::format("queue {}", all->queue.name);
  change.by = who(api, request);
  std::int64_t unanswered = 0, sessions = 0, missing = 0, left_out = 0;
  for (const store::AnsweredItem& one : all->items) {
    const Target target = target_of(one.item);
    std::int64_t* reason = !is_record(one, asked->label)                       ? &unanswered
                           : !target.session_id.empty()                        ? &sessions
                           : change.insert.size() >= limits::dataset_spans_max ? &left_out
                                                                               : nullptr;
    if (reason != nullptr) {
      ++*reason;
      continue;
    }
    auto page = co_await api->reader.list(plan_of(target));
    if (!page) co_return problem(page.error());
    if (page->spans.rows.empty()) {
      ++missing;
      continue;
    }
    change.insert.push_back(record_of(page->spans.rows[0], one, all->queue, asked->label));
  }
  auto work = [api, dataset = asked->dataset, change = std::move(change)]() mutable {
    return api->options.datasets->change(dataset, std::move(change));
  };
  auto changed = co_await api->options.desk->run(std::move(work));
  if (!changed) co_return problem(changed.error());
  log::info("audit", "answers of queue {} taken into dataset {} by {}", id, asked->dataset,
            who(api, request));
  std::string body;
  Fields fields(body);
  fields.integer("version", changed->version);
  fields.integer("inserted", static_cast<std::int64_t>(changed->inserted));
  fields.integer("duplicates", static_cast<std::int64_t>(changed->duplicates));
  fields.integer("unanswered", unanswered);
  fields.integer("sessions", sessions);
  fields.integer("missing", missing);
  fields.integer("left_out", left_out);
  fields.close();
  co_return json_answer(std::move(body));
}

}  // namespace catalejo::api
