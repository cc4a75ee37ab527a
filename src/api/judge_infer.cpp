// POST /api/unstable/llm-obs/v1/evaluators/{name}/infer: a published judge asked about a row of an
// experiment, which no stored span stands for; Datadog's RemoteEvaluator and ours.
#include <algorithm>

#include "api/body.hpp"
#include "api/dataset_request.hpp"
#include "api/spans_json.hpp"
#include "evaluate/engine/verdict_json.hpp"
#include "evaluate/judge/runner.hpp"
#include "evaluate/registry.hpp"

namespace catalejo::api {
namespace {

namespace dom = codec::dom;
namespace judge = evaluate::judge;

// The row as a span has it; owns what the row points into.
struct Judged {
  std::string input, output, metadata;
  query::SpanRow row;
};

std::string as_value(dom::object context, std::string_view name) {
  dom::element value;
  if (context[name].get(value) != simdjson::SUCCESS || value.is_null()) return {};
  std::string json = R"({"value":)";
  codec::append_json(json, value);
  return json += '}';
}

// The metadata of the row, with what was expected of it beside them.
std::string metadata_of(dom::object context) {
  dom::object meta, given;
  dom::element expected;
  std::string json;
  Fields fields(json);
  if (context["meta"].get(meta) == simdjson::SUCCESS) {
    if (meta["metadata"].get(given) == simdjson::SUCCESS)
      for (const dom::key_value_pair field : given)
        codec::append_json(fields.key(field.key), field.value);
    if (meta["expected_output"].get(expected) == simdjson::SUCCESS)
      codec::append_json(fields.key("expected_output"), expected);
  }
  fields.close();
  return json;
}

Result<std::shared_ptr<const Judged>> read_context(const AttributesBody& body) {
  const auto found = body.find("context");
  dom::object context;
  if (!found || found->get(context) != simdjson::SUCCESS)
    return bad("context", "must be an object");
  auto judged = std::make_shared<Judged>();
  judged->input = as_value(context, "span_input");
  judged->output = as_value(context, "span_output");
  judged->metadata = metadata_of(context);
  if (judged->input.empty() && judged->output.empty())
    return bad("context", "has neither span_input nor span_output");
  judged->row.start = now();
  judged->row.kind = "experiment";
  judged->row.input = judged->input;
  judged->row.output = judged->output;
  judged->row.metadata = judged->metadata;
  return std::shared_ptr<const Judged>(std::move(judged));
}

// The published version of the judge of that name.
Result<judge::Settings> find_published(store::Judges& judges, const std::string& name) {
  auto all = judges.all();
  if (!all) return all.error();
  const auto found =
      std::ranges::find_if(*all, [&](const store::Judge& one) { return one.name == name; });
  if (found == all->end()) return Error{Code::not_found, "there is no judge of that name", name};
  if (found->version == 0) return Error{Code::not_found, "the judge is not published", name};
  return judge::read_settings(found->published);
}

std::string inference_json(const std::string& name, const evaluate::Verdict& verdict) {
  std::string body;
  Fields fields(body);
  Fields data(fields.key("data"));
  data.text("id", name);
  data.text("type", "evaluator_inference");
  Fields attributes(data.key("attributes"));
  attributes.text("status", "OK");
  evaluate::append_value(attributes.key("value"), verdict);
  attributes.text_or_null("assessment", evaluate::assessment_name(verdict.assessment));
  attributes.text_or_null("reasoning", verdict.reasoning);
  attributes.close();
  data.close();
  fields.close();
  return body;
}

}  // namespace

Answer infer_judge(ApiPtr api, net::Request request, std::string name) {
  AttributesBody body;
  if (auto parsed = body.parse(std::move(request.body)); !parsed) co_return problem(parsed.error());
  auto judged = read_context(body);
  if (!judged) co_return problem(judged.error());
  auto work = [api, name, judged = *judged]() -> Result<judge::Trial> {
    auto settings = find_published(*api->options.judges, name);
    if (!settings) return settings.error();
    return api->options.judge_runner->try_out(*settings, judged->row);
  };
  auto trial = co_await api->options.trials->run(std::move(work));
  if (!trial) co_return problem(trial.error());
  if (!trial->call.answer.verdict) {
    // A model that is away is no fault of the request's, and is not to be asked again at once.
    const Error& why = trial->call.answer.verdict.error();
    co_return problem({Code::bad_request, "the judge did not answer: " + why.message, why.where});
  }
  co_return json_answer(inference_json(name, *trial->call.answer.verdict));
}

}  // namespace catalejo::api
