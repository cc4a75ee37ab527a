// Queues and their labels, at Datadog's paths.
#include <algorithm>

#include "api/body.hpp"
#include "api/dataset_request.hpp"
#include "api/queues_json.hpp"
#include "api/spans_json.hpp"
#include "base/limits.hpp"
#include "base/log.hpp"

namespace catalejo::api {
namespace {

struct QueueFields {
  store::QueueUpdate update;
  std::string project;
};

// Everything but the labels, which are read against those the queue has.
Result<QueueFields> read_fields(const AttributesBody& body) {
  QueueFields fields;
  for (const auto& [name, part] : {std::pair{"name", &fields.update.name},
                                   {"description", &fields.update.description},
                                   {"owned_by", &fields.update.owner}}) {
    auto text = body.text_if(name);
    if (!text) return text.error();
    *part = *std::move(text);
  }
  if (const auto value = body.find("reviewers")) {
    auto number = read_number("reviewers", *value);
    if (!number) return number.error();
    fields.update.reviewers = *number;
  }
  fields.project = body.text("project_id");
  return fields;
}

Result<void> read_schema(const AttributesBody& body, const Labels& known,
                         store::QueueUpdate& update) {
  const auto schema = body.find("annotation_schema");
  if (!schema) return {};
  auto labels = read_labels(*schema, known);
  if (!labels) return labels.error();
  std::string text;
  append_labels(text, *labels);
  update.labels = std::move(text);
  update.other_question = !ask_the_same(known, *labels);
  return {};
}

net::Response schema_answer(const store::Queue& queue) {
  return one_answer(queue, [](std::string& out, const store::Queue& one) {
    append_item(out, one.id, "queues", [&](Fields& attributes) {
      Fields schema(attributes.key("annotation_schema"));
      schema.key("label_schemas") += one.labels;
      schema.close();
      attributes.integer("schema_version", one.schema_version);
    });
  });
}

// Reads the body against what the queue is now, and changes it; on the desk's thread.
Result<store::Queue> change_queue(const ApiPtr& api, const std::string& id, std::string text,
                                  const std::string& by) {
  AttributesBody body;
  CATALEJO_TRY(body.parse(std::move(text)));
  auto fields = read_fields(body);
  if (!fields) return fields.error();
  auto queue = api->options.queues->get(id);
  if (!queue) return queue;
  CATALEJO_TRY(read_schema(body, parse_labels(queue->labels), fields->update));
  const std::string author = body.text("author");
  fields->update.author = author.empty() ? by : author;
  return api->options.queues->update(id, fields->update);
}

Task<Result<store::Queue>> changed_queue(ApiPtr api, net::Request request, std::string id) {
  const std::string by = who(api, request);
  auto work = [api, id, text = request.body, author = author_or_key(api, request, "")] {
    return change_queue(api, id, text, author);
  };
  auto queue = co_await api->options.desk->run(std::move(work));
  if (queue)
    log::info("audit", "queue {} changed by {}, its labels are of version {}", id, by,
              queue->schema_version);
  co_return queue;
}

}  // namespace

Answer get_queues(ApiPtr api, net::Request request, std::string) {
  auto parameters = request.parameters();
  auto work = [api] { return api->options.queues->list(); };
  auto queues = co_await api->options.desk->run(std::move(work));
  if (!queues) co_return problem(queues.error());
  std::vector<std::string> ids;
  for (const auto& [name, value] : parameters) {
    if (name == "projectId")
      std::erase_if(*queues,
                    [&wanted = value](const store::Queue& one) { return one.project != wanted; });
    if (name == "queueIds") ids.push_back(value);
  }
  if (!ids.empty())
    std::erase_if(*queues, [&](const store::Queue& one) {
      return std::ranges::find(ids, one.id) == ids.end();
    });
  co_return data_answer(*queues, append_queue);
}

Answer create_queue(ApiPtr api, net::Request request, std::string) {
  const std::string by = who(api, request);
  AttributesBody body;
  if (auto parsed = body.parse(request.body); !parsed) co_return problem(parsed.error());
  auto fields = read_fields(body);
  if (!fields) co_return problem(fields.error());
  if (auto read = read_schema(body, {}, fields->update); !read) co_return problem(read.error());
  const std::string author = author_or_key(api, request, body.text("author"));
  store::Queue made;
  made.project = fields->project;
  made.name = fields->update.name.value_or("");
  made.description = fields->update.description.value_or("");
  made.owner = fields->update.owner.value_or(author);
  made.labels = fields->update.labels.value_or("[]");
  made.reviewers = fields->update.reviewers.value_or(1);
  made.created_by = made.modified_by = author;
  auto work = [api, made]() mutable -> Result<store::Queue> {
    if (made.project.empty()) {
      auto project = api->options.datasets->project("default-project", "");
      if (!project) return project.error();
      made.project = project->id;
    }
    return api->options.queues->create(std::move(made));
  };
  auto queue = co_await api->options.desk->run(std::move(work));
  if (!queue) co_return problem(queue.error());
  log::info("audit", "queue {} made by {}", queue->id, by);
  co_return one_answer(*queue, append_queue);
}

Answer get_queue(ApiPtr api, net::Request, std::string id) {
  store::Queues* store = api->options.queues;
  return get_one(std::move(api), std::move(id), store, append_queue);
}

Answer update_queue(ApiPtr api, net::Request request, std::string id) {
  auto queue = co_await changed_queue(std::move(api), std::move(request), std::move(id));
  if (!queue) co_return problem(queue.error());
  co_return one_answer(*queue, append_queue);
}

Answer remove_queue(ApiPtr api, net::Request request, std::string id) {
  store::Queues* store = api->options.queues;
  return remove_one(std::move(api), std::move(request), std::move(id), store, "queue");
}

Answer restore_queue(ApiPtr api, net::Request, std::string id) {
  store::Queues* store = api->options.queues;
  return restore_one(std::move(api), std::move(id), store, append_queue);
}

Answer get_label_schema(ApiPtr api, net::Request request, std::string id) {
  auto version = parse_number(request.parameter("version").value_or("0"));
  if (!version) co_return problem(bad("version", "must be the number of a version"));
  auto work = [api, id, version = *version]() -> Result<store::Queue> {
    auto queue = api->options.queues->get(id);
    if (!queue || version == 0) return queue;
    auto labels = api->options.queues->labels(id, version);
    if (!labels) return labels.error();
    queue->labels = *std::move(labels);
    queue->schema_version = version;
    return queue;
  };
  auto queue = co_await api->options.desk->run(std::move(work));
  if (!queue) co_return problem(queue.error());
  co_return schema_answer(*queue);
}

Answer put_label_schema(ApiPtr api, net::Request request, std::string id) {
  auto queue = co_await changed_queue(std::move(api), std::move(request), std::move(id));
  if (!queue) co_return problem(queue.error());
  co_return schema_answer(*queue);
}

}  // namespace catalejo::api
