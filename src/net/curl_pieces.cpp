#include "net/curl_pieces.hpp"

#include <functional>
#include <memory>
#include <mutex>
#include <string_view>

namespace catalejo::net {

void start_curl() {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
}

int on_progress(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return (*static_cast<const std::function<bool()>*>(user))() ? 1 : 0;
}

bool is_loopback(const std::string& url) {
  const std::unique_ptr<CURLU, CurlDelete> parsed(curl_url());
  char* host = nullptr;
  if (!parsed || curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK ||
      curl_url_get(parsed.get(), CURLUPART_HOST, &host, 0) != CURLUE_OK)
    return false;
  const std::unique_ptr<char, CurlDelete> owned(host);
  const std::string_view name(host);
  return name == "localhost" || name == "[::1]" || name.starts_with("127.");
}

}  // namespace catalejo::net
