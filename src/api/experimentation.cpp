// Search through projects, datasets, records, experiments and their runs, at Datadog's paths and in
// its shapes (docs.datadoghq.com/api/latest/llm-observability, "Search experimentation entities").
#include "store/experimentation.hpp"

#include <fmt/format.h>

#include <array>

#include "api/body.hpp"
#include "api/dataset_request.hpp"
#include "api/datasets_json.hpp"
#include "api/experiments_json.hpp"
#include "base/ids.hpp"
#include "base/limits.hpp"
#include "codec/utf8.hpp"

namespace catalejo::api {
namespace {

namespace dom = codec::dom;

constexpr std::int64_t kPageDefault = 100, kPageMax = 1'000;
constexpr std::size_t kWordsMax = 16, kSortsMax = 3;

constexpr std::array<std::string_view, 5> kScopes = {"projects", "datasets", "dataset_records",
                                                     "experiments", "experiment_runs"};

struct Wanted {
  store::ExperimentationAsked asked;
  std::int64_t page = 1;                      // of a simple search
  std::optional<std::int64_t> preview_chars;  // of the texts of records
};

// A field of an object, or nothing where it is not there or null.
std::optional<dom::element> member(std::optional<dom::element> object, std::string_view name) {
  dom::element value;
  if (!object || (*object)[name].get(value) != simdjson::SUCCESS || value.is_null())
    return std::nullopt;
  return value;
}

Result<bool> flag(std::optional<dom::element> value, std::string_view where) {
  bool set = false;
  if (value && value->get(set) != simdjson::SUCCESS) return bad(where, "must be true or false");
  return set;
}

Result<std::int64_t> number(std::optional<dom::element> value, std::string_view where,
                            std::int64_t otherwise, std::int64_t least, std::int64_t most) {
  if (!value) return otherwise;
  auto read = read_number(where, *value);
  if (read && (*read < least || *read > most))
    return bad(where, fmt::format("must be from {} to {}", least, most));
  return read;
}

Result<void> read_scope(std::optional<dom::element> value, store::ExperimentationAsked& asked) {
  dom::array names;
  if (!value || value->get(names) != simdjson::SUCCESS || names.size() == 0)
    return bad("filter.scope", fmt::format("name one or more of {}", fmt::join(kScopes, ", ")));
  for (const dom::element name : names) {
    const auto found = std::ranges::find(kScopes, codec::text_or_empty(name));
    if (found == kScopes.end())
      return bad("filter.scope", fmt::format("\"{}\" is none of {}", codec::text_or_empty(name),
                                             fmt::join(kScopes, ", ")));
    const auto entity = static_cast<store::Entity>(found - kScopes.begin());
    if (std::ranges::find(asked.scope, entity) == asked.scope.end()) asked.scope.push_back(entity);
  }
  return {};
}

Result<void> read_words(std::optional<dom::element> value, store::ExperimentationAsked& asked) {
  if (!value) return {};
  auto query = read_text("filter.query", *value);
  if (!query) return query.error();
  std::size_t at = 0;
  while ((at = query->find_first_not_of(" \t\r\n", at)) != std::string::npos) {
    const std::size_t end = std::min(query->find_first_of(" \t\r\n", at), query->size());
    asked.words.push_back(query->substr(at, end - at));
    at = end;
  }
  if (asked.words.size() > kWordsMax)
    return bad("filter.query", fmt::format("has more than {} words", kWordsMax));
  return {};
}

Result<void> read_filter(std::optional<dom::element> filter, store::ExperimentationAsked& asked) {
  CATALEJO_TRY(read_scope(member(filter, "scope"), asked));
  CATALEJO_TRY(read_words(member(filter, "query"), asked));
  auto only = flag(member(filter, "is_deleted"), "filter.is_deleted");
  if (!only) return only.error();
  auto too = flag(member(filter, "include_deleted"), "filter.include_deleted");
  if (!too) return too.error();
  asked.kept = !*only;
  asked.deleted = *only || *too;
  auto version = number(member(filter, "version"), "filter.version", 0, 0, INT64_MAX);
  if (!version) return version.error();
  asked.version = *version;
  return {};
}

Result<void> read_sort(const AttributesBody& body, store::ExperimentationAsked& asked) {
  const auto read = [&](dom::element one, const std::string& where) -> Result<void> {
    auto field = member(one, "field");
    if (!field) return bad(where + ".field", "is missing");
    auto name = read_text(where + ".field", *field);
    if (!name) return name.error();
    const auto direction = member(one, "direction");
    const std::string_view way = direction ? codec::text_or_empty(*direction) : "asc";
    if (way != "asc" && way != "desc") return bad(where + ".direction", "must be asc or desc");
    asked.sort.emplace_back(*std::move(name), way == "desc");
    return {};
  };
  CATALEJO_TRY(body.each("sort", read));
  if (asked.sort.size() > kSortsMax)
    return bad("sort", fmt::format("has more than {} fields", kSortsMax));
  return {};
}

// "experiments:17": the kind and the number that `next` of the store is.
Result<void> read_cursor(std::optional<dom::element> value, store::ExperimentationAsked& asked) {
  if (!value) return {};
  auto cursor = read_text("page.cursor", *value);
  if (!cursor || cursor->empty()) return cursor ? Result<void>() : cursor.error();
  const std::size_t colon = cursor->find(':');
  const auto found = std::ranges::find(kScopes, std::string_view(*cursor).substr(0, colon));
  const auto key = colon == std::string::npos
                       ? std::nullopt
                       : parse_decimal64(std::string_view(*cursor).substr(colon + 1));
  if (found == kScopes.end() || !key || *key > INT64_MAX)
    return bad("page.cursor", "this is no cursor of ours");
  asked.after = {static_cast<store::Entity>(found - kScopes.begin()),
                 static_cast<std::int64_t>(*key)};
  return {};
}

Result<Wanted> read_wanted(const AttributesBody& body, bool pages) {
  Wanted wanted;
  CATALEJO_TRY(read_filter(body.find("filter"), wanted.asked));
  const auto page = body.find("page");
  auto limit = number(member(page, "limit"), "page.limit", kPageDefault, 1, kPageMax);
  if (!limit) return limit.error();
  wanted.asked.limit = static_cast<std::size_t>(*limit);
  if (pages) {
    CATALEJO_TRY(read_sort(body, wanted.asked));
    constexpr auto kMost = static_cast<std::int64_t>(limits::experimentation_found_max);
    auto at = number(member(page, "number"), "page.number", 1, 1, kMost);
    if (!at) return at.error();
    wanted.page = *at;
    wanted.asked.skip = static_cast<std::size_t>((*at - 1) * *limit);
  } else {
    CATALEJO_TRY(read_cursor(member(page, "cursor"), wanted.asked));
  }
  if (const auto chars = member(body.find("content_preview"), "limit")) {
    auto read = number(chars, "content_preview.limit", 0, 1, INT64_MAX);
    if (!read) return read.error();
    wanted.preview_chars = *read;
  }
  return wanted;
}

// A JSON value that is longer is its beginning, as a text.
void cut(std::string& json, std::int64_t chars) {
  if (json.size() <= static_cast<std::size_t>(chars)) return;
  std::string text = json, shown = json;
  codec::JsonDocument document;
  if (json.starts_with('"') && document.parse(text))
    shown = codec::text_or_empty(codec::root(document));
  std::size_t end = 0;
  for (std::int64_t i = 0; i < chars && end < shown.size(); ++i)
    for (++end; end < shown.size() && (static_cast<unsigned char>(shown[end]) & 0xc0) == 0x80;)
      ++end;
  if (end == shown.size() && json.starts_with('"')) return;
  json.clear();
  codec::append_json_string(json, shown.substr(0, end) + "…");
}

void append_run(std::string& out, const store::NumberedRun& run) {
  Fields fields(out);
  fields.text("id", fmt::format("{}:{}", run.experiment, run.number));
  fields.text("experiment_id", run.experiment);
  fields.integer("run_number", run.number);
  fields.text("created_at", to_rfc3339(run.created));
  Fields data(fields.key("aggregate_data"));
  data.integer("rows", run.rows);
  data.integer("errors", run.errors);
  data.integer("duration_mean", run.duration_ns_mean);
  data.close();
  fields.close();
}

void append_found(Fields& fields, const Wanted& wanted, store::ExperimentationFound& found) {
  const auto has = [&](store::Entity entity) {
    return std::ranges::find(wanted.asked.scope, entity) != wanted.asked.scope.end();
  };
  if (has(store::Entity::project))
    append_array(fields.key("projects"), found.projects, append_project);
  if (has(store::Entity::dataset))
    append_array(fields.key("datasets"), found.datasets, append_dataset);
  if (has(store::Entity::record)) {
    for (auto& [dataset, record] : found.records) {
      if (!wanted.preview_chars) break;
      cut(record.input, *wanted.preview_chars);
      cut(record.expected_output, *wanted.preview_chars);
    }
    append_array(fields.key("dataset_records"), found.records,
                 [](std::string& out, const auto& one) {
                   Fields record(out);
                   record.text("id", one.second.id);
                   append_record_fields(record, one.second, one.first);
                   record.close();
                 });
  }
  if (has(store::Entity::experiment))
    append_array(fields.key("experiments"), found.experiments,
                 [](std::string& out, const store::Experiment& one) {
                   Fields experiment(out);
                   experiment.text("id", one.id);
                   append_experiment_fields(experiment, one, nullptr);
                   experiment.close();
                 });
  if (has(store::Entity::run)) append_array(fields.key("experiment_runs"), found.runs, append_run);
}

void append_meta(Fields& fields, const Wanted& wanted, const store::ExperimentationFound& found,
                 bool pages) {
  Fields meta(fields.key("meta"));
  if (pages) {
    const auto limit = static_cast<std::int64_t>(wanted.asked.limit);
    Fields page(meta.key("page"));
    page.integer("current", wanted.page);
    page.integer("limit", limit);
    page.integer("total_count", found.total);
    page.integer("total_pages", (found.total + limit - 1) / limit);
    page.close();
  } else {
    meta.text_or_null(
        "after", found.next
                     ? fmt::format("{}:{}", kScopes[static_cast<std::size_t>(found.next->first)],
                                   found.next->second)
                     : "");
  }
  meta.close();
}

Answer search(ApiPtr api, net::Request request, bool pages) {
  AttributesBody body;
  if (auto parsed = body.parse(std::move(request.body)); !parsed) co_return problem(parsed.error());
  auto wanted = read_wanted(body, pages);
  if (!wanted) co_return problem(wanted.error());
  auto work = [api, asked = wanted->asked] {
    return api->options.datasets->experimentation().search(asked);
  };
  auto found = co_await api->options.desk->run(std::move(work));
  if (!found) co_return problem(found.error());
  std::string json;
  Fields fields(json);
  append_item(fields.key("data"), "experimentation", "experimentation",
              [&](Fields& attributes) { append_found(attributes, *wanted, *found); });
  append_meta(fields, *wanted, *found, pages);
  fields.close();
  net::Response response = json_answer(std::move(json));
  // There is more: as Datadog says it, where pages have no numbers.
  if (!pages && found->next) response.status = 206;
  co_return response;
}

}  // namespace

Answer search_experimentation(ApiPtr api, net::Request request, std::string) {
  return search(std::move(api), std::move(request), false);
}

Answer search_experimentation_pages(ApiPtr api, net::Request request, std::string) {
  return search(std::move(api), std::move(request), true);
}

}  // namespace catalejo::api
