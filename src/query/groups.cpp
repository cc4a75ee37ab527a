#include "query/groups.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/limits.hpp"
#include "model/evaluation.hpp"
#include "query/price_table.hpp"
#include "query/row_reader.hpp"
#include "query/saturate.hpp"

namespace catalejo::query {
namespace {

constexpr std::string_view kVersion = "s1";
constexpr std::size_t kDigits = 16;
// Of GroupSort, as the SELECT names them.
constexpr std::array<std::string_view, kGroupSorts.size()> kSortColumns = {
    "toUnixTimestamp64Nano(last)",
    "cost",
    "busy",
    "tokens",
    "toInt64(errors)",
    "toInt64(traces)",
    "toInt64(sessions)"};

// Only what talked to a model is added up: agents and workflows repeat their children's sums.
std::string sum_of(std::string_view column) {
  return fmt::format("if(countIf(calls AND {0} >= 0) = 0, -1, sumIf({0}, calls AND {0} >= 0))",
                     column);
}

// The text of one root; nothing when it is too long to be parsed for a preview.
std::string text_of(std::string_view which, std::string_view column) {
  return fmt::format("{0}(if(length({1}) <= {2}, {1}, ''), start)", which, column,
                     limits::preview_json_bytes_max);
}

// A user is often named at the root of a trace only: what names none is of the trace's user.
constexpr std::string_view kPerson = "if(user_id != '', user_id, trace_user)";

// The spans that count, as a table: `which` of their columns, and who they belong to.
class Members {
 public:
  Members(StatementBuilder& out, GroupBy group, const Filter& filter)
      : out_(out), group_(group), filter_(filter) {
    const Field* user = find_field("user");
    std::erase_if(filter_.fields, [&](const FieldFilter& each) {
      if (each.field != user) return false;
      people_ = each;
      return true;
    });
  }

  std::string_view key() const { return group_ == GroupBy::session ? "session_id" : "person"; }

  void write(std::string_view which) {
    const bool with_owner = group_ == GroupBy::user || people_;
    out_ << "(\n  SELECT " << which << ", " << (with_owner ? kPerson : "user_id") << " AS person"
         << "\n  FROM spans\n  ";
    if (with_owner) write_owners();
    out_ << "WHERE ";
    write_condition(out_, filter_);
    out_ << fmt::format("\n  AND {} != ''", key());
    if (people_ && !people_->wanted.empty())
      out_ << fmt::format("\n  AND person IN {}", out_.bind_texts(people_->wanted));
    if (people_ && !people_->excluded.empty())
      out_ << fmt::format("\n  AND person NOT IN {}", out_.bind_texts(people_->excluded));
  }

 private:
  void write_owners() {
    out_ << fmt::format(
        "ANY LEFT JOIN (\n    SELECT trace_id, any(user_id) AS trace_user\n    FROM spans\n"
        "    WHERE start >= {} AND start <= {} AND half IN (1, 3) AND user_id != ''\n"
        "    GROUP BY trace_id) AS owners USING (trace_id)\n  ",
        out_.bind_time(shifted(filter_.from, -limits::trace_slack_nanos)),
        out_.bind_time(shifted(filter_.to, limits::trace_slack_nanos)));
  }

  StatementBuilder& out_;
  GroupBy group_;
  Filter filter_;
  std::optional<FieldFilter> people_;
};

GroupRow* find_group(std::vector<GroupRow>& groups, std::string_view id) {
  const auto found = std::ranges::find(groups, id, &GroupRow::id);
  return found == groups.end() ? nullptr : &*found;
}

}  // namespace

std::string encode_group_cursor(const GroupCursor& cursor) {
  std::string text = fmt::format("{}{:016x}", kVersion, static_cast<std::uint64_t>(cursor.value));
  for (const char c : cursor.id) text += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return text;
}

Result<GroupCursor> parse_group_cursor(std::string_view text) {
  const Error wrong{Code::bad_request,
                    "this is no cursor: take the one of the page before, or leave it out",
                    "cursor"};
  if (text.size() <= kVersion.size() + kDigits || text.size() % 2 != 0 ||
      !text.starts_with(kVersion))
    return wrong;
  text.remove_prefix(kVersion.size());
  const auto last = parse_hex64(text.substr(0, kDigits));
  if (!last) return wrong;
  GroupCursor cursor{static_cast<std::int64_t>(*last), {}};
  for (text.remove_prefix(kDigits); !text.empty(); text.remove_prefix(2)) {
    const auto byte = parse_hex64(text.substr(0, 2));
    if (!byte) return wrong;
    cursor.id += static_cast<char>(*byte);
  }
  return cursor;
}

Statement plan_groups(const GroupsPlan& plan) {
  StatementBuilder out;
  Members members(out, plan.group, plan.filter);
  out << "SELECT " << members.key() << " AS id, min(start), max(start) AS last,\n"
      << "  sumIf(duration_ns, root) AS busy, uniqExact(trace_id) AS traces,\n"
         "  uniqExactIf(trace_id, root AND error != 0), count(), countIf(error != 0) AS errors,\n"
         "  countIf(kind = 'llm'),\n  ";
  for (const std::string_view column : {"input_tokens", "output_tokens"})
    out << sum_of(column) << ",\n  ";
  out << sum_of("total_tokens") << " AS tokens,\n  " << sum_of("call_cost")
      << " AS cost,\n  uniqExactIf(session_id, session_id != '') AS sessions,\n"
         "  anyIf(person, person != ''), any(ml_app)\nFROM ";
  members.write(fmt::format(
      "*, parent_id = 0 AS root, kind IN ('llm', 'embedding') AS calls,\n    {} AS call_cost",
      plan.filter.prices ? cost_expression(out, *plan.filter.prices) : "cost_nano_usd"));
  out << ")\nGROUP BY id";
  const std::string_view value = kSortColumns[static_cast<std::size_t>(plan.by)];
  if (plan.after) {
    out << fmt::format("\nHAVING ({}, id) {} ({}, {})", value, plan.largest_first ? "<" : ">",
                       out.bind_int(plan.after->value), out.bind_text(plan.after->id));
  }
  const std::string_view way = plan.largest_first ? "DESC" : "ASC";
  out << fmt::format("\nORDER BY {0} {1}, id {1}\nLIMIT {2}\nFORMAT RowBinary", value, way,
                     plan.rows_max);
  return std::move(out).finish();
}

std::int64_t value_of(const GroupRow& row, GroupSort by) {
  switch (by) {
    case GroupSort::last:
      return row.last.value;
    case GroupSort::cost:
      return row.cost_nano_usd;
    case GroupSort::duration:
      return row.busy_ns;
    case GroupSort::tokens:
      return row.total_tokens;
    case GroupSort::traces:
      return static_cast<std::int64_t>(row.traces);
    case GroupSort::sessions:
      return static_cast<std::int64_t>(row.sessions);
    case GroupSort::errors:
      break;
  }
  return static_cast<std::int64_t>(row.errors);
}

Statement plan_group_texts(const GroupsPlan& plan, const std::vector<std::string>& ids) {
  StatementBuilder out;
  Members members(out, plan.group, plan.filter);
  out << "SELECT " << members.key() << " AS id, " << text_of("argMin", "input") << ", "
      << text_of("argMax", "output") << "\nFROM ";
  members.write("start, session_id, input, output");
  out << fmt::format("\n  AND parent_id = 0 AND {} IN {})\nGROUP BY id\nFORMAT RowBinary",
                     members.key(), out.bind_texts(ids));
  return std::move(out).finish();
}

Statement plan_group_feedback(const GroupsPlan& plan, const std::vector<std::string>& ids) {
  StatementBuilder out;
  Members members(out, plan.group, plan.filter);
  const std::string said = fmt::format(
      "(SELECT id AS word, trace_id, span_id, session_id, assessment FROM (SELECT * FROM "
      "evaluations WHERE event_kind = 'feedback' AND timestamp >= {} ORDER BY timestamp DESC "
      "LIMIT 1 BY trace_id, span_id, session_id, join_key, join_value, label, submitter) WHERE "
      "status != {} AND join_key = '')",
      out.bind_time(shifted(plan.filter.from, -limits::trace_slack_nanos)),
      out.bind_text(model::kWithdrawn));
  // By the trace, by the span alone as clients send it, or by the session.
  const std::array<std::pair<std::string_view, std::string>, 3> ways = {
      {{"trace_id", fmt::format("trace_id != {}", kNoTrace)},
       {"span_id", fmt::format("trace_id = {} AND span_id != 0", kNoTrace)},
       {"session_id", fmt::format("trace_id = {} AND session_id != ''", kNoTrace)}}};
  out << "SELECT id, uniqExact(word), uniqExactIf(word, assessment = 'pass'),\n"
         "  uniqExactIf(word, assessment = 'fail')\nFROM (\n";
  for (const auto& [column, about] : ways) {
    if (column != "trace_id") out << "UNION ALL\n";
    const std::string spoken =
        fmt::format("(SELECT {}, word, assessment FROM {} WHERE {})", column, said, about);
    out << fmt::format("SELECT members.{} AS id, word, assessment FROM ", members.key());
    members.write("trace_id, span_id, session_id");
    out << fmt::format(
        "\n  AND {0} IN (SELECT {0} FROM {1})\n  AND {2} IN {3}) AS members\n"
        "INNER JOIN {1} AS said USING ({0})\n",
        column, spoken, members.key(), out.bind_texts(ids));
  }
  out << ")\nGROUP BY id\nFORMAT RowBinary";
  return std::move(out).finish();
}

Result<std::vector<GroupRow>> read_groups(std::string_view body) {
  std::vector<GroupRow> groups;
  RowReader reader(body);
  while (!reader.at_end()) {
    GroupRow row;
    row.id = std::string(reader.text());
    row.start = {reader.i64()};
    row.last = {reader.i64()};
    row.busy_ns = reader.i64();
    for (std::uint64_t* count :
         {&row.traces, &row.failed_traces, &row.spans, &row.errors, &row.llm_calls})
      *count = reader.u64();
    for (std::int64_t* sum :
         {&row.input_tokens, &row.output_tokens, &row.total_tokens, &row.cost_nano_usd})
      *sum = reader.i64();
    row.sessions = reader.u64();
    for (std::string* text : {&row.user, &row.ml_app}) *text = std::string(reader.text());
    if (reader.failed()) return broken_answer();
    groups.push_back(std::move(row));
  }
  return groups;
}

Result<void> read_group_texts(std::string_view body, std::vector<GroupRow>& groups) {
  RowReader reader(body);
  while (!reader.at_end()) {
    const std::string_view id = reader.text(), input = reader.text(), output = reader.text();
    if (reader.failed()) return broken_answer();
    GroupRow* found = find_group(groups, id);
    if (found == nullptr) continue;
    found->input = std::string(input);
    found->output = std::string(output);
  }
  return {};
}

Result<void> read_group_feedback(std::string_view body, std::vector<GroupRow>& groups) {
  RowReader reader(body);
  while (!reader.at_end()) {
    const std::string_view id = reader.text();
    const std::uint64_t judged = reader.u64(), liked = reader.u64(), disliked = reader.u64();
    if (reader.failed()) return broken_answer();
    GroupRow* found = find_group(groups, id);
    if (found == nullptr) continue;
    found->judged = judged;
    found->liked = liked;
    found->disliked = disliked;
  }
  return {};
}

}  // namespace catalejo::query
