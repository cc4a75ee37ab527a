#include "query/price_table.hpp"

#include <fmt/format.h>

#include "base/limits.hpp"
#include "query/row_reader.hpp"
#include "query/span_row.hpp"

namespace catalejo::query {
namespace {

std::string kind_of_call(const KeyParts& parts) {
  return fmt::format("cityHash64(model, deployment, azure_resource, {}, {}, {}, {})", parts.era,
                     parts.long_context, parts.day, parts.kinds_of_tokens);
}

std::string bind_numbers(StatementBuilder& out, std::string_view type, const auto& numbers) {
  std::string text = "[";
  for (const auto number : numbers) text += fmt::format("{}{}", text.size() > 1 ? "," : "", number);
  return out.bind(type, text + "]");
}

// False when the cost of such a call is not known.
bool add_rates(PriceTable& table, const UsageKey& key, const Pricing& pricing) {
  const cost::Quote quote = quote_of(key, *pricing.book);
  std::array<std::int64_t, 6> rates{};
  std::int64_t per = kTokensPerPrice;
  if (quote.kind == cost::Kind::unknown) return false;
  if (is_provisioned(quote)) {
    const auto [day_cost, day_tokens] = provisioned_of_day(quote, key.day, pricing);
    if (day_tokens <= 0) return false;
    rates.fill(day_cost.value);
    per = day_tokens;
  } else {
    const model::Rates& given = quote.rates;
    const auto or_input = [&](std::int64_t rate) { return rate >= 0 ? rate : given.input; };
    rates = {given.input,
             or_input(given.cached_input),
             or_input(given.cache_write),
             given.audio_input,
             given.output,
             given.audio_output};
    const std::array<bool, 6> needed = {
        true, false, false, (key.parts & 1) != 0, (key.parts & 4) != 0, (key.parts & 2) != 0};
    for (std::size_t i = 0; i < rates.size(); ++i) {
      if (needed[i] && rates[i] < 0) return false;
      rates[i] = std::max<std::int64_t>(rates[i], 0);
    }
  }
  for (std::size_t i = 0; i < rates.size(); ++i) table.rates[i].push_back(rates[i]);
  table.per.push_back(per);
  return true;
}

}  // namespace

Statement plan_call_kinds(const PriceClasses& classes, UnixNanos from, UnixNanos to) {
  StatementBuilder out;
  const KeyParts parts = key_parts(out, classes);
  out << fmt::format(
      "SELECT {} AS u_kind, model, deployment, azure_resource, {} AS u_era, {} AS u_long, {} AS "
      "u_day, {} AS u_parts\nFROM spans\nWHERE start >= {} AND start <= {} AND {} AND "
      "cost_nano_usd < 0\nGROUP BY u_kind, model, deployment, azure_resource, u_era, u_long, "
      "u_day, "
      "u_parts\nFORMAT RowBinary",
      kind_of_call(parts), parts.era, parts.long_context, parts.day, parts.kinds_of_tokens,
      out.bind_time(from), out.bind_time(to), kModelCall);
  return std::move(out).finish();
}

Result<PriceTable> read_price_table(std::string_view body, PriceClasses classes,
                                    const Pricing& pricing) {
  PriceTable table{.classes = std::move(classes), .kinds = {}, .rates = {}, .per = {}};
  RowReader reader(body);
  while (!reader.at_end()) {
    const std::uint64_t kind = reader.u64();
    const UsageKey key = read_key(reader, table.classes);
    if (reader.failed()) return broken_answer();
    if (add_rates(table, key, pricing)) table.kinds.push_back(kind);
  }
  if (reader.failed()) return broken_answer();
  return table;
}

std::string cost_expression(StatementBuilder& out, const PriceTable& prices) {
  const KeyParts parts = key_parts(out, prices.classes);
  // Its parts occur several times. Evaluated only where they are needed, each would be computed
  // each time: 1.9 CPU seconds per million rows against 0.3.
  out.set("short_circuit_function_evaluation = 'disable'");
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < prices.kinds.size(); ++i) places.push_back(i + 1);
  if (places.empty()) return "cost_nano_usd";
  const std::string place = fmt::format("transform({}, {}, {}, toUInt32(0))", kind_of_call(parts),
                                        bind_numbers(out, "Array(UInt64)", prices.kinds),
                                        bind_numbers(out, "Array(UInt32)", places));
  constexpr std::array<std::string_view, 6> kTokens = {
      "greatest(input_tokens - cached_tokens - cache_write_tokens - audio_input_tokens, 0)",
      "cached_tokens",
      "cache_write_tokens",
      "audio_input_tokens",
      "greatest(greatest(output_tokens, 0) - audio_output_tokens, 0)",
      "audio_output_tokens"};
  std::string sum;
  for (std::size_t i = 0; i < kTokens.size(); ++i) {
    sum += fmt::format("{}toInt128({}) * arrayElement({}, {})", i == 0 ? "" : " + ", kTokens[i],
                       bind_numbers(out, "Array(Int64)", prices.rates[i]), place);
  }
  const std::string per = fmt::format("greatest(arrayElement({}, {}), 1)",
                                      bind_numbers(out, "Array(Int64)", prices.per), place);
  // To the even neighbour.
  const std::string whole = fmt::format("intDiv({}, {})", sum, per);
  const std::string twice = fmt::format("2 * (({}) - {} * {})", sum, whole, per);
  return fmt::format(
      "toInt64(multiIf(cost_nano_usd >= 0, toInt128(cost_nano_usd), "
      "NOT ({0} AND {1}) OR {2} = 0, toInt128(-1), "
      "{3} + toInt128({4} > {5} OR ({4} = {5} AND {3} % 2 = 1))))",
      kModelCall, counted_condition(), place, whole, twice, per);
}

}  // namespace catalejo::query
