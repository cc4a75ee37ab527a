// Queries of metrics: cases of metrics/queries.test, what lines come to, and the SQL that is made.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>

#include "base/limits.hpp"
#include "model/ddsketch.hpp"
#include "query/metrics/histogram.hpp"
#include "query/metrics/parser.hpp"
#include "query/metrics/plan.hpp"
#include "row_writer.hpp"
#include "support/paths.hpp"

namespace catalejo::query::metrics {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::NanSensitiveDoubleEq;

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

std::string shown(Method method) {
  constexpr const char* kNames[] = {"avg", "sum", "min", "max", "count", "p"};
  return kNames[static_cast<int>(method)];
}

std::string shown(const Scope& scope) {
  if (scope.kind == Scope::Kind::everything) return "*";
  if (scope.kind == Scope::Kind::tag) return scope.tag;
  if (scope.kind == Scope::Kind::none_of) return "!" + shown(scope.children.front());
  std::string list;
  for (const Scope& child : scope.children)
    list += (list.empty() ? "" : scope.kind == Scope::Kind::all_of ? " & " : " | ") + shown(child);
  return "(" + list + ")";
}

std::string shown(const Metric& metric) {
  std::string out = shown(metric.space);
  if (metric.space == Method::percentile) out += fmt::format("{:.6g}", metric.quantile);
  out += fmt::format(":{}{{{}}}", metric.name, shown(metric.scope));
  for (std::size_t i = 0; i < metric.by.size(); ++i) out += (i == 0 ? " by " : ",") + metric.by[i];
  if (metric.as_count) out += " count";
  if (metric.as_rate) out += " rate";
  if (metric.rollup || metric.rollup_s > 0)
    out +=
        fmt::format(" rollup({},{})", metric.rollup ? shown(*metric.rollup) : "", metric.rollup_s);
  if (metric.fill.kind == Fill::Kind::number) out += fmt::format(" fill({})", metric.fill.number);
  if (metric.fill.kind == Fill::Kind::last)
    out += fmt::format(" fill(last,{})", metric.fill.seconds_max);
  if (metric.fill.kind == Fill::Kind::linear)
    out += fmt::format(" fill(linear,{})", metric.fill.seconds_max);
  if (metric.shift_s != 0) out += fmt::format(" shift({})", metric.shift_s);
  return out;
}

std::string shown(const Query& query, const Expression& expression) {
  using Kind = Expression::Kind;
  if (expression.kind == Kind::number) return fmt::format("{}", expression.number);
  if (expression.kind == Kind::metric) return shown(query.metrics[expression.metric]);
  const std::string left = shown(query, expression.children.front());
  if (expression.kind == Kind::negate) return "-" + left;
  if (expression.kind == Kind::call) {
    std::string arguments;
    for (const Argument& argument : expression.arguments)
      arguments += (arguments.empty() ? "; " : ",") + argument.text;
    return fmt::format("{}({}{})", expression.function, left, arguments);
  }
  const char sign = expression.kind == Kind::add        ? '+'
                    : expression.kind == Kind::subtract ? '-'
                    : expression.kind == Kind::multiply ? '*'
                                                        : '/';
  return fmt::format("({} {} {})", left, sign, shown(query, expression.children.back()));
}

std::string parsed(std::string_view text) {
  const auto read = parse(text);
  if (const auto* problem = std::get_if<Problem>(&read))
    return fmt::format("! {} {}", problem->position, problem->message);
  const Query& query = std::get<Query>(read);
  std::string out;
  for (const Expression& expression : query.expressions)
    out += (out.empty() ? "= " : "; ") + shown(query, expression);
  return out;
}

TEST(MetricQuery, IsReadAsTheCasesSay) {
  std::ifstream file(test_data("query/metrics/queries.test"));
  std::string line, query;
  int cases = 0;
  while (std::getline(file, line)) {
    if (line.starts_with("? ")) query = line.substr(2);
    if (!line.starts_with("= ") && !line.starts_with("! ")) continue;
    ++cases;
    const std::string got = parsed(query);
    if (line[0] == '=') {
      EXPECT_EQ(got, line) << query;
    } else {
      EXPECT_TRUE(got.starts_with(line)) << query << ": " << got;
    }
  }
  EXPECT_GT(cases, 30);
}

TEST(MetricQuery, IsNoWayToEndTheProcess) {
  const std::string deep(200'000, '(');
  EXPECT_THAT(parsed(deep), HasSubstr("bytes"));
  EXPECT_THAT(parsed(deep.substr(0, 5'000)), HasSubstr("deep"));
  EXPECT_THAT(parsed("avg:a{" + deep.substr(0, 5'000)), HasSubstr("deep"));
  EXPECT_THAT(parsed(std::string(5'000, '-')), HasSubstr("deep"));
  std::string many = "avg:a{*}";
  for (int i = 0; i < 30; ++i) many += "+avg:a{*}";
  EXPECT_THAT(parsed(many), HasSubstr("up to 26 metrics"));
}

Query query_of(std::string_view text) {
  return std::get<Query>(parse(text));
}

Lines lines_of(std::vector<Line> lines, std::vector<std::string> by = {}) {
  return {.grid = {.begin_s = 0, .step_s = 10, .size = 3}, .by = std::move(by), .lines = lines};
}

TEST(MetricQuery, OperationsGoPlaceByPlace) {
  const Query query = query_of("100 * sum:a{*} / sum:b{*}");
  const auto result = evaluate(query.expressions[0],
                               {lines_of({{{}, {1, kNone, 3}}}), lines_of({{{}, {2, 5, 0}}})});
  ASSERT_TRUE(result);
  ASSERT_EQ(result->lines.size(), 1u);
  EXPECT_THAT(result->lines[0].values,
              ElementsAre(50, NanSensitiveDoubleEq(kNone), NanSensitiveDoubleEq(kNone)));
}

TEST(MetricQuery, LinesBelongTogetherByTheirTags) {
  const Query query = query_of("sum:a{*} by {m} - sum:b{*} by {m}");
  const Lines a = lines_of({{{"m:x"}, {5, 5, 5}}, {{"m:y"}, {7, 7, 7}}}, {"m"});
  const Lines b = lines_of({{{"m:y"}, {1, 2, 3}}, {{"m:z"}, {1, 1, 1}}}, {"m"});
  const auto same = evaluate(query.expressions[0], {a, b});
  ASSERT_TRUE(same);
  ASSERT_EQ(same->lines.size(), 1u);
  EXPECT_THAT(same->lines[0].tags, ElementsAre("m:y"));
  EXPECT_THAT(same->lines[0].values, ElementsAre(6, 5, 4));
  const auto one = evaluate(query.expressions[0], {a, lines_of({{{}, {1, 1, 1}}})});
  ASSERT_TRUE(one);
  EXPECT_EQ(one->lines.size(), 2u);
  EXPECT_FALSE(evaluate(query.expressions[0], {a, lines_of({}, {"other"})}));
  Lines longer = b;
  longer.grid.step_s = 20;
  EXPECT_FALSE(evaluate(query.expressions[0], {a, longer}));
}

TEST(MetricQuery, GapsAreFilledAsAsked) {
  const auto filled = [](Fill fill) {
    Line line{.tags = {}, .values = {kNone, 2, kNone, kNone, 8, kNone, kNone}};
    fill_gaps(line, fill, {.begin_s = 0, .step_s = 10, .size = 7});
    for (double& value : line.values)
      if (std::isnan(value)) value = -1;
    return line.values;
  };
  EXPECT_THAT(filled({.kind = Fill::Kind::number}), ElementsAre(0, 2, 0, 0, 8, 0, 0));
  EXPECT_THAT(filled({.kind = Fill::Kind::last}), ElementsAre(-1, 2, 2, 2, 8, 8, 8));
  EXPECT_THAT(filled({.kind = Fill::Kind::last, .seconds_max = 10}),
              ElementsAre(-1, 2, -1, -1, 8, 8, -1));
  EXPECT_THAT(filled({.kind = Fill::Kind::linear}), ElementsAre(-1, 2, 4, 6, 8, -1, -1));
}

TEST(MetricQuery, ATextOfAPersonIsAlwaysAParameter) {
  const Query query = query_of("sum:a{env:x';drop*,!(host:h OR k:\\)} by {m'} / p50:b{*}");
  for (const Metric& metric : query.metrics) {
    const auto grid = grid_of(metric, 1'700'000'000, 1'700'003'600);
    ASSERT_TRUE(grid);
    EXPECT_EQ(grid->step_s, 10);
    EXPECT_EQ(grid->size, 360u);
    const Statement statement = plan(metric, *grid);
    EXPECT_THAT(statement.sql, testing::Not(HasSubstr("drop")));
    EXPECT_THAT(statement.sql, testing::Not(HasSubstr("m'")));
  }
  EXPECT_FALSE(grid_of(query_of("avg:a{*}.rollup(avg, 1)").metrics[0], 0, 86'400));
}

// A place of the grid with a sketch, as the database answers it.
void put_sketch(test::RowWriter& row, std::int64_t place, const model::DDSketch& sketch) {
  row.number(place).length(sketch.bins().size());
  for (const auto& bin : sketch.bins()) row.number(static_cast<std::int64_t>(bin.key));
  row.length(sketch.bins().size());
  for (const auto& bin : sketch.bins()) row.number(bin.count);
  row.number(sketch.count()).number(sketch.sum()).number(sketch.min()).number(sketch.max());
}

TEST(MetricHistogram, PutsEveryValueBetweenTheBoundsOfItsBin) {
  model::DDSketch early, late;
  early.add(1, 3);
  early.add(-5);
  late.add(1'000, 2);
  test::RowWriter row;
  put_sketch(row, 0, early);
  put_sketch(row, 2, late);
  const auto read = read_histogram(row.bytes(), {.begin_s = 0, .step_s = 10, .size = 3});
  ASSERT_TRUE(read);
  EXPECT_LE(read->bounds.size(), kHistogramBinsMax + 1);
  EXPECT_TRUE(std::ranges::is_sorted(read->bounds));
  ASSERT_EQ(read->counts.size(), 3u);
  EXPECT_TRUE(read->counts[1].empty());
  const auto count_at = [&](std::size_t place, double value) {
    for (std::size_t i = 0; i + 1 < read->bounds.size(); ++i)
      if (value >= read->bounds[i] && value < read->bounds[i + 1]) return read->counts[place][i];
    return -1.0;
  };
  EXPECT_EQ(count_at(0, 1), 3);
  EXPECT_EQ(count_at(0, -5), 1);
  EXPECT_EQ(count_at(2, 1'000), 2);
  EXPECT_EQ(count_at(2, 1), 0);
}

TEST(MetricHistogram, IsEmptyOfNothingAndRefusesBrokenAnswers) {
  const Grid grid{.begin_s = 0, .step_s = 10, .size = 2};
  const auto empty = read_histogram("", grid);
  ASSERT_TRUE(empty);
  EXPECT_TRUE(empty->bounds.empty());
  test::RowWriter far;
  put_sketch(far, 2, {});
  EXPECT_FALSE(read_histogram(far.bytes(), grid)) << "a place that is not on the grid";
  EXPECT_FALSE(read_histogram("\x01\x02", grid));
}

}  // namespace
}  // namespace catalejo::query::metrics
