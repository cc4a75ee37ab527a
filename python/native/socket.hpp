// A connected byte stream with deadlines: TCP, Unix socket, or TLS over TCP. Owned and used by one
// thread; only Abort may be touched by another. What goes wrong is told in words by error().
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "target.hpp"

namespace catalejo::tracer {

using Clock = std::chrono::steady_clock;

// Set by any thread, once: every wait for the network ends at once with an error.
class Abort {
 public:
  Abort();
  ~Abort();
  Abort(const Abort&) = delete;
  Abort& operator=(const Abort&) = delete;
  void set();
  int fd() const { return fd_; }

 private:
  int fd_;
};

class TlsSession;  // tls.hpp

class Socket {
 public:
  // `abort` may be null.
  explicit Socket(const Abort* abort);
  ~Socket();
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  bool connect(const Url& url, const std::string& ca_file, Clock::time_point deadline);
  bool write(std::string_view bytes, Clock::time_point deadline);
  // The number of bytes read, 0 at the end of the stream, -1 on failure.
  long read(char* buffer, std::size_t size, Clock::time_point deadline);
  void close();
  bool is_open() const { return fd_ >= 0; }
  bool is_quiet() const;  // open, and nothing to read: not closed by the peer either
  const std::string& error() const { return error_; }

  // In the child of a fork, where another thread's socket is of no use: the file is closed, the
  // parent's connection goes on.
  void abandon_after_fork();

 private:
  bool connect_unix(const Url& url, Clock::time_point deadline);
  bool connect_tcp(const Url& url, Clock::time_point deadline);
  bool finish_connect(int fd, const void* address, unsigned size, Clock::time_point deadline);
  bool start_tls(const Url& url, const std::string& ca_file, Clock::time_point deadline);
  bool wait(short events, Clock::time_point deadline);
  bool fail(std::string what);

  const Abort* abort_;
  int fd_ = -1;
  std::unique_ptr<TlsSession> tls_;
  std::string error_;
};

}  // namespace catalejo::tracer
