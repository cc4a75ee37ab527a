// /api/v1/integration/webhooks/configuration/webhooks: where notices go, as Datadog's API keeps it.
// Contract: Datadog's API reference, Webhooks Integration. A message mentions one as @webhook-NAME.
#include <fmt/format.h>

#include "api/body.hpp"
#include "api/spans_json.hpp"
#include "base/limits.hpp"
#include "base/log.hpp"
#include "codec/json_merge.hpp"
#include "monitor/webhook.hpp"

namespace catalejo::api {
namespace {

std::string channel_name(const std::string& webhook) {
  return "webhook-" + webhook;
}

net::Response webhook_answer(const monitor::Webhook& webhook, int status) {
  std::string body;
  Fields fields(body);
  fields.text("name", webhook.name);
  fields.text("url", webhook.url);
  fields.text_or_null("payload", webhook.payload);
  fields.text_or_null("custom_headers", webhook.custom_headers);
  fields.text("encode_as", webhook.form ? "form" : "json");
  fields.close();
  net::Response answer = json_answer(std::move(body));
  answer.status = status;
  return answer;
}

Result<monitor::Webhook> kept_webhook(const ApiPtr& api, const std::string& name) {
  auto channel = api->monitors.channel(channel_name(name));
  if (!channel) return channel.error();
  return monitor::read_webhook(channel->settings);
}

net::Response keep(const ApiPtr& api, const net::Request& request, const monitor::Webhook& webhook,
                   bool is_new) {
  store::Channel channel{.name = channel_name(webhook.name),
                         .kind = "webhook",
                         .settings = monitor::encode(webhook),
                         .author = author_or_key(api, request, {}),
                         .modified = {}};
  auto kept = api->monitors.put_channel(channel, is_new);
  if (!kept) return problem(kept.error());
  log::info("audit", "webhook {} kept by {}", webhook.name, who(api, request));
  return webhook_answer(webhook, is_new ? 201 : 200);
}

// What is kept, with the fields of the body in place of its own.
Result<std::string> changed(std::string kept, std::string change) {
  codec::JsonDocument before, after;
  CATALEJO_TRY(before.parse(kept));
  CATALEJO_TRY(after.parse(change));
  codec::dom::object old_fields, new_fields;
  if (codec::root(before).get(old_fields) != simdjson::SUCCESS ||
      codec::root(after).get(new_fields) != simdjson::SUCCESS)
    return bad("body", "must be an object");
  return codec::merged(old_fields, new_fields);
}

}  // namespace

Answer get_webhooks(ApiPtr api, net::Request, std::string) {
  auto channels = api->monitors.channels();
  if (!channels) co_return problem(channels.error());
  std::string body;
  Fields fields(body);
  std::string names = "[";
  for (const store::Channel& channel : *channels) {
    if (channel.kind != "webhook") continue;
    if (names.size() > 1) names += ',';
    codec::append_json_string(names, channel.name);
  }
  fields.key("webhooks") += names + "]";
  fields.close();
  co_return json_answer(std::move(body));
}

Answer create_webhook(ApiPtr api, net::Request request, std::string) {
  if (request.body.size() > limits::channel_bytes_max)
    co_return problem({Code::body_too_large, "the body is longer than this route takes", "body"});
  const auto webhook = monitor::read_webhook(request.body);
  if (!webhook) co_return problem(webhook.error());
  co_return keep(api, request, *webhook, /*is_new=*/true);
}

Answer get_webhook(ApiPtr api, net::Request, std::string name) {
  const auto webhook = kept_webhook(api, name);
  if (!webhook) co_return problem(webhook.error());
  co_return webhook_answer(*webhook, 200);
}

Answer put_webhook(ApiPtr api, net::Request request, std::string name) {
  if (request.body.size() > limits::channel_bytes_max)
    co_return problem({Code::body_too_large, "the body is longer than this route takes", "body"});
  const auto before = kept_webhook(api, name);
  if (!before) co_return problem(before.error());
  auto body = changed(monitor::encode(*before), request.body);
  if (!body) co_return problem(body.error());
  const auto webhook = monitor::read_webhook(*std::move(body));
  if (!webhook) co_return problem(webhook.error());
  if (webhook->name != name) co_return problem(bad("name", "cannot be changed; make another"));
  co_return keep(api, request, *webhook, /*is_new=*/false);
}

Answer remove_webhook(ApiPtr api, net::Request request, std::string name) {
  auto removed = api->monitors.remove_channel(channel_name(name));
  if (!removed) co_return problem(removed.error());
  log::info("audit", "webhook {} removed by {}", name, who(api, request));
  co_return json_answer("{}");
}

}  // namespace catalejo::api
