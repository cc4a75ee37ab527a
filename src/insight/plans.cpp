#include "insight/plans.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>

#include "base/limits.hpp"
#include "query/row_reader.hpp"
#include "query/saturate.hpp"

namespace catalejo::insight {
namespace {

using query::Field;
using query::RowReader;
using query::Statement;
using query::StatementBuilder;

constexpr std::string_view kCalls = "kind IN ('llm', 'embedding', 'tool', 'retrieval')";
constexpr std::string_view kStep = "if(kind IN ('tool', 'retrieval'), name, '')";
constexpr std::string_view kKey =
    "concat(ml_app, char(31), model, char(31), deployment, char(31), prompt, char(31), "
    "if(kind IN ('tool', 'retrieval'), name, ''))";
constexpr std::size_t kKeyDims = 5;
// Some 72 rows a cell: buckets of durations and slices, of two periods.
constexpr std::size_t kCellRowsMax = 100'000;

std::string nanos(std::string_view column) {
  return fmt::format("toUnixTimestamp64Nano({})", column);
}

// From the begin of the earlier period to the end of the later, without what lies between.
void write_both(StatementBuilder& out, const Periods& periods) {
  query::Filter both = periods.filter;
  both.from = std::min(periods.before_from, periods.filter.from);
  query::write_condition(out, both);
  out << fmt::format("\n  AND (start >= {} OR start < {})", out.bind_time(periods.filter.from),
                     out.bind_time(periods.before_to()));
}

// period (1 = now) and slice of a time in nanoseconds.
std::string time_columns(StatementBuilder& out, const Periods& periods, std::string_view time) {
  const std::string from = out.bind_int(periods.filter.from.value);
  const std::string before = out.bind_int(periods.before_from.value);
  return fmt::format(
      "toUInt8({0} >= {1}) AS g_now, toInt32(least(greatest(intDiv({0} - if({0} >= {1}, {1}, {2}), "
      "{3}), 0), {4})) AS g_slice",
      time, from, before, out.bind_int(periods.slice_ns()), kSlices - 1);
}

Where read_where(RowReader& reader, std::size_t dims) {
  Where where;
  for (std::size_t dim = 0; dim < dims; ++dim) where[dim] = std::string(reader.text());
  return where;
}

std::string hex_text(std::uint64_t value) {
  return fmt::format("{:016x}", value);
}

}  // namespace

std::int64_t Periods::slice_ns() const {
  return std::max<std::int64_t>(
      query::distance_saturated(filter.from, filter.to) / static_cast<std::int64_t>(kSlices), 1);
}

query::Filter Periods::before() const {
  query::Filter earlier = filter;
  earlier.from = before_from;
  earlier.to = {before_to().value - 1};
  return earlier;
}

UnixNanos Periods::traces_from() const {
  return {std::min(before_from, filter.from).value - kNanosPerDay};
}

const Field& cell_field() {
  static constexpr Field kField{"cell", kKey};
  return kField;
}

std::string key_of(const Where& where) {
  std::string key = where[0];
  for (std::size_t dim = 1; dim < kKeyDims; ++dim) key += '\x1f' + where[dim];
  return key;
}

namespace {

// The five columns of a cell; `largest`: of the rarest, kOther.
void write_cell(StatementBuilder& out, const Periods& periods, Cells cells) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, kKeyDims> kColumns = {
      {{"ml_app", "app"},
       {"model", "model"},
       {"deployment", "deployment"},
       {"prompt", "prompt"},
       {kStep, "step"}}};
  if (cells == Cells::all) {
    for (const auto& [column, name] : kColumns) out << fmt::format("{} AS g_{}, ", column, name);
    return;
  }
  out << fmt::format("{} IN (SELECT {} FROM spans WHERE ", kKey, kKey);
  write_both(out, periods);
  out << fmt::format(" AND {0} GROUP BY {1} ORDER BY count() DESC, {1} LIMIT {2}) AS known,\n    ",
                     kCalls, kKey, limits::insight_cells_max);
  for (const auto& [column, name] : kColumns)
    out << fmt::format("if(known, toString({}), '{}') AS g_{}, ", column, kOther, name);
}

// Beyond limits::insight_cells_max the rarest are one.
std::vector<Cell> with_other(std::vector<Cell> cells) {
  if (cells.size() <= limits::insight_cells_max) return cells;
  const auto calls = [](const Cell& cell) { return cell.before.sums.calls + cell.now.sums.calls; };
  std::ranges::stable_sort(cells, std::ranges::greater{}, calls);
  Cell other;
  for (std::size_t dim = 0; dim < kKeyDims; ++dim) other.where[dim] = kOther;
  for (std::size_t i = limits::insight_cells_max; i < cells.size(); ++i) {
    other.before.add(cells[i].before);
    other.now.add(cells[i].now);
  }
  cells.resize(limits::insight_cells_max);
  cells.push_back(std::move(other));
  return cells;
}

}  // namespace

Statement plan_cells(const Periods& periods, Cells cells) {
  StatementBuilder out;
  out << "SELECT g_app, g_model, g_deployment, g_prompt, g_step, g_now,\n"
         "  toUInt8(grouping(g_bucket) = 0), if(grouping(g_bucket) = 0, g_bucket, g_slice),\n"
         "  count(), sum(failed), sum(counted), toFloat64(sum(tokens)), sum(squares),\n"
         "  sum(log_duration)\n"
         "FROM (\n  SELECT ";
  write_cell(out, periods, cells);
  out << time_columns(out, periods, nanos("start"));
  out << fmt::format(
      ",\n    toInt32(if(error != 0, -1, floor(log2(greatest(duration_ns, 1)) * {}))) AS "
      "g_bucket,\n    toUInt64(error != 0) AS failed, toUInt64(total_tokens >= 0) AS counted,\n"
      "    greatest(total_tokens, 0) AS tokens, toFloat64(tokens) * tokens AS squares,\n"
      "    if(error != 0, 0, log2(greatest(duration_ns, 1))) AS log_duration\n"
      "  FROM spans\n  WHERE ",
      Histogram::kBucketsPerOctave);
  write_both(out, periods);
  constexpr std::string_view kGroup = "g_app, g_model, g_deployment, g_prompt, g_step, g_now";
  out << fmt::format("\n  AND {0})\nGROUP BY GROUPING SETS (({1}, g_bucket), ({1}, g_slice))",
                     kCalls, kGroup);
  if (cells == Cells::all) out << fmt::format("\nLIMIT {}", kCellRowsMax);
  out << "\nFORMAT RowBinary";
  return std::move(out).finish();
}

Result<std::optional<std::vector<Cell>>> read_cells(std::string_view body, Cells kind) {
  std::map<Where, Cell> cells;
  std::size_t rows = 0;
  RowReader reader(body);
  for (; !reader.at_end(); ++rows) {
    const Where where = read_where(reader, kKeyDims);
    Cell& cell = cells[where];
    cell.where = where;
    Figures& figures = reader.u8() != 0 ? cell.now : cell.before;
    const bool is_bucket = reader.u8() != 0;
    const auto place = static_cast<std::int32_t>(reader.u32());
    Sums sums;
    sums.calls = reader.u64();
    sums.failed = reader.u64();
    sums.counted = reader.u64();
    sums.tokens = reader.f64();
    sums.token_squares = reader.f64();
    sums.log_duration = reader.f64();
    sums.answered = sums.calls - std::min(sums.failed, sums.calls);
    if (reader.failed() || (!is_bucket && (place < 0 || place >= static_cast<int>(kSlices))))
      return query::broken_answer();
    if (!is_bucket) {
      figures.slices[static_cast<std::size_t>(place)].add(sums);
      figures.sums.add(sums);
    } else if (place >= 0) {
      figures.durations.add(place, sums.calls);
    }
  }
  if (reader.failed()) return query::broken_answer();
  if (kind == Cells::all && rows >= kCellRowsMax) return std::optional<std::vector<Cell>>{};
  std::vector<Cell> list;
  list.reserve(cells.size());
  for (auto& [where, cell] : cells) list.push_back(std::move(cell));
  return std::optional(with_other(std::move(list)));
}

Statement plan_evaluation_cells(const Periods& periods) {
  StatementBuilder out;
  const std::string first = out.bind_int(periods.before_from.value / kNanosPerMilli);
  const std::string last = out.bind_int(periods.filter.to.value / kNanosPerMilli);
  const std::string judged = fmt::format(
      "timestamp >= fromUnixTimestamp64Milli({}, 'UTC') AND timestamp <= "
      "fromUnixTimestamp64Milli({}, 'UTC') AND assessment IN ('pass', 'fail')",
      first, last);
  const std::string time = "toUnixTimestamp64Milli(timestamp) * 1000000";
  out << "SELECT app, t_model, t_deployment, t_prompt, '', label, g_now, g_slice, uniqExact(id),\n"
         "  uniqExactIf(id, assessment = 'fail')\nFROM (\n  SELECT id, trace_id, ml_app AS app, "
         "label, assessment, "
      << time_columns(out, periods, time) << "\n  FROM evaluations\n  WHERE " << judged;
  // What evaluators said of a trace or session before it grew is replaced.
  constexpr std::string_view kOfWhole = "scope != 'span' AND startsWith(source, 'catalejo/')";
  out << fmt::format(
      "\n  AND NOT ({0} AND id NOT IN (SELECT argMax(id, timestamp) FROM evaluations\n"
      "    WHERE timestamp >= fromUnixTimestamp64Milli({1}, 'UTC') AND {0}\n"
      "    GROUP BY source, tags['evaluator_version'], trace_id, session_id))",
      kOfWhole, first);
  out << fmt::format("\n  AND ({0} >= {1} OR {0} < {2})", time,
                     out.bind_int(periods.filter.from.value),
                     out.bind_int(periods.before_to().value));
  const query::Filter& filter = periods.filter;
  query::Filter wide = filter;
  wide.from = periods.traces_from();
  if (!filter.fields.empty() || !filter.tags.empty() || filter.search) {
    out << "\n  AND trace_id IN (SELECT trace_id FROM spans WHERE ";
    query::write_condition(out, wide);
    out << ")";
  }
  out << ") AS judged\nANY LEFT JOIN (\n  SELECT trace_id";
  for (const std::string_view column : {"model", "deployment", "prompt"})
    out << fmt::format(", if(uniqExact({0}) = 1, any(toString({0})), '') AS t_{0}", column);
  out << fmt::format(
      "\n  FROM spans\n  WHERE start >= {} AND start <= {} AND half IN (1, 3) AND kind = 'llm'\n"
      "  AND trace_id IN (SELECT trace_id FROM evaluations WHERE {})\n  GROUP BY trace_id) AS "
      "traces\nON judged.trace_id = traces.trace_id\n"
      "GROUP BY app, t_model, t_deployment, t_prompt, label, g_now, g_slice\n"
      "ORDER BY count() DESC\nLIMIT {}\nFORMAT RowBinary",
      out.bind_time(wide.from), out.bind_time(filter.to), judged,
      2 * kSlices * limits::insight_cells_max);
  return std::move(out).finish();
}

Result<std::vector<Cell>> read_evaluation_cells(std::string_view body) {
  std::map<Where, Cell> cells;
  RowReader reader(body);
  while (!reader.at_end()) {
    const Where where = read_where(reader, kDims);
    Cell& cell = cells[where];
    cell.where = where;
    Figures& figures = reader.u8() != 0 ? cell.now : cell.before;
    const std::uint32_t slice = reader.u32();
    Sums sums;
    sums.calls = reader.u64();
    sums.failed = reader.u64();
    if (reader.failed() || slice >= kSlices) return query::broken_answer();
    figures.slices[slice].add(sums);
    figures.sums.add(sums);
  }
  if (reader.failed()) return query::broken_answer();
  std::vector<Cell> list;
  list.reserve(cells.size());
  for (auto& [where, cell] : cells) list.push_back(std::move(cell));
  return list;
}

Statement plan_retries(const Periods& periods, const Where& where) {
  StatementBuilder out;
  out << "SELECT g_now, count(), countIf(status = 429), sum(waited_ms) * 1e6\nFROM (\n  SELECT "
      << time_columns(out, periods, nanos("start"));
  // A call to Azure tells it under azure, one to OpenAI itself under openai.
  for (const auto& [name, type] :
       {std::pair<std::string_view, std::string_view>{"status", "Int"}, {"waited_ms", "Float"}}) {
    const std::string_view key = name == "status" ? "retry_status" : "retry_ms";
    out << fmt::format(
        ",\n    JSONExtract{0}(metadata, if(JSONHas(metadata, 'azure'), 'azure', 'openai'), '{1}') "
        "AS {2}",
        type, key, name);
  }
  out << "\n  FROM spans\n  WHERE ";
  write_both(out, periods);
  out << fmt::format("\n  AND {} AND metadata LIKE '%\"retry_ms\"%'", kCalls);
  constexpr std::array<std::string_view, kKeyDims> kColumns = {"ml_app", "model", "deployment",
                                                               "prompt", kStep};
  for (std::size_t dim = 0; dim < kKeyDims; ++dim) {
    if (!where[dim].empty() && where[dim] != kOther)
      out << fmt::format("\n  AND {} = {}", kColumns[dim], out.bind_text(where[dim]));
  }
  out << ")\nGROUP BY g_now\nFORMAT RowBinary";
  return std::move(out).finish();
}

Result<Change::Retries> read_retries(std::string_view body) {
  Change::Retries retries;
  RowReader reader(body);
  while (!reader.at_end()) {
    Retried& period = reader.u8() != 0 ? retries.now : retries.before;
    period.calls = reader.u64();
    period.limited = reader.u64();
    period.waited_ns = reader.f64();
  }
  if (reader.failed()) return query::broken_answer();
  return retries;
}

std::vector<Fence> fences_of(const std::vector<Cell>& cells) {
  constexpr std::uint64_t kCallsMin = 30;
  constexpr double kWidthMin = 0.25;  // octaves; all alike is no reason to call 10 % more strange
  constexpr double kFar = 3;
  std::vector<Fence> fences;
  for (const Cell& cell : cells) {
    const Histogram& durations = cell.now.durations;
    if (durations.count() < kCallsMin || cell.where[0] == kOther) continue;
    const double low = std::log2(std::max(durations.quantile(0.25), 1.0));
    const double high = std::log2(std::max(durations.quantile(0.75), 1.0));
    Fence fence{.where = cell.where, .usual_ns = durations.quantile(0.5)};
    fence.fence_ns = std::exp2(high + kFar / 2 * std::max(high - low, kWidthMin));
    fence.fence_ns = std::max(fence.fence_ns, 2 * fence.usual_ns);
    fence.beyond = durations.count_above(fence.fence_ns);
    if (fence.beyond > 0) fences.push_back(std::move(fence));
  }
  return fences;
}

Statement plan_outliers(const query::Filter& filter, const std::vector<Fence>& fences) {
  std::vector<std::string> keys;
  std::string limits_text = "[", usual = "[";
  for (const Fence& fence : fences) {
    keys.push_back(key_of(fence.where));
    const std::string_view comma = keys.size() > 1 ? "," : "";
    limits_text += fmt::format("{}{:.0f}", comma, fence.fence_ns);
    usual += fmt::format("{}{:.0f}", comma, fence.usual_ns);
  }
  StatementBuilder out;
  const std::string names = out.bind_texts(keys);
  out << fmt::format(
      "SELECT trace_id, span_id, toUnixTimestamp64Nano(start), name, service, duration_ns, "
      "toUInt32(place)\nFROM (\n  SELECT trace_id, span_id, start, name, service, duration_ns, "
      "indexOf({}, {}) AS place\n  FROM spans\n  WHERE ",
      names, kKey);
  query::write_condition(out, filter);
  out << fmt::format(
      "\n  AND {} AND error = 0)\nWHERE place > 0 AND duration_ns > {}[place]\n"
      "ORDER BY duration_ns / {}[place] DESC, span_id\nLIMIT {}\nFORMAT RowBinary",
      kCalls, out.bind("Array(Float64)", limits_text + "]"),
      out.bind("Array(Float64)", usual + "]"), limits::outliers_max);
  return std::move(out).finish();
}

Result<std::vector<Outlier>> read_outliers(std::string_view body,
                                           const std::vector<Fence>& fences) {
  std::vector<Outlier> outliers;
  RowReader reader(body);
  while (!reader.at_end()) {
    Outlier outlier;
    outlier.trace_id = reader.trace_id();
    outlier.span_id = {reader.u64()};
    outlier.start = {reader.i64()};
    outlier.name = std::string(reader.text());
    outlier.service = std::string(reader.text());
    outlier.duration_ns = reader.i64();
    const std::uint32_t place = reader.u32();
    if (reader.failed() || place == 0 || place > fences.size()) return query::broken_answer();
    const Fence& fence = fences[place - 1];
    outlier.where = fence.where;
    outlier.usual_ns = fence.usual_ns;
    outlier.fence_ns = fence.fence_ns;
    outlier.in_cell = fence.beyond;
    outliers.push_back(std::move(outlier));
  }
  if (reader.failed()) return query::broken_answer();
  return outliers;
}

std::string ErrorGroup::id() const {
  std::uint64_t hash = 0xcbf29ce484222325;  // FNV-1a
  for (const std::string* part : {&type, &message, &place, &step}) {
    for (const char c : *part) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    hash = (hash ^ 0xff) * 0x100000001b3;
  }
  return hex_text(hash);
}

}  // namespace catalejo::insight
