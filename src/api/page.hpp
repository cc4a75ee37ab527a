// The page itself: the files of ui/dist, embedded in the program when it was built. Names with a
// hash never change and may be kept for ever; the rest is asked for again by its ETag.
#pragma once

#include <span>
#include <string_view>

#include "net/http.hpp"

namespace catalejo::api {

struct Asset {
  std::string_view path;  // "/assets/index-4f3a.js"
  std::string_view content_type;
  std::string_view etag;  // with its quotes
  std::string_view bytes;
  std::string_view gzipped;  // empty when compression does not pay
};

// Made by embed.cmake.
std::span<const Asset> embedded_assets();
std::string_view embedded_openapi();

// The asset, index.html for the page's own addresses (no dot in the last part), or 404.
net::Response page_answer(const net::Request& request);
net::Response page_answer(const net::Request& request, std::span<const Asset> assets);

}  // namespace catalejo::api
