// What people answer: kept in the queue, and an evaluation of each label for everything else.
#include <fmt/format.h>

#include <algorithm>

#include "api/body.hpp"
#include "api/dataset_request.hpp"
#include "api/queues_json.hpp"
#include "api/spans_json.hpp"
#include "base/limits.hpp"

namespace catalejo::api {
namespace {

struct AnswerAsked {
  std::string item, problem;  // why it is not kept; empty when it is
  LabelValues values;
  bool skipped = false;
  store::QueueItem found;
  std::optional<store::QueueAnswer> before, kept;
};

Result<std::vector<AnswerAsked>> read_answers(const AttributesBody& body, const Labels& labels) {
  std::vector<AnswerAsked> answers;
  CATALEJO_TRY(body.each("annotations", [&](auto value, std::string where) -> Result<void> {
    if (answers.size() >= limits::queue_answers_max)
      return bad("annotations", fmt::format("at most {} at once", limits::queue_answers_max));
    codec::dom::element given;
    AnswerAsked answer;
    if (value["interaction_id"].get(given) != simdjson::SUCCESS || !given.is_string())
      return bad(where + ".interaction_id", "interaction_id is missing");
    answer.item = codec::text_or_empty(given);
    if (value["skipped"].get(given) == simdjson::SUCCESS &&
        given.get(answer.skipped) != simdjson::SUCCESS)
      return bad(where + ".skipped", "must be true or false");
    if (!answer.skipped) {
      if (value["label_values"].get(given) != simdjson::SUCCESS)
        return bad(where + ".label_values", "label_values is missing");
      auto values = read_values(given, labels);
      if (values)
        answer.values = *std::move(values);
      else
        answer.problem = fmt::format("{}: {}", values.error().where, values.error().message);
    }
    answers.push_back(std::move(answer));
    return {};
  }));
  if (answers.empty()) return bad("annotations", "must be an array of one or more");
  return answers;
}

Verdict verdict_of(const store::Queue& queue, const store::QueueItem& item,
                   const std::string& reviewer, const LabelValue& value) {
  Verdict verdict;
  verdict.target = target_of(item);
  verdict.label = value.name;
  verdict.author = reviewer;
  verdict.queue = queue.id;
  verdict.event_kind = "evaluation";
  verdict.source = "catalejo/annotation";
  return verdict;
}

void add_value(model::Batch& batch, const store::Queue& queue, const store::QueueItem& item,
               const std::string& reviewer, const LabelValue& value) {
  Verdict verdict = verdict_of(queue, item, reviewer, value);
  verdict.assessment = value.assessment;
  verdict.comment = value.reasoning;
  verdict.text = value_text(value);
  if (value.type == LabelType::boolean) {
    verdict.type = model::MetricType::boolean;
    verdict.score = std::get<bool>(value.value) ? 1 : 0;
  } else if (value.type == LabelType::score) {
    verdict.type = model::MetricType::score;
    verdict.score = std::get<double>(value.value);
    verdict.text.clear();
  } else if (value.type == LabelType::text) {
    verdict.type = model::MetricType::text;
  } else if (std::holds_alternative<std::vector<std::string>>(value.value)) {
    verdict.type = model::MetricType::json;
    append_value(verdict.text = "", value);
  }
  Fields fields(verdict.metadata);
  fields.text("queue", queue.name);
  fields.text("queue_id", queue.id);
  fields.text("label_schema_id", value.label_id);
  fields.integer("schema_version", queue.schema_version);
  fields.close();
  add_verdict(batch, verdict);
}

// Takes back what `before` said of labels that `now_said` says nothing of.
void withdraw(model::Batch& batch, const store::Queue& queue, const store::QueueItem& item,
              const store::QueueAnswer& before, const LabelValues& now_said) {
  for (const LabelValue& value : parse_values(before.values)) {
    if (std::ranges::find(now_said, value.name, &LabelValue::name) != now_said.end()) continue;
    Verdict verdict = verdict_of(queue, item, before.reviewer, value);
    verdict.withdrawn = true;
    add_verdict(batch, verdict);
  }
}

// Finds what is answered and what its reviewer said before, of any version of the labels.
std::vector<AnswerAsked> find_items(const ApiPtr& api, const std::string& queue,
                                    const std::string& reviewer, std::vector<AnswerAsked> answers) {
  for (AnswerAsked& answer : answers) {
    if (!answer.problem.empty()) continue;
    auto item = api->options.queues->item(queue, answer.item);
    auto before = api->options.queues->find_answer(queue, answer.item, reviewer);
    if (!item || !before) {
      answer.problem = item ? before.error().message : item.error().message;
      continue;
    }
    answer.found = *std::move(item);
    answer.before = *std::move(before);
  }
  return answers;
}

Result<std::vector<AnswerAsked>> keep_answers(const ApiPtr& api, const std::string& queue,
                                              const std::string& reviewer, std::int64_t version,
                                              std::vector<AnswerAsked> answers) {
  for (AnswerAsked& answer : answers) {
    if (!answer.problem.empty()) continue;
    store::QueueAnswer row;
    row.item = answer.item;
    row.reviewer = reviewer;
    row.schema_version = version;
    row.skipped = answer.skipped;
    append_values(row.values = "", answer.values);
    auto kept = api->options.queues->put_answer(queue, std::move(row));
    if (!kept) return kept.error();
    answer.kept = *std::move(kept);
  }
  return answers;
}

net::Response answers_answer(const std::string& queue, const std::vector<AnswerAsked>& answers) {
  std::string body;
  Fields fields(body);
  Fields data(fields.key("data"));
  data.text("id", queue);
  data.text("type", "annotations");
  Fields attributes(data.key("attributes"));
  std::vector<const AnswerAsked*> good, refused;
  for (const AnswerAsked& answer : answers) (answer.kept ? good : refused).push_back(&answer);
  append_array(attributes.key("annotations"), good,
               [](std::string& out, const AnswerAsked* one) { append_answer(out, *one->kept); });
  append_array(attributes.key("errors"), refused, [](std::string& out, const AnswerAsked* one) {
    Fields error(out);
    error.text("interaction_id", one->item);
    error.text("error", one->problem);
    error.close();
  });
  attributes.close();
  data.close();
  fields.close();
  return json_answer(std::move(body));
}

// The version of the labels that the client showed, 0 when it does not say.
Result<std::int64_t> version_of(const AttributesBody& body, const store::Queue& queue) {
  const auto given = body.find("schema_version");
  if (!given) return queue.schema_version;
  auto version = read_number("schema_version", *given);
  if (version && *version != queue.schema_version)
    return bad("schema_version", "the labels were changed meanwhile; load them again");
  return version;
}

}  // namespace

// The evaluations first: what was answered to the client is in both places, and after an error the
// client sends it again, which changes neither.
Answer upsert_annotations(ApiPtr api, net::Request request, std::string id) {
  AttributesBody body;
  if (auto parsed = body.parse(request.body); !parsed) co_return problem(parsed.error());
  const std::string reviewer = author_or_key(api, request, body.text("author"));
  auto get = [api, id] { return api->options.queues->get(id); };
  auto queue = co_await api->options.desk->run(std::move(get));
  if (!queue) co_return problem(queue.error());
  auto version = version_of(body, *queue);
  if (!version) co_return problem(version.error());
  auto answers = read_answers(body, parse_labels(queue->labels));
  if (!answers) co_return problem(answers.error());
  auto find = [api, id, reviewer,
               given = *std::move(answers)]() -> Result<std::vector<AnswerAsked>> {
    return find_items(api, id, reviewer, given);
  };
  auto found = co_await api->options.desk->run(std::move(find));
  if (!found) co_return problem(found.error());
  model::Batch batch;
  for (const AnswerAsked& answer : *found) {
    if (!answer.problem.empty()) continue;
    if (answer.before) withdraw(batch, *queue, answer.found, *answer.before, answer.values);
    for (const LabelValue& value : answer.values)
      add_value(batch, *queue, answer.found, reviewer, value);
  }
  if (!batch.evaluations.empty()) {
    auto accepted = co_await api->options.accept(std::move(batch));
    if (!accepted) co_return problem(accepted.error());
  }
  auto keep = [api, id, reviewer, version = *version, given = *std::move(found)] {
    return keep_answers(api, id, reviewer, version, given);
  };
  auto kept = co_await api->options.desk->run(std::move(keep));
  if (!kept) co_return problem(kept.error());
  co_return answers_answer(id, *kept);
}

Answer delete_annotations(ApiPtr api, net::Request request, std::string id) {
  AttributesBody body;
  if (auto parsed = body.parse(request.body); !parsed) co_return problem(parsed.error());
  auto ids = body.texts("annotation_ids");
  if (!ids) co_return problem(ids.error());
  using Found =
      std::pair<store::Queue, std::vector<std::pair<store::QueueItem, store::QueueAnswer>>>;
  auto find = [api, id, ids = *ids]() -> Result<Found> {
    auto queue = api->options.queues->get(id);
    if (!queue) return queue.error();
    Found found{*std::move(queue), {}};
    for (const std::string& one : ids) {
      auto answer = api->options.queues->find_answer(id, one);
      if (!answer) return answer.error();
      if (!*answer) continue;
      auto item = api->options.queues->item(id, (*answer)->item);
      if (item) found.second.emplace_back(*std::move(item), **std::move(answer));
    }
    return found;
  };
  auto found = co_await api->options.desk->run(std::move(find));
  if (!found) co_return problem(found.error());
  model::Batch batch;
  for (const auto& [item, answer] : found->second) withdraw(batch, found->first, item, answer, {});
  if (!batch.evaluations.empty()) {
    auto accepted = co_await api->options.accept(std::move(batch));
    if (!accepted) co_return problem(accepted.error());
  }
  std::vector<std::string> gone;
  for (const auto& [item, answer] : found->second) gone.push_back(answer.id);
  auto remove = [api, id, gone]() -> Result<void> {
    for (const std::string& one : gone) CATALEJO_TRY(api->options.queues->remove_answer(id, one));
    return {};
  };
  auto removed = co_await api->options.desk->run(std::move(remove));
  if (!removed) co_return problem(removed.error());
  std::erase_if(*ids,
                [&](const std::string& one) { return std::ranges::find(gone, one) != gone.end(); });
  std::string answer;
  Fields fields(answer);
  Fields data(fields.key("data"));
  data.text("id", id);
  data.text("type", "annotations");
  Fields attributes(data.key("attributes"));
  append_array(attributes.key("annotation_ids"), gone, codec::append_json_string);
  append_array(attributes.key("errors"), *ids, [](std::string& out, const std::string& one) {
    Fields error(out);
    error.text("annotation_id", one);
    error.text("error", "the queue has no such annotation");
    error.close();
  });
  attributes.close();
  data.close();
  fields.close();
  co_return json_answer(std::move(answer));
}

}  // namespace catalejo::api
