#include <fmt/format.h>
#include <gtest/gtest.h>
#include <zlib.h>
#include <zstd.h>

#include "base/limits.hpp"
#include "codec/digest.hpp"
#include "intake/agent_api.hpp"
#include "intake/agentless_api.hpp"
#include "support/capture.hpp"
#include "support/fake_store.hpp"

namespace catalejo::intake {
namespace {

class Handlers : public testing::Test {
 protected:
  net::Response agent(net::Request request) { return run_blocking(agent_(std::move(request))); }
  net::Response agentless(net::Request request) {
    return run_blocking(agentless_(std::move(request)));
  }
  static net::Request request(std::string method, std::string path, std::string body = {},
                              net::Headers headers = {}) {
    return {.method = std::move(method),
            .path = std::move(path),
            .query = {},
            .headers = std::move(headers),
            .body = std::move(body),
            .peer = "test"};
  }
  std::uint64_t counted(const std::string& name, const std::string& labels = {}) {
    return counters_.counter(name, labels).value();
  }

  FakeStore store_;
  model::Ledger ledger_;
  Counters counters_;
  pipeline::Pipeline pipeline_{store_, ledger_};
  net::Handler agent_ =
      agent_handler({.version = "1.2", .port = 8126, .socket = "/run/x"}, pipeline_, counters_);
  net::Handler agentless_ = agentless_handler(
      {.check_key = [](std::string_view key) { return key == "good"; }}, pipeline_, counters_);
};

TEST_F(Handlers, CountSpansOnceWhoeverMakesStatisticsOfThem) {
  pipeline::SpanMetrics metrics(100, nullptr, counters_);
  pipeline::Pipeline pipeline(store_, ledger_, {.span_metrics = &metrics});
  const net::Handler agent =
      agent_handler({.version = "1.2", .port = 8126, .socket = ""}, pipeline, counters_);
  const auto hits = [&](net::Request sent) {
    EXPECT_EQ(run_blocking(agent(std::move(sent))).status, 200);
    double sum = 0;
    for (pipeline::MetricInterval& interval : metrics.due({INT64_MAX}).intervals)
      for (const model::MetricPoint& point : pipeline::points_of(std::move(interval)))
        if (point.name == "trace.azure.functions.invoke.hits") sum += point.value;
    return sum;
  };
  const std::string spans = inflated_body("azfn-agent-v04");
  const std::string stats = inflated_body("azfn-agent-stats");
  const double made = hits(request("POST", "/v0.4/traces", spans));
  EXPECT_GT(made, 0);
  EXPECT_EQ(
      hits(request("POST", "/v0.4/traces", spans, {{"Datadog-Client-Computed-Stats", "true"}})), 0);
  EXPECT_EQ(
      hits(request("POST", "/v0.4/traces", spans, {{"Datadog-Client-Computed-Stats", "false"}})),
      made);
  EXPECT_GT(hits(request("POST", "/v0.6/stats", stats)), 0);
  EXPECT_EQ(hits(request("POST", "/v0.6/stats", stats)), 0);
  EXPECT_GT(counted("catalejo_stats_duplicate_total"), 0u);
}

TEST_F(Handlers, SendTheHashOfInfoWithEveryAnswerOfTheAgent) {
  const net::Response info = agent(request("GET", "/info"));
  EXPECT_EQ(info.status, 200);
  const std::string hash = codec::sha256_hex(info.body);
  for (const net::Request& each :
       {request("GET", "/info"), request("POST", "/v0.4/traces", "\x90"),
        request("GET", "/nothing"), request("POST", "/v0.4/traces", "broken"),
        request("POST", "/evp_proxy/v2/api/v2/llmobs", "[]"), request("POST", "/v0.7/config")})
    EXPECT_EQ(net::find_header(agent(each).headers, "Datadog-Agent-State"), hash) << each.path;
}

TEST_F(Handlers, OfferOnlyWhatWorks) {
  const std::string info = agent(request("GET", "/info")).body;
  for (const char* offered : {"\"/v0.4/traces\"", "\"/v0.5/traces\"", "\"/evp_proxy/v2/\"",
                              "\"client_drop_p0s\":false", "\"receiver_port\":8126"})
    EXPECT_NE(info.find(offered), std::string::npos) << offered;
  for (const char* absent : {"/v0.6/stats", "/v1.0/traces", "/profiling", "/debugger"})
    EXPECT_EQ(info.find(absent), std::string::npos) << absent;
}

TEST_F(Handlers, TakeTracesByPostAndPut) {
  for (const char* method : {"POST", "PUT"}) {
    net::Request traces = load_capture("agent-uds-traces");
    traces.method = method;
    const net::Response response = agent(std::move(traces));
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.body, R"({"rate_by_service":{"service:,env:":1}})");
  }
  EXPECT_EQ(store_.appends, 2);
  EXPECT_EQ(ledger_.spans().received, 6u);
  EXPECT_EQ(counted("catalejo_intake_requests_total", "endpoint=\"/v0.4/traces\""), 2u);
  EXPECT_EQ(agent(request("GET", "/v0.4/traces")).status, 405);
}

TEST_F(Handlers, CountWhatTheClientDroppedItself) {
  EXPECT_EQ(agent(load_capture("agent-v04-p0-dropped-empty")).status, 200);
  EXPECT_EQ(counted("catalejo_client_dropped_traces_total"), 1u);
  EXPECT_EQ(counted("catalejo_client_dropped_spans_total"), 4u);
  EXPECT_EQ(store_.appends, 0);
}

TEST_F(Handlers, RefuseBodiesByTheirFaultAndCountIt) {
  std::string bomb(200u << 20, '\0');
  std::string zstd(ZSTD_compressBound(bomb.size()), '\0');
  zstd.resize(ZSTD_compress(zstd.data(), zstd.size(), bomb.data(), bomb.size(), 1));
  std::string().swap(bomb);
  struct Case {
    std::string body;
    std::string encoding;
    int status;
    const char* reason;
  };
  for (const Case& c : {
           Case{"\x91", "", 400, "malformed"},
           {"\x90", "br", 415, "unsupported_encoding"},
           {"\x90", "gzip, gzip", 415, "unsupported_encoding"},
           {"\x90", "gzip", 400, "malformed"},
           {zstd, "zstd", 413, "body_too_large"},
           {std::string(limits::intake_body_bytes_max + 1, '\x90'), "", 413, "body_too_large"},
           {std::string(200, '[') + std::string(200, ']'), "", 400, "too_deep"},
       }) {
    const std::uint64_t before = ledger_.requests_rejected()[c.reason];
    const net::Response response =
        agent(request("POST", "/v0.4/traces", c.body, {{"content-encoding", c.encoding}}));
    EXPECT_EQ(response.status, c.status) << c.reason;
    EXPECT_NE(response.body.find(c.reason), std::string::npos) << response.body;
    EXPECT_EQ(ledger_.requests_rejected()[c.reason], before + 1);
  }
  EXPECT_EQ(store_.appends, 0);
}

TEST_F(Handlers, TakeCompressedBodies) {
  const std::string plain = load_body("agent-evp-llmobs-apm-off");
  std::string packed(compressBound(plain.size()), '\0');
  uLongf size = packed.size();
  ASSERT_EQ(compress(reinterpret_cast<Bytef*>(packed.data()), &size,
                     reinterpret_cast<const Bytef*>(plain.data()), plain.size()),
            Z_OK);
  packed.resize(size);
  EXPECT_EQ(agent(request("POST", "/evp_proxy/v4/api/v2/llmobs", packed,
                          {{"Content-Encoding", "deflate"}}))
                .status,
            202);
  EXPECT_EQ(ledger_.spans().received, 1u);
}

TEST_F(Handlers, TakeABodyOfTheFullSize) {
  // One span whose resource fills the 25 MiB.
  std::string body("\x91\x91\x83\xa8trace_id\x01\xa7span_id\x02\xa8resource\xdb", 32);
  const std::size_t size = limits::intake_body_bytes_max - body.size() - 4;
  for (int shift = 24; shift >= 0; shift -= 8) body += static_cast<char>(size >> shift);
  body.append(size, 'x');
  ASSERT_EQ(body.size(), limits::intake_body_bytes_max);
  EXPECT_EQ(agent(request("POST", "/v0.4/traces", body)).status, 200);
  EXPECT_EQ(ledger_.spans().received, 1u);
}

TEST_F(Handlers, AnswerWhatTheStoreRefusesSoThatTheClientTriesAgain) {
  for (const Code code : {Code::busy, Code::disk_full, Code::shutting_down}) {
    store_.refusal = Error{code, "no", {}};
    const net::Response response = agent(load_capture("agent-uds-traces"));
    EXPECT_EQ(response.status, 503);
    EXPECT_FALSE(net::find_header(response.headers, "Retry-After").empty());
  }
  EXPECT_EQ(ledger_.spans().rejected["disk_full"], 3u);
  EXPECT_EQ(ledger_.spans().in_flight, 0u);
}

TEST_F(Handlers, KeepOtherProductsQuietAndCountThemByName) {
  EXPECT_EQ(agent(request("POST", "/profiling/v1/input", "x")).status, 200);
  EXPECT_EQ(counted("catalejo_intake_unhandled_total", "path=\"/profiling/v1/input\""), 1u);
  EXPECT_EQ(agent(request("POST", "/v1.0/traces", "x")).status, 404);
  EXPECT_EQ(counted("catalejo_intake_unhandled_total", "path=\"/v1.0/traces\""), 1u);
  EXPECT_EQ(agent(request("POST", "/telemetry/proxy/api/v2/apmtelemetry", "x")).status, 202);
  EXPECT_EQ(agent(request("GET", "/v0.7/config", "{}")).body, "{}");
}

TEST_F(Handlers, RouteTheProxyByPath) {
  struct Case {
    const char* method;
    const char* path;
    const char* subdomain;
    const char* body;
    int status;
  };
  for (const Case& c : {
           Case{"POST", "/evp_proxy/v1/api/v2/llmobs", "llmobs-intake", "[]", 202},
           {"POST", "/evp_proxy/v4/api/v2/llmobs", "", "[]", 202},
           {"GET", "/evp_proxy/v2/api/v2/llmobs", "", "", 405},
           {"POST", "/evp_proxy/v5/api/v2/llmobs", "api", "[]", 404},
           {"POST", "/evp_proxy/v2/api/unstable/llm-obs/v1/projects", "api", "{}", 404},
           {"GET", "/evp_proxy/v2/api/v2/llm-obs/v1/experiments", "api", "", 404},
           {"POST", "/evp_proxy/v2/api/v2/citestcycle", "citestcycle-intake", "x", 202},
           {"POST", "/evp_proxy/v2", "api", "x", 404},
           {"POST", "/evp_proxy/v2/api/intake/llm-obs/v1/trace/spans", "api",
            R"({"data":{"attributes":{"spans":[]}}})", 202},
       })
    EXPECT_EQ(
        agent(request(c.method, c.path, c.body, {{"X-Datadog-EVP-Subdomain", c.subdomain}})).status,
        c.status)
        << c.path;
}

TEST_F(Handlers, AnswerEvaluationsWithTheirIdsAndWith400WhenNoneWasGood) {
  const net::Response good = agent(load_capture("agent-evp-eval-metric"));
  EXPECT_EQ(good.status, 202);
  EXPECT_EQ(good.body.find("{\"data\":{\"id\":\""), 0u);
  const std::string path = "/evp_proxy/v2/api/intake/llm-obs/v2/eval-metric";
  const net::Response bad =
      agent(request("POST", path, R"({"data":{"attributes":{"metrics":[{"label":"a.b"}]}}})"));
  EXPECT_EQ(bad.status, 400);
  EXPECT_NE(bad.body.find("label_with_dot"), std::string::npos);
  EXPECT_EQ(ledger_.evaluations().rejected["label_with_dot"], 1u);
}

TEST_F(Handlers, WantAKeyForEveryAgentlessPath) {
  const net::Headers none = {}, wrong = {{"dd-api-key", "bad"}}, right = {{"DD-API-KEY", "good"}},
                     bearer = {{"Authorization", "Bearer good"}};
  for (const char* path : {"/v1/input", "/api/v2/llmobs", "/api/intake/llm-obs/v2/eval-metric",
                           "/api/intake/llm-obs/v1/eval-metric", "/api/v0.2/stats",
                           "/api/intake/llm-obs/v1/trace/spans", "/api/v2/apmtelemetry",
                           "/api/v0.1/configurations", "/api/v0.1/org", "/api/v1/validate"}) {
    EXPECT_EQ(agentless(request("POST", path, "{}", none)).status, 403) << path;
    EXPECT_EQ(agentless(request("POST", path, "{}", wrong)).status, 403) << path;
    EXPECT_NE(agentless(request("POST", path, "{}", right)).status, 403) << path;
    EXPECT_NE(agentless(request("POST", path, "{}", bearer)).status, 403) << path;
    net::Request by_query = request("POST", path, "{}");
    by_query.query = "api_key=good";
    EXPECT_NE(agentless(std::move(by_query)).status, 403) << path;
  }
  EXPECT_EQ(ledger_.requests_rejected()["forbidden"], 20u);
  EXPECT_EQ(agentless(request("GET", "/api/v1/validate", "", right)).body, R"({"valid":true})");
  EXPECT_EQ(agentless(request("GET", "/v1/input", "", right)).status, 405);
}

TEST_F(Handlers, KnowWhichPathsAreTheIntakes) {
  for (const char* mine :
       {"/v1/input", "/api/v2/llmobs", "/base/x/api/v2/llmobs", "/evp_proxy/v2/api/v2/llmobs",
        "/api/v1/validate", "/b/api/intake/llm-obs/v2/eval-metric"})
    EXPECT_TRUE(agentless_route(request("POST", mine))) << mine;
  for (const char* other : {"/", "/api/v1/traces", "/profiling/v1/input", "/x/v1/input",
                            "/api/v2/llm-obs/v1/spans/events", "/api/v2/llmobs/x", "/v0.4/traces"})
    EXPECT_FALSE(agentless_route(request("POST", other))) << other;
}

}  // namespace
}  // namespace catalejo::intake
