#include "app/tls.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

#include <filesystem>
#include <memory>

#include "app/exit_code.hpp"
#include "base/file.hpp"

namespace catalejo::app {
namespace {

template <auto Free>
struct Freed {
  template <typename T>
  void operator()(T* object) const {
    Free(object);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using Memory = std::unique_ptr<BIO, Freed<BIO_free_all>>;

constexpr long kSecondsPerDay = 86'400;
constexpr int kAuthorityDays = 3'650;

Error openssl_error(std::string_view doing) {
  return {Code::internal, fmt::format("OpenSSL cannot {}", doing), {}};
}

bool add_extension(X509* certificate, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
  if (!extension) return false;
  const bool added = X509_add_ext(certificate, extension, -1) == 1;
  X509_EXTENSION_free(extension);
  return added;
}

Certificate blank_certificate(EVP_PKEY* key, const std::string& common_name, long days) {
  Certificate certificate(X509_new());
  unsigned char serial[16];
  RAND_bytes(serial, sizeof serial);
  serial[0] &= 0x7f;
  std::unique_ptr<BIGNUM, Freed<BN_free>> number(BN_bin2bn(serial, sizeof serial, nullptr));
  BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate.get()));
  X509_set_version(certificate.get(), 2);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -kSecondsPerDay);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), days * kSecondsPerDay);
  X509_set_pubkey(certificate.get(), key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(common_name.c_str()), -1, -1,
                             0);
  return certificate;
}

std::string text_of(BIO* memory) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory, &data);
  return {data, static_cast<std::size_t>(size)};
}

std::string pem(X509* certificate) {
  const Memory memory(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509(memory.get(), certificate);
  return text_of(memory.get());
}

std::string pem(EVP_PKEY* key) {
  const Memory memory(BIO_new(BIO_s_mem()));
  PEM_write_bio_PKCS8PrivateKey(memory.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
  return text_of(memory.get());
}

struct Issued {
  std::string certificate_pem, key_pem;
  Key key;
  Certificate certificate;
};

Result<Issued> make_authority() {
  Issued issued;
  issued.key.reset(EVP_EC_gen("P-256"));
  if (!issued.key) return openssl_error("make a key");
  issued.certificate =
      blank_certificate(issued.key.get(), "Catalejo private authority", kAuthorityDays);
  X509* certificate = issued.certificate.get();
  X509_set_issuer_name(certificate, X509_get_subject_name(certificate));
  if (!add_extension(certificate, certificate, NID_basic_constraints,
                     "critical,CA:TRUE,pathlen:0") ||
      !add_extension(certificate, certificate, NID_key_usage, "critical,keyCertSign,cRLSign") ||
      !add_extension(certificate, certificate, NID_subject_key_identifier, "hash") ||
      X509_sign(certificate, issued.key.get(), EVP_sha256()) == 0)
    return openssl_error("sign the authority");
  issued.certificate_pem = pem(certificate);
  issued.key_pem = pem(issued.key.get());
  return issued;
}

bool is_address(const std::string& name) {
  in6_addr buffer;
  return inet_pton(AF_INET, name.c_str(), &buffer) == 1 ||
         inet_pton(AF_INET6, name.c_str(), &buffer) == 1;
}

Result<Issued> make_server(const Issued& authority, const std::vector<std::string>& names,
                           int days) {
  Issued issued;
  issued.key.reset(EVP_EC_gen("P-256"));
  if (!issued.key) return openssl_error("make a key");
  issued.certificate = blank_certificate(issued.key.get(), names.front(), days);
  X509* certificate = issued.certificate.get();
  X509_set_issuer_name(certificate, X509_get_subject_name(authority.certificate.get()));
  std::string alternatives;
  for (const std::string& name : names)
    alternatives += fmt::format("{}{}:{}", alternatives.empty() ? "" : ",",
                                is_address(name) ? "IP" : "DNS", name);
  X509* issuer = authority.certificate.get();
  if (!add_extension(certificate, issuer, NID_basic_constraints, "critical,CA:FALSE") ||
      !add_extension(certificate, issuer, NID_key_usage, "critical,digitalSignature") ||
      !add_extension(certificate, issuer, NID_ext_key_usage, "serverAuth") ||
      !add_extension(certificate, issuer, NID_authority_key_identifier, "keyid") ||
      !add_extension(certificate, issuer, NID_subject_alt_name, alternatives))
    return Error{Code::config, "one of the names is no host name or address", alternatives};
  if (X509_sign(certificate, authority.key.get(), EVP_sha256()) == 0)
    return openssl_error("sign the certificate");
  issued.certificate_pem = pem(certificate) + authority.certificate_pem;
  issued.key_pem = pem(issued.key.get());
  return issued;
}

Result<void> write_all(const std::string& dir, const Issued& authority, const Issued& server,
                       const std::string& site) {
  CATALEJO_TRY(make_directories(dir));
  ::chmod(dir.c_str(), 0700);
  CATALEJO_TRY(write_file_durably(dir + "/ca.key", authority.key_pem));
  CATALEJO_TRY(write_file_durably(dir + "/ca.pem", authority.certificate_pem, 0644));
  CATALEJO_TRY(write_file_durably(dir + "/server.key", server.key_pem));
  CATALEJO_TRY(write_file_durably(dir + "/server.pem", server.certificate_pem, 0644));
  return write_file_durably(dir + "/site", site + "\n", 0644);
}

Result<void> init(const Settings& settings, const TlsInitOptions& options,
                  const std::vector<std::string>& names) {
  const std::string dir = settings.tls_dir();
  if (std::filesystem::exists(dir + "/ca.pem") && !options.force) {
    return Error{Code::config,
                 "an authority exists already; --force makes a new one, and every client then "
                 "needs the new ca.pem",
                 dir};
  }
  auto authority = make_authority();
  if (!authority) return authority.error();
  auto server = make_server(*authority, names, options.days);
  if (!server) return server.error();
  return write_all(dir, *authority, *server, options.site);
}

}  // namespace

std::vector<std::string> site_host_names(const std::string& domain) {
  // browser-intake takes the site with dashes for dots, but for the last dot.
  std::string dashed = domain;
  const std::size_t last = dashed.rfind('.');
  for (std::size_t i = 0; i < dashed.size() && i != last; ++i)
    if (dashed[i] == '.') dashed[i] = '-';
  return {"browser-intake-" + dashed,
          "llmobs-intake." + domain,
          "api." + domain,
          "trace.agent." + domain,
          "instrumentation-telemetry-intake." + domain,
          "config." + domain,
          "http-intake.logs." + domain};
}

std::optional<TlsSite> read_site(const std::string& tls_dir) {
  auto text = read_file(tls_dir + "/site");
  if (!text) return std::nullopt;
  while (!text->empty() && text->back() == '\n') text->pop_back();
  return TlsSite{*text};
}

int tls_init(const Settings& settings, const TlsInitOptions& options) {
  std::string site = options.site;
  if (const std::size_t colon = site.find(':'); colon != std::string::npos) site.resize(colon);
  if (site.find('.') == std::string::npos) {
    fmt::print(stderr, "catalejo: the site \"{}\" must have a dot, such as catalejo.internal\n",
               site);
    return exit_usage;
  }
  std::vector<std::string> names = site_host_names(site);
  names.insert(names.end(), {site, "localhost", "127.0.0.1", "::1"});
  names.insert(names.end(), options.more_names.begin(), options.more_names.end());
  TlsInitOptions plain = options;
  plain.site = site;
  if (auto done = init(settings, plain, names); !done) {
    fmt::print(stderr, "catalejo: {}\n", to_string(done.error()));
    return exit_failed;
  }
  fmt::print(
      "Made {0}/ca.pem (give it to clients as SSL_CERT_FILE)\n"
      "     {0}/server.pem, valid {1} days, for:\n",
      settings.tls_dir(), options.days);
  for (const std::string& name : names) fmt::print("       {}\n", name);
  fmt::print(
      "Start (or restart) Catalejo; the agentless intake then answers on port {}.\n"
      "The variables for an application: catalejo env --agentless\n",
      settings.https_port);
  return exit_ok;
}

}  // namespace catalejo::app
