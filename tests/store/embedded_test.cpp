// The whole store on the real engine: rows in, SQL out.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "base/limits.hpp"
#include "store/batch/encoded_batch.hpp"
#include "store/columns.hpp"
#include "support/store_fixture.hpp"
#include "support/temporary_folder.hpp"

namespace catalejo::store {
namespace {

constexpr int kFlushMs = 60'000;

class Embedded : public testing::Test {
 protected:
  void SetUp() override { ASSERT_NO_FATAL_FAILURE(require_engine()); }
  TemporaryFolder folder_;
  Counters counters_;
};

TEST_F(Embedded, ShowsWhatWasAppended) {
  Inserted seen;
  StoreOptions options = store_options(folder_.path(), counters_);
  options.on_inserted = [&](const Inserted& inserted) { seen = inserted; };
  auto store = open_store(options);
  ASSERT_TRUE(store);
  auto appended = append(*store, spans(0, 10));  // before the database is there
  ASSERT_TRUE(appended) << to_string(appended.error());
  EXPECT_EQ(appended->spans.stored, 10u);
  ASSERT_TRUE(store->flush(kFlushMs));
  EXPECT_EQ(seen.spans, 10u);
  EXPECT_EQ(seen.llm_roots, 10u);
  EXPECT_EQ(seen.start_min, test_time());
  EXPECT_EQ(ask(*store, "SELECT count(), uniqExact(span_id) FROM spans FORMAT TSV"), "10\t10");
  EXPECT_EQ(
      ask(*store, "SELECT name FROM spans WHERE span_id = {id:UInt64} FORMAT TSV", {{"id", "3"}}),
      "chat");
  const StoreStatus status = store->status();
  EXPECT_TRUE(status.ready);
  EXPECT_EQ(status.problem, "");
  EXPECT_EQ(status.rows_inserted, 10u);
  EXPECT_EQ(status.rows_waiting, 0u);
  EXPECT_EQ(status.log_bytes, 0u);
  EXPECT_TRUE(status.database.starts_with("embedded libchdb 26.7")) << status.database;
}

// Every text a column may hold, as RowBinary and TSV are known to stumble over them.
const std::string kTexts[] = {"plain",
                              "",
                              std::string("nul\0inside", 10),
                              "emoji \U0001F52D é ñ",
                              "line\r\nend\ttab \\ back'quote\"",
                              std::string(300, 'x')};

TEST_F(Embedded, GivesBackEveryColumnAsItWas) {
  auto store = open_store(store_options(folder_.path(), counters_));
  ASSERT_TRUE(store);
  for (std::size_t i = 0; i < std::size(kTexts); ++i) {
    const std::string& text = kTexts[i];
    model::Span span;
    span.halves = model::Halves::both;
    span.trace_id = {1, 2};
    span.apm_trace_id = {3, 4};
    span.span_id = {~0ull - i};
    span.parent_id = {5};
    span.apm_parent_id = {6};
    span.start = test_time();
    span.duration_ns = 7;
    span.error = true;
    for (std::string_view* field :
         {&span.name,           &span.apm_name,   &span.resource,    &span.apm_type,
          &span.kind,           &span.service,    &span.env,         &span.version,
          &span.ml_app,         &span.session_id, &span.user_id,     &span.model_name,
          &span.model_provider, &span.deployment, &span.error_type,  &span.error_message,
          &span.error_stack,    &span.input_json, &span.output_json, &span.metadata_json,
          &span.extra_json,     &span.source})
      *field = text;
    const std::string key = text.empty() ? "empty" : text;
    span.tags = {{"key", text}, {key, "value"}};
    span.metrics = {{"input_tokens", 11}, {"gen_ai.usage.output_tokens", 12}, {"total_cost", 0.25}};
    span.flags = 0x80000001u;
    model::Batch batch;
    batch.spans.push_back(span);
    ASSERT_TRUE(append(*store, batch));
  }
  ASSERT_TRUE(store->flush(kFlushMs));
  for (std::size_t i = 0; i < std::size(kTexts); ++i) {
    const QueryParameters parameters = {{"id", std::to_string(~0ull - i)}, {"text", kTexts[i]}};
    for (const Column& column : kSpanColumns) {
      if (column.type != "String" && column.type != "LowCardinality(String)") continue;
      EXPECT_EQ(ask(*store,
                    fmt::format("SELECT {} = {{text:String}}, length({}) FROM spans WHERE "
                                "span_id = {{id:UInt64}} FORMAT TSV",
                                column.name, column.name),
                    parameters),
                fmt::format("1\t{}", kTexts[i].size()))
          << column.name;
    }
    EXPECT_EQ(ask(*store,
                  "SELECT tags['key'] = {text:String}, half, error, lower(hex(trace_id)), "
                  "lower(hex(apm_trace_id)), parent_id, apm_parent_id, "
                  "toUnixTimestamp64Nano(start), duration_ns, metrics['total_cost'], "
                  "input_tokens, output_tokens, total_tokens, cost_nano_usd, flags, "
                  "abs(toUnixTimestamp64Milli(received) - toUnixTimestamp64Milli(now64(3)))"
                  " < 60000 FROM spans WHERE span_id = {id:UInt64} FORMAT TSV",
                  parameters),
              fmt::format("1\t3\t1\t00000000000000010000000000000002\t"
                          "00000000000000030000000000000004\t5\t6\t{}\t7\t0.25\t11\t12\t23\t"
                          "250000000\t2147483649\t1",
                          test_time().value));
  }
}

TEST_F(Embedded, KeepsEvaluations) {
  auto store = open_store(store_options(folder_.path(), counters_));
  ASSERT_TRUE(store);
  model::Batch batch;
  model::Evaluation evaluation;
  evaluation.id = {9, 9};
  evaluation.trace_id = {1, 2};
  evaluation.span_id = {3};
  evaluation.label = "toxicity";
  evaluation.type = model::MetricType::score;
  evaluation.score = 0.5;
  evaluation.reasoning = "because";
  evaluation.timestamp = test_time();
  evaluation.tags = {{"env", "prod"}};
  batch.evaluations = {evaluation, evaluation};  // the same twice
  auto appended = append(*store, batch);
  ASSERT_TRUE(appended);
  EXPECT_EQ(appended->evaluations.stored, 1u);
  EXPECT_EQ(appended->evaluations.duplicate, 1u);
  ASSERT_TRUE(store->flush(kFlushMs));
  EXPECT_EQ(
      ask(*store,
          "SELECT label, metric_type, score, reasoning, tags['env'], span_id, "
          "toUnixTimestamp64Milli(timestamp) FROM evaluations FORMAT TSV"),
      fmt::format("toxicity\t2\t0.5\tbecause\tprod\t3\t{}", test_time().value / kNanosPerMilli));
}

model::MetricPoint point(std::string name, std::int64_t second) {
  return {.name = std::move(name),
          .host = "h1",
          .tags = {"env:prod", "team:ia"},
          .kind = model::MetricKind::count,
          .time = {test_time().value + second * kNanosPerSecond},
          .interval_s = 10,
          .value = 7,
          .source = "test"};
}

TEST_F(Embedded, KeepsPointsOfMetricsAndTellsARetryFromALikePoint) {
  auto store = open_store(store_options(folder_.path(), counters_));
  ASSERT_TRUE(store);
  model::Batch batch;
  model::MetricPoint sent = point("hits", 0);
  sent.repeatable = true;
  batch.points = {sent, sent, point("hits", 10), point("hits", 10)};
  model::MetricPoint spread = point("took", 0);
  spread.kind = model::MetricKind::distribution;
  for (const double value : {1.0, 1.0, -2.0}) spread.sketch.add(value);
  batch.points.push_back(spread);
  auto appended = append(*store, batch);
  ASSERT_TRUE(appended) << to_string(appended.error());
  EXPECT_EQ(appended->points.stored, 4u);
  EXPECT_EQ(appended->points.duplicate, 1u);
  ASSERT_TRUE(store->flush(kFlushMs));
  store->stop();
  store.reset();
  store = open_store(store_options(folder_.path(), counters_));  // knows it from the log
  appended = append(*store, batch);
  ASSERT_TRUE(appended);
  EXPECT_EQ(appended->points.duplicate, 2u);
  ASSERT_TRUE(store->flush(kFlushMs));
  EXPECT_EQ(ask(*store,
                "SELECT name, count(), sum(value), any(tags), any(host), any(kind), any(interval), "
                "uniqExact(series), toUnixTimestamp(min(time)) FROM metrics WHERE name = 'hits' "
                "GROUP BY name FORMAT TSV"),
            fmt::format("hits\t5\t35\t['env:prod','team:ia']\th1\t1\t10\t1\t{}",
                        test_time().value / kNanosPerSecond));
  EXPECT_EQ(ask(*store,
                "SELECT any(value), any(count), any(sum), any(min), any(max), any(bin_counts), "
                "any(bin_keys) FROM metrics WHERE name = 'took' FORMAT TSV"),
            fmt::format("0\t3\t0\t-2\t1\t[1,2]\t[{},{}]", model::DDSketch::key_of(-2),
                        model::DDSketch::key_of(1)));
}

TEST_F(Embedded, KeepsEventsAndTellsARetryFromALikeEvent) {
  auto store = open_store(store_options(folder_.path(), counters_));
  ASSERT_TRUE(store);
  model::Batch batch;
  model::Event sent{.repeatable = true,
                    .id = 7,
                    .time = test_time(),
                    .title = "deployed",
                    .text = "version 2\nof the shop",
                    .host = "web-1",
                    .aggregation_key = "deploy",
                    .priority = "low",
                    .source_type = "jenkins",
                    .alert_type = "success",
                    .tags = {"env:prod", "team:ia"},
                    .source = "test"};
  model::Event check{.kind = model::EventKind::service_check,
                     .id = 8,
                     .time = test_time(),
                     .title = "db.up",
                     .status = model::CheckStatus::critical,
                     .flags = model::flag_text_cut};
  batch.events = {sent, sent, check, check};
  auto appended = append(*store, batch);
  ASSERT_TRUE(appended) << to_string(appended.error());
  EXPECT_EQ(appended->events.stored, 1u);
  EXPECT_EQ(appended->events.duplicate, 1u);
  EXPECT_EQ(appended->events.cut, 2u);
  ASSERT_TRUE(store->flush(kFlushMs));
  store->stop();
  store.reset();
  store = open_store(store_options(folder_.path(), counters_));  // knows it from the log
  batch.events = {sent};
  appended = append(*store, batch);
  ASSERT_TRUE(appended);
  EXPECT_EQ(appended->events.duplicate, 1u);
  ASSERT_NO_FATAL_FAILURE(await_ready(*store));
  EXPECT_EQ(ask(*store,
                "SELECT id, toUnixTimestamp(time), status, title, text, host, aggregation_key, "
                "priority, source_type, alert_type, tags, flags, source FROM events "
                "WHERE kind = 1 FORMAT TSV"),
            fmt::format("7\t{}\t3\tdeployed\tversion 2\\nof the shop\tweb-1\tdeploy\tlow\t"
                        "jenkins\tsuccess\t['env:prod','team:ia']\t0\ttest",
                        test_time().value / kNanosPerSecond));
  EXPECT_EQ(ask(*store,
                "SELECT count(), any(status), any(title) FROM events WHERE kind = 2 "
                "FORMAT TSV"),
            "2\t2\tdb.up");
}

TEST_F(Embedded, MigratesOnceAndAsTheColumnsSay) {
  for (int start = 0; start < 2; ++start) {
    auto store = open_store(store_options(folder_.path(), counters_));
    ASSERT_TRUE(store);
    ASSERT_NO_FATAL_FAILURE(await_ready(*store));
    for (const Table table : {Table::spans, Table::evaluations, Table::metrics, Table::events}) {
      std::string expected;
      for (const Column& column : columns_of(table, kRowVersion))
        expected += fmt::format("{}|{}\n", column.name, column.type);
      if (table == Table::spans) {
        for (const Column& column : kDerivedSpanColumns)
          expected += fmt::format("{}|{}\n", column.name, column.type);
      }
      expected.pop_back();
      EXPECT_EQ(ask(*store,
                    "SELECT name || '|' || type FROM system.columns WHERE "
                    "database = currentDatabase() AND table = {table:String} "
                    "ORDER BY position FORMAT TSVRaw",
                    {{"table", std::string(table_name(table))}}),
                expected);
    }
    EXPECT_EQ(ask(*store, "SELECT count(), uniqExact(name) FROM catalejo_migrations FORMAT TSV"),
              "10\t10");
    store->stop();
  }
}

TEST_F(Embedded, AnswersAWrongQueryWithItsReason) {
  auto store = open_store(store_options(folder_.path(), counters_));
  ASSERT_TRUE(store);
  ASSERT_NO_FATAL_FAILURE(await_ready(*store));
  const auto code = [&](const std::string& sql) {
    auto answer = wait_blocking(store->query(sql, {}));
    return answer ? Code::internal : answer.error().code;
  };
  EXPECT_EQ(code("SELECT FROM WHERE"), Code::bad_request);
  EXPECT_EQ(code("SELECT x FROM no_such_table"), Code::database);
  EXPECT_EQ(code("SELECT count() FROM numbers(1e12) SETTINGS max_execution_time = 1"),
            Code::timeout);
  EXPECT_EQ(code("SELECT groupArray(number) FROM numbers(1e9)"), Code::bad_request);
  EXPECT_EQ(ask(*store, "SELECT {list:Array(String)}[2], {text:String} FORMAT TSVRaw",
                {{"list", R"(['a','b\'c\\'])"}, {"text", "t\\x"}}),
            "b'c\\\tt\\x");
}

TEST_F(Embedded, AnswersABriefStatementWhileOthersWait) {
  auto store = open_store(store_options(folder_.path(), counters_));
  ASSERT_TRUE(store);
  ASSERT_NO_FATAL_FAILURE(await_ready(*store));
  std::vector<Future<Result<std::string>>> slow;
  for (int i = 0; i < limits::query_threads; ++i)
    slow.push_back(store->query("SELECT sleep(2)", {}));
  std::atomic<bool> others_answered = false;
  std::thread others([&others_answered, waiting = store->query("SELECT 1", {})]() mutable {
    EXPECT_TRUE(wait_blocking(std::move(waiting)));
    others_answered = true;
  });
  EXPECT_TRUE(wait_blocking(store->query("SELECT 1", {}, Lane::brief)));
  EXPECT_FALSE(others_answered);
  others.join();
  for (auto& each : slow) EXPECT_TRUE(wait_blocking(std::move(each)));
}

TEST_F(Embedded, DropsDaysPastTheRetention) {
  {
    auto store = open_store(store_options(folder_.path(), counters_));
    ASSERT_TRUE(store);
    model::Batch batch = spans(0, 3);
    batch.spans[0].start.value -= 40 * kNanosPerDay;
    batch.spans[1].start.value -= 10 * kNanosPerDay;
    ASSERT_TRUE(append(*store, batch));
    ASSERT_TRUE(store->flush(kFlushMs));
    EXPECT_EQ(ask(*store, "SELECT count() FROM spans FORMAT TSV"), "3");
    store->stop();
  }
  auto store = open_store(store_options(folder_.path(), counters_));
  ASSERT_NO_FATAL_FAILURE(await_ready(*store));
  EXPECT_EQ(ask(*store, "SELECT count() FROM spans FORMAT TSV"), "2");
}

TEST_F(Embedded, DropsMonthsOfMetricsAndEventsPastTheirRetention) {
  StoreOptions options = store_options(folder_.path(), counters_);
  options.metric_retention_days = 100;
  {
    auto store = open_store(options);
    ASSERT_TRUE(store);
    model::Batch batch;
    for (const std::int64_t days : {0, 60, 200, 300})
      batch.points.push_back(
          point("hits", (now().value - test_time().value) / kNanosPerSecond - days * 86'400));
    for (const std::int64_t days : {0, 300})
      batch.events.push_back({.id = 1, .time = {now().value - days * kNanosPerDay}, .title = "e"});
    ASSERT_TRUE(append(*store, batch));
    ASSERT_TRUE(store->flush(kFlushMs));
    EXPECT_EQ(ask(*store, "SELECT count() FROM events FORMAT TSV"), "2");
    EXPECT_EQ(ask(*store, "SELECT count() FROM metrics FORMAT TSV"), "4");
    store->stop();
  }
  auto store = open_store(options);
  ASSERT_NO_FATAL_FAILURE(await_ready(*store));
  EXPECT_EQ(ask(*store, "SELECT count() FROM metrics FORMAT TSV"), "2");
  EXPECT_EQ(ask(*store, "SELECT count() FROM events FORMAT TSV"), "1");
}

TEST_F(Embedded, LosesAndDoublesNothingWhenTheChildIsKilledAgainAndAgain) {
  constexpr std::uint64_t kRounds = 6;
  auto store = open_store(store_options(folder_.path(), counters_));
  ASSERT_TRUE(store);
  ASSERT_NO_FATAL_FAILURE(await_ready(*store));
  std::uint64_t appended = 0;
  int killed = 0;
  for (std::uint64_t round = 0; round < kRounds; ++round) {
    const std::uint64_t target = appended + 3'000;
    while (appended < target) {
      ASSERT_TRUE(append(*store, spans(appended, 100, 500)));
      appended += 100;
    }
    // At different moments of an insert; each child once, however long its start takes.
    std::this_thread::sleep_for(std::chrono::milliseconds(150 * round));
    ASSERT_TRUE(eventually([&] {
      const int pid = store->status().child_pid;
      return pid > 0 && pid != killed && ::kill(killed = pid, SIGKILL) == 0;
    }));
  }
  const auto flushed = store->flush(kFlushMs);
  ASSERT_TRUE(flushed) << to_string(flushed.error());
  // All may have been inserted before the last kill: then the database is still starting.
  std::string counted;
  EXPECT_TRUE(eventually([&] {
    counted = ask(*store, "SELECT count(), uniqExact(span_id) FROM spans FORMAT TSV");
    return counted == fmt::format("{}\t{}", appended, appended);
  })) << counted;
  EXPECT_GE(store->status().child_restarts, kRounds);
  EXPECT_TRUE(eventually([&] { return store->status().problem.empty(); }))
      << store->status().problem;
}

TEST_F(Embedded, ParksOnlyTheRowsThatTheDatabaseCannotRead) {
  auto store = open_store(store_options(folder_.path(), counters_));
  ASSERT_TRUE(store);
  model::Batch batch = spans(0, 9);
  auto encoded = encode(batch, now());
  // The last byte of row 4 is the length of its source: make it point behind the row.
  const EncodedBatch::Row& row = encoded->rows[8];
  encoded->payload[row.at + kRowHeadBytes + row.head.length - 5] = '\x7f';
  ASSERT_TRUE(wait_blocking(store->append(std::move(encoded))));
  ASSERT_TRUE(store->flush(kFlushMs));
  EXPECT_EQ(ask(*store, "SELECT count(), uniqExact(span_id) FROM spans FORMAT TSV"), "8\t8");
  EXPECT_EQ(counters_.counter("catalejo_rows_parked_total").value(), 1u);
  EXPECT_NE(store->status().problem, "");
  ASSERT_TRUE(append(*store, spans(100, 1)));  // and goes on
  ASSERT_TRUE(store->flush(kFlushMs));
}

TEST_F(Embedded, RefusesAFolderThatIsInUse) {
  auto store = open_store(store_options(folder_.path(), counters_));
  ASSERT_TRUE(store);
  auto second = Store::open(store_options(folder_.path(), counters_));
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Code::busy);
}

}  // namespace
}  // namespace catalejo::store
