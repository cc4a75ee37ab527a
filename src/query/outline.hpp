// A whole trace as lines of a tree without their texts: what windows of a trace of a million spans
// are cut from. Some 70 bytes a span. Made once by a thread of its own (outline_shelf.hpp),
// immutable and shared from then on.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "query/plans.hpp"
#include "query/trace.hpp"

namespace catalejo::query {

// A row of plan_trace_shape().
struct ShapeRow : SpanLink {
  std::uint8_t kind = 0;  // index into kShapeKinds + 1; 0 = another
  std::uint32_t flags = 0;
  std::int64_t input_tokens = kUnknown, output_tokens = kUnknown, total_tokens = kUnknown;
};
Result<std::vector<ShapeRow>> read_shape_rows(std::string_view body);

struct OutlineNode {
  SpanId span_id;
  UnixNanos start;
  std::int64_t duration_ns = 0;
  std::int32_t parent = kNoNode;
  std::uint32_t end = 0;  // the position behind the last span inside it
  std::uint32_t depth = 0;
  bool failed = false, failed_inside = false, orphan = false;
};

// One line of the picture of a whole trace: some neighbouring spans together.
struct OverviewLine {
  UnixNanos start, end;
  bool failed = false;
};

// Which spans are closed: those at `open_depth` and deeper, but for the flipped ones, which are
// the other way round. Without children none is.
struct Folds {
  std::optional<std::uint32_t> open_depth;  // nullopt = everything is open
  std::vector<SpanId> flipped;
};

struct OutlineWindow {
  std::uint32_t lines = 0;               // that are visible at all
  std::uint32_t first = 0;               // the number of the first of `positions` among them
  std::vector<std::uint32_t> positions;  // into nodes()
  std::vector<bool> closed;              // one per position
};

class Outline {
 public:
  explicit Outline(const std::vector<ShapeRow>& rows);

  const std::vector<OutlineNode>& nodes() const { return nodes_; }
  const TraceSums& sums() const { return sums_; }
  const std::vector<std::string_view>& notes() const { return notes_; }
  std::size_t left_out() const { return left_out_; }
  const std::vector<OverviewLine>& overview() const { return overview_; }
  std::size_t bytes() const;

  std::optional<std::uint32_t> position_of(SpanId id) const;
  // Ancestors of a position, nearest first.
  std::vector<std::uint32_t> path(std::uint32_t position) const;

  OutlineWindow window(const Folds& folds, std::uint32_t first, std::size_t rows_max) const;
  // The line of a span, or nullopt while an ancestor is closed.
  std::optional<std::uint32_t> line_of(const Folds& folds, std::uint32_t position) const;
  std::vector<SpanId> closed_ancestors(const Folds& folds, std::uint32_t position) const;

  // The first failed span behind a position, from the start again when there is none.
  std::optional<std::uint32_t> next_error(std::optional<std::uint32_t> after) const;
  // The span that spent the most time itself.
  std::optional<std::uint32_t> slowest() const { return slowest_; }
  // Positions of what a conversation is told by (model calls, tools, what failed), in time.
  const std::vector<std::uint32_t>& steps() const { return steps_; }
  // What tells the most about it: roots, failures, the slowest, each with its ancestors and some
  // of its children. Sorted.
  std::vector<std::uint32_t> notable() const;
  // A span with its ancestors, and its first descendants. Sorted.
  std::vector<std::uint32_t> around(std::uint32_t position) const;

 private:
  void take_shape(const std::vector<ShapeRow>& rows);
  void find_slowest();
  void draw_overview();
  std::vector<bool> flipped_positions(const Folds& folds) const;
  bool is_closed(const Folds& folds, const std::vector<bool>& flipped,
                 std::uint32_t position) const;

  std::vector<OutlineNode> nodes_;
  std::vector<std::pair<std::uint64_t, std::uint32_t>> by_id_;  // sorted
  std::vector<std::uint32_t> errors_, steps_;
  std::optional<std::uint32_t> slowest_;
  std::vector<OverviewLine> overview_;
  std::vector<std::string_view> notes_;
  TraceSums sums_;
  std::size_t left_out_ = 0;
};
using OutlinePtr = std::shared_ptr<const Outline>;

}  // namespace catalejo::query
