// What both uses of libcurl need. For client.cpp and mail.cpp only.
#pragma once

#include <curl/curl.h>

#include <string>

namespace catalejo::net {

struct CurlDelete {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
  void operator()(char* text) const { curl_free(text); }
};

// A list that curl reads while the request runs.
class CurlList {
 public:
  CurlList() = default;
  CurlList(const CurlList&) = delete;
  CurlList& operator=(const CurlList&) = delete;
  ~CurlList() { curl_slist_free_all(list_); }
  void add(const std::string& line) { list_ = curl_slist_append(list_, line.c_str()); }
  curl_slist* get() const { return list_; }

 private:
  curl_slist* list_ = nullptr;
};

// Once for the process, however many ask.
void start_curl();
bool is_loopback(const std::string& url);
// About once a second, and whenever something moves; `user` is a function that says whether to end.
int on_progress(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t);

}  // namespace catalejo::net
