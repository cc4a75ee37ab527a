// The registry of prompts. Three sets of paths lead here: those of Datadog's tracers and ours
// (/api/v1, which the page uses) with plain objects, and those of Datadog's API clients (/api/v2)
// with JSON:API.
#include "api/body.hpp"
#include "api/dataset_request.hpp"
#include "api/prompts_json.hpp"
#include "api/spans_json.hpp"
#include "base/limits.hpp"
#include "base/log.hpp"

namespace catalejo::api {
namespace {

Form form_of(const net::Request& request) {
  return request.path.starts_with("/api/v2/") ? Form::item : Form::plain;
}

// `append(out)` writes the object or the array of them.
template <typename Append>
net::Response form_answer(Form form, Append append) {
  std::string body;
  if (form == Form::item) {
    Fields fields(body);
    append(fields.key("data"));
    fields.close();
  } else {
    append(body);
  }
  return json_answer(std::move(body));
}

Result<AttributesBody> parse_body(std::string text, Form form) {
  AttributesBody body;
  if (form == Form::item) {
    CATALEJO_TRY(body.parse(std::move(text)));
  } else {
    CATALEJO_TRY(body.parse_plain(std::move(text)));
  }
  return body;
}

net::Response version_answer(const store::PromptVersion& version, Form form) {
  return form_answer(form, [&](std::string& out) { append_prompt_version(out, version, form); });
}

net::Response prompt_answer(const store::Prompt& prompt, Form form) {
  return form_answer(form, [&](std::string& out) { append_prompt(out, prompt, form); });
}

Answer asked_answer(ApiPtr api, std::string id, std::string label, Form form) {
  auto work = [api, id, label] {
    return label.empty() ? api->options.datasets->prompts().version(id, 0)
                         : api->options.datasets->prompts().labelled(id, label);
  };
  auto version = co_await api->options.desk->run(std::move(work));
  if (!version) co_return problem(version.error());
  co_return form_answer(form,
                        [&](std::string& out) { append_asked_prompt(out, *version, label, form); });
}

}  // namespace

Answer get_prompts(ApiPtr api, net::Request request, std::string) {
  auto work = [api] { return api->options.datasets->prompts().list(); };
  auto prompts = co_await api->options.desk->run(std::move(work));
  if (!prompts) co_return problem(prompts.error());
  if (const auto id = request.parameter("filter[prompt_id]"))
    std::erase_if(*prompts, [&](const store::Prompt& one) { return one.id != *id; });
  const Form form = form_of(request);
  co_return form_answer(form, [&](std::string& out) {
    append_array(out, *prompts, [form](std::string& to, const store::Prompt& one) {
      append_prompt(to, one, form);
    });
  });
}

Answer create_prompt(ApiPtr api, net::Request request, std::string) {
  const Form form = form_of(request);
  const std::string by = who(api, request);
  auto body = parse_body(std::move(request.body), form);
  if (!body) co_return problem(body.error());
  auto first = read_prompt_version(*body);
  if (!first) co_return problem(first.error());
  store::Prompt prompt;
  prompt.id = body->text("prompt_id");
  prompt.title = body->text("title");
  prompt.author = first->author = author_or_key(api, request, body->text("author"));
  // It says what the prompt is for; of a version it says what was changed.
  prompt.description = std::exchange(first->description, "");
  auto work = [api, prompt, first = *first] {
    return api->options.datasets->prompts().create(prompt, first);
  };
  auto made = co_await api->options.desk->run(std::move(work));
  if (!made) co_return problem(made.error());
  if (!*made) {
    net::Response taken =
        problem(bad("prompt_id", "there is a prompt of this id; add a version to it"));
    taken.status = 409;
    co_return taken;
  }
  log::info("audit", "prompt {} made by {}", prompt.id, by);
  co_return prompt_answer(**made, form);
}

Answer get_prompt(ApiPtr api, net::Request request, std::string id) {
  return asked_answer(std::move(api), std::move(id), request.parameter("label").value_or(""),
                      form_of(request));
}

// What is deployed in an environment is the version with its name as a label.
Answer resolve_prompt(ApiPtr api, net::Request request, std::string id) {
  AttributesBody body;
  if (auto parsed = body.parse(std::move(request.body)); !parsed) co_return problem(parsed.error());
  const std::string environment = body.text("env");
  if (environment.empty()) co_return problem(bad("env", "name an environment"));
  co_return co_await asked_answer(api, std::move(id), environment, Form::plain);
}

Answer update_prompt(ApiPtr api, net::Request request, std::string id) {
  const Form form = form_of(request);
  auto body = parse_body(std::move(request.body), form);
  if (!body) co_return problem(body.error());
  auto title = body->text_if("title");
  if (!title) co_return problem(title.error());
  auto description = body->text_if("description");
  if (!description) co_return problem(description.error());
  auto work = [api, id, title = *title, description = *description] {
    return api->options.datasets->prompts().update(id, title, description);
  };
  auto prompt = co_await api->options.desk->run(std::move(work));
  if (!prompt) co_return problem(prompt.error());
  co_return prompt_answer(*prompt, form);
}

Answer remove_prompt(ApiPtr api, net::Request request, std::string id) {
  auto work = [api, id] { return api->options.datasets->prompts().remove(id); };
  auto prompt = co_await api->options.desk->run(std::move(work));
  if (!prompt) co_return problem(prompt.error());
  log::info("audit", "prompt {} removed by {}", id, who(api, request));
  const Form form = form_of(request);
  co_return form_answer(form, [&](std::string& out) { append_deleted_prompt(out, *prompt, form); });
}

Answer get_prompt_versions(ApiPtr api, net::Request request, std::string id) {
  auto work = [api, id] { return api->options.datasets->prompts().versions(id); };
  auto versions = co_await api->options.desk->run(std::move(work));
  if (!versions) co_return problem(versions.error());
  const Form form = form_of(request);
  co_return form_answer(form, [&](std::string& out) {
    append_array(out, *versions, [form](std::string& to, const store::PromptVersion& one) {
      append_prompt_version(to, one, form);
    });
  });
}

Answer add_prompt_version(ApiPtr api, net::Request request, std::string id) {
  const Form form = form_of(request);
  const std::string by = who(api, request);
  auto body = parse_body(std::move(request.body), form);
  if (!body) co_return problem(body.error());
  auto version = read_prompt_version(*body);
  if (!version) co_return problem(version.error());
  version->author = author_or_key(api, request, body->text("author"));
  auto work = [api, id, version = *version] {
    return api->options.datasets->prompts().add(id, version);
  };
  auto made = co_await api->options.desk->run(std::move(work));
  if (!made) co_return problem(made.error());
  log::info("audit", "version {} of prompt {} made by {}", made->version, id, by);
  co_return version_answer(*made, form);
}

Answer get_prompt_version(ApiPtr api, net::Request request, std::string ids) {
  const auto [id, number] = split_ids(ids);
  auto version = parse_number(number);
  if (!version) co_return problem(bad("version", "must be the number of a version"));
  auto work = [api, prompt = id, wanted = *version] {
    return api->options.datasets->prompts().version(prompt, wanted);
  };
  auto found = co_await api->options.desk->run(std::move(work));
  if (!found) co_return problem(found.error());
  co_return version_answer(*found, form_of(request));
}

Answer update_prompt_version(ApiPtr api, net::Request request, std::string ids) {
  const Form form = form_of(request);
  const std::string by = who(api, request);
  const auto [id, number] = split_ids(ids);
  auto version = parse_number(number);
  if (!version || *version < 1)
    co_return problem(bad("version", "must be the number of a version"));
  auto body = parse_body(std::move(request.body), form);
  if (!body) co_return problem(body.error());
  auto labels = read_labels(*body);
  if (!labels) co_return problem(labels.error());
  auto description = body->text_if("description");
  if (!description) co_return problem(description.error());
  std::optional<std::vector<std::string>> wanted;
  if (body->find("labels") || body->find("env_ids")) wanted = *std::move(labels);
  auto work = [api, prompt = id, number = *version, wanted, description = *description,
               author = author_or_key(api, request, body->text("author"))] {
    return api->options.datasets->prompts().update_version(prompt, number, wanted, description,
                                                           author);
  };
  auto changed = co_await api->options.desk->run(std::move(work));
  if (!changed) co_return problem(changed.error());
  log::info("audit", "version {} of prompt {} changed by {}", *version, changed->prompt, by);
  co_return version_answer(*changed, form);
}

}  // namespace catalejo::api
