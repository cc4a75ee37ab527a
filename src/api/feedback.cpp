// POST /api/v1/feedback: what a person says. GET /api/v1/evaluations: what was said about a trace
// or a session.
#include "api/body.hpp"
#include "api/parameters.hpp"
#include "api/spans_json.hpp"
#include "api/verdict.hpp"
#include "base/limits.hpp"

namespace catalejo::api {
namespace {

constexpr std::size_t kBodyBytesMax = 4 * limits::comment_bytes_max;

Result<Verdict> parse_feedback(std::string body) {
  Verdict verdict;
  bool has_value = false, is_text = false;
  CATALEJO_TRY(read_body(
      std::move(body),
      [&](std::string_view name, codec::dom::element value) -> Result<void> {
        auto target = read_target(name, value, verdict.target);
        if (!target) return target.error();
        if (*target) return {};
        if (name == "value") {
          has_value = true;
          return read_value(value, verdict);
        }
        if (name == "withdrawn") {
          if (value.get(verdict.withdrawn) == simdjson::SUCCESS) return {};
          return bad(name, "must be true or false");
        }
        std::string type;
        for (const auto& [key, part] : {std::pair{"name", &verdict.label},
                                        {"assessment", &verdict.assessment},
                                        {"comment", &verdict.comment},
                                        {"author", &verdict.author},
                                        {"type", &type}}) {
          if (name != key) continue;
          auto text = read_text(name, value);
          if (!text) return text.error();
          *part = *std::move(text);
          is_text = is_text || type == "text";
          if (type.empty() || is_text) return {};
          return bad("type", "is told by the value; only \"text\" may be written");
        }
        return no_such_field(name);
      },
      kBodyBytesMax));
  if (!has_value && !verdict.withdrawn) return bad("value", "value is missing");
  if (is_text && verdict.type == model::MetricType::categorical)
    verdict.type = model::MetricType::text;
  CATALEJO_TRY(check_verdict(verdict));
  return verdict;
}

}  // namespace

Answer give_feedback(ApiPtr api, net::Request request, std::string) {
  auto verdict = parse_feedback(request.body);
  if (!verdict) co_return problem(verdict.error());
  if (verdict->author.empty() && api->options.keys_required())
    verdict->author = who(api, request).substr(0, limits::short_name_bytes_max);
  model::Batch batch;
  const TraceId id = add_verdict(batch, *verdict);
  auto kept = co_await api->options.accept(std::move(batch));
  if (!kept) co_return problem(kept.error());
  std::string body;
  Fields fields(body);
  fields.trace_id("id", id);
  fields.close();
  co_return json_answer(std::move(body));
}

Answer get_evaluations(ApiPtr api, net::Request request, std::string) {
  auto parameters = parameters_of(request);
  if (!parameters) co_return problem(parameters.error());
  query::EvaluationTargets targets;
  for (const auto& [name, value] : *parameters) {
    if (name != "trace_id") continue;
    const auto id = parse_trace_id(value);
    if (!id || id->empty()) co_return problem(bad("trace_id", "this is no trace id"));
    targets.traces.push_back(*id);
  }
  if (const std::string* text = find_parameter(*parameters, "session"); text && !text->empty())
    targets.sessions.push_back(*text);
  if (targets.traces.empty() && targets.sessions.empty())
    co_return problem(bad("session", "name a session, or a trace as trace_id"));
  auto found = co_await api->reader.evaluations(std::move(targets));
  if (!found) co_return problem(found.error());
  std::string body;
  Fields fields(body);
  append_array(fields.key("evaluations"), found->rows, append_evaluation);
  fields.close();
  co_return json_answer(std::move(body));
}

}  // namespace catalejo::api
