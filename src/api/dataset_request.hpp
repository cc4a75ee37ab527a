// What the requests about datasets and queues have in common: bodies and answers as JSON:API has
// them. For this folder only.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "api/body.hpp"
#include "api/routes.hpp"
#include "api/spans_json.hpp"
#include "base/log.hpp"
#include "codec/json_dom.hpp"

namespace catalejo::api {

// A body as JSON:API has it: {"data":{"type","id","attributes":{…}}}.
class AttributesBody {
 public:
  Result<void> parse(std::string body);
  // The attributes are the body itself.
  Result<void> parse_plain(std::string body);
  std::string text(std::string_view name) const;  // empty when it is no text
  // Nothing when it is not there or null.
  std::optional<codec::dom::element> find(std::string_view name) const;
  Result<std::optional<std::string>> text_if(std::string_view name) const;
  std::string json(std::string_view name, std::string_view otherwise) const;
  bool flag(std::string_view name, bool otherwise) const;
  Result<std::vector<std::string>> texts(std::string_view name) const;  // none when not there
  // `read` for each item of the array, which need not be there.
  Result<void> each(
      std::string_view name,
      const std::function<Result<void>(codec::dom::element, std::string)>& read) const;

 private:
  codec::JsonDocument document_;
  codec::dom::object attributes_;
};

template <typename Items, typename Append>
net::Response data_answer(const Items& items, Append append) {
  std::string body;
  Fields fields(body);
  append_array(fields.key("data"), items, append);
  Fields meta(fields.key("meta"));
  meta.key("after") += "null";
  meta.close();
  fields.close();
  return json_answer(std::move(body));
}

template <typename Item, typename Append>
net::Response one_answer(const Item& item, Append append) {
  std::string body;
  Fields fields(body);
  append(fields.key("data"), item);
  fields.close();
  return json_answer(std::move(body));
}

// Takes what `store` has under the id out of every list; `what` is its name in the log.
template <typename Store>
Answer remove_one(ApiPtr api, net::Request request, std::string id, Store* store,
                  std::string_view what) {
  auto work = [store, id] { return store->remove(id); };
  auto removed = co_await api->options.desk->run(std::move(work));
  if (!removed) co_return problem(removed.error());
  log::info("audit", "{} {} removed by {}", what, id, who(api, request));
  co_return json_answer(R"({"data":[]})");
}

// Brings it back.
template <typename Store, typename Append>
Answer restore_one(ApiPtr api, std::string id, Store* store, Append append) {
  auto work = [store, id] { return store->restore(id); };
  auto restored = co_await api->options.desk->run(std::move(work));
  if (!restored) co_return problem(restored.error());
  co_return one_answer(*restored, append);
}

// What is under the id.
template <typename Store, typename Append>
Answer get_one(ApiPtr api, std::string id, Store* store, Append append) {
  auto work = [store, id] { return store->get(id); };
  auto found = co_await api->options.desk->run(std::move(work));
  if (!found) co_return problem(found.error());
  co_return one_answer(*found, append);
}

// What a change did; `removed` are the ids of records that are gone.
net::Response changed_answer(const store::Changed& changed,
                             const std::vector<std::string>& removed);

// The rows of a list whose parameters are written as in its address.
Result<query::ListPlan> plan_of_list(const std::string& parameters, query::Columns columns,
                                     std::size_t rows_max);

// "project/dataset" of a route; the project is empty where the route has none.
std::pair<std::string, std::string> split_ids(const std::string& ids);

}  // namespace catalejo::api
