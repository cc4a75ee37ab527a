#include "query/trace_shape.hpp"

#include <algorithm>
#include <unordered_map>

#include "query/saturate.hpp"

namespace catalejo::query {
namespace {

// A child that starts earlier than this before its parent was timed by another clock.
constexpr std::int64_t kClockSlackNanos = kNanosPerMilli;

struct SpanKey {
  TraceId trace;
  SpanId span;
  bool operator==(const SpanKey&) const = default;
};
struct SpanKeyHash {
  std::size_t operator()(const SpanKey& key) const {
    return key.trace.low * 0x9E3779B97F4A7C15ull ^ key.trace.high ^
           key.span.value * 0xC2B2AE3D27D4EB4Full;
  }
};
using SpanIndex = std::unordered_map<SpanKey, std::int32_t, SpanKeyHash>;

TraceId apm_trace_of(const SpanLink& row) {
  return row.apm_trace_id.empty() && !row.has_llm() ? row.trace_id : row.apm_trace_id;
}

std::size_t at(std::int32_t index) {
  return static_cast<std::size_t>(index);
}

class Arrangement {
 public:
  Arrangement(const std::vector<const SpanLink*>& rows, std::size_t spans_max)
      : rows_(rows), spans_max_(spans_max) {}

  TraceShape run() {
    join_halves();
    for (std::size_t i = 0; i < nodes_.size(); ++i)
      nodes_[i].parent = find_parent(static_cast<std::int32_t>(i));
    break_cycles();
    order();
    for (const ShapeNode& node : shape_.nodes) {
      if (node.orphan) continue;
      if (node.parent != kNoNode &&
          shifted(node.main().start, kClockSlackNanos) < shape_.nodes[at(node.parent)].main().start)
        shape_.starts_before_parent = true;
    }
    return std::move(shape_);
  }

 private:
  void join_halves() {
    nodes_.reserve(std::min(rows_.size(), spans_max_));
    by_llm_.reserve(rows_.size());
    by_apm_.reserve(rows_.size());
    for (const SpanLink* row : rows_)
      if (row->has_llm()) add_llm(*row);
    for (const SpanLink* row : rows_)
      if (row->has_apm()) add_apm(*row);
  }

  void add_llm(const SpanLink& row) {
    const SpanKey key{row.trace_id, row.span_id};
    if (by_llm_.contains(key)) return;
    const std::int32_t node = add_node();
    if (node == kNoNode) return;
    nodes_[at(node)].llm = &row;
    by_llm_.emplace(key, node);
    // Where the APM half will look for it; without an APM id only the span id can tell.
    by_apm_.emplace(SpanKey{row.apm_trace_id, row.span_id}, node);
    if (row.apm_trace_id.empty()) by_apm_.emplace(SpanKey{row.trace_id, row.span_id}, node);
  }

  void add_apm(const SpanLink& row) {
    const SpanKey key{apm_trace_of(row), row.span_id};
    std::int32_t node = lookup(by_apm_, key);
    if (node == kNoNode) node = lookup(by_apm_, {TraceId{}, row.span_id});
    if (node == kNoNode) {
      // Its LLM half was left out and counted above.
      if (row.has_llm()) return;
      node = add_node();
      if (node == kNoNode) return;
    }
    by_apm_.emplace(key, node);
    if (nodes_[at(node)].apm == nullptr) nodes_[at(node)].apm = &row;
  }

  std::int32_t add_node() {
    if (nodes_.size() == spans_max_) {
      ++shape_.left_out;
      return kNoNode;
    }
    nodes_.emplace_back();
    return static_cast<std::int32_t>(nodes_.size() - 1);
  }

  // The LLM parent; for a span that is a root there, or has no LLM half, the APM parent.
  std::int32_t find_parent(std::int32_t index) {
    ShapeNode& node = nodes_[at(index)];
    bool named = false;
    if (node.llm != nullptr && node.llm->parent_id.value != 0) {
      named = true;
      const SpanKey key{node.llm->trace_id, node.llm->parent_id};
      std::int32_t parent = lookup(by_llm_, key);
      if (parent == kNoNode) parent = lookup(by_apm_, {node.llm->apm_trace_id, key.span});
      if (parent != kNoNode) return parent;
    }
    if (node.apm != nullptr && node.apm->apm_parent_id.value != 0) {
      named = true;
      const SpanId parent_id = node.apm->apm_parent_id;
      std::int32_t parent = lookup(by_apm_, {apm_trace_of(*node.apm), parent_id});
      if (parent == kNoNode) parent = lookup(by_apm_, {TraceId{}, parent_id});
      if (parent != kNoNode) return parent;
    }
    node.orphan = named;
    shape_.missing_parent |= named;
    return kNoNode;
  }

  // Follows every chain of parents once. A chain that comes back to itself is cut at its earliest
  // span, which becomes a root.
  void break_cycles() {
    enum : std::uint8_t { unseen, on_path, done };
    std::vector<std::uint8_t> state(nodes_.size(), unseen);
    std::vector<std::int32_t> path;
    for (std::size_t first = 0; first < nodes_.size(); ++first) {
      path.clear();
      auto here = static_cast<std::int32_t>(first);
      for (; here != kNoNode && state[at(here)] == unseen; here = nodes_[at(here)].parent) {
        state[at(here)] = on_path;
        path.push_back(here);
      }
      if (here != kNoNode && state[at(here)] == on_path) {
        const auto begin = std::ranges::find(path, here);
        const auto earliest = std::min_element(
            begin, path.end(), [&](std::int32_t a, std::int32_t b) { return before(a, b); });
        nodes_[at(*earliest)].parent = kNoNode;
        nodes_[at(*earliest)].orphan = true;
        shape_.cycle = true;
      }
      for (const std::int32_t visited : path) state[at(visited)] = done;
    }
  }

  // Writes shape_.nodes depth first. The children of node i are kids[first[i]] to kids[first[i+1]],
  // those of none (the roots) stand at the end: two arrays, however many spans have children.
  void order() {
    std::vector<std::int32_t> in_time(nodes_.size());
    for (std::size_t i = 0; i < in_time.size(); ++i) in_time[i] = static_cast<std::int32_t>(i);
    std::ranges::sort(in_time, [&](std::int32_t a, std::int32_t b) { return before(a, b); });
    const auto slot = [&](std::int32_t node) {
      const std::int32_t parent = nodes_[at(node)].parent;
      return parent == kNoNode ? nodes_.size() : at(parent);
    };
    std::vector<std::size_t> first(nodes_.size() + 2, 0);
    for (const std::int32_t node : in_time) ++first[slot(node) + 1];
    for (std::size_t i = 1; i < first.size(); ++i) first[i] += first[i - 1];
    std::vector<std::int32_t> kids(nodes_.size());
    std::vector<std::size_t> filled(first.begin(), first.end() - 1);
    for (const std::int32_t node : in_time) kids[filled[slot(node)]++] = node;

    std::vector<std::int32_t> place(nodes_.size(), kNoNode);
    std::vector<std::int32_t> stack;
    const auto push_children = [&](std::size_t of) {
      for (std::size_t i = first[of + 1]; i > first[of]; --i) stack.push_back(kids[i - 1]);
    };
    push_children(nodes_.size());
    shape_.nodes.reserve(nodes_.size());
    while (!stack.empty()) {
      const std::int32_t index = stack.back();
      stack.pop_back();
      ShapeNode node = nodes_[at(index)];
      if (node.parent != kNoNode) {
        node.parent = place[at(node.parent)];
        node.depth = shape_.nodes[at(node.parent)].depth + 1;
      }
      place[at(index)] = static_cast<std::int32_t>(shape_.nodes.size());
      shape_.nodes.push_back(node);
      push_children(at(index));
    }
  }

  bool before(std::int32_t a, std::int32_t b) const {
    const SpanLink &left = nodes_[at(a)].main(), &right = nodes_[at(b)].main();
    if (left.start != right.start) return left.start < right.start;
    return left.span_id < right.span_id;
  }

  static std::int32_t lookup(const SpanIndex& index, const SpanKey& key) {
    const auto found = index.find(key);
    return found == index.end() ? kNoNode : found->second;
  }

  const std::vector<const SpanLink*>& rows_;
  const std::size_t spans_max_;
  std::vector<ShapeNode> nodes_;
  SpanIndex by_llm_, by_apm_;
  TraceShape shape_;
};

}  // namespace

std::vector<std::string_view> TraceShape::notes() const {
  std::vector<std::string_view> notes;
  if (missing_parent) notes.push_back("missing_parent");
  if (cycle) notes.push_back("cycle_in_parents");
  return notes;
}

TraceShape arrange(const std::vector<const SpanLink*>& rows, std::size_t spans_max) {
  return Arrangement(rows, spans_max).run();
}

}  // namespace catalejo::query
