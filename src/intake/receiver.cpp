#include "intake/receiver.hpp"

#include <fmt/format.h>

#include <utility>

#include "base/limits.hpp"
#include "codec/inflate.hpp"
#include "intake/dd_apm/stats.hpp"
#include "intake/dd_llmobs/evaluations.hpp"

namespace catalejo::intake {
namespace {

constexpr std::size_t kPathBytesShown = 120;

// As the Agent reads headers: "true", "yes", whatever is not a no.
bool says_true(std::string_view header) {
  return !header.empty() && header != "false" && header != "0" && header != "f" &&
         header != "False" && header != "FALSE";
}

}  // namespace

bool is_upload(const net::Request& request) {
  return request.method == "POST" || request.method == "PUT";
}

net::Response method_not_allowed(std::string_view allowed) {
  net::Response response = net::error_response(
      {Code::method_not_allowed, fmt::format("use {} on this path", allowed), {}});
  response.headers.emplace_back("Allow", allowed);
  return response;
}

void Receiver::count(std::string_view endpoint) {
  counters_.counter("catalejo_intake_requests_total", label("endpoint", endpoint)).add();
}

void Receiver::count_unhandled(std::string_view path) {
  counters_
      .counter("catalejo_intake_unhandled_total", label("path", path.substr(0, kPathBytesShown)))
      .add();
}

void Receiver::add(std::string_view counter, std::uint64_t amount) {
  counters_.counter(counter).add(amount);
}

net::Response Receiver::refuse(const Error& error) {
  pipeline_.ledger().reject_request(std::string(code_name(error.code)));
  return net::error_response(error);
}

Result<std::string> Receiver::body_of(net::Request& request) {
  if (request.body.size() > limits::intake_body_bytes_max)
    return Error{Code::body_too_large,
                 fmt::format("the body has {} bytes, {} are accepted; send smaller batches",
                             request.body.size(), limits::intake_body_bytes_max),
                 "body"};
  return codec::inflate(request.header("Content-Encoding"), std::move(request.body));
}

Task<net::Response> Receiver::answer(net::Response response) {
  co_return response;
}

Task<net::Response> Receiver::accept(model::Batch batch, net::Response done) {
  const Result<store::Appended> appended = co_await pipeline_.accept(std::move(batch));
  if (!appended) co_return net::error_response(appended.error());
  co_return done;
}

Task<net::Response> Receiver::batch(std::shared_ptr<Receiver> self, net::Request request,
                                    Parse parse, net::Response done) {
  Result<std::string> body = self->body_of(request);
  if (!body) co_return self->refuse(body.error());
  Result<model::Batch> batch = parse(std::move(*body));
  if (!batch) co_return self->refuse(batch.error());
  batch->client_computed_stats |= says_true(request.header("Datadog-Client-Computed-Stats"));
  co_return co_await self->accept(std::move(*batch), std::move(done));
}

Task<net::Response> Receiver::evaluations(std::shared_ptr<Receiver> self, net::Request request) {
  Result<std::string> body = self->body_of(request);
  if (!body) co_return self->refuse(body.error());
  Result<dd_llmobs::ParsedEvaluations> parsed = dd_llmobs::parse_evaluations(std::move(*body));
  if (!parsed) co_return self->refuse(parsed.error());
  // When nothing could be taken, the client must hear it: 400 is not tried again.
  const bool all_refused =
      parsed->batch.evaluations.empty() && !parsed->batch.evaluations_rejected.empty();
  net::Response done = net::json_response(all_refused ? 400 : 202, std::move(parsed->answer));
  co_return co_await self->accept(std::move(parsed->batch), std::move(done));
}

Task<net::Response> Receiver::events(std::shared_ptr<Receiver> self, net::Request request,
                                     ParseEvents parse) {
  Result<std::string> body = self->body_of(request);
  if (!body) co_return self->refuse(body.error());
  Result<dd_events::Parsed> parsed = parse(std::move(*body), now());
  if (!parsed) co_return self->refuse(parsed.error());
  const bool some = parsed->batch.events_received > 0;
  const Result<store::Appended> appended =
      co_await self->pipeline_.accept(std::move(parsed->batch));
  if (!appended) co_return net::error_response(appended.error());
  const model::Outcome& kept = appended->events;
  if (some && kept.stored + kept.cut + kept.duplicate == 0) {
    const Error out_of_time{Code::out_of_range,
                            "the title is empty, or the time is older than events are kept or more "
                            "than a day ahead",
                            {}};
    co_return net::error_response(parsed->refused.value_or(out_of_time));
  }
  co_return net::json_response(202, std::move(parsed->answer));
}

Task<net::Response> Receiver::stats(std::shared_ptr<Receiver> self, net::Request request,
                                    bool wrapped, net::Response done) {
  Result<std::string> body = self->body_of(request);
  if (!body) co_return self->refuse(body.error());
  const Result<model::TraceStats> stats = dd_apm::parse_stats(*body, wrapped);
  if (!stats) co_return self->refuse(stats.error());
  self->add("catalejo_stats_buckets_total", stats->buckets);
  self->add("catalejo_stats_groups_total", stats->groups.size());
  self->add("catalejo_stats_sketches_unread_total", stats->sketches_unread);
  if (!self->pipeline_.accept_stats(*stats, hash128(*body)))
    self->add("catalejo_stats_duplicate_total", stats->groups.size());
  co_return done;
}

}  // namespace catalejo::intake
