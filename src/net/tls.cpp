#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>

#include "net/stream.hpp"

namespace catalejo::net {
namespace {

struct SslDelete {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(SSL* ssl) const { SSL_free(ssl); }
};

std::string openssl_reason() {
  const unsigned long code = ERR_get_error();
  ERR_clear_error();
  if (code == 0) return "unknown reason";
  std::array<char, 256> text{};
  ERR_error_string_n(code, text.data(), text.size());
  return text.data();
}

class TlsStream : public Stream {
 public:
  TlsStream(SSL_CTX* context, int fd) : ssl_(SSL_new(context)), fd_(fd) {
    if (ssl_) SSL_set_fd(ssl_.get(), fd);
  }

  Io handshake() override {
    if (!ssl_) return {IoStatus::closed};
    ERR_clear_error();
    const int result = SSL_accept(ssl_.get());
    open_ = result == 1;
    return open_ ? Io{IoStatus::done} : status_of(result);
  }

  Io read(char* into, std::size_t size) override {
    ERR_clear_error();
    std::size_t bytes = 0;
    const int result = SSL_read_ex(ssl_.get(), into, size, &bytes);
    return result == 1 ? Io{IoStatus::done, bytes} : status_of(result);
  }

  Io write(std::string_view first, std::string_view second) override {
    // One record for a small head and body: joining them costs less than a second record.
    std::array<char, 4096> joined;
    if (!first.empty() && !second.empty() && first.size() + second.size() <= joined.size()) {
      std::copy(second.begin(), second.end(),
                std::copy(first.begin(), first.end(), joined.begin()));
      first = {joined.data(), first.size() + second.size()};
    } else if (first.empty()) {
      first = second;
    }
    ERR_clear_error();
    std::size_t bytes = 0;
    const int result = SSL_write_ex(ssl_.get(), first.data(), first.size(), &bytes);
    return result == 1 ? Io{IoStatus::done, bytes} : status_of(result);
  }

  void finish_writing() override {
    ERR_clear_error();
    if (open_) SSL_shutdown(ssl_.get());
    ::shutdown(fd_, SHUT_WR);
  }

 private:
  Io status_of(int result) {
    switch (SSL_get_error(ssl_.get(), result)) {
      case SSL_ERROR_WANT_READ:
        return {IoStatus::want_read};
      case SSL_ERROR_WANT_WRITE:
        return {IoStatus::want_write};
      case SSL_ERROR_ZERO_RETURN:
        return {IoStatus::closed};
      default:
        open_ = false;  // after a fatal error SSL_shutdown must not be called
        return {IoStatus::closed};
    }
  }

  std::unique_ptr<SSL, SslDelete> ssl_;
  const int fd_;
  bool open_ = false;
};

int select_http_1_1(SSL*, const unsigned char** out, unsigned char* out_size,
                    const unsigned char* offered, unsigned offered_size, void*) {
  static constexpr unsigned char kHttp11[] = "\x08http/1.1";
  unsigned char* chosen = nullptr;
  if (SSL_select_next_proto(&chosen, out_size, kHttp11, sizeof(kHttp11) - 1, offered,
                            offered_size) != OPENSSL_NPN_NEGOTIATED)
    return SSL_TLSEXT_ERR_NOACK;
  *out = chosen;
  return SSL_TLSEXT_ERR_OK;
}

class OpensslContext : public TlsContext {
 public:
  explicit OpensslContext(SSL_CTX* context) : context_(context) {}
  std::unique_ptr<Stream> stream(int fd) const override {
    return std::make_unique<TlsStream>(context_.get(), fd);
  }
  SSL_CTX* get() const { return context_.get(); }

 private:
  std::unique_ptr<SSL_CTX, SslDelete> context_;
};

}  // namespace

Result<std::shared_ptr<const TlsContext>> TlsContext::load(const TlsFiles& files) {
  auto context = std::make_shared<OpensslContext>(SSL_CTX_new(TLS_server_method()));
  SSL_CTX* raw = context->get();
  if (!raw) return Error{Code::internal, "OpenSSL: " + openssl_reason(), {}};
  SSL_CTX_set_min_proto_version(raw, TLS1_2_VERSION);
  SSL_CTX_set_options(
      raw, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  // Idle connections give their 34 KB of record buffers back; a write that is tried again may
  // have moved in memory and grown.
  SSL_CTX_set_mode(raw, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                            SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_alpn_select_cb(raw, select_http_1_1, nullptr);
  if (SSL_CTX_use_certificate_chain_file(raw, files.certificate_chain_pem_path.c_str()) != 1)
    return Error{Code::config, "cannot read the certificate chain: " + openssl_reason(),
                 files.certificate_chain_pem_path};
  if (SSL_CTX_use_PrivateKey_file(raw, files.private_key_pem_path.c_str(), SSL_FILETYPE_PEM) != 1)
    return Error{Code::config, "cannot read the private key: " + openssl_reason(),
                 files.private_key_pem_path};
  if (SSL_CTX_check_private_key(raw) != 1)
    return Error{Code::config, "the private key does not fit the certificate",
                 files.private_key_pem_path};
  return std::shared_ptr<const TlsContext>(std::move(context));
}

}  // namespace catalejo::net
