// Sessions and users: all spans that name the same one, added up. Plans and their readers.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "query/filter.hpp"
#include "query/span_row.hpp"
#include "query/statement.hpp"

namespace catalejo::query {

enum class GroupBy { session, user };

enum class GroupSort { last, cost, duration, tokens, errors, traces, sessions };
// As the API names them, in the order of GroupSort.
inline constexpr std::array<std::string_view, 7> kGroupSorts = {
    "last", "cost", "duration", "tokens", "errors", "traces", "sessions"};

// Where a page of groups ended: its last one, and by what it was sorted.
struct GroupCursor {
  std::int64_t value = 0;  // for `last` nanoseconds since 1970
  std::string id;
  bool operator==(const GroupCursor&) const = default;
};
std::string encode_group_cursor(const GroupCursor& cursor);
Result<GroupCursor> parse_group_cursor(std::string_view text);

struct GroupsPlan {
  GroupBy group = GroupBy::session;
  Filter filter;  // of the spans that count; its view is View::spans
  GroupSort by = GroupSort::last;
  bool largest_first = true;  // also: last active first
  std::optional<GroupCursor> after;
  std::size_t rows_max = 0;
};
Statement plan_groups(const GroupsPlan& plan);

// (group, input of its first trace, output of its last), which are long texts: read only for the
// groups of one page.
Statement plan_group_texts(const GroupsPlan& plan, const std::vector<std::string>& ids);
// (group, judgements, good ones, bad ones) of the groups of one page: what people said of their
// spans, traces and sessions, each person's last word.
Statement plan_group_feedback(const GroupsPlan& plan, const std::vector<std::string>& ids);

struct GroupRow {
  std::string id;
  UnixNanos start, last;     // starts of its first and its last span
  std::int64_t busy_ns = 0;  // durations of its traces, added up
  std::uint64_t traces = 0, failed_traces = 0, spans = 0, errors = 0, llm_calls = 0;
  std::int64_t input_tokens = kUnknown, output_tokens = kUnknown, total_tokens = kUnknown;
  std::int64_t cost_nano_usd = kUnknown;
  std::uint64_t sessions = 0;
  std::string user, ml_app;
  std::string input, output;                          // JSON, from plan_group_texts
  std::uint64_t judged = 0, liked = 0, disliked = 0;  // from plan_group_feedback
};
std::int64_t value_of(const GroupRow& row, GroupSort by);
// Error database when the body is not what its plan promises.
Result<std::vector<GroupRow>> read_groups(std::string_view body);
Result<void> read_group_texts(std::string_view body, std::vector<GroupRow>& groups);
Result<void> read_group_feedback(std::string_view body, std::vector<GroupRow>& groups);

}  // namespace catalejo::query
