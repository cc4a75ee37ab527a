// Copies of datasets and of their versions, and who alone may change one for a while.
#include "api/body.hpp"
#include "api/dataset_request.hpp"
#include "api/datasets_json.hpp"
#include "base/limits.hpp"
#include "base/log.hpp"

namespace catalejo::api {
namespace {

// The holder is whoever asks as the log names them: the key, or this machine without one.
net::Response lock_answer(const store::DatasetLock& lock, const std::string& id) {
  std::string body;
  Fields fields(body);
  append_item(fields.key("data"), id, "draft_state_data", [&](Fields& attributes) {
    attributes.text("drafting_since", to_rfc3339(lock.since));
    attributes.text("ends_at", to_rfc3339(lock.until));
    Fields user(attributes.key("user"));
    user.text("id", lock.holder);
    user.text("name", lock.holder);
    user.close();
  });
  fields.close();
  return json_answer(std::move(body));
}

}  // namespace

Answer clone_dataset(ApiPtr api, net::Request request, std::string ids) {
  const std::string id = split_ids(ids).second;
  AttributesBody body;
  if (auto parsed = body.parse(std::move(request.body)); !parsed) co_return problem(parsed.error());
  const std::string by = who(api, request);
  auto work = [api, id, name = body.text("name"), description = body.text("description"),
               author = body.text("author").substr(0, limits::short_name_bytes_max)] {
    return api->options.datasets->clone(id, name, description, author);
  };
  auto dataset = co_await api->options.desk->run(std::move(work));
  if (!dataset) co_return problem(dataset.error());
  log::info("audit", "dataset {} copied as {} by {}", id, dataset->id, by);
  co_return one_answer(*dataset, append_dataset);
}

Answer restore_version(ApiPtr api, net::Request request, std::string ids) {
  const std::string id = split_ids(ids).second;
  AttributesBody body;
  if (auto parsed = body.parse(std::move(request.body)); !parsed) co_return problem(parsed.error());
  const auto asked = body.find("dataset_version");
  if (!asked) co_return problem(bad("dataset_version", "dataset_version is missing"));
  auto version = read_number("dataset_version", *asked);
  if (!version) co_return problem(version.error());
  auto work = [api, id, version = *version, by = who(api, request),
               author = body.text("author").substr(0, limits::short_name_bytes_max)] {
    return api->options.datasets->restore_version(id, version, author, by);
  };
  auto changed = co_await api->options.desk->run(std::move(work));
  if (!changed) co_return problem(changed.error());
  log::info("audit", "dataset {} is of version {}, which is version {} again, by {}", id,
            changed->version, *version, who(api, request));
  co_return changed_answer(*changed, {});
}

Answer get_dataset_lock(ApiPtr api, net::Request, std::string ids) {
  const std::string id = split_ids(ids).second;
  auto work = [api, id] { return api->options.datasets->lock_of(id); };
  auto lock = co_await api->options.desk->run(std::move(work));
  if (!lock) co_return problem(lock.error());
  if (!*lock) co_return problem({Code::not_found, "nobody has locked this dataset", id});
  co_return lock_answer(**lock, id);
}

Answer lock_dataset(ApiPtr api, net::Request request, std::string ids) {
  const std::string id = split_ids(ids).second;
  auto work = [api, id, by = who(api, request)] { return api->options.datasets->lock(id, by); };
  auto lock = co_await api->options.desk->run(std::move(work));
  if (!lock) co_return problem(lock.error());
  log::info("audit", "dataset {} locked by {}", id, lock->holder);
  co_return lock_answer(*lock, id);
}

Answer unlock_dataset(ApiPtr api, net::Request request, std::string ids) {
  const std::string id = split_ids(ids).second;
  const std::string by = who(api, request);
  auto work = [api, id, by] { return api->options.datasets->unlock(id, by); };
  auto unlocked = co_await api->options.desk->run(std::move(work));
  if (!unlocked) co_return problem(unlocked.error());
  log::info("audit", "dataset {} unlocked by {}", id, by);
  co_return json_answer(R"({"data":[]})");
}

}  // namespace catalejo::api
