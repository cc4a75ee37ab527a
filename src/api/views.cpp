// /api/v1/views: named views of the lists, shared by everybody who uses the server.
#include "api/body.hpp"
#include "api/spans_json.hpp"
#include "base/log.hpp"

namespace catalejo::api {
namespace {

Result<store::View> parse_view(std::string body) {
  store::View view;
  CATALEJO_TRY(read_body(std::move(body),
                         [&](std::string_view name, codec::dom::element value) -> Result<void> {
                           if (name == "id") {
                             auto id = read_number(name, value);
                             if (!id) return id.error();
                             view.id = *id;
                             return {};
                           }
                           return read_text_field(name, value,
                                                  {{"name", &view.name},
                                                   {"path", &view.path},
                                                   {"query", &view.query},
                                                   {"author", &view.author}});
                         }));
  return view;
}

void append_view(std::string& out, const store::View& view) {
  Fields fields(out);
  fields.integer("id", view.id);
  fields.text("name", view.name);
  fields.text("path", view.path);
  fields.text("query", view.query);
  fields.text_or_null("author", view.author);
  fields.text("updated", to_rfc3339(view.updated));
  fields.close();
}

}  // namespace

Answer get_views(ApiPtr api, net::Request, std::string) {
  auto views = api->options.views->list();
  if (!views) co_return problem(views.error());
  std::string body;
  Fields fields(body);
  append_array(fields.key("views"), *views, append_view);
  fields.close();
  co_return json_answer(std::move(body));
}

Answer put_view(ApiPtr api, net::Request request, std::string) {
  auto view = parse_view(request.body);
  if (!view) co_return problem(view.error());
  auto id = api->options.views->put(*view);
  if (!id) co_return problem(id.error());
  log::info("audit", "view {} of {} kept by {}", *id, view->path, who(api, request));
  co_return number_answer("id", *id);
}

Answer remove_view(ApiPtr api, net::Request request, std::string id) {
  auto number = parse_number(id);
  if (!number) co_return problem(number.error());
  auto removed = api->options.views->remove(*number);
  if (!removed) co_return problem(removed.error());
  log::info("audit", "view {} removed by {}", *number, who(api, request));
  co_return number_answer("removed", *number);
}

}  // namespace catalejo::api
