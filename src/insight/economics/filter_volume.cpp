#include "insight/economics/filter_volume.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/ascii.hpp"
#include "insight/economics/statements.hpp"
#include "query/saturate.hpp"

namespace catalejo::insight::economics {
namespace {

using query::RowReader;
using query::StatementBuilder;

// By Volume.
constexpr std::array<std::string_view, 3> kMetrics = {
    "azure.cognitiveservices_accounts.harmful_volume_detected",
    "azure.cognitiveservices_accounts.blocked_volume",
    "azure.cognitiveservices_accounts.total_volume_sent_for_safety_check",
};
// Of one deployment; what clients send has no end.
constexpr std::size_t kLinesMax = 200;

// "Self Harm", "SelfHarm" and "self_harm" are one.
std::string category_of(std::string_view name) {
  std::string lower = lower_ascii(name);
  std::ranges::replace_if(
      lower, [](char c) { return c == ' ' || c == '-'; }, '_');
  return lower == "selfharm" ? "self_harm" : lower;
}

bool is_word(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

void add_to(std::optional<std::int64_t>& sum, double more) {
  sum = query::add_saturated(sum.value_or(0), whole_of(more));
}

}  // namespace

query::Statement plan_azure_volumes(const Span& span) {
  StatementBuilder out;
  out << "SELECT name, " << place_columns() << ", " << tag_column("texttype") << " AS c_side, "
      << tag_column("category") << " AS c_category, " << tag_column("severity")
      << " AS c_severity, sum(total)\nFROM (\n  SELECT toString(name) AS name, series, "
         "any(CAST(tags, 'Array(String)')) AS labels, sum(value) AS total\n  FROM metrics\n  "
         "WHERE ";
  write_metrics(out, span, {kMetrics.begin(), kMetrics.end()});
  out << "\n  GROUP BY name, series)\nGROUP BY name, " << kPlaceNames
      << ", c_side, c_category, c_severity\nFORMAT RowBinary";
  return std::move(out).finish();
}

Result<std::vector<AzureVolume>> read_azure_volumes(std::string_view body) {
  std::vector<AzureVolume> all;
  RowReader row(body);
  while (!row.at_end() && !row.failed()) {
    const auto metric = std::ranges::find(kMetrics, row.text());
    AzureVolume one;
    one.place = read_place(row);
    one.verdict.side = row.text();
    one.verdict.category = category_of(row.text());
    one.verdict.severity = row.text();
    one.sum = row.f64();
    if (row.failed() || metric == kMetrics.end()) return broken_rows();
    one.volume = static_cast<Volume>(metric - kMetrics.begin());
    all.push_back(std::move(one));
  }
  if (row.failed()) return broken_rows();
  return all;
}

query::Statement plan_traced_volumes(const Span& span, const std::vector<std::string>& resources) {
  StatementBuilder out;
  const auto of_side = [](std::string_view side) {
    return fmt::format(
        "arrayMap(x -> ('{0}', x.1, x.2), JSONExtractKeysAndValuesRaw(metadata, 'azure', "
        "'content_filter', '{0}'))",
        side);
  };
  out << "SELECT u_resource, u_deployment, u_model, v.1 AS u_side, v.2 AS u_category, "
         "JSONExtractString(v.3, 'severity') AS u_severity, toInt64(count()) AS calls, "
         "toInt64(countIf(JSONExtractBool(v.3, 'filtered'))), max(u_at), argMax(trace_id, u_at), "
         "argMax(span_id, u_at)\nFROM (\n  SELECT "
      << kCallNames << ", toUnixTimestamp64Nano(start) AS u_at, trace_id, span_id, "
      << "arrayJoin(arrayConcat(" << of_side("prompt") << ", " << of_side("completion")
      << ")) AS v\n  FROM spans\n  WHERE ";
  write_calls(out, span, resources);
  out << "\n  AND position(metadata, '\"content_filter\"') > 0)\nWHERE JSONExtractBool(v.3, "
         "'filtered') OR JSONExtractBool(v.3, 'detected') OR u_severity NOT IN ('', 'safe')\n"
         "GROUP BY u_resource, u_deployment, u_model, u_side, u_category, u_severity\n"
      << fmt::format("ORDER BY calls DESC, u_category, u_severity LIMIT {}\nFORMAT RowBinary",
                     kVolumeRowsMax);
  return std::move(out).finish();
}

Result<std::vector<TracedVolume>> read_traced_volumes(std::string_view body) {
  std::vector<TracedVolume> all;
  RowReader row(body);
  while (!row.at_end() && !row.failed()) {
    TracedVolume one;
    for (std::string* text : {&one.resource, &one.deployment, &one.model, &one.verdict.side})
      *text = row.text();
    one.verdict.category = category_of(row.text());
    one.verdict.severity = lower_ascii(row.text());
    one.calls = std::max<std::int64_t>(row.i64(), 0);
    one.filtered = std::max<std::int64_t>(row.i64(), 0);
    one.newest = {row.i64()};
    one.trace_id = row.trace_id();
    one.span_id = {row.u64()};
    if (row.failed()) return broken_rows();
    all.push_back(std::move(one));
  }
  if (row.failed()) return broken_rows();
  return all;
}

void FilterVolume::add(const AzureVolume& more) {
  if (more.volume == Volume::checked) {
    add_to(checked, more.sum);
    return;
  }
  if (!lines.contains(more.verdict) && lines.size() >= kLinesMax) return;
  FilterLine& line = lines[more.verdict];
  add_to(more.volume == Volume::harmful ? line.harmful : line.blocked, more.sum);
}

void FilterVolume::add(const TracedVolume& more) {
  if (!lines.contains(more.verdict) && lines.size() >= kLinesMax) return;
  FilterLine& line = lines[more.verdict];
  line.calls = query::add_saturated(line.calls, more.calls);
  line.filtered = query::add_saturated(line.filtered, more.filtered);
  if (more.newest <= line.newest) return;
  line.newest = more.newest;
  line.trace_id = more.trace_id;
  line.span_id = more.span_id;
}

std::string terms_for(const Verdict& verdict) {
  if (!is_word(verdict.side) || !is_word(verdict.category)) return {};
  const std::string path =
      fmt::format("@meta.metadata.azure.content_filter.{}.{}", verdict.side, verdict.category);
  if (is_word(verdict.severity)) return fmt::format("{}.severity:{}", path, verdict.severity);
  return fmt::format("({0}.filtered:true OR {0}.detected:true)", path);
}

}  // namespace catalejo::insight::economics
