// A query of metrics, read: docs/formats/metric-queries.md has the grammar.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace catalejo::query {
struct SpanFigure;
}  // namespace catalejo::query

namespace catalejo::query::metrics {

// How values become one: over series (the word before ':'), or over time (rollup).
enum class Method : std::uint8_t { avg, sum, min, max, count, percentile };

// Which series.
struct Scope {
  enum class Kind : std::uint8_t { everything, tag, none_of, all_of, any_of };
  Kind kind = Kind::everything;
  std::string tag;  // "key:value", "key:va*", "key"
  std::vector<Scope> children;
};

struct Fill {
  enum class Kind : std::uint8_t { none, number, last, linear };
  Kind kind = Kind::none;
  double number = 0;
  std::int64_t seconds_max = 300;  // longer gaps stay
};

struct Metric {
  Method space = Method::avg;
  double quantile = 0;  // of Method::percentile, 0 … 1
  std::string name;
  Scope scope;
  std::vector<std::string> by;  // keys of tags
  bool as_count = false, as_rate = false;
  std::optional<Method> rollup;
  std::int64_t rollup_s = 0;  // 0 = by the length of time that is asked for
  Fill fill;
  std::size_t begin = 0, end = 0;  // in the text
  std::string text;                // what stands there
  // What functions around it ask for: another time, and points before the time that is asked for,
  // in a rollup that is no shorter than this.
  std::int64_t shift_s = 0, history_s = 0, step_s_min = 0;
  std::size_t source = 0;  // in a formula: the place of its query among those that have names
  // Asked of spans, by when they ended, instead of points; `by`, `rollup_s` and what functions ask
  // for count for them, too.
  std::shared_ptr<const SpanFigure> spans;
  bool one_place = false;     // all of the time at once
  std::size_t lines_max = 0;  // of spans: those with the highest values, or the lowest; 0 = all
  bool highest = true;
};

// Of a function, besides the expression that it is applied to.
struct Argument {
  std::string name;  // of direction='above'; else empty
  std::string text;  // without quotes, as written
  std::optional<double> number;
  std::size_t position = 0;
};

struct Expression {
  enum class Kind : std::uint8_t { metric, number, negate, add, subtract, multiply, divide, call };
  Kind kind = Kind::number;
  double number = 0;
  std::size_t metric = 0;  // in Query::metrics
  std::string function;    // of a call
  std::vector<Argument> arguments;
  std::vector<Expression> children;
  std::size_t begin = 0, end = 0;
};

struct Query {
  std::string text;
  std::vector<Metric> metrics;
  std::vector<Expression> expressions;  // separated by commas
};

struct Problem {
  std::string message;
  std::size_t position = 0;  // in bytes
};

// The one way that a reader is told where.
Error error_at(std::string_view message, std::size_t position);

}  // namespace catalejo::query::metrics
