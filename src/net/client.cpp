#include "net/client.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <utility>

#include "net/curl_pieces.hpp"

namespace catalejo::net {
namespace {

// A body in pieces, and how far curl has taken it.
struct Upload {
  std::span<const std::string_view> pieces;
  std::size_t piece = 0, at = 0;

  std::size_t size() const {
    std::size_t bytes = 0;
    for (const std::string_view each : pieces) bytes += each.size();
    return bytes;
  }
};

std::size_t on_read(char* to, std::size_t, std::size_t room, void* user) {
  auto& upload = *static_cast<Upload*>(user);
  std::size_t taken = 0;
  while (taken < room && upload.piece < upload.pieces.size()) {
    const std::string_view rest = upload.pieces[upload.piece].substr(upload.at);
    const std::size_t size = std::min(rest.size(), room - taken);
    std::memcpy(to + taken, rest.data(), size);
    taken += size;
    upload.at += size;
    if (size < rest.size()) break;
    ++upload.piece;
    upload.at = 0;
  }
  return taken;
}

// curl goes back to the start when a connection that was kept open turns out to be closed.
int on_seek(void* user, curl_off_t offset, int origin) {
  auto& upload = *static_cast<Upload*>(user);
  if (offset != 0 || origin != SEEK_SET) return CURL_SEEKFUNC_CANTSEEK;
  upload.piece = upload.at = 0;
  return CURL_SEEKFUNC_OK;
}

struct Answer {
  ClientResponse response;
  std::size_t body_bytes_max = 0;
  bool too_large = false;
};

std::size_t on_body(char* data, std::size_t, std::size_t size, void* user) {
  auto& answer = *static_cast<Answer*>(user);
  if (size > answer.body_bytes_max - answer.response.body.size()) {
    answer.too_large = true;
    return 0;  // ends the transfer
  }
  answer.response.body.append(data, size);
  return size;
}

std::size_t on_header(char* data, std::size_t, std::size_t size, void* user) {
  auto& answer = *static_cast<Answer*>(user);
  std::string_view line(data, size);
  while (!line.empty() && (line.back() == '\r' || line.back() == '\n')) line.remove_suffix(1);
  if (line.starts_with("HTTP/")) answer.response.headers.clear();  // after a 100 Continue
  const std::size_t colon = line.find(':');
  if (colon == line.npos) return size;
  std::string_view value = line.substr(colon + 1);
  const std::size_t first = value.find_first_not_of(" \t");
  value = first == value.npos ? std::string_view{} : value.substr(first);
  answer.response.headers.emplace_back(line.substr(0, colon), value);
  return size;
}

Error transfer_error(CURLcode code, const std::string& url, const char* detail,
                     const Answer& answer) {
  if (answer.too_large)
    return {Code::body_too_large, fmt::format("the answer exceeds {} bytes", answer.body_bytes_max),
            url};
  const Code kind = code == CURLE_OPERATION_TIMEDOUT ? Code::timeout
                    : code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL
                        ? Code::bad_request
                        : Code::io;
  const bool has_detail = detail[0] != '\0';
  return {kind, fmt::format("no answer: {}", has_detail ? detail : curl_easy_strerror(code)), url};
}

}  // namespace

struct Client::State {
  ClientOptions options;
  std::unique_ptr<CURL, CurlDelete> easy;

  void set_connection(const std::string& url);
  void set_method(const std::string& method, std::string_view body);
  void set_upload(Upload& upload);
  Result<ClientResponse> perform(const std::string& url, const Headers& headers);
};

std::optional<std::int64_t> wait_asked_ms(const ClientResponse& response) {
  constexpr double kMost = 1e9;
  for (const auto& [header, unit_ms] : {std::pair{"retry-after-ms", 1}, {"retry-after", 1'000}}) {
    const std::string_view text = response.header(header);
    double amount = -1;
    std::from_chars(text.data(), text.data() + text.size(), amount);
    if (amount >= 0) return static_cast<std::int64_t>(std::min(amount * unit_ms, kMost));
  }
  return std::nullopt;
}

Client::Client(ClientOptions options) : state_(std::make_unique<State>()) {
  start_curl();
  state_->options = std::move(options);
  state_->easy.reset(curl_easy_init());
}

Client::~Client() = default;
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;

void Client::State::set_connection(const std::string& url) {
  CURL* curl = easy.get();
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);  // timeouts without SIGALRM, which is not ours
  curl_easy_setopt(curl, CURLOPT_TCP_NODELAY, 1L);
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, long{options.connect_timeout_ms});
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, long{options.timeout_ms});
  if (!options.unix_path.empty())
    curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, options.unix_path.c_str());
  // http_proxy of the environment is meant for the world outside.
  if (!options.unix_path.empty() || is_loopback(url)) curl_easy_setopt(curl, CURLOPT_PROXY, "");
  if (options.stopped) {
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, &on_progress);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &options.stopped);
  }
  // The system's certificates stay trusted through curl's default CAPATH.
  if (!options.ca_file.empty()) curl_easy_setopt(curl, CURLOPT_CAINFO, options.ca_file.c_str());
}

void Client::State::set_method(const std::string& method, std::string_view body) {
  CURL* curl = easy.get();
  const bool sends_body = !body.empty() || method == "POST" || method == "PUT" || method == "PATCH";
  if (sends_body) {
    curl_easy_setopt(curl, CURLOPT_POST, 1L);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body.empty() ? "" : body.data());
  }
  if (method == "HEAD") curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
  curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method.c_str());
}

void Client::State::set_upload(Upload& upload) {
  constexpr long kBufferBytes = 512 * 1024;
  CURL* curl = easy.get();
  curl_easy_setopt(curl, CURLOPT_POST, 1L);
  curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(upload.size()));
  curl_easy_setopt(curl, CURLOPT_UPLOAD_BUFFERSIZE, kBufferBytes);
  curl_easy_setopt(curl, CURLOPT_READFUNCTION, &on_read);
  curl_easy_setopt(curl, CURLOPT_READDATA, &upload);
  curl_easy_setopt(curl, CURLOPT_SEEKFUNCTION, &on_seek);
  curl_easy_setopt(curl, CURLOPT_SEEKDATA, &upload);
}

Result<ClientResponse> Client::request(std::string_view method, const std::string& url,
                                       const Headers& headers, std::string_view body) {
  if (!state_->easy) return Error{Code::internal, "curl cannot be initialised", {}};
  curl_easy_reset(state_->easy.get());  // keeps the open connections
  const std::string verb(method);
  state_->set_method(verb, body);
  return state_->perform(url, headers);
}

Result<ClientResponse> Client::post(const std::string& url, const Headers& headers,
                                    std::span<const std::string_view> pieces) {
  if (!state_->easy) return Error{Code::internal, "curl cannot be initialised", {}};
  curl_easy_reset(state_->easy.get());
  Upload upload{.pieces = pieces};
  state_->set_upload(upload);
  return state_->perform(url, headers);
}

Result<ClientResponse> Client::State::perform(const std::string& url, const Headers& headers) {
  CURL* curl = easy.get();
  set_connection(url);
  CurlList list;
  for (const auto& [name, value] : headers)
    list.add(value.empty() ? name + ";" : fmt::format("{}: {}", name, value));
  list.add("Expect:");  // a round trip before each large body otherwise
  if (find_header(headers, "Content-Type").empty()) list.add("Content-Type:");
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, list.get());

  Answer answer;
  answer.body_bytes_max = options.body_bytes_max;
  std::array<char, CURL_ERROR_SIZE> detail{};
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &on_body);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer);
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, &on_header);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, &answer);
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, detail.data());
  const CURLcode code = curl_easy_perform(curl);
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, nullptr);  // curl would keep the pointer
  if (code != CURLE_OK) return transfer_error(code, url, detail.data(), answer);
  long status = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  answer.response.status = static_cast<int>(status);
  return std::move(answer.response);
}

}  // namespace catalejo::net
