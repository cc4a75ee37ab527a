#include "capture.hpp"

#include <gtest/gtest.h>

#include "base/file.hpp"
#include "codec/inflate.hpp"
#include "codec/json_dom.hpp"
#include "support/paths.hpp"

namespace catalejo::intake {
namespace {

std::string path_of(const std::string& name, const char* suffix) {
  return test_data("protocol/captures/" + name + suffix);
}

}  // namespace

std::string load_body(const std::string& name) {
  return read_file(path_of(name, ".bin")).value_or(std::string());  // a GET has none
}

net::Request load_capture(const std::string& name) {
  Result<std::string> text = read_file(path_of(name, ".json"));
  EXPECT_TRUE(text) << name;
  net::Request request;
  codec::JsonDocument document;
  if (!text || !document.parse(*text)) return request;
  const codec::dom::element root = codec::root(document);
  const std::string target(codec::text_or_empty(root["method"].value_unsafe()));
  request.method = target;
  const std::string_view whole = codec::text_or_empty(root["target"].value_unsafe());
  const std::size_t question = whole.find('?');
  request.path = whole.substr(0, question);
  if (question != std::string_view::npos) request.query = whole.substr(question + 1);
  const codec::dom::array headers = root["headers"].get_array().value_unsafe();
  for (const codec::dom::element header : headers)
    request.headers.emplace_back(codec::text_or_empty(header.at(0).value_unsafe()),
                                 codec::text_or_empty(header.at(1).value_unsafe()));
  request.body = load_body(name);
  return request;
}

std::string inflated_body(const std::string& name) {
  net::Request request = load_capture(name);
  Result<std::string> body = codec::inflate(request.header("Content-Encoding"), request.body);
  EXPECT_TRUE(body) << name;
  return body.value_or(std::string());
}

}  // namespace catalejo::intake
