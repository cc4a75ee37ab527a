#include "monitor/webhook.hpp"

#include <fmt/format.h>

#include <array>

#include "base/limits.hpp"
#include "codec/json_dom.hpp"
#include "codec/json_writer.hpp"
#include "monitor/definition_options.hpp"
#include "net/http.hpp"

namespace catalejo::monitor {
namespace {

namespace dom = codec::dom;

// What is sent when a webhook has no payload of its own.
constexpr std::string_view kPayload =
    R"({"id":"$ID","title":"$EVENT_TITLE","body":"$EVENT_MSG","event_type":"$EVENT_TYPE",)"
    R"("last_updated":"$LAST_UPDATED","date":"$DATE","alert_id":"$ALERT_ID",)"
    R"("alert_status":"$ALERT_STATUS","alert_transition":"$ALERT_TRANSITION",)"
    R"("alert_type":"$ALERT_TYPE","alert_scope":"$ALERT_SCOPE","alert_query":"$ALERT_QUERY",)"
    R"("alert_cycle_key":"$ALERT_CYCLE_KEY","value":"$VALUE","tags":"$TAGS","link":"$LINK"})";

bool is_name(char c) {
  return (c >= 'A' && c <= 'Z') || c == '_';
}

// "prod" of "env:prod,team:a" by "env".
std::string_view tag_value(std::string_view tags, std::string_view key) {
  while (!tags.empty()) {
    const std::string_view tag = tags.substr(0, tags.find(','));
    if (tag.size() > key.size() && tag.starts_with(key) && tag[key.size()] == ':')
      return tag.substr(key.size() + 1);
    tags.remove_prefix(std::min(tag.size() + 1, tags.size()));
  }
  return {};
}

void append_inside(std::string& out, std::string_view text) {
  const std::string quoted = codec::json_quoted(text);
  out.append(quoted, 1, quoted.size() - 2);
}

Result<std::string> form_of(std::string json) {
  codec::JsonDocument document;
  CATALEJO_TRY(document.parse(json));
  dom::object fields;
  if (codec::root(document).get(fields) != simdjson::SUCCESS)
    return bad("payload", "must be a JSON object to become a form");
  std::string form;
  for (const dom::key_value_pair field : fields) {
    if (!form.empty()) form += '&';
    form += net::percent_encode(field.key);
    form += '=';
    std::string value;
    codec::append_json(value, field.value);
    form += net::percent_encode(field.value.is_string() ? codec::text_or_empty(field.value)
                                                        : std::string_view(value));
  }
  return form;
}

bool is_header_text(std::string_view text) {
  for (const char c : text)
    if (c == '\r' || c == '\n' || c == '\0') return false;
  return true;
}

Result<void> add_headers(std::string json, net::Headers& headers) {
  if (json.empty()) return {};
  codec::JsonDocument document;
  CATALEJO_TRY(document.parse(json));
  dom::object fields;
  if (codec::root(document).get(fields) != simdjson::SUCCESS)
    return bad("custom_headers", "must be a JSON object of texts, as text");
  for (const dom::key_value_pair field : fields) {
    const std::string_view value = codec::text_or_empty(field.value);
    if (field.key.empty() || !is_header_text(field.key) || !is_header_text(value))
      return bad("custom_headers", "has a header that is no text of one line");
    std::erase_if(headers, [&](const auto& header) { return header.first == field.key; });
    headers.emplace_back(field.key, value);
  }
  return {};
}

Result<void> check(const Webhook& webhook) {
  constexpr std::size_t kNameBytesMax = 100;
  if (webhook.name.empty() || webhook.name.size() > kNameBytesMax)
    return bad("name", "must have 1 to 100 characters");
  for (const char c : webhook.name)
    if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
          c == '_' || c == '.'))
      return bad("name", "has letters, digits, '-', '_' and '.' only");
  if (!webhook.url.starts_with("http://") && !webhook.url.starts_with("https://"))
    return bad("url", "must begin with https:// or http://");
  net::Headers headers;
  CATALEJO_TRY(add_headers(webhook.custom_headers, headers));
  if (!webhook.form) return {};
  auto form = form_of(filled(webhook.payload.empty() ? kPayload : webhook.payload, {}));
  return form ? Result<void>() : form.error();
}

}  // namespace

Result<Webhook> read_webhook(std::string json) {
  codec::JsonDocument document;
  CATALEJO_TRY(document.parse(json));
  dom::object fields;
  if (codec::root(document).get(fields) != simdjson::SUCCESS)
    return bad("body", "must be an object");
  Webhook made;
  for (const dom::key_value_pair field : fields) {
    if (field.value.is_null()) continue;
    std::string* to = field.key == "name"             ? &made.name
                      : field.key == "url"            ? &made.url
                      : field.key == "payload"        ? &made.payload
                      : field.key == "custom_headers" ? &made.custom_headers
                                                      : nullptr;
    if (field.key != "encode_as" && to == nullptr)
      return bad(field.key, fmt::format("there is no field '{}' here", field.key));
    std::string_view text;
    if (field.value.get(text) != simdjson::SUCCESS) return bad(field.key, "must be a text");
    if (to != nullptr) *to = text;
    if (to == nullptr && text != "json" && text != "form")
      return bad("encode_as", "must be \"json\" or \"form\"");
    if (to == nullptr) made.form = text == "form";
  }
  CATALEJO_TRY(check(made));
  return made;
}

std::string encode(const Webhook& webhook) {
  std::string json;
  codec::JsonObjectWriter object(json);
  object.text("name", webhook.name);
  object.text("url", webhook.url);
  if (!webhook.payload.empty()) object.text("payload", webhook.payload);
  if (!webhook.custom_headers.empty()) object.text("custom_headers", webhook.custom_headers);
  object.text("encode_as", webhook.form ? "form" : "json");
  object.close();
  return json;
}

std::string filled(std::string_view text, const Notice& notice) {
  std::string out;
  while (!text.empty()) {
    const std::size_t at = text.find('$');
    out += text.substr(0, at);
    if (at == std::string_view::npos) break;
    text.remove_prefix(at + 1);
    std::size_t size = 0;
    while (size < text.size() && is_name(text[size])) ++size;
    const std::string_view name = text.substr(0, size);
    const std::size_t close = text.find(']', size);
    if (name == "TAGS" && size < text.size() && text[size] == '[' &&
        close != std::string_view::npos) {
      const auto tags = notice.find("TAGS");
      if (tags != notice.end())
        append_inside(out, tag_value(tags->second, text.substr(size + 1, close - size - 1)));
      text.remove_prefix(close + 1);
      continue;
    }
    const auto found = notice.find(std::string(name));
    if (found != notice.end()) {
      append_inside(out, found->second);
    } else {
      out += '$';
      out += name;
    }
    text.remove_prefix(size);
  }
  return out;
}

Result<Outgoing> webhook_request(const Webhook& webhook, const Notice& notice) {
  Outgoing made{.url = webhook.url,
                .headers = {{"Content-Type", webhook.form ? "application/x-www-form-urlencoded"
                                                          : "application/json"},
                            {"User-Agent", "Catalejo"}},
                .body = filled(webhook.payload.empty() ? kPayload : webhook.payload, notice)};
  if (webhook.form) {
    auto form = form_of(made.body);
    if (!form) return form.error();
    made.body = *std::move(form);
  }
  if (const auto id = notice.find("ID"); id != notice.end())
    made.headers.emplace_back("Idempotency-Key", id->second);
  CATALEJO_TRY(add_headers(webhook.custom_headers, made.headers));
  return made;
}

}  // namespace catalejo::monitor
