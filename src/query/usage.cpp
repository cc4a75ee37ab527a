#include "query/usage.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/ascii.hpp"
#include "base/limits.hpp"
#include "query/row_reader.hpp"
#include "query/span_row.hpp"

namespace catalejo::query {
namespace {

// What is known of a call: its place in a key, so that the sums need no conditions.
enum State : std::uint8_t { priced_by_application, counted, failed_uncounted, uncounted };

std::string state_column() {
  return fmt::format(
      "toUInt8(multiIf(cost_nano_usd >= 0, {}, {}, {}, error != 0, {}, {})) AS u_state",
      static_cast<int>(priced_by_application), counted_condition(), static_cast<int>(counted),
      static_cast<int>(failed_uncounted), static_cast<int>(uncounted));
}

// The columns of a span that are summed, in the order of read_sums(). Those of uncounted calls are
// of no use and are not read.
constexpr std::string_view kSummed =
    "cost_nano_usd, input_tokens, output_tokens, cached_tokens, cache_write_tokens, "
    "audio_input_tokens, audio_output_tokens, reasoning_tokens";
constexpr std::string_view kSums =
    "count(), sum(cost_nano_usd), sum(greatest(input_tokens, 0)), sum(greatest(output_tokens, 0)), "
    "sum(cached_tokens), sum(cache_write_tokens), sum(audio_input_tokens), "
    "sum(audio_output_tokens), sum(reasoning_tokens)";

std::string key_columns(StatementBuilder& out, const PriceClasses& classes) {
  const KeyParts parts = key_parts(out, classes);
  return fmt::format(
      "model AS u_model, deployment AS u_deployment, azure_resource AS u_resource, {} AS u_era, {} "
      "AS u_long, {} AS u_day, {} AS u_parts, {}",
      parts.era, parts.long_context, parts.day, parts.kinds_of_tokens, state_column());
}
constexpr std::string_view kKeyNames =
    "u_model, u_deployment, u_resource, u_era, u_long, u_day, u_parts, u_state";

void write_group_of(StatementBuilder& out, const UsagePlan& plan) {
  if (plan.by == nullptr) {
    out << "'' AS u_group";
    return;
  }
  const std::string_view column = plan.by->column;
  if (plan.groups_max == 0) {
    out << fmt::format("{} AS u_group", column);
    return;
  }
  out << fmt::format("if(toString({0}) IN (SELECT toString({0}) FROM spans WHERE ", column);
  write_condition(out, plan.filter);
  out << fmt::format(
      " GROUP BY toString({0}) ORDER BY count() DESC, toString({0}) LIMIT {1}), toString({0}), "
      "'(other)') AS u_group",
      column, plan.groups_max);
}

std::int64_t non_negative(RowReader& reader) {
  return std::max<std::int64_t>(reader.i64(), 0);
}

void read_sums(RowReader& reader, UsageKey& key, Usage& usage, State state) {
  usage.calls = reader.u64();
  const std::int64_t application = reader.i64();
  cost::TokenSplit& tokens = usage.tokens;
  tokens.input = non_negative(reader);
  tokens.output = non_negative(reader);
  for (std::int64_t* part : {&tokens.cached, &tokens.cache_write, &tokens.audio_input,
                             &tokens.audio_output, &tokens.reasoning})
    *part = non_negative(reader);
  tokens.input = std::max<std::int64_t>(
      tokens.input - tokens.cached - tokens.cache_write - tokens.audio_input, 0);
  tokens.output = std::max<std::int64_t>(tokens.output - tokens.audio_output, 0);
  key.application = state == priced_by_application;
  if (key.application) usage.application_nano_usd = application;
  if (state == counted) usage.counted_calls = usage.calls;
  if (state == failed_uncounted) usage.failed_uncounted_calls = usage.calls;
  if (state == failed_uncounted || state == uncounted) tokens = {};
}

}  // namespace

std::string counted_condition() {
  return fmt::format(
      "input_tokens >= 0 AND input_tokens <= {0} AND output_tokens <= {0} AND (output_tokens >= 0 "
      "OR kind = 'embedding')",
      limits::tokens_per_call_max);
}

KeyParts key_parts(StatementBuilder& out, const PriceClasses& classes) {
  std::string era = "0";
  if (!classes.changes.empty()) {
    std::string times = "[";
    for (const UnixNanos change : classes.changes)
      times += fmt::format("{}{}", times.size() > 1 ? "," : "", change.value);
    era = fmt::format("arrayCount(x -> toUnixTimestamp64Nano(start) >= x, {})",
                      out.bind("Array(Int64)", times + "]"));
  }
  std::string long_context = "0";
  if (classes.long_context_above > 0)
    long_context = fmt::format("input_tokens > {}", out.bind_int(classes.long_context_above));
  std::string day = "-1";
  if (!classes.provisioned.empty()) {
    day = fmt::format(
        "if(lower(if(deployment = '', model, deployment)) IN {}, "
        "toInt64(toUnixTimestamp64Nano(start) DIV 86400000000000), -1)",
        out.bind_texts(classes.provisioned));
  }
  return {.era = fmt::format("toUInt32({})", era),
          .long_context = fmt::format("toUInt8({})", long_context),
          .day = fmt::format("toInt64({})", day),
          // A missing rate makes a call unknown, not those beside it.
          .kinds_of_tokens =
              "toUInt8((audio_input_tokens > 0) + 2 * (audio_output_tokens > 0) + "
              "4 * (output_tokens > audio_output_tokens))"};
}

UsageKey read_key(RowReader& reader, const PriceClasses& classes) {
  UsageKey key;
  for (std::string* text : {&key.model, &key.deployment, &key.resource})
    *text = std::string(reader.text());
  const std::uint32_t era = reader.u32();
  key.long_context = reader.u8() != 0;
  key.day = reader.i64();
  key.parts = reader.u8();
  key.time = era == 0 || era > classes.changes.size() ? classes.from : classes.changes[era - 1];
  return key;
}

PriceClasses classes_of(const cost::PriceBook& book, UnixNanos from, UnixNanos to) {
  PriceClasses classes{.changes = book.changes(from, to),
                       .from = from,
                       .long_context_above = book.long_context_above()};
  std::set<std::string> names;
  for (const model::DeploymentMapping& mapping : book.mappings()) {
    if (mapping.type != model::DeploymentType::provisioned) continue;
    names.insert(lower_ascii(mapping.deployment));
  }
  classes.provisioned.assign(names.begin(), names.end());
  return classes;
}

Statement plan_usage(const UsagePlan& plan) {
  StatementBuilder out;
  out << fmt::format("SELECT u_group, u_bucket, {0}, {0}, {1}, {2}\nFROM (\n  SELECT ", kNoTrace,
                     kKeyNames, kSums);
  out << key_columns(out, plan.classes) << ",\n    ";
  write_group_of(out, plan);
  if (plan.interval_ms > 0) {
    out << fmt::format(", intDiv(toUnixTimestamp64Milli(start), {0}) * {0} AS u_bucket",
                       out.bind_int(plan.interval_ms));
  } else {
    out << ", toInt64(0) AS u_bucket";
  }
  out << ", " << kSummed << "\n  FROM spans\n  WHERE ";
  write_condition(out, plan.filter);
  out << "\n  AND " << kModelCall << ")\nGROUP BY u_group, u_bucket, " << kKeyNames
      << "\nFORMAT RowBinary";
  return std::move(out).finish();
}

Statement plan_page_usage(const TraceIds& ids, const PriceClasses& classes) {
  StatementBuilder out;
  out << fmt::format(
      "SELECT '' AS u_group, toInt64(0) AS u_bucket, key, llm_trace, {}, {}\nFROM (\n  SELECT ",
      kKeyNames, kSums);
  out << key_columns(out, classes)
      << fmt::format(
             ",\n    if(apm_trace_id = {}, trace_id, apm_trace_id) AS key, trace_id AS llm_trace, ",
             kNoTrace)
      << kSummed << "\n  FROM spans\n  WHERE ";
  write_trace_condition(out, ids);
  // The same span may have come by two ways.
  out << " AND " << kModelCall << "\n  LIMIT 1 BY key, span_id)\nGROUP BY key, llm_trace, "
      << kKeyNames << "\nFORMAT RowBinary";
  return std::move(out).finish();
}

Statement plan_facet_usage(const FacetUsagePlan& plan) {
  StatementBuilder out;
  std::string aliases, sets, group;
  for (std::size_t i = 0; i < plan.fields.size(); ++i) {
    // Only the values that are shown; the rest falls together into one that is not.
    aliases += fmt::format(", if(toString({0}) IN {1}, toString({0}), '') AS f{2}",
                           plan.fields[i]->column, out.bind_texts(plan.values[i]), i);
    sets += fmt::format("{}(f{}, {})", i == 0 ? "" : ", ", i, kKeyNames);
    group += fmt::format("grouping(f{0}) = 0, concat('{0}:', f{0}), ", i);
  }
  out << fmt::format(
      "SELECT multiIf({0}'') AS u_group, toInt64(0) AS u_bucket, {1}, {1}, {2}, {3}\nFROM (\n"
      "  SELECT ",
      group, kNoTrace, kKeyNames, kSums);
  out << key_columns(out, plan.classes) << aliases << ", " << kSummed << "\n  FROM spans\n  WHERE ";
  write_condition(out, plan.filter);
  out << "\n  AND " << kModelCall << ")\nGROUP BY GROUPING SETS (" << sets << ")\nFORMAT RowBinary";
  return std::move(out).finish();
}

Statement plan_provisioned(const ProvisionedPlan& plan) {
  StatementBuilder out;
  out << "SELECT u_deployment, u_resource, u_slice, sum(greatest(input_tokens, 0)) + "
         "sum(greatest(output_tokens, 0))\nFROM (\n  SELECT "
         "lower(if(deployment = '', model, deployment)) AS u_deployment, "
         "azure_resource AS u_resource, "
      << fmt::format("toInt64(toUnixTimestamp64Nano(start) DIV {}) AS u_slice, ", plan.slice_ns)
      << "input_tokens, output_tokens, " << state_column() << "\n  FROM spans\n  WHERE "
      << kModelCall;
  write_stretches(out, plan.times);
  out << fmt::format("\n  AND u_deployment IN {})", out.bind_texts(plan.deployments));
  out << fmt::format("\nWHERE u_state = {}", static_cast<int>(counted))
      << "\nGROUP BY u_deployment, u_resource, u_slice\nFORMAT RowBinary";
  return std::move(out).finish();
}

Result<std::vector<UsageRow>> read_usage(std::string_view body, const PriceClasses& classes) {
  std::vector<UsageRow> rows;
  RowReader reader(body);
  while (!reader.at_end()) {
    UsageRow row;
    row.group = std::string(reader.text());
    row.bucket_ms = reader.i64();
    row.key = reader.trace_id();
    row.llm_trace = reader.trace_id();
    row.usage_key = read_key(reader, classes);
    const auto state = static_cast<State>(reader.u8());
    read_sums(reader, row.usage_key, row.usage, state);
    if (reader.failed()) return broken_answer();
    rows.push_back(std::move(row));
  }
  if (reader.failed()) return broken_answer();
  return rows;
}

Result<std::vector<ProvisionedUse>> read_provisioned(std::string_view body) {
  std::vector<ProvisionedUse> all;
  RowReader reader(body);
  while (!reader.at_end()) {
    ProvisionedUse use;
    use.deployment = std::string(reader.text());
    use.resource = std::string(reader.text());
    use.slice = reader.i64();
    use.tokens = non_negative(reader);
    if (reader.failed()) return broken_answer();
    all.push_back(std::move(use));
  }
  if (reader.failed()) return broken_answer();
  return all;
}

}  // namespace catalejo::query
