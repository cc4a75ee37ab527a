// Records from files and spans, to files, and what differs between two versions.
#include <fmt/format.h>

#include "api/body.hpp"
#include "api/dataset_request.hpp"
#include "api/datasets_json.hpp"
#include "api/parameters.hpp"
#include "api/spans_json.hpp"
#include "base/limits.hpp"
#include "base/log.hpp"
#include "codec/json_writer.hpp"
#include "codec/multipart.hpp"
#include "codec/utf8.hpp"

namespace catalejo::api {
namespace {

constexpr std::size_t kLinesInWords = 5;

bool flag_of(const net::Request& request, std::string_view name, bool otherwise) {
  const auto text = request.parameter(name);
  if (!text) return otherwise;
  return *text == "true" || *text == "True" || *text == "1";
}

Result<ReadFile> read_file(const net::Request& request, std::string_view text) {
  if (request.parameter("format").value_or("csv") == "jsonl") return read_jsonl(text);
  CsvColumns columns;
  for (const auto& [name, value] : request.parameters()) {
    if (name == "input_column") columns.input.push_back(value);
    if (name == "expected_column") columns.expected_output.push_back(value);
    if (name == "metadata_column") columns.metadata.push_back(value);
  }
  return read_csv(text, columns);
}

void append_bad(std::string& out, const BadRow& row) {
  Fields fields(out);
  fields.integer("line", static_cast<std::int64_t>(row.line));
  fields.text("problem", row.problem);
  fields.close();
}

// Nothing was imported: the sentence names the first lines, "bad" has them all.
net::Response bad_rows_answer(const ReadFile& file) {
  std::string words = fmt::format("{} bad rows, so nothing was imported:", file.bad_rows);
  for (std::size_t i = 0; i < std::min(kLinesInWords, file.bad.size()); ++i)
    words += fmt::format(" line {}: {};", file.bad[i].line, file.bad[i].problem);
  net::Response answer = problem(bad("file", words));
  answer.body.pop_back();
  answer.body += ",\"bad\":";
  append_array(answer.body, file.bad, append_bad);
  answer.body += '}';
  return answer;
}

net::Response import_answer(const store::Changed& changed, const ReadFile& file) {
  std::string body;
  Fields fields(body);
  fields.integer("version", changed.version);
  fields.integer("inserted", static_cast<std::int64_t>(changed.inserted));
  fields.integer("updated", static_cast<std::int64_t>(changed.updated));
  fields.integer("duplicates", static_cast<std::int64_t>(changed.duplicates));
  fields.integer("bad_rows", static_cast<std::int64_t>(file.bad_rows));
  append_array(fields.key("bad"), file.bad, append_bad);
  fields.close();
  return json_answer(std::move(body));
}

// As Datadog answers an upload: events that its clients wait for, here all at once, for a file is
// written in one change.
net::Response events_answer(const store::Changed& changed) {
  net::Response answer;
  answer.headers.emplace_back("Content-Type", "text/event-stream");
  answer.headers.emplace_back("Cache-Control", "no-store");
  for (const std::string_view event : {"progress", "completed"})
    answer.body += fmt::format("event: {}\ndata: {{\"records_created\":{}}}\n\n", event,
                               changed.inserted + changed.updated);
  return answer;
}

// Adds to a JSON array of texts.
void add_tags(std::string& tags, const std::vector<std::string>& more) {
  for (const std::string& tag : more) {
    tags.pop_back();
    if (tags.size() > 1) tags += ',';
    codec::append_json_string(tags, tag);
    tags += ']';
  }
}

// How a file is imported that comes at Datadog's path for it, and how at ours.
struct Import {
  bool deduplicate = true, replace = true, events = false;
  std::vector<std::string> tags;  // of every record
};

Answer import_text(ApiPtr api, net::Request request, std::string id, std::string text, Import how) {
  std::string valid;
  codec::append_as_utf8(valid, text);
  if (valid != text) co_return problem(bad("file", "the file is not UTF-8"));
  auto file = read_file(request, valid);
  if (!file) co_return problem(file.error());
  if (file->bad_rows > 0 && !flag_of(request, "skip_bad", false)) co_return bad_rows_answer(*file);
  store::DatasetChange change;
  change.insert = std::move(file->records);
  for (store::DatasetRecord& record : change.insert) add_tags(record.tags, how.tags);
  change.deduplicate = flag_of(request, "deduplicate", how.deduplicate);
  change.replace = how.replace;
  change.author = request.parameter("author").value_or("").substr(0, limits::short_name_bytes_max);
  change.note = "import";
  change.by = who(api, request);
  auto work = [api, id, change = std::move(change)]() mutable {
    return api->options.datasets->change(id, std::move(change));
  };
  auto changed = co_await api->options.desk->run(std::move(work));
  if (!changed) co_return problem(changed.error());
  log::info("audit", "{} rows imported into dataset {} by {}", changed->inserted, id,
            who(api, request));
  co_return how.events ? events_answer(*changed) : import_answer(*changed, *file);
}

// The expected output is what was answered: a starting point, for a person to correct.
store::DatasetRecord record_of(const query::SpanRow& row) {
  store::DatasetRecord record;
  if (!row.input.empty()) append_stored_json(record.input = "", row.input);
  if (!row.output.empty()) append_stored_json(record.expected_output = "", row.output);
  record.metadata.clear();
  codec::JsonObjectWriter metadata(record.metadata);
  for (const auto& [name, value] : {std::pair{"name", row.name},
                                    {"kind", row.kind},
                                    {"model", row.model},
                                    {"ml_app", row.ml_app},
                                    {"session_id", row.session_id}})
    if (!value.empty()) metadata.text(name, value);
  metadata.close();
  record.source = fmt::format(R"({{"trace_id":"{}","span_id":"{}"}})", to_hex(row.trace_id),
                              to_decimal(row.span_id));
  return record;
}

struct SpansAsked {
  std::string author;
  std::vector<std::pair<TraceId, SpanId>> spans;
  std::string filter;  // parameters of a list, as in its address
};

Result<SpansAsked> parse_spans(std::string body) {
  SpansAsked asked;
  const auto read_span = [&](codec::dom::element item) -> Result<void> {
    std::string_view trace, span;
    if (item["trace_id"].get(trace) != simdjson::SUCCESS ||
        item["span_id"].get(span) != simdjson::SUCCESS)
      return bad("spans", "each has trace_id and span_id, as texts");
    const auto trace_id = parse_trace_id(trace);
    const auto span_id = parse_span_id(span);
    if (!trace_id || !span_id) return bad("spans", "this is no id of a span");
    asked.spans.emplace_back(*trace_id, *span_id);
    return {};
  };
  const auto read_field = [&](std::string_view name, codec::dom::element value) -> Result<void> {
    if (name == "author" || name == "filter") {
      auto text = read_text(name, value);
      if (!text) return text.error();
      (name == "author" ? asked.author : asked.filter) = *std::move(text);
      return {};
    }
    if (name != "spans") return no_such_field(name);
    codec::dom::array items;
    if (value.get(items) != simdjson::SUCCESS) return bad(name, "must be an array");
    for (const codec::dom::element item : items) CATALEJO_TRY(read_span(item));
    return {};
  };
  CATALEJO_TRY(read_body(std::move(body), read_field, limits::inflated_body_bytes_max));
  if (asked.spans.empty() == asked.filter.empty())
    return bad("spans", "write spans, or the filter of a list, and only one of them");
  if (asked.spans.size() > limits::list_rows_max)
    return bad("spans", fmt::format("at most {} spans are named one by one; write a filter",
                                    limits::list_rows_max));
  return asked;
}

// The questions whose rows become records.
Result<std::vector<query::ListPlan>> plans_of(const SpansAsked& asked) {
  std::vector<query::ListPlan> plans;
  if (!asked.filter.empty()) {
    auto plan = plan_of_list(asked.filter, query::Columns::all, limits::dataset_spans_max);
    if (!plan) return plan.error();
    plans.push_back(*std::move(plan));
  }
  for (const auto& [trace_id, span_id] : asked.spans) {
    query::ListPlan plan{.columns = query::Columns::all, .rows_max = 1};
    plan.filter.view = query::View::spans;
    plan.filter.from = {0};
    plan.filter.to = {now().value + limits::span_future_seconds_max * kNanosPerSecond};
    plan.filter.trace_id = trace_id;
    plan.filter.span_id = span_id;
    plans.push_back(std::move(plan));
  }
  return plans;
}

void append_side(std::string& out, const std::optional<store::DatasetRecord>& record,
                 std::string_view id) {
  if (record) {
    append_record(out, *record, id);
  } else {
    out += "null";
  }
}

}  // namespace

Answer import_records(ApiPtr api, net::Request request, std::string id) {
  std::string text = std::move(request.body);
  return import_text(std::move(api), std::move(request), std::move(id), std::move(text), {});
}

Answer upload_records(ApiPtr api, net::Request request, std::string id) {
  const auto file = codec::multipart_file(request.header("Content-Type"), request.body);
  if (!file) co_return problem(bad("body", "must be a form with a file, as multipart/form-data"));
  std::string text(*file);
  Import how;
  co_return co_await import_text(api, std::move(request), id, std::move(text), how);
}

Answer upload_project_records(ApiPtr api, net::Request request, std::string ids) {
  const auto file = codec::multipart_file(request.header("Content-Type"), request.body);
  if (!file) co_return problem(bad("body", "must be a form with a file, as multipart/form-data"));
  Import how;
  how.deduplicate = false;
  how.replace = flag_of(request, "overwrite", true);
  how.events = true;
  for (const auto& [name, value] : request.parameters())
    if (name == "tags") how.tags.push_back(value);
  if (how.tags.size() > limits::dataset_tags_max)
    co_return problem(bad("tags", fmt::format("are more than {}", limits::dataset_tags_max)));
  std::string text(*file);
  co_return co_await import_text(api, std::move(request), split_ids(ids).second, std::move(text),
                                 how);
}

Answer export_records(ApiPtr api, net::Request request, std::string ids) {
  const std::string id = split_ids(ids).second;
  const std::string format = request.parameter("format").value_or("csv");
  if (format != "csv" && format != "jsonl")
    co_return problem(bad("format", "must be csv or jsonl"));
  auto version = parse_number(request.parameter("version").value_or("0"));
  if (!version) co_return problem(bad("version", "must be the number of a version"));
  const bool csv = format == "csv";
  auto work = [api, id, version = *version, csv]() -> Result<std::string> {
    std::string out(csv ? kCsvHead : std::string_view());
    std::optional<std::int64_t> after = 0;
    while (after) {
      auto page =
          api->options.datasets->records(id, version, *after, limits::dataset_page_rows_max);
      if (!page) return page.error();
      for (const store::DatasetRecord& record : page->records)
        csv ? append_csv_record(out, record) : append_jsonl_record(out, record);
      if (out.size() > limits::bodies_in_flight_bytes_max)
        return Error{Code::body_too_large,
                     "this dataset is too large for one file; read its records page by page", id};
      after = page->next;
    }
    return out;
  };
  auto text = co_await api->options.desk->run(std::move(work));
  if (!text) co_return problem(text.error());
  net::Response answer;
  answer.body = *std::move(text);
  set_file(answer, csv ? "text/csv; charset=utf-8" : "application/x-ndjson",
           fmt::format("dataset-{}.{}", id.substr(0, 8), format));
  co_return answer;
}

Answer add_spans(ApiPtr api, net::Request request, std::string id) {
  const std::string by = who(api, request);
  auto asked = parse_spans(std::move(request.body));
  if (!asked) co_return problem(asked.error());
  auto plans = plans_of(*asked);
  if (!plans) co_return problem(plans.error());
  store::DatasetChange change;
  change.author = asked->author.substr(0, limits::short_name_bytes_max);
  bool more = false;
  for (query::ListPlan& plan : *plans) {
    auto priced = co_await api->costs.priced(plan.filter);
    if (!priced) co_return problem(priced.error());
    plan.filter = *std::move(priced);
    auto page = co_await api->reader.list(std::move(plan));
    if (!page) co_return problem(page.error());
    if (page->spans.rows.empty() && !asked->spans.empty())
      co_return problem({Code::not_found, "a span was not found; nothing was added", "spans"});
    more = more || !page->next.empty();
    for (const query::SpanRow& row : page->spans.rows) change.insert.push_back(record_of(row));
  }
  const auto taken = static_cast<std::int64_t>(change.insert.size());
  change.note = fmt::format("{} spans", taken);
  change.by = by;
  auto work = [api, id, change = std::move(change)]() mutable {
    return api->options.datasets->change(id, std::move(change));
  };
  auto changed = co_await api->options.desk->run(std::move(work));
  if (!changed) co_return problem(changed.error());
  log::info("audit", "{} spans taken into dataset {} by {}", taken, id, by);
  std::string body;
  Fields fields(body);
  fields.integer("version", changed->version);
  fields.integer("spans", taken);
  fields.integer("inserted", static_cast<std::int64_t>(changed->inserted));
  fields.integer("duplicates", static_cast<std::int64_t>(changed->duplicates));
  fields.key("more") += more ? "true" : "false";
  fields.close();
  co_return json_answer(std::move(body));
}

Answer get_diff(ApiPtr api, net::Request request, std::string id) {
  auto from = parse_number(request.parameter("from").value_or(""));
  auto to = parse_number(request.parameter("to").value_or(""));
  if (!from || !to) co_return problem(bad("from", "write two versions as from and to"));
  auto work = [api, id, from = *from, to = *to] {
    return api->options.datasets->diff(id, from, to);
  };
  auto diff = co_await api->options.desk->run(std::move(work));
  if (!diff) co_return problem(diff.error());
  std::string body;
  Fields fields(body);
  append_array(fields.key("records"), diff->records, [&](std::string& out, const auto& pair) {
    Fields both(out);
    append_side(both.key("before"), pair.first, id);
    append_side(both.key("after"), pair.second, id);
    both.close();
  });
  fields.key("cut") += diff->cut ? "true" : "false";
  fields.close();
  co_return json_answer(std::move(body));
}

}  // namespace catalejo::api
