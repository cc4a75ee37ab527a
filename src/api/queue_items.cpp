// What is in a queue: added by id, as Datadog's client does, or from a list; and seen as a person
// who reviews it sees it.
#include <fmt/format.h>

#include <cmath>
#include <set>

#include "api/body.hpp"
#include "api/dataset_request.hpp"
#include "api/parameters.hpp"
#include "api/queues_json.hpp"
#include "api/spans_json.hpp"
#include "base/limits.hpp"
#include "base/log.hpp"

namespace catalejo::api {
namespace {

Result<std::vector<store::QueueItem>> read_interactions(const AttributesBody& body,
                                                        const std::string& author) {
  std::vector<store::QueueItem> items;
  CATALEJO_TRY(body.each("interactions", [&](auto value, std::string where) -> Result<void> {
    if (items.size() >= limits::queue_add_max)
      return bad("interactions", fmt::format("at most {} at once", limits::queue_add_max));
    std::string_view type, content;
    if (value["type"].get(type) != simdjson::SUCCESS ||
        value["content_id"].get(content) != simdjson::SUCCESS)
      return bad(where, "has type and content_id, as texts");
    auto item = make_item(std::string(type), std::string(content));
    if (!item) return bad(where + "." + item.error().where, item.error().message);
    item->added_by = author;
    items.push_back(*std::move(item));
    return {};
  }));
  if (items.empty()) return bad("interactions", "must be an array of one or more");
  return items;
}

void append_interactions(std::string& out, const std::string& queue,
                         const std::vector<store::AddedItem>& added) {
  Fields fields(out);
  fields.text("id", queue);
  fields.text("type", "interactions");
  Fields attributes(fields.key("attributes"));
  append_array(attributes.key("interactions"), added,
               [](std::string& to, const store::AddedItem& one) {
                 Fields item(to);
                 append_item_fields(item, one.item);
                 item.flag("already_existed", one.already_existed);
                 item.close();
               });
  attributes.close();
  fields.close();
}

struct ListAsked {
  std::string filter, type, author;
  double sample = 1;
};

Result<ListAsked> parse_list(std::string text) {
  ListAsked asked;
  const auto read = [&](std::string_view name, codec::dom::element value) -> Result<void> {
    if (name == "sample") return read_sample(name, value, asked.sample);
    return read_text_field(
        name, value, {{"filter", &asked.filter}, {"type", &asked.type}, {"author", &asked.author}});
  };
  CATALEJO_TRY(read_body(std::move(text), read));
  if (asked.filter.empty()) return bad("filter", "write the parameters of a list");
  if (!asked.type.empty() && asked.type != "trace" && asked.type != "span" &&
      asked.type != "session")
    return bad("type", "must be trace, span or session");
  return asked;
}

// What of a list's rows goes into a queue, and how much was left out and why.
struct Picked {
  std::vector<store::QueueItem> items;
  std::int64_t rows = 0, repeated = 0, sampled_out = 0, unnamed = 0;
};

Picked pick_items(const std::vector<query::SpanRow>& rows, const ListAsked& asked) {
  Picked picked;
  std::set<std::string, std::less<>> seen;
  for (const query::SpanRow& row : rows) {
    ++picked.rows;
    const std::string trace = to_hex(row.trace_id.empty() ? row.apm_trace_id : row.trace_id);
    std::string content = asked.type == "session" ? std::string(row.session_id)
                          : asked.type == "span"  ? trace + ":" + to_decimal(row.span_id)
                                                  : trace;
    auto item = make_item(asked.type, content);
    if (!item) {
      ++picked.unnamed;
    } else if (!seen.insert(item->content).second) {
      ++picked.repeated;
    } else if (!is_in_sample(item->content, asked.sample)) {
      ++picked.sampled_out;
    } else {
      item->added_by = asked.author;
      picked.items.push_back(*std::move(item));
    }
  }
  return picked;
}

net::Response picked_answer(const Picked& picked, const std::vector<store::AddedItem>& added,
                            bool more) {
  std::int64_t known = 0;
  for (const store::AddedItem& one : added) known += one.already_existed ? 1 : 0;
  std::string body;
  Fields fields(body);
  fields.integer("rows", picked.rows);
  fields.integer("added", static_cast<std::int64_t>(added.size()) - known);
  fields.integer("known", known);
  fields.integer("repeated", picked.repeated);
  fields.integer("sampled_out", picked.sampled_out);
  fields.integer("unnamed", picked.unnamed);
  fields.flag("more", more);
  fields.close();
  return json_answer(std::move(body));
}

void append_review_item(std::string& out, const store::ReviewItem& one) {
  Fields fields(out);
  append_item_fields(fields, one.item);
  fields.integer("answers", one.answers);
  if (one.answer) {
    append_answer(fields.key("annotation"), *one.answer);
  } else {
    fields.key("annotation") += "null";
  }
  fields.close();
}

Result<store::ItemsAsked> parse_items(const net::Request& request) {
  store::ItemsAsked asked;
  asked.reviewer = request.parameter("reviewer").value_or("");
  const std::string state = request.parameter("state").value_or("any");
  if (state == "open")
    asked.state = store::ItemState::open;
  else if (state == "answered")
    asked.state = store::ItemState::answered;
  else if (state == "skipped")
    asked.state = store::ItemState::skipped;
  else if (state != "any")
    return bad("state", "must be any, open, answered or skipped");
  auto after = parse_number(request.parameter("cursor").value_or("0"));
  if (!after) return bad("cursor", "this is no cursor of a page");
  asked.after = *after;
  auto limit =
      parse_limit("limit", request.parameter("limit").value_or("100"), limits::queue_page_rows_max);
  if (!limit) return limit.error();
  asked.limit = *limit;
  return asked;
}

}  // namespace

Answer add_interactions(ApiPtr api, net::Request request, std::string id) {
  AttributesBody body;
  if (auto parsed = body.parse(request.body); !parsed) co_return problem(parsed.error());
  const std::string author = author_or_key(api, request, body.text("author"));
  auto items = read_interactions(body, author);
  if (!items) co_return problem(items.error());
  auto work = [api, id, items = *std::move(items)] { return api->options.queues->add(id, items); };
  auto added = co_await api->options.desk->run(std::move(work));
  if (!added) co_return problem(added.error());
  std::string answer;
  Fields fields(answer);
  append_interactions(fields.key("data"), id, *added);
  fields.close();
  co_return json_answer(std::move(answer));
}

Answer remove_interactions(ApiPtr api, net::Request request, std::string id) {
  AttributesBody body;
  if (auto parsed = body.parse(request.body); !parsed) co_return problem(parsed.error());
  auto ids = body.texts("interaction_ids");
  if (!ids) co_return problem(ids.error());
  auto work = [api, id, ids = *std::move(ids)] {
    return api->options.queues->remove_items(id, ids);
  };
  auto removed = co_await api->options.desk->run(std::move(work));
  if (!removed) co_return problem(removed.error());
  log::info("audit", "{} items of queue {} removed by {}", *removed, id, who(api, request));
  co_return number_answer("removed", *removed);
}

Answer add_list(ApiPtr api, net::Request request, std::string id) {
  auto asked = parse_list(request.body);
  if (!asked) co_return problem(asked.error());
  asked->author = author_or_key(api, request, asked->author);
  auto plan = plan_of_list(asked->filter, query::Columns::line, limits::queue_add_max);
  if (!plan) co_return problem(plan.error());
  if (asked->type.empty())
    asked->type = plan->filter.view == query::View::traces ? "trace" : "span";
  auto priced = co_await api->costs.priced(plan->filter);
  if (!priced) co_return problem(priced.error());
  plan->filter = *std::move(priced);
  auto page = co_await api->reader.list(*std::move(plan));
  if (!page) co_return problem(page.error());
  Picked picked = pick_items(page->spans.rows, *asked);
  auto work = [api, id, items = picked.items] { return api->options.queues->add(id, items); };
  auto added = co_await api->options.desk->run(std::move(work));
  if (!added) co_return problem(added.error());
  log::info("audit", "{} rows put into queue {} by {}", added->size(), id, who(api, request));
  co_return picked_answer(picked, *added, !page->next.empty());
}

Answer get_queue_items(ApiPtr api, net::Request request, std::string id) {
  auto asked = parse_items(request);
  if (!asked) co_return problem(asked.error());
  auto work = [api, id, asked = *std::move(asked)] {
    return api->options.queues->items(id, asked);
  };
  auto page = co_await api->options.desk->run(std::move(work));
  if (!page) co_return problem(page.error());
  std::string body;
  Fields fields(body);
  append_array(fields.key("items"), page->items, append_review_item);
  fields.text_or_null("next", page->next ? fmt::format("{}", *page->next) : std::string());
  Fields progress(fields.key("progress"));
  progress.integer("items", page->progress.items);
  progress.integer("done", page->progress.done);
  progress.integer("answered", page->progress.answered);
  progress.integer("skipped", page->progress.skipped);
  progress.integer("open", page->progress.open);
  progress.close();
  fields.close();
  co_return json_answer(std::move(body));
}

}  // namespace catalejo::api
