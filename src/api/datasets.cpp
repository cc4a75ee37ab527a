// Projects and datasets: their names. At Datadog's paths, as its client writes them, and
// /api/v1/datasets for the page.
#include "api/body.hpp"
#include "api/dataset_request.hpp"
#include "api/datasets_json.hpp"
#include "api/parameters.hpp"
#include "api/spans_json.hpp"
#include "base/log.hpp"

namespace catalejo::api {
Result<query::ListPlan> plan_of_list(const std::string& parameters, query::Columns columns,
                                     std::size_t rows_max) {
  net::Request request;
  request.query = parameters;
  auto read = parameters_of(request);
  if (!read) return read.error();
  auto filter = query::parse_filter(*read, query::View::traces, now(),
                                    {"sort", "cols", "live", "full", "show"});
  if (!filter) return filter.error();
  query::ListPlan plan;
  plan.filter = *std::move(filter);
  plan.columns = columns;
  plan.rows_max = rows_max;
  return plan;
}

std::pair<std::string, std::string> split_ids(const std::string& ids) {
  const std::size_t slash = ids.find('/');
  if (slash == std::string::npos) return {"", ids};
  return {ids.substr(0, slash), ids.substr(slash + 1)};
}

Answer get_projects(ApiPtr api, net::Request request, std::string) {
  auto work = [api] { return api->options.datasets->projects(); };
  auto projects = co_await api->options.desk->run(std::move(work));
  if (!projects) co_return problem(projects.error());
  if (const auto name = request.parameter("filter[name]"))
    std::erase_if(*projects, [&](const store::Project& one) { return one.name != *name; });
  co_return data_answer(*projects, append_project);
}

Answer make_project(ApiPtr api, net::Request request, std::string) {
  AttributesBody body;
  if (auto parsed = body.parse(std::move(request.body)); !parsed) co_return problem(parsed.error());
  auto work = [api, name = body.text("name"), description = body.text("description")] {
    return api->options.datasets->project(name, description);
  };
  auto project = co_await api->options.desk->run(std::move(work));
  if (!project) co_return problem(project.error());
  co_return one_answer(*project, append_project);
}

Answer update_project(ApiPtr api, net::Request request, std::string id) {
  AttributesBody body;
  if (auto parsed = body.parse(std::move(request.body)); !parsed) co_return problem(parsed.error());
  auto name = body.text_if("name");
  if (!name) co_return problem(name.error());
  auto description = body.text_if("description");
  if (!description) co_return problem(description.error());
  auto work = [api, id, name = *name, description = *description] {
    return api->options.datasets->update_project(id, name, description);
  };
  auto project = co_await api->options.desk->run(std::move(work));
  if (!project) co_return problem(project.error());
  co_return one_answer(*project, append_project);
}

Answer delete_projects(ApiPtr api, net::Request request, std::string) {
  const std::string by = who(api, request);
  AttributesBody body;
  if (auto parsed = body.parse(std::move(request.body)); !parsed) co_return problem(parsed.error());
  auto ids = body.texts("project_ids");
  if (!ids) co_return problem(ids.error());
  auto work = [api, ids = *ids] { return api->options.datasets->remove_projects(ids); };
  auto removed = co_await api->options.desk->run(std::move(work));
  if (!removed) co_return problem(removed.error());
  for (const store::Project& project : *removed)
    log::info("audit", "project {} removed with its datasets and experiments by {}", project.id,
              by);
  co_return data_answer(*removed, append_project);
}

Answer get_datasets(ApiPtr api, net::Request request, std::string project) {
  auto work = [api, project] { return api->options.datasets->list(project); };
  auto datasets = co_await api->options.desk->run(std::move(work));
  if (!datasets) co_return problem(datasets.error());
  const auto name = request.parameter("filter[name]");
  const auto id = request.parameter("filter[id]");
  std::erase_if(*datasets, [&](const store::Dataset& one) {
    return (name && one.name != *name) || (id && one.id != *id);
  });
  co_return data_answer(*datasets, append_dataset);
}

Answer get_all_datasets(ApiPtr api, net::Request request, std::string) {
  return get_datasets(std::move(api), std::move(request), "");
}

Answer create_dataset(ApiPtr api, net::Request request, std::string project) {
  AttributesBody body;
  const std::string by = who(api, request);
  if (auto parsed = body.parse(std::move(request.body)); !parsed) co_return problem(parsed.error());
  auto work = [api, project, name = body.text("name"), description = body.text("description"),
               metadata = body.json("metadata", "{}")] {
    return api->options.datasets->create(project, name, description, metadata);
  };
  auto dataset = co_await api->options.desk->run(std::move(work));
  if (!dataset) co_return problem(dataset.error());
  log::info("audit", "dataset {} made or found by {}", dataset->id, by);
  co_return one_answer(*dataset, append_dataset);
}

// The page has no projects: what it makes is in the one of Datadog's client by default.
Answer make_dataset(ApiPtr api, net::Request request, std::string) {
  auto work = [api] { return api->options.datasets->project("default-project", ""); };
  auto project = co_await api->options.desk->run(std::move(work));
  if (!project) co_return problem(project.error());
  co_return co_await create_dataset(api, std::move(request), project->id);
}

Answer get_dataset(ApiPtr api, net::Request, std::string id) {
  store::Datasets* store = api->options.datasets;
  return get_one(std::move(api), std::move(id), store, append_dataset);
}

Answer update_dataset(ApiPtr api, net::Request request, std::string ids) {
  AttributesBody body;
  if (auto parsed = body.parse(std::move(request.body)); !parsed) co_return problem(parsed.error());
  const std::string id = split_ids(ids).second;
  auto work = [api, id, name = body.text("name"),
               description = body.text("description")]() -> Result<store::Dataset> {
    auto old = api->options.datasets->get(id);
    if (!old) return old.error();
    CATALEJO_TRY(api->options.datasets->rename(
        id, name.empty() ? old->name : name, description.empty() ? old->description : description));
    return api->options.datasets->get(id);
  };
  auto dataset = co_await api->options.desk->run(std::move(work));
  if (!dataset) co_return problem(dataset.error());
  co_return one_answer(*dataset, append_dataset);
}

Answer delete_datasets(ApiPtr api, net::Request request, std::string) {
  AttributesBody body;
  if (auto parsed = body.parse(request.body); !parsed) co_return problem(parsed.error());
  auto ids = body.texts("dataset_ids");
  if (!ids) co_return problem(ids.error());
  auto work = [api, ids = *ids]() -> Result<void> {
    for (const std::string& id : ids) CATALEJO_TRY(api->options.datasets->remove(id));
    return {};
  };
  auto removed = co_await api->options.desk->run(std::move(work));
  if (!removed) co_return problem(removed.error());
  log::info("audit", "{} datasets removed by {}", ids->size(), who(api, request));
  co_return json_answer(R"({"data":[]})");
}

Answer remove_dataset(ApiPtr api, net::Request request, std::string id) {
  store::Datasets* store = api->options.datasets;
  return remove_one(std::move(api), std::move(request), std::move(id), store, "dataset");
}

Answer restore_dataset(ApiPtr api, net::Request, std::string id) {
  store::Datasets* store = api->options.datasets;
  return restore_one(std::move(api), std::move(id), store, append_dataset);
}

Answer get_versions(ApiPtr api, net::Request, std::string ids) {
  const std::string id = split_ids(ids).second;
  auto work = [api, id] { return api->options.datasets->versions(id); };
  auto versions = co_await api->options.desk->run(std::move(work));
  if (!versions) co_return problem(versions.error());
  co_return data_answer(*versions, [&](std::string& out, const store::DatasetVersion& version) {
    append_version(out, version, id);
  });
}

}  // namespace catalejo::api
