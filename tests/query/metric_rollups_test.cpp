// What points come to in five minutes, hours and days says what the points say: random points in
// the real database, asked for both ways. Also while only some of its parts have roll-ups.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <cstdlib>
#include <random>

#include "query/metrics/parser.hpp"
#include "query/metrics/plan.hpp"
#include "store/store.hpp"
#include "support/paths.hpp"
#include "support/temporary_folder.hpp"

namespace catalejo::query::metrics {
namespace {

constexpr std::int64_t kHour = 3'600, kDay = 86'400;
constexpr int kFlushMs = 60'000;
// A Monday at midnight, and a month that ends within the week behind it.
constexpr std::int64_t kBegin = 1'795'392'000 + 5 * kDay;
constexpr std::int64_t kEnd = kBegin + 4 * kDay;

// The order in which doubles are added up is nobody's.
bool alike(double a, double b) {
  if (std::isnan(a) || std::isnan(b)) return std::isnan(a) == std::isnan(b);
  return std::abs(a - b) <= 1e-12 * std::max(std::abs(a), std::abs(b));
}

class MetricRollups : public testing::Test {
 protected:
  void SetUp() override {
    const char* named = std::getenv("CATALEJO_LIBCHDB");
    const std::string library = named && *named ? named : store_build("libchdb.so");
    ASSERT_EQ(::access(library.c_str(), R_OK), 0) << "libchdb is missing at " << library;
    store::StoreOptions options;
    options.data_dir = folder_.path();
    options.store_binary = store_build("catalejo-store");
    options.counters = &counters_;
    auto opened = store::Store::open(options);
    ASSERT_TRUE(opened) << to_string(opened.error());
    store_ = std::move(*opened);
  }

  std::int64_t number(std::int64_t below) {
    return std::uniform_int_distribution<std::int64_t>(0, below - 1)(random_);
  }

  model::MetricPoint point() {
    constexpr std::array kKinds{model::MetricKind::count, model::MetricKind::gauge,
                                model::MetricKind::rate, model::MetricKind::distribution};
    const auto kind = static_cast<std::size_t>(number(4));
    model::MetricPoint made;
    made.name = fmt::format("kind.{}", kind);
    made.kind = kKinds[kind];
    made.host = number(3) == 0 ? "" : fmt::format("h{}", number(3));
    made.tags = {fmt::format("env:{}", number(2) == 0 ? "prod" : "pre")};
    if (number(3) > 0) made.tags.push_back(fmt::format("model:m{}", number(4)));
    made.time = {(kBegin + number(kEnd - kBegin) / 10 * 10) * kNanosPerSecond};
    made.interval_s = number(5) == 0 ? 60 : 10;
    made.value = static_cast<double>(number(2'000)) / 8 - 50;
    made.source = "test";
    if (made.kind == model::MetricKind::distribution)
      for (std::int64_t left = number(4) + 1; left > 0; --left)
        made.sketch.add(static_cast<double>(number(4'000)) / 4, 1 + static_cast<double>(number(3)));
    return made;
  }

  void put(std::size_t count) {
    model::Batch batch;
    for (std::size_t i = 0; i < count; ++i) batch.points.push_back(point());
    batch.points_received = count;
    auto kept = wait_blocking(store_->append(store::encode(batch, now())));
    ASSERT_TRUE(kept) << to_string(kept.error());
    ASSERT_TRUE(store_->flush(kFlushMs));
  }

  std::string run(std::string sql, store::QueryParameters parameters = {}) {
    auto body = wait_blocking(store_->query(std::move(sql), std::move(parameters)));
    EXPECT_TRUE(body) << to_string(body.error());
    return body ? *body : std::string();
  }

  std::vector<Line> lines_of(const Metric& metric, const Grid& grid, Unit unit) {
    const Statement statement = plan(metric, grid, unit);
    auto lines = read_lines(run(statement.sql, statement.parameters), metric, grid);
    EXPECT_TRUE(lines) << to_string(lines.error());
    return lines ? *lines : std::vector<Line>();
  }

  // The number of lines that were compared.
  std::size_t compare(const std::string& text) {
    auto read = parse(text);
    if (!std::holds_alternative<Query>(read)) {
      ADD_FAILURE() << text;
      return 0;
    }
    const Metric& metric = std::get<Query>(read).metrics.front();
    const auto grid = grid_of(metric, kBegin + kHour, kEnd - kHour);
    const std::vector<Line> wanted = lines_of(metric, *grid, Unit::point);
    const std::vector<Line> lines = lines_of(metric, *grid, unit_of(metric, *grid));
    EXPECT_EQ(lines.size(), wanted.size()) << text;
    for (std::size_t i = 0; i < std::min(lines.size(), wanted.size()); ++i) {
      EXPECT_EQ(lines[i].tags, wanted[i].tags) << text;
      for (std::size_t place = 0; place < grid->size; ++place)
        if (!alike(lines[i].values[place], wanted[i].values[place])) {
          ADD_FAILURE() << text << " at " << place << ": " << lines[i].values[place]
                        << " instead of " << wanted[i].values[place];
          return 0;
        }
    }
    return wanted.size();
  }

  // All ways to ask are some 900: every twenty-third of them, other ones each time.
  void compare_some() {
    std::size_t lines = 0, at = compared_++;
    for (int kind = 0; kind < 4; ++kind)
      for (const char* space : {"avg", "sum", "min", "max", "count", "p95"})
        for (const char* scope :
             {"{*}", "{env:prod}", "{!env:prod,model:m*} by {model}", "{*} by {host,env}"})
          for (const char* rest :
               {".rollup(300)", ".rollup(avg,3600)", ".rollup(sum,7200)", ".rollup(min,86400)",
                ".rollup(max,600)", ".rollup(count,900)", ".as_count().rollup(3600)",
                ".as_rate().rollup(3600)", ".as_count().rollup(max,3600)",
                ".as_rate().rollup(avg,86400)", ".as_count().rollup(avg,600)", ".rollup(86400)"}) {
            if (space[0] == 'p' && kind != 3) continue;
            if (at++ % 23 == 0)
              lines += compare(fmt::format("{}:kind.{}{}{}", space, kind, scope, rest));
          }
    EXPECT_GT(lines, 80u);
  }

  TemporaryFolder folder_;
  Counters counters_;
  std::unique_ptr<store::Store> store_;
  std::mt19937_64 random_{17};
  std::size_t compared_ = 0;
};

std::string projections_of(const std::string& explained) {
  std::string found;
  for (const char* name : {"of_five_minutes", "of_hours", "series_of_days"})
    if (explained.find(fmt::format("({})", name)) != std::string::npos)
      found += (found.empty() ? "" : " ") + std::string(name);
  return found;
}

TEST_F(MetricRollups, SayWhatThePointsSay) {
  // Parts of before there were any.
  const auto with_inserts = [&](int made) {
    auto done = store_->execute(
        fmt::format("ALTER TABLE metrics MODIFY SETTING materialize_projections_on_insert = {}",
                    made),
        {});
    ASSERT_TRUE(done) << to_string(done.error());
  };
  ASSERT_NO_FATAL_FAILURE(put(3'000));
  ASSERT_NO_FATAL_FAILURE(with_inserts(0));
  ASSERT_NO_FATAL_FAILURE(put(3'000));
  ASSERT_NO_FATAL_FAILURE(with_inserts(1));
  for (int batch = 0; batch < 3; ++batch) ASSERT_NO_FATAL_FAILURE(put(3'000));
  EXPECT_EQ(run("SELECT max(has(projections, 'of_hours')), min(has(projections, 'of_hours')) FROM "
                "system.parts WHERE active AND table = 'metrics' FORMAT TSV"),
            "1\t0\n");
  compare_some();
  for (const char* nothing :
       {"avg:nothing{*} by {model,host}.rollup(300)", "p50:kind.3{env:none} by {host}.rollup(3600)",
        "sum:kind.1{env:none}.rollup(86400)"})
    EXPECT_EQ(compare(nothing), 0u);
  ASSERT_TRUE(
      store_->execute("ALTER TABLE metrics MATERIALIZE PROJECTION of_five_minutes, MATERIALIZE "
                      "PROJECTION of_hours, MATERIALIZE PROJECTION series_of_days SETTINGS "
                      "mutations_sync = 1",
                      {}));
  auto merged = store_->execute("OPTIMIZE TABLE metrics FINAL", {});
  ASSERT_TRUE(merged) << to_string(merged.error());
  EXPECT_EQ(run("SELECT count() > 0, min(has(projections, 'of_hours')) FROM system.parts WHERE "
                "active AND table = 'metrics' FORMAT TSV"),
            "1\t1\n");
  compare_some();
  ASSERT_NO_FATAL_FAILURE(put(2'000));  // what comes late
  compare_some();
}

TEST_F(MetricRollups, AreRead) {
  ASSERT_NO_FATAL_FAILURE(put(2'000));
  ASSERT_NO_FATAL_FAILURE(put(2'000));
  ASSERT_TRUE(store_->execute("OPTIMIZE TABLE metrics FINAL", {}));
  const auto used = [&](const std::string& text) {
    auto read = parse(text);
    const Metric& metric = std::get<Query>(read).metrics.front();
    const auto grid = grid_of(metric, kBegin, kEnd);
    Statement statement = plan(metric, *grid);
    statement.sql =
        "EXPLAIN " + statement.sql.substr(0, statement.sql.find("FORMAT")) + "FORMAT TSVRaw";
    return projections_of(run(statement.sql, statement.parameters));
  };
  EXPECT_EQ(used("avg:kind.1{*}.rollup(3600)"), "of_hours");
  EXPECT_EQ(used("avg:kind.1{*} by {model}.rollup(86400)"), "of_hours");
  EXPECT_EQ(used("p99:kind.3{env:prod}.rollup(600)"), "of_five_minutes");
  EXPECT_EQ(used("sum:kind.2{*} by {host}.as_count().rollup(300)"), "of_five_minutes");
  EXPECT_EQ(used("sum:kind.2{*}.rollup(100)"), "");
}

// A lost answer or a crash has the batch inserted again, with its token.
TEST_F(MetricRollups, CountAPointOnceThatIsInsertedTwice) {
  ASSERT_NO_FATAL_FAILURE(put(1));
  const auto insert = [&](const char* token) {
    auto done = store_->execute(
        fmt::format(
            "INSERT INTO metrics (series, time, name, kind, interval, value) SETTINGS "
            "insert_deduplication_token = '{}' SELECT 1, toDateTime({}, 'UTC'), 'twice', 1, "
            "10, number FROM numbers(10)",
            token, kBegin),
        {});
    EXPECT_TRUE(done) << to_string(done.error());
  };
  const auto sum = [&](const char* query) {
    auto read = parse(query);
    const Metric& metric = std::get<Query>(read).metrics.front();
    const auto grid = grid_of(metric, kBegin, kBegin + kHour);
    EXPECT_EQ(unit_of(metric, *grid), Unit::hour);
    return lines_of(metric, *grid, Unit::hour).front().values.front();
  };
  insert("a");
  insert("a");
  EXPECT_EQ(sum("sum:twice{*}.rollup(3600)"), 45);
  insert("b");
  ASSERT_TRUE(store_->execute("OPTIMIZE TABLE metrics FINAL", {}));
  insert("b");
  EXPECT_EQ(sum("sum:twice{*}.rollup(3600)"), 90);
  EXPECT_EQ(sum("count:twice{*}.rollup(3600)"), 20);
}

TEST(MetricRollupUnit, IsTheLongestThatSaysTheSame) {
  const auto unit = [](const char* text, std::int64_t from_s, std::int64_t to_s) {
    auto read = parse(text);
    const Metric& metric = std::get<Query>(read).metrics.front();
    return unit_of(metric, *grid_of(metric, from_s, to_s));
  };
  EXPECT_EQ(unit("avg:a{*}", kBegin, kBegin + kHour), Unit::point);
  EXPECT_EQ(unit("avg:a{*}", kBegin + 77, kBegin + kDay), Unit::five_minutes);
  EXPECT_EQ(unit("avg:a{*}", kBegin, kBegin + 30 * kDay), Unit::hour);
  EXPECT_EQ(unit("avg:a{*}", kBegin, kBegin + 457 * kDay), Unit::hour);
  EXPECT_EQ(unit("avg:a{*}.rollup(400)", kBegin, kEnd), Unit::point);
  EXPECT_EQ(unit("avg:a{*}.rollup(min, 3600)", kBegin, kEnd), Unit::hour);
  EXPECT_EQ(unit("avg:a{*}.as_count().rollup(min, 3600)", kBegin, kEnd), Unit::point);
  Metric moved{.rollup_s = kHour, .shift_s = -600};
  EXPECT_EQ(unit_of(moved, *grid_of(moved, kBegin, kEnd)), Unit::five_minutes);
}

}  // namespace
}  // namespace catalejo::query::metrics
