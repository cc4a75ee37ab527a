#include "query/evaluator_agreement.hpp"

#include <fmt/format.h>

#include "model/evaluation.hpp"
#include "query/row_reader.hpp"
#include "query/span_row.hpp"

namespace catalejo::query {
namespace {

// The newest answers of people that are compared.
constexpr int kAnswersMax = 20'000;
constexpr int kDifferencesMax = 10;
constexpr std::size_t kDifferenceBytes = 8 + 16 + 8;

enum class Said : std::uint8_t { nothing = 0, fail = 1, pass = 2 };

void count(AgreementLine& line, bool people_fail, Said evaluator, std::uint64_t things) {
  if (evaluator == Said::nothing) {
    line.not_judged += things;
  } else if (evaluator == Said::fail) {
    (people_fail ? line.both_fail : line.only_evaluator) += things;
  } else {
    (people_fail ? line.only_people : line.both_pass) += things;
  }
}

bool is_judged(const AgreementLine& line) {
  return line.both_fail + line.only_people + line.only_evaluator + line.both_pass > 0;
}

}  // namespace

// What is about a whole trace is held against what the evaluator says of any of its steps.
Statement plan_agreement(const AgreementPlan& plan) {
  StatementBuilder out;
  out << fmt::format(
      "WITH people AS (\n"
      "  SELECT trace_id, span_id, label, said, at FROM (\n"
      "    SELECT trace_id, span_id, label, submitter,\n"
      "      argMax(assessment, (timestamp, id)) AS said,\n"
      "      argMax(status, (timestamp, id)) AS state, max(timestamp) AS at\n"
      "    FROM evaluations\n"
      "    WHERE timestamp >= {} AND timestamp <= {} AND submitter != '' AND trace_id != {}",
      out.bind_time(plan.from), out.bind_time(plan.to), kNoTrace);
  if (!plan.ml_apps.empty()) out << " AND ml_app IN " << out.bind_texts(plan.ml_apps);
  out << fmt::format(
      "\n    GROUP BY trace_id, span_id, label, submitter)\n"
      "  WHERE said IN ('pass', 'fail') AND state != '{}'\n"
      "  ORDER BY at DESC LIMIT {})\n"
      "SELECT label, said = 'fail' AS people_fail,\n"
      "  multiIf(span_id = 0 ? notEmpty(failed) : has(failed, span_id), 1,\n"
      "    (span_id = 0 ? notEmpty(passed) : has(passed, span_id)) OR label IN {}, 2, 0) AS "
      "judged,\n"
      "  count() AS things,\n"
      "  arraySlice(arrayReverseSort(groupArray((at, trace_id, span_id))), 1, {}) AS newest\n"
      "FROM people LEFT JOIN (\n"
      "  SELECT trace_id, label, groupUniqArrayIf(span_id, verdict = 'fail') AS failed,\n"
      "    groupUniqArrayIf(span_id, verdict = 'pass') AS passed\n"
      "  FROM (\n"
      "    SELECT trace_id, span_id, label, argMax(assessment, (timestamp, id)) AS verdict\n"
      "    FROM evaluations\n"
      "    WHERE submitter = '' AND trace_id IN (SELECT trace_id FROM people)\n"
      "      AND label IN (SELECT label FROM people)\n"
      "    GROUP BY trace_id, span_id, label, span_id = 0 ? toFixedString('', 16) : id)\n"
      "  GROUP BY trace_id, label) AS said_of USING (trace_id, label)\n"
      "GROUP BY label, people_fail, judged\nORDER BY label, people_fail DESC, judged\n"
      "FORMAT RowBinary",
      model::kWithdrawn, kAnswersMax, out.bind_texts(plan.silent), kDifferencesMax);
  return std::move(out).finish();
}

Result<std::vector<AgreementLine>> read_agreement(std::string_view body) {
  std::vector<AgreementLine> lines;
  RowReader row(body);
  while (!row.at_end() && !row.failed()) {
    const std::string_view label = row.text();
    const bool people_fail = row.u8() != 0;
    const Said evaluator{row.u8()};
    if (lines.empty() || lines.back().label != label)
      lines.push_back({.label = std::string(label), .differences = {}});
    count(lines.back(), people_fail, evaluator, row.u64());
    const bool differ = evaluator == (people_fail ? Said::pass : Said::fail);
    for (std::size_t left = row.count(kDifferenceBytes); left > 0 && !row.failed(); --left) {
      row.i64();  // when
      const TraceId trace = row.trace_id();
      const SpanId span{row.u64()};
      if (differ) lines.back().differences.push_back({trace, span, people_fail});
    }
  }
  if (row.failed()) return broken_answer();
  std::erase_if(lines, [](const AgreementLine& line) { return !is_judged(line); });
  return lines;
}

}  // namespace catalejo::query
