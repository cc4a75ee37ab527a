#include "intake/agent_api.hpp"

#include <fmt/format.h>

#include <memory>
#include <optional>
#include <utility>

#include "base/ids.hpp"
#include "base/limits.hpp"
#include "codec/digest.hpp"
#include "codec/json_writer.hpp"
#include "intake/dd_apm/traces.hpp"
#include "intake/dd_llmobs/events.hpp"
#include "intake/receiver.hpp"

namespace catalejo::intake {
namespace {

// Every rate is 1: what to keep is decided here, not in the application.
constexpr const char* kRates = R"({"rate_by_service":{"service:,env:":1}})";

// Other products of the tracers: an empty answer keeps them quiet.
constexpr std::string_view kQuiet[] = {
    "/profiling/", "/debugger/",    "/symdb/",        "/v0.1/pipeline_stats", "/tracer_flare/",
    "/dogstatsd/", "/openlineage/", "/v0.3/services", "/v0.4/services",       "/config/set",
};

net::Response json_ok(int status, const char* body) {
  return net::json_response(status, body);
}

class AgentApi {
 public:
  AgentApi(const AgentOptions& options, pipeline::Pipeline& pipeline, Counters& counters)
      : receiver_(std::make_shared<Receiver>(pipeline, counters)),
        info_(agent_info(options)),
        info_hash_(codec::sha256_hex(info_)) {}

  // Tracers ask for /info again when this header is no longer the hash of what they have.
  static Task<net::Response> handle(std::shared_ptr<AgentApi> self, net::Request request) {
    net::Response response = co_await self->route(std::move(request));
    response.headers.emplace_back("Datadog-Agent-State", self->info_hash_);
    co_return response;
  }

 private:
  Task<net::Response> route(net::Request request) {
    const std::string_view path = request.path;
    if (path == "/v0.4/traces" || path == "/v0.3/traces")
      return traces(std::move(request), dd_apm::parse_v04);
    if (path == "/v0.5/traces") return traces(std::move(request), dd_apm::parse_v05);
    if (path.starts_with("/evp_proxy/v")) return proxied(std::move(request));
    if (path == "/info") {
      receiver_->count("/info");
      return Receiver::answer(net::json_response(200, info_));
    }
    if (path == "/v0.7/config") {
      receiver_->count("/v0.7/config");
      return Receiver::answer(json_ok(200, "{}"));
    }
    if (path.starts_with("/telemetry/proxy/")) {
      receiver_->count("/telemetry/proxy/");
      return Receiver::answer({.status = 202});
    }
    if (path == "/v0.6/stats") {
      receiver_->count("/v0.6/stats");
      return Receiver::stats(receiver_, std::move(request), false, {.status = 200});
    }
    return Receiver::answer(unhandled(request));
  }

  Task<net::Response> traces(net::Request request, Receiver::Parse parse) {
    receiver_->count(request.path);
    if (!is_upload(request)) return Receiver::answer(method_not_allowed("POST, PUT"));
    count_client_drops(request);
    return Receiver::batch(receiver_, std::move(request), parse, json_ok(200, kRates));
  }

  // What the tracer dropped before sending, by its own account.
  void count_client_drops(const net::Request& request) {
    for (const auto& [header, counter] :
         {std::pair{"Datadog-Client-Dropped-P0-Traces", "catalejo_client_dropped_traces_total"},
          std::pair{"Datadog-Client-Dropped-P0-Spans", "catalejo_client_dropped_spans_total"}}) {
      if (const auto count = parse_decimal64(request.header(header)))
        receiver_->add(counter, *count);
    }
  }

  // /evp_proxy/v2/<path>: the agent would forward <path> to the host that a header names.
  Task<net::Response> proxied(net::Request request) {
    const std::string_view path = request.path;
    constexpr std::size_t kVersionAt = std::string_view("/evp_proxy/v").size();
    const bool known = path.size() > kVersionAt + 1 && path[kVersionAt] >= '1' &&
                       path[kVersionAt] <= '4' && path[kVersionAt + 1] == '/';
    const std::string_view target = known ? path.substr(kVersionAt + 1) : std::string_view{};
    const bool events = target == "/api/v2/llmobs";
    const bool evaluations = target == "/api/intake/llm-obs/v2/eval-metric" ||
                             target == "/api/intake/llm-obs/v1/eval-metric";
    const bool spans = target == "/api/intake/llm-obs/v1/trace/spans";
    if (!events && !evaluations && !spans) return Receiver::answer(unhandled_proxied(request));
    receiver_->count(path);
    if (!is_upload(request)) return Receiver::answer(method_not_allowed("POST"));
    if (evaluations) return Receiver::evaluations(receiver_, std::move(request));
    return Receiver::batch(receiver_, std::move(request),
                           events ? dd_llmobs::parse_events : dd_llmobs::parse_public_spans,
                           json_ok(202, "{}"));
  }

  // The LLM Observability API must not pretend: an SDK that reads an experiment back needs to hear
  // that it is not served. Uploads for other products are taken and let go.
  net::Response unhandled_proxied(const net::Request& request) {
    receiver_->count_unhandled(request.path);
    const std::string_view subdomain = request.header("X-Datadog-EVP-Subdomain");
    if (is_upload(request) && subdomain != "api" && subdomain != "llmobs-intake")
      return json_ok(202, "{}");
    return net::error_response(
        {Code::not_found, "this part of the Datadog API is not served here", request.path});
  }

  net::Response unhandled(const net::Request& request) {
    receiver_->count_unhandled(request.path);
    for (const std::string_view quiet : kQuiet)
      if (std::string_view(request.path).starts_with(quiet)) return json_ok(200, "{}");
    return net::error_response({Code::not_found,
                                "the agent interface has no such path; GET /info lists them",
                                request.path});
  }

  std::shared_ptr<Receiver> receiver_;
  std::string info_;
  std::string info_hash_;
};

}  // namespace

std::string agent_info(const AgentOptions& options) {
  std::string version, socket;
  codec::append_json_string(version, options.version);
  codec::append_json_string(socket, options.socket);
  return fmt::format(
      R"({{"version":{},"git_commit":"","endpoints":["/v0.3/traces","/v0.4/traces","/v0.5/traces",)"
      R"("/v0.7/config","/telemetry/proxy/","/evp_proxy/v1/","/evp_proxy/v2/","/evp_proxy/v3/",)"
      R"("/evp_proxy/v4/"],"feature_flags":[],"client_drop_p0s":false,"span_meta_structs":true,)"
      R"("long_running_spans":false,"span_events":true,"evp_proxy_allowed_headers":["Content-Type",)"
      R"("Accept-Encoding","Content-Encoding","User-Agent","DD-CI-PROVIDER-NAME"],"peer_tags":[],)"
      R"("span_kinds_stats_computed":[],"obfuscation_version":0,"config":{{"default_env":"none",)"
      R"("receiver_port":{},"receiver_socket":{},"max_request_bytes":{},"statsd_port":8125}}}})",
      version, options.port, socket, limits::intake_body_bytes_max);
}

net::Handler agent_handler(AgentOptions options, pipeline::Pipeline& pipeline, Counters& counters) {
  auto api = std::make_shared<AgentApi>(options, pipeline, counters);
  return [api](net::Request request) { return AgentApi::handle(api, std::move(request)); };
}

}  // namespace catalejo::intake
