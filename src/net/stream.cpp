#include "net/stream.hpp"

#include <sys/socket.h>
#include <sys/uio.h>

#include <array>
#include <cerrno>

namespace catalejo::net {
namespace {

Io io_result(ssize_t result, IoStatus when_blocked) {
  if (result > 0) return {IoStatus::done, static_cast<std::size_t>(result)};
  if (result < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return {when_blocked};
  return {IoStatus::closed};
}

class PlainStream : public Stream {
 public:
  explicit PlainStream(int fd) : fd_(fd) {}

  Io handshake() override { return {IoStatus::done}; }

  Io read(char* into, std::size_t size) override {
    ssize_t result = 0;
    do {
      result = ::recv(fd_, into, size, 0);
    } while (result < 0 && errno == EINTR);
    return io_result(result, IoStatus::want_read);
  }

  Io write(std::string_view first, std::string_view second) override {
    std::array<iovec, 2> parts{{{const_cast<char*>(first.data()), first.size()},
                                {const_cast<char*>(second.data()), second.size()}}};
    msghdr message{};
    message.msg_iov = parts.data();
    message.msg_iovlen = parts.size();
    ssize_t result = 0;
    do {
      result = ::sendmsg(fd_, &message, MSG_NOSIGNAL);
    } while (result < 0 && errno == EINTR);
    return io_result(result, IoStatus::want_write);
  }

  void finish_writing() override { ::shutdown(fd_, SHUT_WR); }

 private:
  const int fd_;
};

}  // namespace

std::unique_ptr<Stream> plain_stream(int fd) {
  return std::make_unique<PlainStream>(fd);
}

}  // namespace catalejo::net
