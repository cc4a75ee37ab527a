#include "query/outline.hpp"

#include <algorithm>
#include <set>

#include "base/limits.hpp"
#include "model/span.hpp"
#include "query/saturate.hpp"

namespace catalejo::query {
namespace {

// Lines of the picture of the whole: 48 pixels high on a screen of four pixels to one.
constexpr std::size_t kOverviewLines = 192;
// Of a chain of thousands the nearest are told, and the root.
constexpr std::size_t kPathMax = 64;
constexpr std::size_t kNotableEach = 12;
constexpr std::size_t kChildrenEach = 6;

// What a conversation is told by.
bool is_step(const ShapeNode& node) {
  if (node.llm == nullptr) return false;
  const std::string_view kind = shape_kind(static_cast<const ShapeRow*>(node.llm)->kind);
  return node.llm->error || (!kind.empty() && kind != "task");
}

bool row_failed(const ShapeNode& node) {
  return (node.llm != nullptr && node.llm->error) || (node.apm != nullptr && node.apm->error);
}

}  // namespace

Result<std::vector<ShapeRow>> read_shape_rows(std::string_view body) {
  std::vector<ShapeRow> rows;
  rows.reserve(body.size() / kShapeRowBytes + 1);
  RowReader reader(body);
  while (!reader.at_end()) {
    ShapeRow& row = rows.emplace_back();
    row.half = reader.u8();
    row.error = reader.u8() != 0;
    row.trace_id = reader.trace_id();
    row.apm_trace_id = reader.trace_id();
    for (SpanId* id : {&row.span_id, &row.parent_id, &row.apm_parent_id}) id->value = reader.u64();
    row.start.value = reader.i64();
    row.duration_ns = reader.i64();
    row.kind = reader.u8();
    row.flags = reader.u32();
    for (std::int64_t* number : {&row.input_tokens, &row.output_tokens, &row.total_tokens})
      *number = reader.i64();
  }
  if (reader.failed()) return broken_answer();
  return rows;
}

Outline::Outline(const std::vector<ShapeRow>& rows) {
  take_shape(rows);
  by_id_.reserve(nodes_.size());
  for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
    by_id_.emplace_back(nodes_[i].span_id.value, i);
    if (nodes_[i].failed) errors_.push_back(i);
  }
  std::ranges::sort(by_id_);
  for (std::size_t i = nodes_.size(); i-- > 0;) {
    OutlineNode& node = nodes_[i];
    node.end = std::max(node.end, static_cast<std::uint32_t>(i + 1));
    if (node.parent == kNoNode) continue;
    OutlineNode& parent = nodes_[static_cast<std::size_t>(node.parent)];
    parent.end = std::max(parent.end, node.end);
    parent.failed_inside |= node.failed || node.failed_inside;
  }
  std::ranges::stable_sort(steps_, {}, [&](std::uint32_t at) { return nodes_[at].start.value; });
  find_slowest();
  draw_overview();
}

void Outline::take_shape(const std::vector<ShapeRow>& rows) {
  std::vector<const SpanLink*> links;
  links.reserve(rows.size());
  for (const ShapeRow& row : rows) links.push_back(&row);
  const TraceShape shape = arrange(links);
  notes_ = shape.notes();
  left_out_ = shape.left_out;
  nodes_.reserve(shape.nodes.size());
  bool clock_skew = shape.starts_before_parent;
  for (const ShapeNode& node : shape.nodes) {
    const SpanLink& main = node.main();
    const bool failed = row_failed(node);
    sums_.add_span(main.start, main.duration_ns, failed);
    if ((static_cast<const ShapeRow&>(main).flags & model::flag_clock_skew) != 0) clock_skew = true;
    if (const auto* llm = static_cast<const ShapeRow*>(node.llm); llm != nullptr)
      sums_.add_usage(shape_kind(llm->kind), llm->input_tokens, llm->output_tokens,
                      llm->total_tokens);
    if (is_step(node)) steps_.push_back(static_cast<std::uint32_t>(nodes_.size()));
    nodes_.push_back({.span_id = main.span_id,
                      .start = main.start,
                      .duration_ns = main.duration_ns,
                      .parent = node.parent,
                      .depth = node.depth,
                      .failed = failed,
                      .orphan = node.orphan});
  }
  if (clock_skew) notes_.push_back("clock_skew");
}

// A span's own time is its length less the union of its children's. Children follow their parent
// in the order of their start, so one pass with the end of what is covered so far is enough.
void Outline::find_slowest() {
  std::vector<std::int64_t> own(nodes_.size()), covered_until(nodes_.size());
  const auto end_of = [&](const OutlineNode& node) {
    return shifted(node.start, node.duration_ns).value;
  };
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    own[i] = nodes_[i].duration_ns;
    covered_until[i] = nodes_[i].start.value;
    if (nodes_[i].parent == kNoNode) continue;
    const auto parent = static_cast<std::size_t>(nodes_[i].parent);
    const std::int64_t from = std::max(covered_until[parent], nodes_[i].start.value);
    const std::int64_t to = std::min(end_of(nodes_[parent]), end_of(nodes_[i]));
    if (to <= from) continue;
    own[parent] -= distance_saturated({from}, {to});
    covered_until[parent] = to;
  }
  const auto most = std::ranges::max_element(own);
  if (nodes_.size() > 1) slowest_ = static_cast<std::uint32_t>(most - own.begin());
}

void Outline::draw_overview() {
  const std::size_t lines = std::min(kOverviewLines, nodes_.size());
  for (std::size_t line = 0; line < lines; ++line) {
    const std::size_t first = line * nodes_.size() / lines;
    const std::size_t behind = (line + 1) * nodes_.size() / lines;
    OverviewLine drawn{{INT64_MAX}, {INT64_MIN}, false};
    for (std::size_t i = first; i < behind; ++i) {
      drawn.start = std::min(drawn.start, nodes_[i].start);
      drawn.end = std::max(drawn.end, shifted(nodes_[i].start, nodes_[i].duration_ns));
      drawn.failed |= nodes_[i].failed;
    }
    overview_.push_back(drawn);
  }
}

std::size_t Outline::bytes() const {
  return sizeof(*this) + nodes_.capacity() * sizeof(OutlineNode) +
         by_id_.capacity() * sizeof(by_id_[0]) +
         (errors_.capacity() + steps_.capacity()) * sizeof(std::uint32_t) +
         overview_.capacity() * sizeof(OverviewLine);
}

std::optional<std::uint32_t> Outline::position_of(SpanId id) const {
  const auto found = std::ranges::lower_bound(by_id_, std::pair(id.value, std::uint32_t{0}));
  if (found == by_id_.end() || found->first != id.value) return std::nullopt;
  return found->second;
}

std::vector<std::uint32_t> Outline::path(std::uint32_t position) const {
  std::vector<std::uint32_t> path;
  for (std::int32_t at = nodes_[position].parent; at != kNoNode;
       at = nodes_[static_cast<std::size_t>(at)].parent)
    path.push_back(static_cast<std::uint32_t>(at));
  return path;
}

std::vector<bool> Outline::flipped_positions(const Folds& folds) const {
  std::vector<bool> flipped(folds.flipped.empty() ? 0 : nodes_.size(), false);
  for (const SpanId id : folds.flipped)
    if (const auto position = position_of(id)) flipped[*position] = true;
  return flipped;
}

bool Outline::is_closed(const Folds& folds, const std::vector<bool>& flipped,
                        std::uint32_t position) const {
  const OutlineNode& node = nodes_[position];
  if (node.end == position + 1) return false;
  const bool by_depth = folds.open_depth && node.depth >= *folds.open_depth;
  return by_depth != (!flipped.empty() && flipped[position]);
}

OutlineWindow Outline::window(const Folds& folds, std::uint32_t first, std::size_t rows_max) const {
  OutlineWindow window{.lines = 0, .first = first, .positions = {}, .closed = {}};
  const std::vector<bool> flipped = flipped_positions(folds);
  for (std::uint32_t at = 0; at < nodes_.size();) {
    const bool closed = is_closed(folds, flipped, at);
    if (window.lines >= first && window.positions.size() < rows_max) {
      window.positions.push_back(at);
      window.closed.push_back(closed);
    }
    ++window.lines;
    at = closed ? nodes_[at].end : at + 1;
  }
  return window;
}

std::optional<std::uint32_t> Outline::line_of(const Folds& folds, std::uint32_t position) const {
  const std::vector<bool> flipped = flipped_positions(folds);
  std::uint32_t line = 0;
  for (std::uint32_t at = 0; at < position; ++line) {
    at = is_closed(folds, flipped, at) ? nodes_[at].end : at + 1;
    if (at > position) return std::nullopt;
  }
  return line;
}

std::vector<SpanId> Outline::closed_ancestors(const Folds& folds, std::uint32_t position) const {
  const std::vector<bool> flipped = flipped_positions(folds);
  std::vector<SpanId> closed;
  for (const std::uint32_t at : path(position))
    if (is_closed(folds, flipped, at)) closed.push_back(nodes_[at].span_id);
  return closed;
}

std::optional<std::uint32_t> Outline::next_error(std::optional<std::uint32_t> after) const {
  if (errors_.empty()) return std::nullopt;
  const auto next = after ? std::ranges::upper_bound(errors_, *after) : errors_.begin();
  return next == errors_.end() ? errors_.front() : *next;
}

std::vector<std::uint32_t> Outline::around(std::uint32_t position) const {
  std::set<std::uint32_t> chosen = {position};
  const std::vector<std::uint32_t> above = path(position);
  for (std::size_t i = 0; i < above.size(); ++i)
    if (i < kPathMax || i + 1 == above.size()) chosen.insert(above[i]);
  for (std::uint32_t at = position + 1;
       at < nodes_[position].end && chosen.size() < limits::trace_part_spans_max; ++at)
    chosen.insert(at);
  return {chosen.begin(), chosen.end()};
}

std::vector<std::uint32_t> Outline::notable() const {
  std::set<std::uint32_t> chosen;
  const auto take = [&](std::uint32_t position) {
    if (chosen.size() + kPathMax + kChildrenEach > limits::trace_part_spans_max) return;
    chosen.insert(position);
    const std::vector<std::uint32_t> above = path(position);
    for (std::size_t i = 0; i < above.size(); ++i)
      if (i < kPathMax || i + 1 == above.size()) chosen.insert(above[i]);
    std::size_t children = 0;
    for (std::uint32_t at = position + 1; at < nodes_[position].end && children < kChildrenEach;
         at = nodes_[at].end, ++children)
      chosen.insert(at);
  };
  if (!nodes_.empty()) take(0);
  for (std::size_t i = 0; i < std::min(kNotableEach, errors_.size()); ++i) take(errors_[i]);
  if (slowest_) take(*slowest_);
  for (std::size_t i = 0; i < std::min(kNotableEach, steps_.size()); ++i) take(steps_[i]);
  return {chosen.begin(), chosen.end()};
}

}  // namespace catalejo::query
