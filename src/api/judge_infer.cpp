// POST /api/unstable/llm-obs/v1/evaluators/{name}/infer: a published judge asked about a row of an
// experiment, which no stored span stands for; Datadog's RemoteEvaluator and ours.
#include <algorithm>

#include "api/body.hpp"
#include "api/dataset_request.hpp"
#include "api/spans_json.hpp"
#include "evaluate/engine/verdict_json.hpp"
#include "evaluate/judge/row.hpp"
#include "evaluate/judge/runner.hpp"
#include "evaluate/registry.hpp"

namespace catalejo::api {
namespace {

namespace dom = codec::dom;
namespace judge = evaluate::judge;

std::string json_at(dom::object fields, std::string_view name) {
  std::string json;
  dom::element value;
  if (fields[name].get(value) == simdjson::SUCCESS && !value.is_null())
    codec::append_json(json, value);
  return json;
}

using Judged = std::shared_ptr<const judge::JudgedRow>;

Result<Judged> read_context(const AttributesBody& body) {
  const auto found = body.find("context");
  dom::object context, meta;
  if (!found || found->get(context) != simdjson::SUCCESS)
    return bad("context", "must be an object");
  judge::RowTexts texts{.input = json_at(context, "span_input"),
                        .output = json_at(context, "span_output"),
                        .expected = {},
                        .metadata = {}};
  if (context["meta"].get(meta) == simdjson::SUCCESS) {
    texts.expected = json_at(meta, "expected_output");
    texts.metadata = json_at(meta, "metadata");
  }
  if (texts.input.empty() && texts.output.empty())
    return bad("context", "has neither span_input nor span_output");
  return Judged(std::make_shared<const judge::JudgedRow>(texts));
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
    return api->options.judge_runner->try_out(*settings, judged->row());
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
