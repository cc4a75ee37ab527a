#include "socket.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

#include "addresses.hpp"
#include "fork_gate.hpp"
#include "tls.hpp"

namespace catalejo::tracer {
namespace {

// strerror_r is of two kinds: glibc's gives the text, POSIX's fills the buffer.
[[maybe_unused]] const char* chosen(const char* text, const char*) {
  return text;
}
[[maybe_unused]] const char* chosen(int, const char* buffer) {
  return buffer;
}

std::string words(int number) {
  char buffer[128] = {};
  return chosen(strerror_r(number, buffer, sizeof buffer), buffer);
}

int open_socket(int family) {
  const std::lock_guard gate(fork_gate());
  return ::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

void close_file(int fd) {
  const std::lock_guard gate(fork_gate());
  ::close(fd);
}

}  // namespace

std::mutex& fork_gate() {
  static std::mutex* const only = new std::mutex;
  return *only;
}

Abort::Abort() : fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}
Abort::~Abort() {
  if (fd_ >= 0) ::close(fd_);
}
void Abort::set() {
  const std::uint64_t one = 1;
  if (::write(fd_, &one, sizeof one) < 0) return;  // set already
}

Socket::Socket(const Abort* abort) : abort_(abort) {}

Socket::~Socket() {
  close();
}

void Socket::close() {
  if (tls_) {
    const std::lock_guard gate(fork_gate());
    tls_.reset();
  }
  if (fd_ >= 0) close_file(std::exchange(fd_, -1));
}

void Socket::abandon_after_fork() {
  static_cast<void>(tls_.release());  // its memory is the parent's, in a state unknown
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

bool Socket::fail(std::string what) {
  error_ = std::move(what);
  close();
  return false;
}

bool Socket::wait(short events, Clock::time_point deadline) {
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
    if (left <= 0) return fail("timed out");
    pollfd files[2] = {{fd_, events, 0}, {abort_ != nullptr ? abort_->fd() : -1, POLLIN, 0}};
    const int ready = ::poll(files, 2, static_cast<int>(std::min<long long>(left, 60'000)));
    if (ready < 0 && errno != EINTR) return fail("poll: " + words(errno));
    if (files[1].revents != 0) return fail("given up");
    if (files[0].revents != 0) return true;
  }
}

bool Socket::is_quiet() const {
  pollfd file{fd_, POLLIN, 0};
  return fd_ >= 0 && ::poll(&file, 1, 0) == 0;
}

bool Socket::finish_connect(int fd, const void* address, unsigned size,
                            Clock::time_point deadline) {
  fd_ = fd;
  if (fd < 0) return fail("socket: " + words(errno));
  if (::connect(fd, static_cast<const sockaddr*>(address), size) == 0) return true;
  if (errno != EINPROGRESS) return fail("connect: " + words(errno));
  if (!wait(POLLOUT, deadline)) return false;
  int problem = 0;
  socklen_t length = sizeof problem;
  ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &problem, &length);
  return problem == 0 || fail("connect: " + words(problem));
}

bool Socket::connect_unix(const Url& url, Clock::time_point deadline) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (url.socket_path.size() >= sizeof address.sun_path)
    return fail("the socket's path is too long");
  url.socket_path.copy(address.sun_path, sizeof address.sun_path - 1);
  return finish_connect(open_socket(AF_UNIX), &address, sizeof address, deadline);
}

bool Socket::connect_tcp(const Url& url, Clock::time_point deadline) {
  std::string error;
  const std::vector<Address> addresses = addresses_of(url, error);
  bool connected = false;
  for (std::size_t at = 0; at < addresses.size() && !connected; ++at) {
    const Address& address = addresses[at];
    // An address that does not answer leaves time for the next.
    const auto share = (deadline - Clock::now()) / static_cast<long>(addresses.size() - at);
    connected = finish_connect(open_socket(address.bytes.ss_family), &address.bytes, address.size,
                               Clock::now() + share);
    if (error.empty()) error = error_;  // the first is the one that was meant
  }
  if (!connected) return fail(std::move(error));
  const int on = 1;
  ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return true;
}

bool Socket::start_tls(const Url& url, const std::string& ca_file, Clock::time_point deadline) {
  tls_ = TlsSession::open(fd_, url, ca_file, error_);
  if (!tls_) return fail(std::move(error_));
  for (;;) {
    const TlsSession::Progress progress = tls_->handshake();
    if (progress == TlsSession::Progress::done) return true;
    if (progress == TlsSession::Progress::closed) return fail("TLS: closed by the peer");
    if (progress == TlsSession::Progress::failed) return fail("TLS: " + tls_->error());
    const bool read = progress == TlsSession::Progress::want_read;
    if (!wait(read ? POLLIN : POLLOUT, deadline)) return false;
  }
}

bool Socket::connect(const Url& url, const std::string& ca_file, Clock::time_point deadline) {
  close();
  error_.clear();
  const bool connected =
      url.socket_path.empty() ? connect_tcp(url, deadline) : connect_unix(url, deadline);
  return connected && (!url.tls || start_tls(url, ca_file, deadline));
}

bool Socket::write(std::string_view bytes, Clock::time_point deadline) {
  while (!bytes.empty()) {
    short events = POLLOUT;
    if (tls_) {
      std::size_t written = 0;
      const TlsSession::Progress progress = tls_->write(bytes.data(), bytes.size(), written);
      bytes.remove_prefix(written);
      if (progress == TlsSession::Progress::done) continue;
      if (progress == TlsSession::Progress::closed) return fail("closed by the peer");
      if (progress == TlsSession::Progress::failed) return fail("TLS: " + tls_->error());
      if (progress == TlsSession::Progress::want_read) events = POLLIN;
    } else {
      const ssize_t written = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (written >= 0) {
        bytes.remove_prefix(static_cast<std::size_t>(written));
        continue;
      }
      if (errno == EINTR) continue;
      if (errno != EAGAIN) return fail("send: " + words(errno));
    }
    if (!wait(events, deadline)) return false;
  }
  return true;
}

long Socket::read(char* buffer, std::size_t size, Clock::time_point deadline) {
  for (;;) {
    short events = POLLIN;
    if (tls_) {
      std::size_t received = 0;
      const TlsSession::Progress progress = tls_->read(buffer, size, received);
      if (progress == TlsSession::Progress::done) return static_cast<long>(received);
      if (progress == TlsSession::Progress::closed) return 0;
      if (progress == TlsSession::Progress::failed) {
        fail("TLS: " + tls_->error());
        return -1;
      }
      if (progress == TlsSession::Progress::want_write) events = POLLOUT;
    } else {
      const ssize_t received = ::recv(fd_, buffer, size, 0);
      if (received >= 0) return received;
      if (errno == EINTR) continue;
      if (errno != EAGAIN) {
        fail("recv: " + words(errno));
        return -1;
      }
    }
    if (!wait(events, deadline)) return -1;
  }
}

}  // namespace catalejo::tracer
