// A mail: text in UTF-8. Contracts: RFC 5322, 2045, 2047.
#include <fmt/chrono.h>
#include <fmt/format.h>

#include <charconv>

#include "base/limits.hpp"
#include "base/time.hpp"
#include "codec/base64.hpp"
#include "codec/utf8.hpp"
#include "monitor/channel_requests.hpp"

namespace catalejo::monitor {
namespace {

constexpr std::size_t kSubjectBytesMax = 500;

bool is_one_line(std::string_view text) {
  for (const char c : text)
    if (static_cast<unsigned char>(c) < ' ' || c == '\x7F') return false;
  return true;
}

Result<std::vector<std::string>> addresses_of(std::string_view text) {
  std::vector<std::string> addresses;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(", ;\n"), text.size());
    const std::string_view one = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (one.empty()) continue;
    if (!net::is_mail_address(one)) return bad("to", fmt::format("{} is no mail address", one));
    if (addresses.size() == limits::mail_addresses_max)
      return bad("to", fmt::format("has more than {} addresses", addresses.size()));
    addresses.emplace_back(one);
  }
  if (addresses.empty()) return bad("to", "names nobody");
  return addresses;
}

// "=?UTF-8?B?…?=", in words of 75 characters at most.
std::string encoded_word(std::string_view text) {
  constexpr std::size_t kWordBytesMax = 45;
  std::string out;
  while (!text.empty()) {
    const std::string_view part = codec::utf8_prefix(text, kWordBytesMax);
    const std::string_view taken = part.empty() ? text.substr(0, 1) : part;
    if (!out.empty()) out += "\r\n ";
    out += "=?UTF-8?B?";
    codec::append_base64(out, taken);
    out += "?=";
    text.remove_prefix(taken.size());
  }
  return out;
}

std::string one_line(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (static_cast<unsigned char>(c) < ' ' || c == '\x7F') c = ' ';
  return out;
}

std::string body_of(const Notice& notice) {
  constexpr std::size_t kLineBytes = 76;
  std::string encoded;
  std::string text =
      fmt::format("{}\n\n{}\n", text_of(notice, "EVENT_TITLE"), text_of(notice, "EVENT_MSG"));
  if (const auto scope = text_of(notice, "ALERT_SCOPE"); !scope.empty())
    text += fmt::format("\n{}", scope);
  if (const auto status = text_of(notice, "ALERT_STATUS"); !status.empty())
    text += fmt::format("\n{}", status);
  text += fmt::format("\n{}\n", text_of(notice, "LINK"));
  codec::append_base64(encoded, text);
  std::string body;
  for (std::size_t at = 0; at < encoded.size(); at += kLineBytes)
    body += encoded.substr(at, kLineBytes) + "\r\n";
  return body;
}

std::string date_of(const Notice& notice) {
  std::int64_t seconds = 0;
  const auto text = text_of(notice, "DATE_POSIX");
  std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (seconds <= 0) seconds = now().value / kNanosPerSecond;
  return fmt::format("{:%a, %d %b %Y %H:%M:%S} +0000",
                     fmt::gmtime(static_cast<std::time_t>(seconds)));
}

}  // namespace

Result<void> check_mail_settings(const ChannelSettings& settings) {
  for (const auto& [name, value] : settings)
    if (!is_one_line(value)) return bad(name, "must be of one line");
  if (auto addresses = addresses_of(text_of(settings, "to")); !addresses) return addresses.error();
  const auto url = text_of(settings, "url");
  if (url.empty()) return {};
  if (!url.starts_with("smtp://") && !url.starts_with("smtps://"))
    return bad("url", "must begin with smtp:// or smtps://");
  if (!net::is_mail_address(text_of(settings, "from")))
    return bad("from", "must be a mail address when there is a server");
  return {};
}

Result<net::Mail> mail_of(const ChannelSettings& settings, const Notice& notice,
                          const net::MailServer& server) {
  auto to = addresses_of(text_of(settings, "to"));
  if (!to) return to.error();
  net::Mail mail{.server = server, .to = *std::move(to), .message = {}};
  if (settings.contains("url"))
    mail.server = {.url = std::string(text_of(settings, "url")),
                   .user = std::string(text_of(settings, "user")),
                   .password = std::string(text_of(settings, "password")),
                   .from = std::string(text_of(settings, "from"))};
  if (mail.server.url.empty())
    return bad("smtp_url", "no mail server is set: CATALEJO_SMTP_URL, or the channel's own");
  const std::string host = mail.server.from.substr(mail.server.from.rfind('@') + 1);
  std::string head;
  const auto add = [&head](std::string_view name, std::string_view value) {
    head += fmt::format("{}: {}\r\n", name, value);
  };
  add("Date", date_of(notice));
  add("From", fmt::format("Catalejo <{}>", mail.server.from));
  add("To", fmt::format("{}", fmt::join(mail.to, ",\r\n ")));
  add("Subject",
      encoded_word(one_line(codec::utf8_prefix(text_of(notice, "EVENT_TITLE"), kSubjectBytesMax))));
  // The same however often it is sent, so that a mailbox can tell; and of one thread with what else
  // is told of the group.
  add("Message-ID", fmt::format("<{}@{}>", one_line(text_of(notice, "ID")), host));
  add("References", fmt::format("<{}@{}>", incident_key(notice), host));
  add("Auto-Submitted", "auto-generated");
  add("MIME-Version", "1.0");
  add("Content-Type", "text/plain; charset=utf-8");
  add("Content-Transfer-Encoding", "base64");
  mail.message = head + "\r\n" + body_of(notice);
  return mail;
}

}  // namespace catalejo::monitor
