#include "query/evaluation_counts.hpp"

#include <fmt/format.h>

#include "query/row_reader.hpp"
#include "query/span_row.hpp"

namespace catalejo::query {
namespace {

// Sixty buckets of twenty evaluators in forty applications.
constexpr int kRowsMax = 50'000;

// One that was judged again after the time asked for is not counted as it was before.
void write_wholes(StatementBuilder& out, const CountsPlan& plan) {
  out << fmt::format(
      "\n  UNION ALL\n"
      "  SELECT toDateTime(timestamp, 'UTC'), substring(source, 10), "
      "toUInt32OrZero(tags['evaluator_version']) AS of_version, ml_app, '', toUInt64(1), "
      "toUInt64(assessment = 'fail')\n  FROM (\n"
      "    SELECT timestamp, source, tags, ml_app, assessment FROM evaluations\n"
      "    WHERE timestamp >= toStartOfMinute({}) AND source IN {}\n"
      "    ORDER BY timestamp DESC\n"
      "    LIMIT 1 BY source, tags['evaluator_version'], trace_id, session_id)\n"
      "  WHERE timestamp <= {}",
      out.bind_time(plan.from), out.bind_texts(plan.wholes), out.bind_time(plan.to));
  if (!plan.ml_apps.empty()) out << " AND ml_app IN " << out.bind_texts(plan.ml_apps);
}

}  // namespace

// A span may have been judged when it came and by passes over the past: of a minute the reading
// counts that judged the most, for a pass judges all spans of its time.
Statement plan_evaluation_counts(const CountsPlan& plan) {
  StatementBuilder out;
  const std::int64_t seconds = plan.interval_ms / 1'000;
  out << fmt::format(
      "SELECT evaluator, version, ml_app, toInt64(intDiv(toUnixTimestamp(minute), {0})) * {0} * "
      "1000 AS bucket, sum(j) AS judged, sum(f) AS failed\nFROM (\n"
      "  SELECT minute, evaluator, version, ml_app, model, max(jr) AS j, max(fr) AS f\n  FROM (\n"
      "    SELECT minute, evaluator, version, run, ml_app, model, sum(judged) AS jr, "
      "sum(failed) AS fr\n    FROM evaluation_counts\n"
      "    WHERE minute >= toStartOfMinute({1}) AND minute <= {2}",
      seconds, out.bind_time(plan.from), out.bind_time(plan.to));
  if (!plan.ml_apps.empty()) out << " AND ml_app IN " << out.bind_texts(plan.ml_apps);
  out << fmt::format(
      "\n    GROUP BY minute, evaluator, version, run, ml_app, model)\n"
      "  GROUP BY minute, evaluator, version, ml_app, model");
  if (!plan.wholes.empty()) write_wholes(out, plan);
  out << fmt::format(
      ")\nGROUP BY evaluator, version, ml_app, bucket\n"
      "ORDER BY evaluator, version DESC, ml_app, bucket\nLIMIT {}\nFORMAT RowBinary",
      kRowsMax);
  return std::move(out).finish();
}

Result<std::vector<CountsLine>> read_evaluation_counts(std::string_view body) {
  std::vector<CountsLine> lines;
  RowReader row(body);
  while (!row.at_end() && !row.failed()) {
    const std::string_view evaluator = row.text();
    const std::uint32_t version = row.u32();
    const std::string_view ml_app = row.text();
    CountsBucket bucket{.start_ms = row.i64()};
    bucket.judged = row.u64();
    bucket.failed = row.u64();
    if (lines.empty() || lines.back().evaluator != evaluator || lines.back().version != version ||
        lines.back().ml_app != ml_app) {
      lines.push_back({.evaluator = std::string(evaluator), .version = version});
      lines.back().ml_app = ml_app;
    }
    lines.back().judged += bucket.judged;
    lines.back().failed += bucket.failed;
    lines.back().buckets.push_back(bucket);
  }
  if (row.failed()) return broken_answer();
  return lines;
}

}  // namespace catalejo::query
