#include "api/guard.hpp"

#include <set>

#include "api/page.hpp"
#include "api/routes.hpp"
#include "api_fixture.hpp"

namespace catalejo::test {
namespace {

TEST_F(ApiTest, AsksForAKeyOnceOneExists) {
  keys_required_ = true;
  store_.now_status.ready = true;
  EXPECT_EQ(get("/api/v1/ledger").status, 401);
  EXPECT_EQ(get("/metrics").status, 401);
  EXPECT_EQ(get("/api/v1/ledger", {{"DD-API-KEY", "wrong"}}).status, 401);
  EXPECT_EQ(get("/api/v1/ledger", {{"DD-API-KEY", "good"}}).status, 200);
  EXPECT_EQ(get("/api/v1/ledger", {{"Authorization", "Bearer good"}}).status, 200);
  EXPECT_EQ(get("/api/v1/ledger", {{"Cookie", "a=b; catalejo_key=good"}}).status, 200);
  EXPECT_EQ(get("/api/v1/ledger?api_key=good").status, 200);
  EXPECT_EQ(get("/api/v1/spans?api_key=good").status, 200);
  for (const char* open : {"/api/health", "/openapi.json", "/", "/traces/1"})
    EXPECT_EQ(get(open).status, 200) << open;
  // With keys the name of the host does not matter.
  EXPECT_EQ(get("/api/v1/ledger", {{"Host", "example.org"}, {"DD-API-KEY", "good"}}).status, 200);
}

TEST_F(ApiTest, AnswersOnlyThisMachineWhileThereIsNoKey) {
  for (const char* host : {"localhost", "localhost:8127", "127.0.0.1:8127", "127.1.2.3",
                           "[::1]:8127", "LOCALHOST:1", "catalejo.localhost:8127"})
    EXPECT_EQ(get("/api/v1/ledger", {{"Host", host}}).status, 200) << host;
  for (const char* host : {"evil.example", "evil.example:8127", "127.evil.example", "127.0.0.1.x",
                           "localhost.evil.example", "[::2]", "[", "10.0.0.1"})
    EXPECT_EQ(get("/api/v1/ledger", {{"Host", host}}).status, 403) << host;
}

TEST_F(ApiTest, RefusesForeignPagesWhileThereIsNoKey) {
  const auto from = [&](const char* origin) {
    return get("/api/v1/ledger", {{"Host", "localhost:8127"}, {"Origin", origin}}).status;
  };
  EXPECT_EQ(from("http://localhost:8127"), 200);
  for (const char* origin : {"http://evil.example", "http://localhost:3000", "null",
                             "https://localhost:8127.evil.example"})
    EXPECT_EQ(from(origin), 403) << origin;
}

TEST_F(ApiTest, TellsAWrongMethodFromAWrongPath) {
  const net::Response wrong = ask("DELETE", "/api/v1/traces");
  EXPECT_EQ(wrong.status, 405);
  EXPECT_EQ(header_of(wrong, "Allow"), "GET, HEAD");
  EXPECT_EQ(ask("GET", "/api/v2/llm-obs/v1/spans/events/search").status, 405);
  for (const char* path : {"/api", "/api/", "/api/v1", "/api/v1/traces/", "/api/v1/traces/1/2"})
    EXPECT_EQ(get(path).status, 404) << path;
  EXPECT_EQ(ask("HEAD", "/api/v1/ledger").status, 200);
}

TEST_F(ApiTest, SendsSecurityHeadersWithEverything) {
  for (const char* path : {"/", "/api/v1/ledger", "/api/nope"})
    EXPECT_EQ(header_of(get(path), "X-Content-Type-Options"), "nosniff") << path;
}

const api::Asset kAssets[] = {
    {"/index.html", "text/html; charset=utf-8", "\"i1\"", "<html>", {}},
    {"/assets/app-1a2b.js", "text/javascript; charset=utf-8", "\"a1\"", "plain", "packed"},
};

net::Response page(const std::string& path, net::Headers headers = {},
                   const std::string& method = "GET") {
  net::Request request;
  request.method = method;
  request.path = path;
  request.headers = std::move(headers);
  return api::page_answer(request, kAssets);
}

TEST(Page, ServesIndexForItsOwnAddressesOnly) {
  for (const char* path : {"/", "/index.html", "/traces", "/traces/6b04", "/a/b/c"})
    EXPECT_EQ(page(path).body, "<html>") << path;
  EXPECT_EQ(page("/favicon.ico").status, 404);
  EXPECT_EQ(page("/assets/gone.js").status, 404);
  EXPECT_EQ(page("/", {}, "POST").status, 405);
  EXPECT_NE(header_of(page("/"), "Content-Security-Policy").find("frame-ancestors 'none'"),
            std::string::npos);
}

TEST(Page, KeepsHashedFilesForEverAndAsksAgainForTheRest) {
  EXPECT_EQ(header_of(page("/"), "Cache-Control"), "no-cache");
  EXPECT_NE(header_of(page("/assets/app-1a2b.js"), "Cache-Control").find("immutable"),
            std::string::npos);
  EXPECT_EQ(page("/", {{"If-None-Match", "\"i1\""}}).status, 304);
  EXPECT_EQ(page("/", {{"If-None-Match", "\"old\""}}).status, 200);
}

TEST(Page, SendsTheCompressedFormOnlyToThoseWhoTakeIt) {
  const auto encoding = [](const char* accepted) {
    const net::Response response = page("/assets/app-1a2b.js", {{"Accept-Encoding", accepted}});
    EXPECT_EQ(response.body,
              header_of(response, "Content-Encoding") == "gzip" ? "packed" : "plain");
    return header_of(response, "Content-Encoding");
  };
  for (const char* yes : {"gzip", "br, gzip, deflate", "gzip;q=0.5"})
    EXPECT_EQ(encoding(yes), "gzip") << yes;
  for (const char* no : {"", "br", "gzip;q=0", "gzip;q=0.0, br"}) EXPECT_EQ(encoding(no), "") << no;
}

TEST(Page, SaysHowToBuildItWhenItIsNotThere) {
  net::Request request;
  request.method = "GET";
  request.path = "/";
  EXPECT_NE(api::page_answer(request, {}).body.find("./dev build"), std::string::npos);
}

TEST_F(ApiTest, DescribesExactlyTheRoutesItHas) {
  const net::Response response = get("/openapi.json");
  std::set<std::string> described, served;
  simdjson::dom::object paths = json(response)["paths"];
  for (const auto& [path, methods] : paths) {
    for (const auto& [method, operation] : simdjson::dom::object(methods)) {
      std::string upper(method);
      for (char& c : upper) c = static_cast<char>(c - 'a' + 'A');
      described.insert(upper + " " + std::string(path));
      const simdjson::dom::element answers = operation["responses"];
      EXPECT_TRUE(answers["200"].error() == simdjson::SUCCESS ||
                  answers["201"].error() == simdjson::SUCCESS ||
                  answers["202"].error() == simdjson::SUCCESS ||
                  answers["204"].error() == simdjson::SUCCESS)
          << path;
    }
  }
  for (const api::Route& route : api::routes())
    served.insert(std::string(route.method) + " " + std::string(route.path));
  EXPECT_EQ(described, served);
}

}  // namespace
}  // namespace catalejo::test
