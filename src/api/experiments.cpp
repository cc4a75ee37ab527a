// Experiments: what they are called and how they ended. At Datadog's paths, as its clients write
// and read them; the page uses the same.
#include "api/experiments_json.hpp"

#include <fmt/format.h>

#include "api/body.hpp"
#include "api/dataset_request.hpp"
#include "api/experiment_request.hpp"
#include "api/parameters.hpp"
#include "api/spans_json.hpp"
#include "base/limits.hpp"
#include "base/log.hpp"
#include "codec/utf8.hpp"

namespace catalejo::api {
namespace {

constexpr std::size_t kListMax = 5'000, kListDefault = 100;
// Summaries are counted from the scores when they are asked for.
constexpr std::size_t kSummariesMax = 200;
constexpr std::size_t kParentsMax = 100;

struct Listed {
  store::ExperimentsPage page;
  std::vector<store::ExperimentSummary> summaries;  // one for each, or none
};

Result<std::string> read_metadata_filter(std::string text) {
  codec::JsonDocument document;
  if (!document.parse(text) || !codec::root(document).is_object())
    return bad("filter[metadata]", "must be a JSON object");
  std::string json;
  codec::append_json(json, codec::root(document));
  return json;
}

Result<store::ExperimentsAsked> parse_asked(const query::Parameters& parameters) {
  store::ExperimentsAsked asked{.limit = kListDefault};
  for (const auto& [name, value] : parameters) {
    for (const auto& [key, text] : {std::pair{"filter[id]", &asked.id},
                                    {"filter[project_id]", &asked.project},
                                    {"filter[dataset_id]", &asked.dataset},
                                    {"filter[experiment]", &asked.experiment},
                                    {"filter[name]", &asked.name}})
      if (name == key) *text = value;
    if (name == "filter[parent_experiment_id]" && asked.parents.size() < kParentsMax)
      asked.parents.push_back(value);
    if (name == "filter[is_deleted]") asked.deleted = value == "true";
    if (name == "filter[metadata]" && !value.empty()) {
      auto metadata = read_metadata_filter(value);
      if (!metadata) return metadata.error();
      asked.metadata = *std::move(metadata);
    }
    if (name == "page[cursor]" && !value.empty()) {
      auto after = parse_number(value);
      if (!after || *after < 1) return bad("page[cursor]", "this is no cursor of ours");
      asked.after = *after;
    }
    if (name == "page[limit]") {
      auto limit = parse_limit(name, value, kListMax);
      if (!limit) return limit.error();
      asked.limit = *limit;
    }
  }
  return asked;
}

// On the desk's thread.
Result<Listed> read_list(const ApiPtr& api, store::ExperimentsAsked asked, bool summaries) {
  if (summaries) asked.limit = std::min(asked.limit, kSummariesMax);
  auto page = api->options.datasets->experiments().list(asked);
  if (!page) return page.error();
  Listed listed{*std::move(page), {}};
  if (!summaries) return listed;
  for (const store::Experiment& one : listed.page.experiments) {
    auto summary = api->options.datasets->experiments().summary(one.id);
    if (!summary) return summary.error();
    listed.summaries.push_back(*std::move(summary));
  }
  return listed;
}

Result<store::Experiment> read_new(const AttributesBody& body) {
  store::Experiment experiment{.project = body.text("project_id"),
                               .dataset = body.text("dataset_id"),
                               .name = body.text("name"),
                               .description = body.text("description"),
                               .config = body.json("config", "{}"),
                               .metadata = body.json("metadata", "{}"),
                               .parent = body.text("parent_experiment_id")};
  for (const auto& [name, number] : {std::pair{"dataset_version", &experiment.dataset_version},
                                     {"run_count", &experiment.runs}}) {
    const auto value = body.find(name);
    if (!value) continue;
    auto read = read_number(name, *value);
    if (!read) return read.error();
    *number = *read;
  }
  return experiment;
}

Result<store::ExperimentUpdate> read_update(const AttributesBody& body) {
  store::ExperimentUpdate update;
  for (const auto& [name, text] : {std::pair{"name", &update.name},
                                   {"description", &update.description},
                                   {"dataset_id", &update.dataset},
                                   {"status", &update.status},
                                   {"error", &update.error}}) {
    auto read = body.text_if(name);
    if (!read) return read.error();
    *text = *std::move(read);
  }
  if (body.find("metadata")) update.metadata = body.json("metadata", "{}");
  // With the stack of every row that failed it may be of any length; the rows have theirs.
  if (update.error) {
    update.error = codec::utf8_prefix(*update.error, limits::experiment_text_bytes_max);
  }
  return update;
}

void append_plain(std::string& out, const store::Experiment& experiment) {
  append_experiment(out, experiment, nullptr);
}

}  // namespace

Future<Result<store::Experiment>> find_experiment(const ApiPtr& api, const std::string& id) {
  auto work = [api, id]() -> Result<store::Experiment> {
    auto page = api->options.datasets->experiments().list({.id = id, .limit = 1});
    if (!page) return page.error();
    if (!page->experiments.empty()) return page->experiments.front();
    return Error{Code::not_found, "there is no such experiment", id};
  };
  return api->options.desk->run(std::move(work));
}

Answer get_experiments(ApiPtr api, net::Request request, std::string) {
  auto parameters = parameters_of(request);
  if (!parameters) co_return problem(parameters.error());
  auto asked = parse_asked(*parameters);
  if (!asked) co_return problem(asked.error());
  const std::string* wanted = find_parameter(*parameters, "include[aggregate_data]");
  auto work = [api, asked = *asked, summaries = wanted && *wanted == "true"] {
    return read_list(api, asked, summaries);
  };
  auto listed = co_await api->options.desk->run(std::move(work));
  if (!listed) co_return problem(listed.error());
  std::string body;
  Fields fields(body);
  std::size_t at = 0;
  append_array(fields.key("data"), listed->page.experiments,
               [&](std::string& out, const store::Experiment& one) {
                 append_experiment(out, one,
                                   listed->summaries.empty() ? nullptr : &listed->summaries[at++]);
               });
  append_after(fields, listed->page.next);
  fields.close();
  co_return json_answer(std::move(body));
}

Answer create_experiment(ApiPtr api, net::Request request, std::string) {
  const std::string by = who(api, request);
  AttributesBody body;
  if (auto parsed = body.parse(std::move(request.body)); !parsed) co_return problem(parsed.error());
  auto experiment = read_new(body);
  if (!experiment) co_return problem(experiment.error());
  auto work = [api, experiment = *experiment, unique = body.flag("ensure_unique", true)] {
    return api->options.datasets->experiments().create(experiment, unique);
  };
  auto made = co_await api->options.desk->run(std::move(work));
  if (!made) co_return problem(made.error());
  log::info("audit", "experiment {} made or found by {}", made->id, by);
  co_return one_answer(*made, append_plain);
}

Answer update_experiment(ApiPtr api, net::Request request, std::string id) {
  AttributesBody body;
  if (auto parsed = body.parse(std::move(request.body)); !parsed) co_return problem(parsed.error());
  auto update = read_update(body);
  if (!update) co_return problem(update.error());
  auto work = [api, id, update = *update] {
    return api->options.datasets->experiments().update(id, update);
  };
  auto changed = co_await api->options.desk->run(std::move(work));
  if (!changed) co_return problem(changed.error());
  co_return one_answer(*changed, append_plain);
}

Answer delete_experiments(ApiPtr api, net::Request request, std::string) {
  const std::string by = who(api, request);
  AttributesBody body;
  if (auto parsed = body.parse(std::move(request.body)); !parsed) co_return problem(parsed.error());
  auto ids = body.texts("experiment_ids");
  if (!ids) co_return problem(ids.error());
  auto work = [api, ids = *ids] { return api->options.datasets->experiments().remove(ids); };
  auto removed = co_await api->options.desk->run(std::move(work));
  if (!removed) co_return problem(removed.error());
  log::info("audit", "{} experiments removed by {}", removed->size(), by);
  co_return data_answer(*removed, append_plain);
}

Answer restore_experiment(ApiPtr api, net::Request, std::string id) {
  store::Experiments* const experiments = &api->options.datasets->experiments();
  return restore_one(std::move(api), std::move(id), experiments, append_plain);
}

}  // namespace catalejo::api
