#include "api_fixture.hpp"

#include "../query/row_writer.hpp"
#include "base/limits.hpp"

// Only the address of a batch travels through the fake store, never a batch.
namespace catalejo::store {
__attribute__((weak)) void EncodedBatchDeleter::operator()(EncodedBatch*) const {}
}  // namespace catalejo::store

namespace catalejo::test {
namespace {

using ::testing::HasSubstr;

std::string totals_row(TraceId key, TraceId llm) {
  RowWriter row;
  row.trace_id(key).trace_id(llm).number(std::uint64_t{5}).number(std::uint64_t{1});
  return row.number(std::uint64_t{2}).number(std::int64_t{396}).bytes();
}

const std::int64_t kStart = TestSpan().start;

// Where a trace lies, and under which ids.
std::string found_row(TraceId llm, TraceId apm) {
  RowWriter row;
  row.number(std::uint8_t{3}).trace_id(llm).trace_id(apm).number(std::uint64_t{1});
  return row.number(kStart).number(kStart).bytes();
}

// No evaluation joins by anything but its trace.
std::string no_loose() {
  return RowWriter().number(std::uint64_t{0}).bytes();
}

TEST_F(ApiTest, ListsTracesWithTheirTotals) {
  store_.answers = {span_bytes({}), totals_row({2, 2}, {1, 1})};
  const net::Response response = get("/api/v1/traces?limit=1");
  ASSERT_EQ(response.status, 200) << response.body;
  const auto row = json(response)["rows"].at(0);
  EXPECT_EQ(text(row["trace_id"]), "00000000000000010000000000000001");
  EXPECT_EQ(text(row["start_ns"]), "1795472913308242728");
  EXPECT_EQ(text(row["input"]), "¿Dónde está mi pedido?");
  EXPECT_EQ(text(row["output"]), "Tu pedido llega hoy");
  EXPECT_EQ(text(row["cost_usd"]), "0.0015");
  EXPECT_EQ(text(row["trace"]["errors"]), "1");
  EXPECT_EQ(text(row["flags"].at(0)), "invalid_utf8");
  EXPECT_TRUE(json(response)["next"].is_null());
  EXPECT_TRUE(json(response)["rows"].at(0)["parent_id"].is_null());
}

TEST_F(ApiTest, GivesACursorOnlyWhenThereIsMore) {
  store_.answers = {span_bytes({}) + span_bytes({.span = 11})};
  const net::Response first = get("/api/v1/spans?limit=1");
  ASSERT_EQ(first.status, 200) << first.body;
  const std::string next = text(json(first)["next"]);
  EXPECT_EQ(get("/api/v1/spans?limit=1&cursor=" + next).status, 200);
  EXPECT_THAT(store_.asked.back(), HasSubstr("OR span_id < "));
}

TEST_F(ApiTest, ShowsASpanThatCameByTwoWaysOnce) {
  store_.answers = {span_bytes({.half = 1}) + span_bytes({.half = 3})};
  const net::Response response = get("/api/v1/spans");
  EXPECT_EQ(simdjson::dom::array(json(response)["rows"]).size(), 1u);
}

TEST_F(ApiTest, ShowsATraceWithItsTreeAndTotals) {
  store_.answers = {
      std::string(), no_loose(), found_row({1, 1}, {2, 2}),
      span_bytes({.error = 1}) + span_bytes({.span = 11, .parent = 10, .kind = "tool"})};
  const net::Response response = get("/api/v1/traces/00000000000000020000000000000002");
  ASSERT_EQ(response.status, 200) << response.body;
  const auto trace = json(response);
  EXPECT_EQ(text(trace["status"]), "error");
  EXPECT_EQ(text(trace["totals"]["llm_calls"]), "1");
  EXPECT_EQ(text(trace["llm_trace_ids"].at(0)), "00000000000000010000000000000001");
  const auto spans = trace["spans"];
  EXPECT_EQ(text(spans.at(0)["error"]["type"]), "RateLimitError");
  EXPECT_EQ(text(spans.at(0)["input"]["messages"].at(0)["role"]), "user");
  EXPECT_EQ(text(spans.at(0)["tags"]["team"]), "core");
  EXPECT_EQ(text(spans.at(1)["parent_id"]), "10");
  EXPECT_EQ(text(spans.at(1)["halves"]), "both");
}

TEST_F(ApiTest, KeepsAnAnswerWholeWhenAStoredTextIsNoJson) {
  store_.answers = {std::string(), no_loose(), found_row({1, 1}, {2, 2}),
                    span_bytes({.input = "{\"broken\":"})};
  const net::Response response = get("/api/v1/traces/00000000000000010000000000000001");
  EXPECT_EQ(text(json(response)["spans"].at(0)["input"]), "{\"broken\":");
}

TEST_F(ApiTest, SaysNotFoundForATraceThatIsNotHere) {
  const net::Response response = get("/api/v1/traces/00000000000000010000000000000001");
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(text(json(response)["errors"].at(0)["code"]), "not_found");
}

TEST_F(ApiTest, LooksEverywhereWhenTheTimeOfAnIdMisleads) {
  EXPECT_EQ(get("/api/v1/traces/6b046490000000004f3ce31c344f7d98").status, 404);
  ASSERT_EQ(store_.asked.size(), 4u);
  EXPECT_THAT(store_.asked[0], HasSubstr("start >= "));  // its rows, as a guess
  EXPECT_THAT(store_.asked[1], HasSubstr("FROM evaluations"));
  EXPECT_THAT(store_.asked[2], HasSubstr("FROM evaluations"));
  EXPECT_THAT(store_.asked[3], HasSubstr("SELECT half, trace_id, "));
  EXPECT_THAT(store_.asked[3], ::testing::Not(HasSubstr("start >= ")));
}

// The rows that were read by what the id says of the time are the trace when they name no other id
// and lie well within the time that was read; else the rows are read again.
TEST_F(ApiTest, TakesTheGuessedRowsOnlyWhenTheyAreTheWholeTrace) {
  constexpr std::int64_t kSecond = 1'000'000'000, kBegan = 0x6b046490 * kSecond;
  const TraceId id{0x6b04649000000000, 1}, other{5, 5};
  struct Case {
    TraceId apm;
    std::int64_t start;
    bool again;
  };
  for (const auto& [apm, start, again] : {Case{id, kBegan, false},
                                          {id, kBegan + 900 * kSecond, true},
                                          {id, kBegan - 900 * kSecond, true},
                                          {other, kBegan, true}}) {
    const std::string guess = span_bytes({.trace = id, .apm_trace = apm, .start = start});
    const std::string more =
        span_bytes({.trace = id, .apm_trace = apm, .span = 11, .start = start});
    store_.asked.clear();
    store_.answers = {guess, std::string(), no_loose()};
    if (again) store_.answers.push_back(guess + more);
    const net::Response response = get("/api/v1/traces/" + to_hex(id));
    ASSERT_EQ(response.status, 200) << response.body;
    EXPECT_EQ(store_.asked.size(), again ? 4u : 3u);
    EXPECT_EQ(json(response)["spans"].get_array().size(), again ? 2u : 1u);
    EXPECT_TRUE(store_.answers.empty());
  }
}

// The evaluations that name the trace are all there are, unless any names no trace.
TEST_F(ApiTest, AsksForEvaluationsThatJoinOtherwiseOnlyWhenThereAreAny) {
  const TraceId id{0x6b04649000000000, 1};
  const std::string row =
      span_bytes({.trace = id, .apm_trace = id, .start = 0x6b046490ll * 1'000'000'000});
  for (const std::uint64_t loose : {0, 1}) {
    store_.asked.clear();
    store_.answers = {row, std::string(), RowWriter().number(loose).bytes()};
    ASSERT_EQ(get("/api/v1/traces/" + to_hex(id)).status, 200);
    ASSERT_EQ(store_.asked.size(), 3u + loose);
    if (loose > 0) {
      EXPECT_THAT(store_.asked.back(), HasSubstr("session_id IN"));
    }
  }
}

TEST_F(ApiTest, NamesTheParameterThatIsWrong) {
  struct Case {
    std::string target, where;
  };
  for (const auto& [target, where] :
       {Case{"/api/v1/traces?limit=0", "limit"},
        {"/api/v1/traces?limit=501", "limit"},
        {"/api/v1/spans?cursor=x", "cursor"},
        {"/api/v1/spans?sort=name", "sort"},
        {"/api/v1/spans?modle=x", "modle"},
        {"/api/v1/facets?fields=nope", "fields"},
        {"/api/v1/facets?fields=,", "fields"},
        {"/api/v1/series?by=nope", "by"},
        {"/api/v1/series?interval=0", "interval"},
        {"/api/v1/traces/zz", "id"},
        {"/api/v1/series?from=2026-01-01T00:00:00Z&to=2026-11-01T00:00:00Z&interval=1", "interval"},
        {"/api/v2/llm-obs/v1/spans/events?filter%5Bnope%5D=x", "nope"},
        {"/api/v2/llm-obs/v1/spans/events?page%5Blimit%5D=5001", "page[limit]"},
        {"/api/v2/llm-obs/v1/spans/events?filter%5Bquery%5D=a+OR", "filter[query]"},
        {"/api/v1/traces?query=%22", "query"},
        {"/api/v1/facets?query=%22", "query"},
        {"/api/v1/series?query=%22", "query"},
        {"/api/v1/suggest?cursor=x", "cursor"}}) {
    const net::Response response = get(target);
    EXPECT_EQ(response.status, 400) << target;
    EXPECT_EQ(text(json(response)["errors"].at(0)["where"]), where) << response.body;
  }
  EXPECT_TRUE(store_.asked.empty());
}

TEST_F(ApiTest, PointsAtWhatIsWrongInASearch) {
  const net::Response response = get("/api/v1/spans?query=%F0%9F%94%AD+%40statsu%3Aerror");
  EXPECT_EQ(response.status, 400);
  const auto problem = json(response)["errors"].at(0)["query"];
  EXPECT_EQ(text(problem["code"]), "unknown_attribute");
  EXPECT_EQ(text(problem["position"]), "2");
  EXPECT_EQ(text(problem["length"]), "7");
  EXPECT_EQ(text(problem["suggestion"]), "@status");
  EXPECT_TRUE(store_.asked.empty());
}

TEST_F(ApiTest, ExplainsASearchWithoutAskingTheStore) {
  const net::Response response = get("/api/v1/explain?query=-%40service%3Aweb");
  EXPECT_EQ(response.status, 200);
  const auto answer = json(response);
  EXPECT_EQ(text(answer["ast"]["kind"]), "not");
  EXPECT_EQ(text(answer["ast"]["children"].at(0)["key"]), "@service");
  EXPECT_THAT(text(answer["sql"]), HasSubstr("NOT service = {p"));
  const net::Response wrong = get("/api/v1/explain?query=a+OR");
  EXPECT_EQ(wrong.status, 200);
  EXPECT_EQ(text(json(wrong)["problem"]["code"]), "expected_term");
  EXPECT_EQ(get("/api/v1/explain?nope=a").status, 400);
  EXPECT_TRUE(store_.asked.empty());
}

TEST_F(ApiTest, SuggestsWhileASearchMakesNoSenseYet) {
  const net::Response response = get("/api/v1/suggest?query=(%40stat&cursor=6");
  EXPECT_EQ(response.status, 200);
  const auto answer = json(response);
  EXPECT_EQ(text(answer["begin"]), "1");
  EXPECT_EQ(text(answer["end"]), "6");
  EXPECT_EQ(text(answer["items"].at(0)["text"]), "@status");
}

TEST_F(ApiTest, PassesOnWhatTheStoreSays) {
  for (const auto& [code, status] :
       {std::pair{Code::store_unavailable, 503}, {Code::busy, 503}, {Code::database, 500}}) {
    store_.answers = {Error{code, "as the store says", ""}};
    EXPECT_EQ(get("/api/v1/facets").status, status);
  }
  store_.answers = {std::string("\x01garbage")};
  EXPECT_EQ(get("/api/v1/spans").status, 500);
}

TEST_F(ApiTest, CountsFacetValuesAndLeavesOutTheEmptyOne) {
  RowWriter rows;
  rows.number(std::uint8_t{0}).text("shop").number(std::uint64_t{12});
  rows.number(std::uint8_t{0}).text("").number(std::uint64_t{3});
  rows.number(std::uint8_t{255}).text("").number(std::uint64_t{15});
  store_.answers = {rows.bytes()};
  const net::Response response = get("/api/v1/facets?fields=service,model");
  EXPECT_EQ(response.body,
            R"({"facets":{"service":[{"value":"shop","count":12}],"model":[]},"total":15})");
}

TEST_F(ApiTest, GivesNullForFiguresNobodyKnows) {
  RowWriter row;
  row.number(std::int64_t{60'000}).text("").number(std::uint64_t{2}).number(std::uint64_t{1});
  row.length(3).number(1.5).number(2.0).number(3.0);
  row.number(std::int64_t{0}).number(std::uint64_t{0});
  row.number(std::int64_t{2'000'000'000}).number(std::uint64_t{1});
  store_.answers = {row.bytes()};
  const net::Response response = get("/api/v1/series?interval=60&cost=true");
  EXPECT_THAT(response.body,
              ::testing::StartsWith(
                  R"({"interval_ms":60000,"buckets":[{"t":60000,"group":"","count":2,"errors":1,)"
                  R"("p50_ns":1.5,"p95_ns":2.0,"p99_ns":3.0,"tokens":null,"cost_usd":null,)"
                  R"("cost":{"usd":null,"complete":true,"calls":0,)"));
}

TEST_F(ApiTest, SaysWhetherTheStoreIsReady) {
  store_.now_status.problem = "replaying the log";
  EXPECT_EQ(get("/api/health").status, 503);
  EXPECT_THAT(get("/api/health").body, HasSubstr("replaying the log"));
  store_.now_status.ready = true;
  EXPECT_EQ(get("/api/health").body, R"({"status":"ok"})");
}

TEST_F(ApiTest, ShowsTheLedgerAsJsonAndForPrometheus) {
  model::Batch batch;
  batch.spans.resize(3);
  batch.spans_received = 4;
  batch.spans_rejected["missing \"id\""] = 1;
  ledger_.receive(batch);
  ledger_.settle({.spans = {.stored = 2, .duplicate = 1}});
  const net::Response response = get("/api/v1/ledger");
  const auto spans = json(response)["spans"];
  EXPECT_EQ(text(spans["received"]), "4");
  EXPECT_EQ(text(spans["accounted"]), "4");
  const std::string metrics = get("/metrics").body;
  EXPECT_THAT(metrics, HasSubstr("catalejo_spans_total{outcome=\"stored\"} 2\n"));
  EXPECT_THAT(metrics, HasSubstr("reason=\"missing \\\"id\\\"\"} 1\n"));
}

class Stream : public net::EventStream {
 public:
  bool send(std::string_view event, std::string_view data) override {
    if (gone) return false;
    events.push_back(std::string(event) + " " + std::string(data));
    return true;
  }
  void close() override { closed = true; }
  std::vector<std::string> events;
  bool gone = false, closed = false;
};

TEST_F(ApiTest, TellsLivePagesWhatWasInserted) {
  const net::Response response = get("/api/v1/live");
  ASSERT_TRUE(response.on_event_stream);
  const auto stream = std::make_shared<Stream>();
  response.on_event_stream(stream);
  live_.publish({.spans = 3, .llm_roots = 1, .start_min = {5}, .start_max = {9}});
  EXPECT_EQ(stream->events,
            (std::vector<std::string>{"hello {}",
                                      R"(inserted {"spans":3,"traces":1,"start_max_ns":"9"})"}));
  stream->gone = true;
  live_.publish({});
  EXPECT_EQ(live_.subscribers(), 0u);
}

TEST_F(ApiTest, TakesNoMoreLivePagesThanTheLimit) {
  const net::Response early = get("/api/v1/live");
  for (std::size_t i = 0; i < limits::live_subscribers_max; ++i)
    EXPECT_TRUE(live_.try_subscribe(std::make_shared<Stream>()));
  EXPECT_EQ(get("/api/v1/live").status, 503);
  const auto late = std::make_shared<Stream>();
  early.on_event_stream(late);
  EXPECT_TRUE(late->closed);
}

TEST_F(ApiTest, ShowsTheDashboardsThatComeWithItAndLetsNobodyChangeThem) {
  const auto listed = json(get("/api/v1/dashboard"))["dashboards"].get_array();
  std::vector<std::string> ids;
  for (const auto one : listed) {
    EXPECT_EQ(text(one["is_read_only"]), "true");
    ids.push_back(text(one["id"]));
  }
  EXPECT_EQ(ids, (std::vector<std::string>{"catalejo-azure-openai-overview",
                                           "catalejo-cost-and-quota", "catalejo-evaluations",
                                           "catalejo-llm-operations", "catalejo-loss-ledger"}));
  for (const std::string& id : ids) {
    const std::string path = "/api/v1/dashboard/" + id;
    const net::Response kept = get(path);
    EXPECT_EQ(kept.status, 200);
    EXPECT_EQ(ask("PUT", path, {}, kept.body).status, 403);
    EXPECT_EQ(ask("DELETE", path).status, 403);
    EXPECT_EQ(ask("POST", "/api/v1/dashboard", {}, kept.body).status, 200) << "a copy";
  }
}

TEST_F(ApiTest, BringsARemovedDashboardBack) {
  const std::string made =
      text(json(ask("POST", "/api/v1/dashboard", {},
                    R"({"title":"t","layout_type":"free","widgets":[]})"))["id"]);
  const std::string path = "/api/v1/dashboard/" + made;
  EXPECT_EQ(ask("DELETE", path).status, 200);
  EXPECT_EQ(get(path).status, 404);
  const std::string body = R"({"data":[{"id":")" + made + R"(","type":"dashboard"}]})";
  EXPECT_EQ(ask("PATCH", "/api/v1/dashboard", {}, body).status, 204);
  EXPECT_EQ(get(path).status, 200);
  for (const char* wrong : {"[]", "{}", R"({"data":5})", R"({"data":[{}]})", R"({"ids":[]})"})
    EXPECT_EQ(ask("PATCH", "/api/v1/dashboard", {}, wrong).status, 400) << wrong;
  EXPECT_EQ(
      ask("PATCH", "/api/v1/dashboard", {}, R"({"data":[{"id":"no","type":"dashboard"}]})").status,
      404);
}

}  // namespace
}  // namespace catalejo::test
