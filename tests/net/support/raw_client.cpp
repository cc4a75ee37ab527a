#include "raw_client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <array>
#include <charconv>
#include <cstring>

namespace catalejo::net::testing {
namespace {

constexpr int kPatienceMs = 20'000;

}  // namespace

RawClient RawClient::tcp(std::uint16_t port) {
  UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0)
    return RawClient(UniqueFd());
  return RawClient(std::move(fd));
}

RawClient RawClient::unix_socket(const std::string& path) {
  UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  if (::connect(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0)
    return RawClient(UniqueFd());
  return RawClient(std::move(fd));
}

bool RawClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

void RawClient::finish_sending() {
  ::shutdown(fd_.get(), SHUT_WR);
}

void RawClient::reset() {
  const linger now{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(fd_.get(), SOL_SOCKET, SO_LINGER, &now, sizeof(now));
  fd_ = UniqueFd();
}

bool RawClient::read_some() {
  pollfd waiting{.fd = fd_.get(), .events = POLLIN, .revents = 0};
  if (::poll(&waiting, 1, kPatienceMs) <= 0) {
    received_ += "<nothing came>";
    return false;
  }
  std::array<char, 64 * 1024> buffer;
  const ssize_t size = ::recv(fd_.get(), buffer.data(), buffer.size(), 0);
  if (size <= 0) return false;
  received_.append(buffer.data(), static_cast<std::size_t>(size));
  return true;
}

std::string RawClient::read_until(std::string_view end) {
  std::size_t at = 0;
  while ((at = received_.find(end)) == received_.npos)
    if (!read_some()) return std::exchange(received_, {});
  std::string text = received_.substr(0, at + end.size());
  received_.erase(0, at + end.size());
  return text;
}

std::string RawClient::read_response() {
  std::string head = read_until("\r\n\r\n");
  static constexpr std::string_view kLength = "Content-Length: ";
  const std::size_t at = head.find(kLength);
  if (at == head.npos) return head;
  std::size_t length = 0;
  const char* first = head.data() + at + kLength.size();
  std::from_chars(first, head.data() + head.size(), length);
  while (received_.size() < length)
    if (!read_some()) break;
  head += received_.substr(0, length);
  received_.erase(0, length);
  return head;
}

std::string RawClient::read_all() {
  while (read_some()) {
  }
  return std::exchange(received_, {});
}

}  // namespace catalejo::net::testing
