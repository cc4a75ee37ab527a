#include "intake/agentless_api.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "intake/dd_agentless/input.hpp"
#include "intake/dd_apm/traces.hpp"
#include "intake/dd_llmobs/events.hpp"
#include "intake/dd_metrics/payloads.hpp"
#include "intake/dd_metrics/series.hpp"
#include "intake/receiver.hpp"

namespace catalejo::intake {
namespace {

enum class Kind {
  events,
  metrics_v1,
  metrics_v2,
  distributions,
  sketches,
  happened,  // events of the API
  checks,
  agent_intake,
  public_spans,
  evaluations,
  traces,
  agent_traces,
  stats,
  telemetry,
  configuration,
  validate,
};

struct Route {
  std::string_view path;
  Kind kind;
  bool behind_base_path;
  bool upload_only = false;  // the page's API has the same path for reading
};

constexpr Route kRoutes[] = {
    {"/api/v2/llmobs", Kind::events, true},
    {"/api/intake/llm-obs/v2/eval-metric", Kind::evaluations, true},
    {"/api/intake/llm-obs/v1/eval-metric", Kind::evaluations, true},
    {"/api/intake/llm-obs/v1/trace/spans", Kind::public_spans, true},
    {"/v1/input", Kind::traces, false},
    {"/api/v0.2/traces", Kind::agent_traces, false},
    {"/api/v0.2/stats", Kind::stats, false},
    {"/api/v2/apmtelemetry", Kind::telemetry, false},
    {"/api/v0.1/configurations", Kind::configuration, false},
    {"/api/v0.1/org", Kind::configuration, false},
    {"/api/v1/validate", Kind::validate, false},
    {"/api/v1/series", Kind::metrics_v1, false, true},
    {"/api/v2/series", Kind::metrics_v2, false},
    {"/api/v1/distribution_points", Kind::distributions, false},
    {"/api/beta/sketches", Kind::sketches, false},
    {"/api/v1/events", Kind::happened, false, true},
    {"/api/v1/check_run", Kind::checks, false},
    {"/intake/", Kind::agent_intake, false},
    {"/intake", Kind::agent_intake, false},
};

const Route* find_route(const net::Request& request) {
  const std::string_view path = request.path;
  for (const Route& route : kRoutes) {
    if (route.upload_only && !is_upload(request)) continue;
    if (path == route.path || (route.behind_base_path && path.ends_with(route.path))) return &route;
  }
  return nullptr;
}

std::string key_of(const net::Request& request) {
  if (const std::string_view key = request.header("DD-API-KEY"); !key.empty())
    return std::string(key);
  constexpr std::string_view kBearer = "Bearer ";
  const std::string_view authorization = request.header("Authorization");
  if (authorization.starts_with(kBearer)) return std::string(authorization.substr(kBearer.size()));
  return request.parameter("api_key").value_or(std::string());
}

class AgentlessApi {
 public:
  AgentlessApi(AgentlessOptions options, pipeline::Pipeline& pipeline, Counters& counters)
      : options_(std::move(options)), receiver_(std::make_shared<Receiver>(pipeline, counters)) {}

  Task<net::Response> route(net::Request request) {
    const Route* route = find_route(request);
    if (!route) {
      receiver_->count_unhandled(request.path);
      return Receiver::answer(
          net::error_response({Code::not_found, "the intake has no such path", request.path}));
    }
    receiver_->count(route->path);
    if (!options_.check_key(key_of(request))) return Receiver::answer(forbidden());
    const bool reads = route->kind == Kind::validate || route->kind == Kind::configuration;
    if (!reads && !is_upload(request)) return Receiver::answer(method_not_allowed("POST"));
    return serve(route->kind, std::move(request));
  }

 private:
  net::Response forbidden() {
    return receiver_->refuse(
        {Code::forbidden,
         "the API key is missing, unknown or revoked; make one with `catalejo key create` and send "
         "it as DD-API-KEY",
         {}});
  }

  Task<net::Response> serve(Kind kind, net::Request request) {
    net::Response taken = net::json_response(202, "{}");
    switch (kind) {
      case Kind::events:
        return Receiver::batch(receiver_, std::move(request), dd_llmobs::parse_events,
                               std::move(taken));
      case Kind::metrics_v1:
        return Receiver::batch(receiver_, std::move(request), dd_metrics::parse_series_v1,
                               net::json_response(202, R"({"status":"ok"})"));
      case Kind::metrics_v2:
        return metrics_v2(std::move(request));
      case Kind::distributions:
        return Receiver::batch(receiver_, std::move(request), dd_metrics::parse_distribution_points,
                               net::json_response(202, R"({"status":"ok"})"));
      case Kind::sketches:
        return Receiver::batch(receiver_, std::move(request), dd_metrics::parse_sketch_payload,
                               std::move(taken));
      case Kind::happened:
        return Receiver::events(receiver_, std::move(request), dd_events::parse_event);
      case Kind::checks:
        return Receiver::events(receiver_, std::move(request), dd_events::parse_check_run);
      case Kind::agent_intake:
        return Receiver::events(receiver_, std::move(request), dd_events::parse_agent_intake);
      case Kind::public_spans:
        return Receiver::batch(receiver_, std::move(request), dd_llmobs::parse_public_spans,
                               {.status = 202});
      case Kind::traces:
        return Receiver::batch(receiver_, std::move(request), dd_agentless::parse_input,
                               std::move(taken));
      case Kind::agent_traces:
        return Receiver::batch(receiver_, std::move(request), dd_apm::parse_agent_payload,
                               std::move(taken));
      case Kind::evaluations:
        return Receiver::evaluations(receiver_, std::move(request));
      case Kind::stats:
        return Receiver::stats(receiver_, std::move(request), true, std::move(taken));
      case Kind::telemetry:
        return Receiver::answer({.status = 202});
      case Kind::configuration:
        return Receiver::answer(net::json_response(200, "{}"));
      case Kind::validate:
        return Receiver::answer(net::json_response(200, R"({"valid":true})"));
    }
    return Receiver::answer(net::error_response({Code::internal, "a route has no handler", {}}));
  }

  // JSON of an API client, protobuf of an Agent.
  Task<net::Response> metrics_v2(net::Request request) {
    const bool json = request.header("Content-Type").find("json") != std::string_view::npos;
    return Receiver::batch(receiver_, std::move(request),
                           json ? dd_metrics::parse_series_v2 : dd_metrics::parse_metric_payload,
                           net::json_response(202, R"({"errors":[]})"));
  }

  AgentlessOptions options_;
  std::shared_ptr<Receiver> receiver_;
};

}  // namespace

bool agentless_route(const net::Request& request) {
  return find_route(request) != nullptr;
}

net::Handler agentless_handler(AgentlessOptions options, pipeline::Pipeline& pipeline,
                               Counters& counters) {
  auto api = std::make_shared<AgentlessApi>(std::move(options), pipeline, counters);
  return [api](net::Request request) { return api->route(std::move(request)); };
}

}  // namespace catalejo::intake
