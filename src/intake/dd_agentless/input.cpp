#include "intake/dd_agentless/input.hpp"

#include "codec/json_dom.hpp"
#include "intake/apm_span.hpp"
#include "intake/dd_apm/json_traces.hpp"

namespace catalejo::intake::dd_agentless {

namespace dom = codec::dom;

namespace {

// A tracer that makes no statistics says so at the root of a trace: here it has no header for it.
bool makes_statistics(const model::Batch& batch) {
  bool root = false, asks = false;
  for (const model::Span& span : batch.spans) {
    for (const model::Metric& metric : span.metrics) root = root || metric.key == "_trace_root";
    for (const model::Tag& tag : span.tags)
      asks = asks || (tag.key == "_dd.compute_stats" && tag.value == "1");
  }
  return root && !asks;
}

}  // namespace

Result<model::Batch> parse_input(std::string body) {
  codec::JsonDocument document;
  CATALEJO_TRY(document.parse(body));
  std::string().swap(body);  // the tree has its own copy
  dom::array traces;
  if (codec::root(document)["traces"].get(traces) != simdjson::SUCCESS)
    return Error{Code::missing_field, "the body must be {\"traces\":[…]}", "body"};
  model::Batch batch;
  ApmBatcher batcher(batch, "dd_agentless/v1-input");
  ApmSpan span;
  for (const dom::element trace : traces) {
    dom::array spans;
    if (trace["spans"].get(spans) != simdjson::SUCCESS)
      return Error{Code::missing_field, "each of \"traces\" must have an array \"spans\"", "body"};
    std::string_view env;
    if (trace["env"].get(env) != simdjson::SUCCESS) env = {};
    env = batch.arena.copy(env);
    const std::size_t first = batch.spans.size();
    batcher.begin_chunk();
    for (const dom::element item : spans) {
      dd_apm::read_json_span(item, batch.arena, span);
      batcher.add(span, document.notes());
    }
    batcher.end_chunk();
    // The payload's env stands for spans that name none; their own tag is read later.
    for (std::size_t i = first; i < batch.spans.size(); ++i) {
      bool has_env = false;
      for (const model::Tag& tag : batch.spans[i].tags) has_env = has_env || tag.key == "env";
      if (!has_env) batch.spans[i].env = env;
    }
  }
  batch.client_computed_stats = makes_statistics(batch);
  return batch;
}

}  // namespace catalejo::intake::dd_agentless
