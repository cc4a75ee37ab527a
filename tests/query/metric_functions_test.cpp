// Functions and formulas over lines: cases of metrics/functions.test, and windows of time.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <charconv>
#include <cmath>
#include <fstream>
#include <limits>
#include <map>
#include <sstream>

#include "query/metrics/parser.hpp"
#include "query/metrics/plan.hpp"
#include "query/metrics/reduce.hpp"
#include "support/paths.hpp"

namespace catalejo::query::metrics {
namespace {

using testing::ElementsAre;

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kPlaces = 4;

// "1 3 - 9"
std::vector<double> values_in(const std::string& text) {
  std::istringstream in(text);
  std::vector<double> values;
  for (std::string word; in >> word;) values.push_back(word == "-" ? kNone : std::stod(word));
  return values;
}

std::string shown(const Line& line) {
  std::string out = line.tags.empty() ? "*:" : "";
  for (const std::string& tag : line.tags) out += tag + ":";
  for (const double value : line.values)
    out += std::isnan(value) ? " -" : fmt::format(" {:.6g}", value);
  return out;
}

// What stands for the answers of the database, and the queries that have a name.
class Case {
 public:
  // "up: 1 3 - 9", "mix by m:x: 1 2 3 4"
  void add_line(const std::string& text) {
    const std::size_t colon = text.rfind(": ");
    std::string name = text.substr(0, colon), tag;
    if (const std::size_t by = name.find(" by "); by != std::string::npos) {
      tag = name.substr(by + 4);
      name.resize(by);
    }
    Line line{.tags = {}, .values = values_in(text.substr(colon + 2))};
    if (!tag.empty()) line.tags = {tag};
    lines_[name].push_back(line);
  }
  // "errors sum:up{*}.as_count()"
  void name_query(const std::string& text) {
    const std::size_t space = text.find(' ');
    named_.push_back(
        {.name = text.substr(0, space), .query = std::get<Query>(parse(text.substr(space + 1)))});
  }

  std::vector<std::string> result(const std::string& text, bool formula) const {
    const auto read = formula ? parse_formula(text, named_) : parse(text);
    if (const auto* wrong = std::get_if<Problem>(&read))
      return {"! " + error_at(wrong->message, wrong->position).message};
    const Query& query = std::get<Query>(read);
    std::vector<Lines> answers;
    for (const Metric& metric : query.metrics) answers.push_back(answer_to(metric));
    const auto lines = evaluate(query.expressions.front(), answers);
    if (!lines) return {"! " + lines.error().message};
    std::vector<std::string> shown_lines;
    for (const Line& line : lines->lines) shown_lines.push_back("= " + shown(line));
    return shown_lines;
  }

 private:
  Lines answer_to(const Metric& metric) const {
    Lines lines{
        .grid = {.begin_s = 0, .step_s = 10, .size = kPlaces}, .by = metric.by, .lines = {}};
    if (const auto found = lines_.find(metric.name); found != lines_.end())
      lines.lines = found->second;
    return lines;
  }

  std::map<std::string, std::vector<Line>> lines_;
  std::vector<NamedQuery> named_;
};

TEST(MetricFunctions, DoWhatTheCasesSay) {
  std::ifstream file(test_data("query/metrics/functions.test"));
  Case known;
  std::string query;
  std::vector<std::string> expected;
  bool formula = false;
  int cases = 0;
  const auto check = [&] {
    if (query.empty()) return;
    ++cases;
    EXPECT_EQ(known.result(query, formula), expected) << query;
    query.clear();
    expected.clear();
  };
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("= ") || line.starts_with("! ")) {
      expected.push_back(line);
      continue;
    }
    check();
    if (line.starts_with("@ ")) known.add_line(line.substr(2));
    if (line.starts_with("$ ")) known.name_query(line.substr(2));
    if (line.starts_with("? ") || line.starts_with("F ")) {
      query = line.substr(2);
      formula = line[0] == 'F';
    }
  }
  check();
  EXPECT_GT(cases, 60);
}

double over_five_minutes(const std::string& text, const std::string& errors,
                         const std::string& all) {
  const Query query = std::get<Query>(parse(text));
  std::vector<Lines> answers;
  for (const std::string& values : {errors, all}) {
    Lines lines{.grid = {.begin_s = 0, .step_s = 60, .size = 5}, .by = {}, .lines = {}};
    lines.lines.push_back({.tags = {}, .values = values_in(values)});
    answers.push_back(lines);
  }
  const auto window = over_window(query.expressions.front(), answers, {Reducer::sum, Reducer::sum},
                                  counts_first(query));
  return window && window->lines.size() == 1 ? window->lines[0].values[0] : kNone;
}

// The example of Datadog's "as_count() in monitor evaluations", with both of its denominators.
TEST(MetricFunctions, CountsAreSummedBeforeTheyAreDivided) {
  const std::string counts = "sum:e{*}.as_count() / sum:r{*}.as_count()";
  const std::string rates = "sum:e{*}.as_rate() / sum:r{*}.as_rate()";
  EXPECT_DOUBLE_EQ(over_five_minutes(counts, "1 2 3 4 5", "5 5 5 5 5"), 0.6);
  EXPECT_DOUBLE_EQ(over_five_minutes(rates, "1 2 3 4 5", "5 5 5 5 5"), 3);
  EXPECT_DOUBLE_EQ(over_five_minutes(counts, "1 2 3 4 5", "10 10 10 10 10"), 0.3);
  EXPECT_DOUBLE_EQ(over_five_minutes(rates, "1 2 3 4 5", "10 10 10 10 10"), 1.5);
  // A rate over time needs the line.
  EXPECT_DOUBLE_EQ(
      over_five_minutes("diff(sum:e{*}.as_count()) + 0 * sum:r{*}", "1 2 3 4 9", "1 1 1 1 1"), 8);
}

TEST(MetricFunctions, AWindowIsReducedAsAsked) {
  const std::vector<double> values = {3, kNone, -4, 1};
  const auto by = [&](const char* word) { return reduced(values, *reducer_of(word), 10); };
  EXPECT_EQ(by("avg"), 0);
  EXPECT_EQ(by("mean"), 0);
  EXPECT_EQ(by("sum"), 0);
  EXPECT_EQ(by("min"), -4);
  EXPECT_EQ(by("max"), 3);
  EXPECT_EQ(by("last"), 1);
  EXPECT_EQ(by("area"), 0);
  EXPECT_DOUBLE_EQ(by("l2norm"), std::sqrt(26.0));
  EXPECT_TRUE(std::isnan(reduced(std::vector<double>{kNone}, Reducer::sum, 10)));
  EXPECT_FALSE(reducer_of("percentile"));
  EXPECT_DOUBLE_EQ(quantile_of_values(values, 0.5), 1);
  EXPECT_DOUBLE_EQ(quantile_of_values(values, 0.25), -1.5);
}

TEST(MetricFunctions, ARobustTrendIsNotMovedByOneOddValue) {
  Lines lines{.grid = {.begin_s = 0, .step_s = 10, .size = 50}, .by = {}, .lines = {}};
  lines.lines.push_back({.tags = {}, .values = {}});
  for (int i = 0; i < 50; ++i) lines.lines[0].values.push_back(i + 0.1 * (i % 3));
  lines.lines[0].values[45] = 5'000;
  const auto slope = [&](const char* function) {
    const Query query = std::get<Query>(parse(fmt::format("{}(avg:a{{*}})", function)));
    const auto made = evaluate(query.expressions[0], {lines});
    return made->lines[0].values[1] - made->lines[0].values[0];
  };
  EXPECT_NEAR(slope("robust_trend"), 1, 0.05);
  EXPECT_GT(slope("trend_line"), 5);
}

TEST(MetricFunctions, AnotherTimeIsAskedForAndDrawnInThisOne) {
  const Query query = std::get<Query>(parse("week_before(avg:a{*}) - avg:a{*}"));
  const auto grid = grid_of(query.metrics[0], 1'700'000'000, 1'700'003'600);
  ASSERT_TRUE(grid);
  EXPECT_EQ(grid->begin_s, 1'700'000'000);
  const Statement then = plan(query.metrics[0], *grid);
  EXPECT_THAT(then.parameters, testing::Contains(testing::Pair(testing::_, "1699395200")));
  const Statement now = plan(query.metrics[1], *grid);
  EXPECT_THAT(now.parameters, testing::Contains(testing::Pair(testing::_, "1700000000")));
}

TEST(MetricFunctions, AFunctionInsideAQueryOfAFormulaCountsOnce) {
  const std::vector<NamedQuery> named{
      {.name = "then", .query = std::get<Query>(parse("week_before(avg:a{*})"))},
      {.name = "band", .query = std::get<Query>(parse("anomalies(avg:a{*}, 'basic', 2)"))}};
  const auto shifts = [&](const char* text) {
    std::vector<std::int64_t> found;
    const auto query = std::get<Query>(parse_formula(text, named));
    for (const Metric& metric : query.metrics) found.push_back(metric.shift_s);
    return found;
  };
  EXPECT_THAT(shifts("then"), ElementsAre(-604'800));
  EXPECT_THAT(shifts("day_before(then) - then"), ElementsAre(-691'200, -604'800));
  EXPECT_EQ(std::get<Query>(parse_formula("band", named)).metrics[0].history_s, 6 * 3'600);
}

TEST(MetricFunctions, AFormulaIsNoWayToGrowWithoutEnd) {
  std::vector<NamedQuery> named{
      {.name = "a", .query = std::get<Query>(parse("avg:a{*}+avg:b{*}"))}};
  std::string many = "a";
  for (int i = 0; i < 20; ++i) many += "+a";
  const auto read = parse_formula(many, named);
  ASSERT_TRUE(std::holds_alternative<Problem>(read));
  EXPECT_THAT(std::get<Problem>(read).message, testing::HasSubstr("up to 26 metrics"));
  std::string steps = "1";
  for (int i = 0; i < 300; ++i) steps += "+1";
  const auto long_one = parse(steps);
  ASSERT_TRUE(std::holds_alternative<Problem>(long_one));
  EXPECT_THAT(std::get<Problem>(long_one).message, testing::HasSubstr("up to 200 operations"));
}

}  // namespace
}  // namespace catalejo::query::metrics
