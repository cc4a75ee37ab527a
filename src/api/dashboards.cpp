// /api/v1/dashboard: dashboards as Datadog's API keeps them, so that its clients and exported files
// work. Whatever a dashboard holds is given back as it came. Those that come with the program are
// read only. Contract: Datadog's API reference, Dashboards.
#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "api/body.hpp"
#include "api/shipped.hpp"
#include "api/spans_json.hpp"
#include "base/limits.hpp"
#include "base/log.hpp"

namespace catalejo::api {
namespace {

// What the server says of a dashboard; in an imported file it is another server's.
constexpr std::array<std::string_view, 6> kServersFields = {
    "id", "author_handle", "author_name", "created_at", "modified_at", "url"};

Result<store::Dashboard> parse_dashboard(std::string body) {
  if (body.size() > limits::dashboard_bytes_max)
    return Error{Code::body_too_large, "a dashboard of more than 1 MiB is not kept", "body"};
  codec::JsonDocument document;
  CATALEJO_TRY(document.parse(body));
  codec::dom::object fields;
  if (codec::root(document).get(fields) != simdjson::SUCCESS)
    return bad("body", "must be an object: a dashboard as it is exported");
  store::Dashboard dashboard;
  bool has_widgets = false;
  codec::JsonObjectWriter kept(dashboard.body);
  for (const codec::dom::key_value_pair field : fields) {
    if (std::ranges::find(kServersFields, field.key) != kServersFields.end()) continue;
    codec::append_json(kept.key(field.key), field.value);
    std::string* text = field.key == "title"         ? &dashboard.title
                        : field.key == "layout_type" ? &dashboard.layout
                                                     : nullptr;
    if (text != nullptr) {
      auto read = read_text(field.key, field.value);
      if (!read) return read.error();
      *text = *std::move(read);
    }
    has_widgets |= field.key == "widgets" && field.value.is_array();
  }
  kept.close();
  if (dashboard.layout != "ordered" && dashboard.layout != "free")
    return bad("layout_type", "must be \"ordered\" or \"free\"");
  if (!has_widgets) return bad("widgets", "must be there, as an array");
  return dashboard;
}

void append_known(Fields& fields, const store::Dashboard& dashboard) {
  fields.text("id", dashboard.id);
  fields.text_or_null("author_handle", dashboard.author);
  fields.text("created_at", to_rfc3339(dashboard.created));
  fields.text("modified_at", to_rfc3339(dashboard.modified));
  fields.text("url", "/dashboards/" + dashboard.id);
}

void append_summary(std::string& out, const store::Dashboard& dashboard, bool read_only) {
  Fields fields(out);
  append_known(fields, dashboard);
  fields.text("title", dashboard.title);
  fields.text("layout_type", dashboard.layout);
  fields.flag("is_read_only", read_only);
  fields.close();
}

Error read_only(const std::string& id) {
  return {Code::forbidden, "this dashboard comes with the program: keep a copy and change that",
          id};
}

net::Response dashboard_answer(const store::Dashboard& dashboard) {
  std::string body;
  Fields fields(body);
  append_known(fields, dashboard);
  fields.close();
  // The members of the one object behind those of the other.
  body.back() = ',';
  body.append(dashboard.body, 1);
  return json_answer(std::move(body));
}

net::Response kept_answer(const ApiPtr& api, const net::Request& request,
                          Result<store::Dashboard> dashboard) {
  if (dashboard) dashboard = api->options.dashboards->put(*std::move(dashboard));
  if (!dashboard) return problem(dashboard.error());
  log::info("audit", "dashboard {} kept by {}", dashboard->id, who(api, request));
  return dashboard_answer(*dashboard);
}

// {"data":[{"id","type":"dashboard"}]}
Result<std::vector<std::string>> read_ids(std::string body) {
  std::vector<std::string> ids;
  const auto read = [&](std::string_view name, codec::dom::element value) -> Result<void> {
    codec::dom::array items;
    if (name != "data") return no_such_field(name);
    if (value.get(items) != simdjson::SUCCESS) return bad("data", "must be an array");
    for (const codec::dom::element item : items) {
      codec::dom::element id;
      if (item["id"].get(id) != simdjson::SUCCESS) return bad("data", "needs an id each");
      auto text = read_text("id", id);
      if (!text) return text.error();
      ids.push_back(*std::move(text));
    }
    return {};
  };
  CATALEJO_TRY(read_body(std::move(body), read));
  if (ids.empty()) return bad("data", "must name a dashboard");
  return ids;
}

}  // namespace

std::span<const store::Dashboard> shipped_dashboards(UnixNanos time) {
  static const std::vector<store::Dashboard> dashboards = [time] {
    std::vector<store::Dashboard> read;
    for (const ShippedFile& file : shipped_files()) {
      auto dashboard = parse_dashboard(std::string(file.json));
      CATALEJO_INVARIANT(dashboard);  // a test reads them all
      dashboard->id = file.id;
      dashboard->author = "Catalejo";
      dashboard->created = dashboard->modified = time;
      read.push_back(*std::move(dashboard));
    }
    return read;
  }();
  return dashboards;
}

const store::Dashboard* find_shipped(std::string_view id, UnixNanos time) {
  const auto all = shipped_dashboards(time);
  const auto found = std::ranges::find(all, id, &store::Dashboard::id);
  return found == all.end() ? nullptr : &*found;
}

Answer get_dashboards(ApiPtr api, net::Request, std::string) {
  auto dashboards = api->options.dashboards->list();
  if (!dashboards) co_return problem(dashboards.error());
  const auto shipped = shipped_dashboards(api->options.started);
  std::vector<std::pair<const store::Dashboard*, bool>> all;
  for (const store::Dashboard& one : *dashboards) all.emplace_back(&one, false);
  for (const store::Dashboard& one : shipped) all.emplace_back(&one, true);
  std::string body;
  Fields fields(body);
  append_array(fields.key("dashboards"), all, [](std::string& out, const auto& one) {
    append_summary(out, *one.first, one.second);
  });
  fields.close();
  co_return json_answer(std::move(body));
}

Answer get_dashboard(ApiPtr api, net::Request, std::string id) {
  if (const store::Dashboard* shipped = find_shipped(id, api->options.started))
    co_return dashboard_answer(*shipped);
  auto dashboard = api->options.dashboards->get(id);
  if (!dashboard) co_return problem(dashboard.error());
  co_return dashboard_answer(*dashboard);
}

Answer create_dashboard(ApiPtr api, net::Request request, std::string) {
  auto dashboard = parse_dashboard(std::move(request.body));
  if (dashboard) dashboard->author = author_or_key(api, request, {});
  co_return kept_answer(api, request, std::move(dashboard));
}

Answer put_dashboard(ApiPtr api, net::Request request, std::string id) {
  if (find_shipped(id, api->options.started)) co_return problem(read_only(id));
  auto dashboard = parse_dashboard(std::move(request.body));
  if (dashboard) dashboard->id = id;
  co_return kept_answer(api, request, std::move(dashboard));
}

Answer remove_dashboard(ApiPtr api, net::Request request, std::string id) {
  if (find_shipped(id, api->options.started)) co_return problem(read_only(id));
  auto removed = api->options.dashboards->remove(id);
  if (!removed) co_return problem(removed.error());
  log::info("audit", "dashboard {} removed by {}", id, who(api, request));
  std::string body;
  Fields fields(body);
  fields.text("deleted_dashboard_id", id);
  fields.close();
  co_return json_answer(std::move(body));
}

Answer restore_dashboards(ApiPtr api, net::Request request, std::string) {
  const auto ids = read_ids(std::move(request.body));
  if (!ids) co_return problem(ids.error());
  for (const std::string& id : *ids) {
    if (auto restored = api->options.dashboards->restore(id); !restored)
      co_return problem(restored.error());
    log::info("audit", "dashboard {} restored by {}", id, who(api, request));
  }
  net::Response response;
  response.status = 204;
  co_return response;
}

}  // namespace catalejo::api
