#include "query/statement.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace catalejo::query {

std::string StatementBuilder::bind(std::string_view type, std::string value) {
  std::string name = fmt::format("p{}", parameters_.size());
  std::string placeholder = fmt::format("{{{}:{}}}", name, type);
  parameters_.emplace_back(std::move(name), std::move(value));
  return placeholder;
}

std::string StatementBuilder::bind_int(std::int64_t value) {
  return bind("Int64", fmt::format("{}", value));
}

std::string StatementBuilder::bind_time(UnixNanos time) {
  return fmt::format("fromUnixTimestamp64Nano({}, 'UTC')", bind_int(time.value));
}

std::string StatementBuilder::bind_trace_id(TraceId id) {
  // Hex, because the bytes themselves may hold what a parameter's text form has to escape.
  return fmt::format("unhex({})", bind_text(to_hex(id)));
}

std::string StatementBuilder::bind_trace_ids(const std::vector<TraceId>& ids) {
  std::vector<std::string> texts;
  texts.reserve(ids.size());
  for (const TraceId id : ids) texts.push_back(to_hex(id));
  // One parameter however many ids: parameters travel in a URL. The expression is constant, so
  // the bloom filter indexes still serve.
  return fmt::format("(arrayMap(x -> toFixedString(unhex(x), 16), {}))", bind_texts(texts));
}

std::string StatementBuilder::bind_times(const std::vector<UnixNanos>& times) {
  std::vector<std::int64_t> nanos;
  nanos.reserve(times.size());
  for (const UnixNanos time : times) nanos.push_back(time.value);
  return fmt::format("(arrayMap(x -> fromUnixTimestamp64Nano(x, 'UTC'), {}))",
                     bind("Array(Int64)", fmt::format("[{}]", fmt::join(nanos, ","))));
}

std::string StatementBuilder::bind_span_ids(const std::vector<SpanId>& ids) {
  std::vector<std::uint64_t> numbers;
  numbers.reserve(ids.size());
  for (const SpanId id : ids) numbers.push_back(id.value);
  return bind("Array(UInt64)", fmt::format("[{}]", fmt::join(numbers, ",")));
}

std::string StatementBuilder::bind_texts(const std::vector<std::string>& values) {
  return bind("Array(String)", array_literal(values));
}

void StatementBuilder::set(std::string_view setting) {
  if (settings_.find(setting) != std::string::npos) return;
  settings_ += settings_.empty() ? "\nSETTINGS " : ", ";
  settings_ += setting;
}

Statement StatementBuilder::finish() && {
  sql_.insert(std::min(sql_.rfind("\nFORMAT "), sql_.size()), settings_);
  return {std::move(sql_), std::move(parameters_), lane_};
}

std::string array_literal(const std::vector<std::string>& values) {
  std::string literal = "[";
  for (const std::string& value : values) {
    if (literal.size() > 1) literal += ',';
    literal += '\'';
    for (const char c : value) {
      if (c == '\'' || c == '\\') literal += '\\';
      literal += c;
    }
    literal += '\'';
  }
  return literal + "]";
}

}  // namespace catalejo::query
