#include "query/trace.hpp"

#include <algorithm>
#include <unordered_map>

#include "base/limits.hpp"
#include "model/span.hpp"
#include "query/saturate.hpp"

namespace catalejo::query {
namespace {

constexpr std::int32_t kNone = -1;

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

TraceId apm_trace_of(const SpanRow& row) {
  return row.apm_trace_id.empty() && !row.has_llm() ? row.trace_id : row.apm_trace_id;
}

class Assembly {
 public:
  explicit Assembly(const std::vector<SpanRow>& rows) : rows_(rows) {}

  TraceTree run() {
    join_halves();
    parents_.assign(nodes_.size(), kNone);
    for (std::size_t i = 0; i < nodes_.size(); ++i)
      parents_[i] = find_parent(static_cast<std::int32_t>(i));
    break_cycles();
    order();
    sum_up();
    if (missing_parent_) tree_.notes.push_back("missing_parent");
    if (cycle_) tree_.notes.push_back("cycle_in_parents");
    if (clock_skew_) tree_.notes.push_back("clock_skew");
    return std::move(tree_);
  }

 private:
  // Rows come in the order of their start and receipt; the first of a half stays.
  void join_halves() {
    for (const SpanRow& row : rows_)
      if (row.has_llm()) add_llm(row);
    for (const SpanRow& row : rows_)
      if (row.has_apm()) add_apm(row);
  }

  void add_llm(const SpanRow& row) {
    const SpanKey key{row.trace_id, row.span_id};
    if (by_llm_.contains(key)) return;
    const std::int32_t node = add_node();
    if (node == kNone) return;
    nodes_[at(node)].llm = &row;
    by_llm_.emplace(key, node);
    // Where the APM half will look for it; without an APM id only the span id can tell.
    by_apm_.emplace(SpanKey{row.apm_trace_id, row.span_id}, node);
    if (row.apm_trace_id.empty()) by_apm_.emplace(SpanKey{row.trace_id, row.span_id}, node);
  }

  void add_apm(const SpanRow& row) {
    const SpanKey key{apm_trace_of(row), row.span_id};
    std::int32_t node = lookup(by_apm_, key);
    if (node == kNone) node = lookup(by_apm_, {TraceId{}, row.span_id});
    if (node == kNone) {
      // Its LLM half was left out and counted above.
      if (row.has_llm()) return;
      node = add_node();
      if (node == kNone) return;
    }
    by_apm_.emplace(key, node);
    if (nodes_[at(node)].apm == nullptr) nodes_[at(node)].apm = &row;
  }

  std::int32_t add_node() {
    if (nodes_.size() == limits::trace_spans_max) {
      ++tree_.spans_left_out;
      return kNone;
    }
    nodes_.emplace_back();
    return static_cast<std::int32_t>(nodes_.size() - 1);
  }

  // The LLM parent; for a span that is a root there, or has no LLM half, the APM parent.
  std::int32_t find_parent(std::int32_t index) {
    const TraceNode& node = nodes_[at(index)];
    bool named = false;
    if (node.llm != nullptr && node.llm->parent_id.value != 0) {
      named = true;
      const SpanKey key{node.llm->trace_id, node.llm->parent_id};
      std::int32_t parent = lookup(by_llm_, key);
      if (parent == kNone) parent = lookup(by_apm_, {node.llm->apm_trace_id, key.span});
      if (parent != kNone) return parent;
    }
    if (node.apm != nullptr && node.apm->apm_parent_id.value != 0) {
      named = true;
      const SpanId parent_id = node.apm->apm_parent_id;
      std::int32_t parent = lookup(by_apm_, {apm_trace_of(*node.apm), parent_id});
      if (parent == kNone) parent = lookup(by_apm_, {TraceId{}, parent_id});
      if (parent != kNone) return parent;
    }
    if (named) missing_parent_ = true;
    return kNone;
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
      for (; here != kNone && state[at(here)] == unseen; here = parents_[at(here)]) {
        state[at(here)] = on_path;
        path.push_back(here);
      }
      if (here != kNone && state[at(here)] == on_path) {
        const auto begin = std::ranges::find(path, here);
        const auto earliest = std::min_element(
            begin, path.end(), [&](std::int32_t a, std::int32_t b) { return before(a, b); });
        parents_[at(*earliest)] = kNone;
        cycle_ = true;
      }
      for (const std::int32_t visited : path) state[at(visited)] = done;
    }
  }

  // Writes tree_.nodes depth first: parents before children, siblings by start.
  void order() {
    std::vector<std::vector<std::int32_t>> children(nodes_.size());
    std::vector<std::int32_t> stack;
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      const auto index = static_cast<std::int32_t>(i);
      (parents_[i] == kNone ? stack : children[at(parents_[i])]).push_back(index);
    }
    const auto later = [&](std::int32_t a, std::int32_t b) { return before(b, a); };
    std::ranges::sort(stack, later);
    std::vector<std::int32_t> place(nodes_.size(), kNone);
    tree_.nodes.reserve(nodes_.size());
    while (!stack.empty()) {
      const std::int32_t index = stack.back();
      stack.pop_back();
      TraceNode node = nodes_[at(index)];
      if (const std::int32_t parent = parents_[at(index)]; parent != kNone) {
        node.parent = place[at(parent)];
        node.depth = tree_.nodes[at(node.parent)].depth + 1;
      }
      place[at(index)] = static_cast<std::int32_t>(tree_.nodes.size());
      tree_.nodes.push_back(node);
      std::ranges::sort(children[at(index)], later);
      stack.insert(stack.end(), children[at(index)].begin(), children[at(index)].end());
    }
  }

  void sum_up() {
    if (tree_.nodes.empty()) return;
    tree_.start = {INT64_MAX};
    tree_.end = {INT64_MIN};
    for (const TraceNode& node : tree_.nodes) {
      tree_.start = std::min(tree_.start, node.start());
      tree_.end = std::max(tree_.end, shifted(node.start(), node.duration_ns()));
      if (node.failed()) ++tree_.errors;
      if ((node.main().flags & model::flag_clock_skew) != 0) clock_skew_ = true;
      if (node.llm != nullptr) add_usage(*node.llm);
    }
  }

  // Only what talked to a model is added up: agents and workflows repeat their children's sums.
  void add_usage(const SpanRow& row) {
    if (row.kind == "llm") ++tree_.llm_calls;
    if (row.kind != "llm" && row.kind != "embedding") return;
    const auto add = [](std::int64_t& to, std::int64_t amount) {
      if (amount >= 0) to = add_saturated(std::max<std::int64_t>(to, 0), amount);
    };
    add(tree_.input_tokens, row.input_tokens);
    add(tree_.output_tokens, row.output_tokens);
    add(tree_.total_tokens, row.total_tokens);
    add(tree_.cost_nano_usd, row.cost_nano_usd);
  }

  bool before(std::int32_t a, std::int32_t b) const {
    const SpanRow &left = nodes_[at(a)].main(), &right = nodes_[at(b)].main();
    if (left.start != right.start) return left.start < right.start;
    return left.span_id < right.span_id;
  }

  static std::int32_t lookup(const SpanIndex& index, const SpanKey& key) {
    const auto found = index.find(key);
    return found == index.end() ? kNone : found->second;
  }
  static std::size_t at(std::int32_t index) { return static_cast<std::size_t>(index); }

  const std::vector<SpanRow>& rows_;
  std::vector<TraceNode> nodes_;
  std::vector<std::int32_t> parents_;
  SpanIndex by_llm_, by_apm_;
  bool missing_parent_ = false, cycle_ = false, clock_skew_ = false;
  TraceTree tree_;
};

}  // namespace

bool TraceNode::failed() const {
  return (llm != nullptr && llm->error) || (apm != nullptr && apm->error);
}

TraceTree assemble_trace(const std::vector<SpanRow>& rows) {
  return Assembly(rows).run();
}

}  // namespace catalejo::query
