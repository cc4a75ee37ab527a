#include "api/page.hpp"

#include <algorithm>

#include "api/routes.hpp"

namespace catalejo::api {
namespace {

constexpr std::string_view kContentSecurityPolicy =
    "default-src 'self'; img-src 'self' data: blob:; media-src 'self' data: blob:; "
    "style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'none'";

constexpr std::string_view kNotBuilt =
    "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Catalejo</title>"
    "<h1>Catalejo is running</h1><p>This program was built without its page. Build both with "
    "<code>./dev build</code>; the API is described at <a href=\"/openapi.json\">/openapi.json</a>."
    "</p></html>";

const Asset* find_asset(std::span<const Asset> assets, std::string_view path) {
  const auto found = std::ranges::find(assets, path, &Asset::path);
  return found == assets.end() ? nullptr : &*found;
}

bool has_dot_in_name(std::string_view path) {
  return path.substr(path.rfind('/') + 1).find('.') != std::string_view::npos;
}

// Accept-Encoding names gzip and does not say q=0.
bool accepts_gzip(std::string_view header) {
  const std::size_t at = header.find("gzip");
  if (at == std::string_view::npos) return false;
  std::string_view rest = header.substr(at + 4);
  rest = rest.substr(0, rest.find(','));
  const std::size_t quality = rest.find("q=0");
  return quality == std::string_view::npos ||
         rest.find_first_of("123456789", quality) != std::string_view::npos;
}

void add_page_headers(net::Response& response) {
  response.headers.emplace_back("Content-Security-Policy", kContentSecurityPolicy);
}

net::Response serve_asset(const net::Request& request, const Asset& asset) {
  net::Response response;
  const bool hashed = asset.path.starts_with("/assets/");
  response.headers.emplace_back("Content-Type", asset.content_type);
  response.headers.emplace_back("ETag", asset.etag);
  response.headers.emplace_back("Cache-Control",
                                hashed ? "public, max-age=31536000, immutable" : "no-cache");
  response.headers.emplace_back("Vary", "Accept-Encoding");
  add_page_headers(response);
  if (request.header("If-None-Match").find(asset.etag) != std::string_view::npos) {
    response.status = 304;
    return response;
  }
  if (!asset.gzipped.empty() && accepts_gzip(request.header("Accept-Encoding"))) {
    response.headers.emplace_back("Content-Encoding", "gzip");
    response.body = asset.gzipped;
  } else {
    response.body = asset.bytes;
  }
  return response;
}

}  // namespace

net::Response page_answer(const net::Request& request) {
  return page_answer(request, embedded_assets());
}

net::Response page_answer(const net::Request& request, std::span<const Asset> assets) {
  if (request.method != "GET" && request.method != "HEAD") {
    net::Response response =
        problem({Code::method_not_allowed, "use GET or HEAD here", request.path});
    response.headers.emplace_back("Allow", "GET, HEAD");
    return response;
  }
  if (const Asset* asset = find_asset(assets, request.path)) return serve_asset(request, *asset);
  if (has_dot_in_name(request.path))
    return problem({Code::not_found, "there is no such file", request.path});
  if (const Asset* index = find_asset(assets, "/index.html")) return serve_asset(request, *index);
  net::Response response = net::text_response(200, std::string(kNotBuilt));
  response.headers.clear();
  response.headers.emplace_back("Content-Type", "text/html; charset=utf-8");
  add_page_headers(response);
  return response;
}

}  // namespace catalejo::api
