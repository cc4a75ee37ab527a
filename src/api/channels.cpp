// /api/v1/channels: where notices go, of every kind. What is secret is taken and never given back.
#include <fmt/format.h>

#include <algorithm>

#include "api/body.hpp"
#include "api/spans_json.hpp"
#include "base/limits.hpp"
#include "base/log.hpp"
#include "monitor/channel.hpp"
#include "monitor/courier.hpp"
#include "monitor/notice.hpp"
#include "net/client.hpp"

namespace catalejo::api {
namespace {

// "name" of a webhook is kept with its settings; it is said beside them.
void append_channel(std::string& out, const store::Channel& channel) {
  const monitor::ChannelKind* kind = monitor::kind_of_channel(channel.name);
  const auto settings = monitor::read_settings(channel.name, channel.settings);
  Fields fields(out);
  fields.text("name", channel.name);
  fields.text("kind", channel.kind);
  std::vector<std::string> secrets;
  Fields shown(fields.key("settings"));
  if (settings && kind != nullptr)
    for (const monitor::Setting& setting : kind->settings) {
      const auto found = settings->find(setting.name);
      if (found == settings->end()) continue;
      if (setting.secret)
        secrets.emplace_back(setting.name);
      else
        shown.text(setting.name, found->second);
    }
  shown.close();
  append_array(fields.key("secrets"), secrets, codec::append_json_string);
  fields.text("author", channel.author);
  fields.text("modified", to_rfc3339(channel.modified));
  fields.close();
}

net::Response channel_answer(const store::Channel& channel, int status) {
  std::string body;
  append_channel(body, channel);
  net::Response answer = json_answer(std::move(body));
  answer.status = status;
  return answer;
}

struct Change {
  std::string name, settings = "{}";
};

Result<Change> read_change(std::string body) {
  Change change;
  CATALEJO_TRY(read_body(
      std::move(body),
      [&change](std::string_view name, codec::dom::element value) -> Result<void> {
        if (name == "name") return read_text_field(name, value, {{"name", &change.name}});
        if (name != "settings") return no_such_field(name);
        change.settings.clear();
        codec::append_json(change.settings, value);
        return {};
      },
      limits::channel_bytes_max));
  return change;
}

net::Response keep(const ApiPtr& api, const net::Request& request, const std::string& name,
                   const monitor::ChannelSettings& settings, bool is_new) {
  const monitor::ChannelKind* kind = monitor::kind_of_channel(name);
  store::Channel channel{.name = name,
                         .kind = std::string(kind->name),
                         .settings = monitor::encode_settings(settings),
                         .author = author_or_key(api, request, {}),
                         .modified = {}};
  if (auto kept = api->monitors.put_channel(channel, is_new); !kept) return problem(kept.error());
  log::info("audit", "channel {} kept by {}", name, who(api, request));
  auto now_kept = api->monitors.channel(name);
  if (!now_kept) return problem(now_kept.error());
  return channel_answer(*now_kept, is_new ? 201 : 200);
}

// One notice, and of what keeps incidents the one that closes it again.
Result<monitor::Sent> tried(const store::Channel& channel, const net::MailServer& mail,
                            const std::string& page_url) {
  net::Client client({.timeout_ms = limits::notice_timeout_ms, .body_bytes_max = 1u << 20});
  const monitor::Means means{.client = client, .mail = mail};
  const monitor::NoticeOptions options{.page_url = page_url};
  auto sent = monitor::send(means, channel, monitor::trial_notice(options, channel.name).body);
  const monitor::ChannelKind* kind = monitor::kind_of_channel(channel.name);
  if (!sent.delivered || kind == nullptr || !kind->keeps_incidents) return sent;
  return monitor::send(means, channel,
                       monitor::trial_notice(options, channel.name, /*over=*/true).body);
}

}  // namespace

Answer get_channels(ApiPtr api, net::Request, std::string) {
  auto channels = api->monitors.channels();
  if (!channels) co_return problem(channels.error());
  std::string body;
  Fields fields(body);
  append_array(fields.key("channels"), *channels, append_channel);
  // Whether addresses can be told at all.
  fields.flag("mail", !api->options.mail.url.empty());
  fields.close();
  co_return json_answer(std::move(body));
}

Answer create_channel(ApiPtr api, net::Request request, std::string) {
  auto change = read_change(request.body);
  if (!change) co_return problem(change.error());
  const auto settings = monitor::read_settings(change->name, change->settings);
  if (!settings) co_return problem(settings.error());
  co_return keep(api, request, change->name, *settings, /*is_new=*/true);
}

Answer get_channel(ApiPtr api, net::Request, std::string name) {
  const auto channel = api->monitors.channel(name);
  if (!channel) co_return problem(channel.error());
  co_return channel_answer(*channel, 200);
}

Answer put_channel(ApiPtr api, net::Request request, std::string name) {
  auto change = read_change(request.body);
  if (!change) co_return problem(change.error());
  if (!change->name.empty() && change->name != name)
    co_return problem(bad("name", "cannot be changed; make another"));
  const auto channel = api->monitors.channel(name);
  if (!channel) co_return problem(channel.error());
  const auto before = monitor::read_settings(name, channel->settings);
  if (!before) co_return problem(before.error());
  const auto settings = monitor::changed_settings(name, *before, change->settings);
  if (!settings) co_return problem(settings.error());
  co_return keep(api, request, name, *settings, /*is_new=*/false);
}

Answer remove_channel(ApiPtr api, net::Request request, std::string name) {
  auto removed = api->monitors.remove_channel(name);
  if (!removed) co_return problem(removed.error());
  log::info("audit", "channel {} removed by {}", name, who(api, request));
  co_return json_answer("{}");
}

// Sends one notice now and says what came of it.
Answer try_channel(ApiPtr api, net::Request, std::string name) {
  const auto channel = monitor::find_channel(api->monitors, name);
  if (!channel) co_return problem(channel.error());
  auto work = [to = *channel, mail = api->options.mail, page_url = api->options.page_url] {
    return tried(to, mail, page_url);
  };
  auto future = api->options.trials->run(std::move(work));
  auto sent = co_await std::move(future);
  if (!sent) co_return problem(sent.error());
  std::string answer;
  Fields fields(answer);
  fields.flag("delivered", sent->delivered);
  fields.known("http_status", sent->http_status == 0 ? -1 : sent->http_status);
  fields.text("problem", sent->problem);
  fields.close();
  co_return json_answer(std::move(answer));
}

}  // namespace catalejo::api
