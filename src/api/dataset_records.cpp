// Records of datasets, at Datadog's paths.
#include <fmt/format.h>

#include "api/body.hpp"
#include "api/dataset_request.hpp"
#include "api/datasets_json.hpp"
#include "api/parameters.hpp"
#include "api/spans_json.hpp"
#include "base/ids.hpp"
#include "base/limits.hpp"
#include "base/log.hpp"

namespace catalejo::api {

Result<void> AttributesBody::parse(std::string body) {
  CATALEJO_TRY(document_.parse(body));
  if (codec::root(document_)["data"]["attributes"].get(attributes_) == simdjson::SUCCESS) return {};
  return Error{Code::missing_field, "data.attributes must be an object", "body"};
}

Result<void> AttributesBody::parse_plain(std::string body) {
  CATALEJO_TRY(document_.parse(body));
  if (codec::root(document_).get(attributes_) == simdjson::SUCCESS) return {};
  return bad("body", "must be an object");
}

std::string AttributesBody::text(std::string_view name) const {
  codec::dom::element value;
  if (attributes_[name].get(value) != simdjson::SUCCESS) return {};
  return std::string(codec::text_or_empty(value));
}

std::optional<codec::dom::element> AttributesBody::find(std::string_view name) const {
  codec::dom::element value;
  if (attributes_[name].get(value) != simdjson::SUCCESS || value.is_null()) return std::nullopt;
  return value;
}

Result<std::optional<std::string>> AttributesBody::text_if(std::string_view name) const {
  const auto value = find(name);
  if (!value) return std::optional<std::string>();
  auto text = read_text(name, *value);
  if (!text) return text.error();
  return std::optional<std::string>(*std::move(text));
}

std::string AttributesBody::json(std::string_view name, std::string_view otherwise) const {
  codec::dom::element value;
  if (attributes_[name].get(value) != simdjson::SUCCESS || !value.is_object())
    return std::string(otherwise);
  std::string out;
  codec::append_json(out, value);
  return out;
}

bool AttributesBody::flag(std::string_view name, bool otherwise) const {
  bool value = otherwise;
  if (attributes_[name].get(value) != simdjson::SUCCESS) return otherwise;
  return value;
}

Result<void> AttributesBody::each(
    std::string_view name,
    const std::function<Result<void>(codec::dom::element, std::string)>& read) const {
  codec::dom::element value;
  if (attributes_[name].get(value) != simdjson::SUCCESS || value.is_null()) return {};
  codec::dom::array items;
  if (value.get(items) != simdjson::SUCCESS) return bad(name, "must be an array");
  std::size_t i = 0;
  for (const codec::dom::element item : items)
    CATALEJO_TRY(read(item, fmt::format("{}[{}]", name, i++)));
  return {};
}

Result<std::vector<std::string>> AttributesBody::texts(std::string_view name) const {
  std::vector<std::string> found;
  CATALEJO_TRY(each(name, [&](codec::dom::element item, std::string where) -> Result<void> {
    auto text = read_text(where, item);
    if (!text) return text.error();
    found.push_back(*std::move(text));
    return {};
  }));
  return found;
}

net::Response changed_answer(const store::Changed& changed,
                             const std::vector<std::string>& removed) {
  std::string body;
  Fields fields(body);
  fields.key("data") += '[';
  const auto append = [&](const std::string& id, const std::string& canonical) {
    if (body.back() != '[') body += ',';
    Fields record(body);
    record.text("id", id);
    record.text("type", "records");
    Fields attributes(record.key("attributes"));
    attributes.integer("version", changed.version);
    attributes.text_or_null("canonical_id", canonical);
    attributes.close();
    record.close();
  };
  for (const store::DatasetRecord& record : changed.records) append(record.id, record.canonical_id);
  // Datadog's client takes the new version from the first record it is told of.
  if (changed.records.empty())
    for (const std::string& id : removed) append(id, "");
  body += ']';
  Fields meta(fields.key("meta"));
  meta.integer("version", changed.version);
  meta.integer("inserted", static_cast<std::int64_t>(changed.inserted));
  meta.integer("updated", static_cast<std::int64_t>(changed.updated));
  meta.integer("removed", static_cast<std::int64_t>(changed.removed));
  meta.integer("duplicates", static_cast<std::int64_t>(changed.duplicates));
  meta.close();
  fields.close();
  return json_answer(std::move(body));
}

namespace {

constexpr std::string_view kInsert = "insert_records", kUpdate = "update_records",
                           kRemove = "delete_records";

// Reads a change whose three lists are called as given; a name may be empty.
Result<store::DatasetChange> read_change(std::string body, std::string_view insert,
                                         std::string_view update, std::string_view remove) {
  AttributesBody attributes;
  CATALEJO_TRY(attributes.parse(std::move(body)));
  store::DatasetChange change;
  change.deduplicate = attributes.flag("deduplicate", true);
  change.new_version = attributes.flag("create_new_version", true);
  change.author = attributes.text("author").substr(0, limits::short_name_bytes_max);
  CATALEJO_TRY(attributes.each(insert, [&](auto item, std::string where) -> Result<void> {
    auto record = read_dataset_record(item, std::move(where));
    if (!record) return record.error();
    change.insert.push_back(*std::move(record));
    return {};
  }));
  CATALEJO_TRY(attributes.each(update, [&](auto item, std::string where) -> Result<void> {
    auto record = read_record_update(item, std::move(where));
    if (!record) return record.error();
    change.update.push_back(*std::move(record));
    return {};
  }));
  auto removed = attributes.texts(remove);
  if (!removed) return removed.error();
  change.remove = *std::move(removed);
  return change;
}

Answer change_answer(ApiPtr api, net::Request request, std::string ids, std::string_view insert,
                     std::string_view update, std::string_view remove) {
  const std::string id = split_ids(ids).second;
  const std::string by = who(api, request);
  auto change = read_change(std::move(request.body), insert, update, remove);
  if (!change) co_return problem(change.error());
  change->by = by;
  const std::vector<std::string> removed = change->remove;
  auto work = [api, id, change = *std::move(change)]() mutable {
    return api->options.datasets->change(id, std::move(change));
  };
  auto changed = co_await api->options.desk->run(std::move(work));
  if (!changed) co_return problem(changed.error());
  log::info("audit", "dataset {} is of version {} by {}", id, changed->version, by);
  co_return changed_answer(*changed, removed);
}

struct PageAsked {
  std::int64_t version = 0, after = 0;
};

// The cursor holds the version too: Datadog's client asks for the second page by cursor alone.
Result<PageAsked> parse_page(const net::Request& request) {
  PageAsked asked;
  if (const auto cursor = request.parameter("page[cursor]"); cursor && !cursor->empty()) {
    const std::size_t dot = cursor->find('.');
    auto version = parse_number(cursor->substr(0, dot));
    auto after = parse_number(dot == std::string::npos ? "" : cursor->substr(dot + 1));
    if (!version || !after) return bad("page[cursor]", "this is no cursor of a page");
    return PageAsked{*version, *after};
  }
  if (const auto text = request.parameter("filter[version]"); text && !text->empty()) {
    auto version = parse_number(*text);
    if (!version) return bad("filter[version]", "must be the number of a version");
    asked.version = *version;
  }
  return asked;
}

bool has_tags(const store::DatasetRecord& record, const std::vector<std::string>& wanted) {
  for (const std::string& tag : wanted)
    if (record.tags.find(codec::json_quoted(tag)) == std::string::npos) return false;
  return true;
}

}  // namespace

Answer get_records(ApiPtr api, net::Request request, std::string ids) {
  const std::string id = split_ids(ids).second;
  auto asked = parse_page(request);
  if (!asked) co_return problem(asked.error());
  std::size_t rows_max = limits::dataset_page_rows_max;
  if (const auto text = request.parameter("page[limit]")) {
    auto limit = parse_limit("page[limit]", *text, limits::dataset_page_rows_max);
    if (!limit) co_return problem(limit.error());
    rows_max = *limit;
  }
  auto parameters = parameters_of(request);
  if (!parameters) co_return problem(parameters.error());
  std::vector<std::string> tags;
  for (const auto& [name, value] : *parameters)
    if (name == "filter[tags]") tags.push_back(value);
  auto work = [api, id, asked = *asked, rows_max] {
    return api->options.datasets->records(id, asked.version, asked.after, rows_max);
  };
  auto page = co_await api->options.desk->run(std::move(work));
  if (!page) co_return problem(page.error());
  std::erase_if(page->records, [&](const auto& record) { return !has_tags(record, tags); });
  std::string body;
  Fields fields(body);
  append_array(fields.key("data"), page->records,
               [&](std::string& out, const store::DatasetRecord& record) {
                 append_record(out, record, id);
               });
  Fields meta(fields.key("meta"));
  meta.text_or_null("after",
                    page->next ? fmt::format("{}.{}", page->version, *page->next) : std::string());
  meta.integer("version", page->version);
  meta.close();
  fields.close();
  co_return json_answer(std::move(body));
}

Answer batch_update(ApiPtr api, net::Request request, std::string ids) {
  return change_answer(std::move(api), std::move(request), std::move(ids), kInsert, kUpdate,
                       kRemove);
}

Answer create_records(ApiPtr api, net::Request request, std::string ids) {
  return change_answer(std::move(api), std::move(request), std::move(ids), "records", "", "");
}

Answer update_records(ApiPtr api, net::Request request, std::string ids) {
  return change_answer(std::move(api), std::move(request), std::move(ids), "", "records", "");
}

Answer delete_records(ApiPtr api, net::Request request, std::string ids) {
  return change_answer(std::move(api), std::move(request), std::move(ids), "", "", "record_ids");
}

}  // namespace catalejo::api
