#include "query/trace.hpp"

#include <algorithm>

#include "model/span.hpp"
#include "query/saturate.hpp"

namespace catalejo::query {

bool TraceNode::failed() const {
  return (llm != nullptr && llm->error) || (apm != nullptr && apm->error);
}

void TraceSums::add_span(UnixNanos begin, std::int64_t duration_ns, bool failed) {
  const UnixNanos finish = shifted(begin, duration_ns);
  start = spans == 0 ? begin : std::min(start, begin);
  end = spans == 0 ? finish : std::max(end, finish);
  ++spans;
  if (failed) ++errors;
}

void TraceSums::add_usage(std::string_view kind, std::int64_t input, std::int64_t output,
                          std::int64_t total) {
  if (kind == "llm") ++llm_calls;
  if (kind != "llm" && kind != "embedding") return;
  const auto add = [](std::int64_t& to, std::int64_t amount) {
    if (amount >= 0) to = add_saturated(std::max<std::int64_t>(to, 0), amount);
  };
  add(input_tokens, input);
  add(output_tokens, output);
  add(total_tokens, total);
}

TraceTree assemble_trace(const std::vector<SpanRow>& rows) {
  std::vector<const SpanLink*> links;
  links.reserve(rows.size());
  for (const SpanRow& row : rows) links.push_back(&row);
  const TraceShape shape = arrange(links);
  TraceTree tree;
  tree.notes = shape.notes();
  tree.spans_left_out = shape.left_out;
  tree.nodes.reserve(shape.nodes.size());
  bool clock_skew = shape.starts_before_parent;
  for (const ShapeNode& node : shape.nodes) {
    tree.nodes.push_back({static_cast<const SpanRow*>(node.llm),
                          static_cast<const SpanRow*>(node.apm), node.parent, node.depth});
    const TraceNode& made = tree.nodes.back();
    tree.sums.add_span(made.start(), made.duration_ns(), made.failed());
    if ((made.main().flags & model::flag_clock_skew) != 0) clock_skew = true;
    if (made.llm != nullptr)
      tree.sums.add_usage(made.llm->kind, made.llm->input_tokens, made.llm->output_tokens,
                          made.llm->total_tokens);
  }
  if (clock_skew) tree.notes.push_back("clock_skew");
  return tree;
}

}  // namespace catalejo::query
