#include "tls.hpp"

#include <arpa/inet.h>
#include <dlfcn.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <cstdlib>
#include <mutex>

#include "fork_gate.hpp"

namespace catalejo::tracer {
namespace {

// The functions of OpenSSL 1.1.1 and 3 that are used, by their own types.
// clang-format off
#define CATALEJO_SSL_FUNCTIONS(X)                                                              \
  X(OPENSSL_init_ssl) X(SSL_CTX_new) X(SSL_CTX_free) X(SSL_CTX_ctrl) X(SSL_CTX_set_verify)     \
  X(SSL_CTX_set_default_verify_paths) X(SSL_CTX_load_verify_locations) X(TLS_client_method)    \
  X(SSL_new) X(SSL_free) X(SSL_set_fd) X(SSL_ctrl) X(SSL_set1_host) X(SSL_get0_param)          \
  X(SSL_connect) X(SSL_read) X(SSL_write) X(SSL_get_error) X(SSL_get_verify_result)

#define CATALEJO_CRYPTO_FUNCTIONS(X)                                                           \
  X(ERR_get_error) X(ERR_clear_error) X(ERR_error_string_n) X(X509_VERIFY_PARAM_set1_ip_asc)   \
  X(X509_verify_cert_error_string)
// clang-format on

struct Library {
#define CATALEJO_DECLARE(name) decltype(&::name) name = nullptr;
  CATALEJO_SSL_FUNCTIONS(CATALEJO_DECLARE)
  CATALEJO_CRYPTO_FUNCTIONS(CATALEJO_DECLARE)
#undef CATALEJO_DECLARE
  bool complete = true;
};

void (*exit_hook)() = nullptr;

template <typename Function>
void find(void* library, const char* name, Function& function, bool& complete) {
  function = reinterpret_cast<Function>(::dlsym(library, name));
  complete = complete && function != nullptr;
}

// Null when there is no OpenSSL. Loaded once, never unloaded.
const Library* load() {
  for (const char* version : {"3", "1.1"}) {
    // The names that the application's own ssl module has loaded, if it has.
    void* ssl = ::dlopen((std::string("libssl.so.") + version).c_str(), RTLD_NOW | RTLD_LOCAL);
    void* crypto = ::dlopen((std::string("libcrypto.so.") + version).c_str(), RTLD_NOW);
    if (ssl == nullptr || crypto == nullptr) continue;
    auto* library = new Library;
#define CATALEJO_FIND(name) find(ssl, #name, library->name, library->complete);
    CATALEJO_SSL_FUNCTIONS(CATALEJO_FIND)
#undef CATALEJO_FIND
#define CATALEJO_FIND(name) find(crypto, #name, library->name, library->complete);
    CATALEJO_CRYPTO_FUNCTIONS(CATALEJO_FIND)
#undef CATALEJO_FIND
    if (library->complete) {
      // What the application has begun it ends at exit, after this hook, which is newer. What is
      // begun here has no end: exit() may come in the middle of it, on another thread.
      if (exit_hook != nullptr) std::atexit(exit_hook);
      library->OPENSSL_init_ssl(OPENSSL_INIT_NO_ATEXIT, nullptr);
      return library;
    }
    delete library;
  }
  return nullptr;
}

const Library* library() {
  static const Library* const only = load();
  return only;
}

SSL* as_ssl(void* session) {
  return static_cast<SSL*>(session);
}

bool is_address(const std::string& host) {
  unsigned char bytes[16];
  return inet_pton(AF_INET, host.c_str(), bytes) == 1 ||
         inet_pton(AF_INET6, host.c_str(), bytes) == 1;
}

std::string newest_error(const Library& ssl) {
  const unsigned long code = ssl.ERR_get_error();
  if (code == 0) return "failed";
  char buffer[256] = {};
  ssl.ERR_error_string_n(code, buffer, sizeof buffer);
  return buffer;
}

}  // namespace

void before_tls_ends(void (*hook)()) {
  exit_hook = hook;
}

std::unique_ptr<TlsSession> TlsSession::open(int fd, const Url& url, const std::string& ca_file,
                                             std::string& error) {
  const std::lock_guard gate(fork_gate());
  const Library* ssl = library();
  if (ssl == nullptr) {
    error = "TLS: no OpenSSL 1.1.1 or 3 on this machine (libssl.so.3)";
    return nullptr;
  }
  ssl->ERR_clear_error();
  SSL_CTX* context = ssl->SSL_CTX_new(ssl->TLS_client_method());
  if (context == nullptr) {
    error = "TLS: " + newest_error(*ssl);
    return nullptr;
  }
  std::unique_ptr<TlsSession> made(new TlsSession);
  made->context_ = context;
  ssl->SSL_CTX_ctrl(context, SSL_CTRL_SET_MIN_PROTO_VERSION, TLS1_2_VERSION, nullptr);
  // A write that is tried again may come from another place in memory.
  ssl->SSL_CTX_ctrl(context, SSL_CTRL_MODE,
                    SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER, nullptr);
  ssl->SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  ssl->SSL_CTX_set_default_verify_paths(context);
  if (!ca_file.empty() &&
      ssl->SSL_CTX_load_verify_locations(context, ca_file.c_str(), nullptr) != 1) {
    error = "TLS: cannot read the certificates in " + ca_file;
    return nullptr;
  }
  SSL* session = ssl->SSL_new(context);
  made->session_ = session;
  bool good = session != nullptr && ssl->SSL_set_fd(session, fd) == 1;
  if (good && is_address(url.host)) {
    good = ssl->X509_VERIFY_PARAM_set1_ip_asc(ssl->SSL_get0_param(session), url.host.c_str()) == 1;
  } else if (good) {
    std::string name = url.host;
    ssl->SSL_ctrl(session, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, name.data());
    good = ssl->SSL_set1_host(session, url.host.c_str()) == 1;
  }
  if (good) return made;
  error = "TLS: " + newest_error(*ssl);
  return nullptr;
}

TlsSession::~TlsSession() {
  const Library* ssl = library();
  if (ssl == nullptr) return;
  if (session_ != nullptr) ssl->SSL_free(as_ssl(session_));
  if (context_ != nullptr) ssl->SSL_CTX_free(static_cast<SSL_CTX*>(context_));
}

TlsSession::Progress TlsSession::judge(int result) {
  const Library& ssl = *library();
  const int kind = ssl.SSL_get_error(as_ssl(session_), result);
  if (kind == SSL_ERROR_WANT_READ) return Progress::want_read;
  if (kind == SSL_ERROR_WANT_WRITE) return Progress::want_write;
  if (kind == SSL_ERROR_ZERO_RETURN) return Progress::closed;
  error_ = kind == SSL_ERROR_SYSCALL ? "the connection was cut" : newest_error(ssl);
  const long verdict = ssl.SSL_get_verify_result(as_ssl(session_));
  if (verdict != X509_V_OK) {
    error_ += std::string(": ") + ssl.X509_verify_cert_error_string(verdict);
  }
  return Progress::failed;
}

TlsSession::Progress TlsSession::handshake() {
  const std::lock_guard gate(fork_gate());
  library()->ERR_clear_error();
  const int result = library()->SSL_connect(as_ssl(session_));
  return result == 1 ? Progress::done : judge(result);
}

TlsSession::Progress TlsSession::write(const char* bytes, std::size_t size, std::size_t& written) {
  const std::lock_guard gate(fork_gate());
  library()->ERR_clear_error();
  const int most = static_cast<int>(std::min<std::size_t>(size, 1u << 16));
  const int result = library()->SSL_write(as_ssl(session_), bytes, most);
  if (result <= 0) return judge(result);
  written = static_cast<std::size_t>(result);
  return Progress::done;
}

TlsSession::Progress TlsSession::read(char* buffer, std::size_t size, std::size_t& received) {
  const std::lock_guard gate(fork_gate());
  library()->ERR_clear_error();
  const int most = static_cast<int>(std::min<std::size_t>(size, 1u << 16));
  const int result = library()->SSL_read(as_ssl(session_), buffer, most);
  if (result <= 0) return judge(result);
  received = static_cast<std::size_t>(result);
  return Progress::done;
}

std::string TlsSession::error() const {
  return error_;
}

}  // namespace catalejo::tracer
