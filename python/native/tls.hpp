// TLS by the system's OpenSSL, loaded when the first https address is used: an application that
// sends to an agent on its own machine does not pay for it.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "target.hpp"

namespace catalejo::tracer {

// Called at the end of the process before OpenSSL cleans up, where it does: whoever still uses a
// session must stop then.
void before_tls_ends(void (*hook)());

class TlsSession {
 public:
  enum class Progress : unsigned char { done, want_read, want_write, closed, failed };

  // Null, with words in `error`, when there is no OpenSSL or the certificates cannot be read.
  static std::unique_ptr<TlsSession> open(int fd, const Url& url, const std::string& ca_file,
                                          std::string& error);
  ~TlsSession();
  TlsSession(const TlsSession&) = delete;
  TlsSession& operator=(const TlsSession&) = delete;

  // None blocks: `want_read` and `want_write` say what to wait for before trying again.
  Progress handshake();
  Progress write(const char* bytes, std::size_t size, std::size_t& written);
  Progress read(char* buffer, std::size_t size, std::size_t& received);
  std::string error() const;  // why the last call failed

 private:
  TlsSession() = default;
  Progress judge(int result);
  void* session_ = nullptr;  // SSL
  void* context_ = nullptr;  // SSL_CTX
  std::string error_;
};

}  // namespace catalejo::tracer
