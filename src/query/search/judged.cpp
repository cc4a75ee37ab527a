#include "query/search/judged.hpp"

#include <fmt/format.h>

#include "base/limits.hpp"
#include "query/answers.hpp"
#include "query/row_reader.hpp"

namespace catalejo::query::search {

Result<std::shared_ptr<const Judged>> read_judged(std::string_view body) {
  auto judged = std::make_shared<Judged>();
  std::size_t rows = 0;
  RowReader reader(body);
  for (; !reader.at_end(); ++rows) {
    const TraceId trace = reader.trace_id();
    const SpanId span{reader.u64()};
    const std::string_view session = reader.text(), key = reader.text(), value = reader.text();
    if (reader.failed()) return broken_answer();
    if (!key.empty()) judged->tags.emplace_back(key, value);
    if (!session.empty() && trace.empty()) judged->sessions.emplace_back(session);
    if (!key.empty() || trace.empty()) continue;
    if (span.value == 0) {
      judged->traces.push_back(trace);
    } else {
      judged->spans.emplace_back(trace, span);
    }
  }
  if (reader.failed()) return broken_answer();
  if (rows > limits::search_judged_max || body.size() > limits::search_judged_bytes_max)
    return std::shared_ptr<const Judged>{};
  return std::shared_ptr<const Judged>(std::move(judged));
}

std::vector<Term*> unjudged_terms(Node& root) {
  std::vector<Term*> terms;
  if (root.kind == Kind::term && root.term.target.source == Source::evaluation &&
      root.term.judged == nullptr)
    terms.push_back(&root.term);
  for (Node& child : root.children) {
    const std::vector<Term*> of_child = unjudged_terms(child);
    terms.insert(terms.end(), of_child.begin(), of_child.end());
  }
  return terms;
}

std::string write_condition(StatementBuilder& out, const Judged& judged) {
  std::string made;
  const auto either = [&](const std::string& condition) {
    made += made.empty() ? "(" : " OR ";
    made += condition;
  };
  if (!judged.spans.empty()) {
    std::vector<TraceId> traces;
    std::vector<SpanId> spans;
    for (const auto& [trace, span] : judged.spans) {
      traces.push_back(trace);
      spans.push_back(span);
    }
    // The index knows traces; which span of which is compared then.
    const std::string of_traces = out.bind_trace_ids(traces);
    either(fmt::format("(trace_id IN {0} AND (trace_id, span_id) IN (arrayZip({0}, {1})))",
                       of_traces, out.bind_span_ids(spans)));
  }
  // What is about a whole trace or session stands at the roots.
  if (!judged.traces.empty())
    either(fmt::format("(parent_id = 0 AND trace_id IN {})", out.bind_trace_ids(judged.traces)));
  if (!judged.sessions.empty())
    either(fmt::format("(parent_id = 0 AND session_id IN {})", out.bind_texts(judged.sessions)));
  for (const auto& [key, value] : judged.tags)
    either(fmt::format("tags[{}] = {}", out.bind_text(key), out.bind_text(value)));
  return made.empty() ? "false" : made + ")";
}

}  // namespace catalejo::query::search
