// /api/v1/dashboard: dashboards as Datadog's API keeps them, so that its clients and exported files
// work. Whatever a dashboard holds is given back as it came. Contract: Datadog's API reference,
// Dashboards.
#include <algorithm>
#include <array>

#include "api/body.hpp"
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

void append_summary(std::string& out, const store::Dashboard& dashboard) {
  Fields fields(out);
  append_known(fields, dashboard);
  fields.text("title", dashboard.title);
  fields.text("layout_type", dashboard.layout);
  fields.flag("is_read_only", false);
  fields.close();
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

}  // namespace

Answer get_dashboards(ApiPtr api, net::Request, std::string) {
  auto dashboards = api->options.dashboards->list();
  if (!dashboards) co_return problem(dashboards.error());
  std::string body;
  Fields fields(body);
  append_array(fields.key("dashboards"), *dashboards, append_summary);
  fields.close();
  co_return json_answer(std::move(body));
}

Answer get_dashboard(ApiPtr api, net::Request, std::string id) {
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
  auto dashboard = parse_dashboard(std::move(request.body));
  if (dashboard) dashboard->id = id;
  co_return kept_answer(api, request, std::move(dashboard));
}

Answer remove_dashboard(ApiPtr api, net::Request request, std::string id) {
  auto removed = api->options.dashboards->remove(id);
  if (!removed) co_return problem(removed.error());
  log::info("audit", "dashboard {} removed by {}", id, who(api, request));
  std::string body;
  Fields fields(body);
  fields.text("deleted_dashboard_id", id);
  fields.close();
  co_return json_answer(std::move(body));
}

}  // namespace catalejo::api
