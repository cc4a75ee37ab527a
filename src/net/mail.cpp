#include "net/mail.hpp"

#include <fmt/format.h>

#include <array>
#include <cstring>
#include <memory>
#include <string_view>

#include "net/curl_pieces.hpp"

namespace catalejo::net {
namespace {

constexpr std::size_t kAddressBytesMax = 254;  // RFC 5321
constexpr std::size_t kSaidBytesMax = 1'000;

struct Upload {
  std::string_view rest;
};

std::size_t on_read(char* to, std::size_t, std::size_t room, void* user) {
  std::string_view& rest = static_cast<Upload*>(user)->rest;
  const std::size_t size = std::min(rest.size(), room);
  std::memcpy(to, rest.data(), size);
  rest.remove_prefix(size);
  return size;
}

// Of the lines that the server says the last one that refuses is what people want to read.
std::size_t on_line(char* data, std::size_t, std::size_t size, void* user) {
  std::string_view line(data, size);
  while (!line.empty() && (line.back() == '\r' || line.back() == '\n')) line.remove_suffix(1);
  if (line.starts_with('4') || line.starts_with('5'))
    *static_cast<std::string*>(user) = line.substr(0, kSaidBytesMax);
  return size;
}

long tls_wanted(const MailServer& server) {
  if (is_loopback(server.url)) return CURLUSESSL_NONE;
  return server.user.empty() ? CURLUSESSL_TRY : CURLUSESSL_ALL;
}

void set_connection(CURL* curl, const MailServer& server, const MailOptions& options) {
  curl_easy_setopt(curl, CURLOPT_URL, server.url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_PROXY, "");
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, long{options.connect_timeout_ms});
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, long{options.timeout_ms});
  curl_easy_setopt(curl, CURLOPT_USE_SSL, tls_wanted(server));
  if (!server.user.empty()) {
    curl_easy_setopt(curl, CURLOPT_USERNAME, server.user.c_str());
    curl_easy_setopt(curl, CURLOPT_PASSWORD, server.password.c_str());
  }
  if (options.stopped) {
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, &on_progress);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &options.stopped);
  }
}

}  // namespace

bool is_mail_address(std::string_view text) {
  const std::size_t at = text.rfind('@');
  if (at == text.npos || at == 0 || at + 1 == text.size() || text.size() > kAddressBytesMax)
    return false;
  for (const char c : text)
    if (static_cast<unsigned char>(c) <= ' ' || c == 0x7F || c == '<' || c == '>' || c == ',' ||
        c == ';' || c == '"' || c == '(' || c == ')' || c == '\\' || c == '[' || c == ']' ||
        c == ':')
      return false;
  return text.find('@') == at;
}

Result<MailAnswer> send_mail(const Mail& mail, const MailOptions& options) {
  start_curl();
  const std::unique_ptr<CURL, CurlDelete> easy(curl_easy_init());
  if (!easy) return Error{Code::internal, "curl cannot be initialised", {}};
  CURL* curl = easy.get();
  set_connection(curl, mail.server, options);
  const std::string from = fmt::format("<{}>", mail.server.from);
  curl_easy_setopt(curl, CURLOPT_MAIL_FROM, from.c_str());
  CurlList to;
  for (const std::string& address : mail.to) to.add(fmt::format("<{}>", address));
  curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, to.get());
  Upload upload{.rest = mail.message};
  curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
  curl_easy_setopt(curl, CURLOPT_READFUNCTION, &on_read);
  curl_easy_setopt(curl, CURLOPT_READDATA, &upload);
  MailAnswer answer;
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, &on_line);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, &answer.said);
  std::array<char, CURL_ERROR_SIZE> detail{};
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, detail.data());
  const CURLcode code = curl_easy_perform(curl);
  long status = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  answer.status = static_cast<int>(status);
  if (code == CURLE_OK || status >= 400) return answer;
  const Code kind = code == CURLE_OPERATION_TIMEDOUT ? Code::timeout
                    : code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL
                        ? Code::bad_request
                        : Code::io;
  return Error{
      kind,
      fmt::format("no answer: {}", detail[0] != '\0' ? detail.data() : curl_easy_strerror(code)),
      "smtp"};
}

}  // namespace catalejo::net
