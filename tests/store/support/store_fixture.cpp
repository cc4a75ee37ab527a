#include "store_fixture.hpp"

#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <thread>

#include "support/paths.hpp"

namespace catalejo::store {

void require_engine() {
  const char* named = std::getenv("CATALEJO_LIBCHDB");
  const std::string library = named && *named ? named : store_build("libchdb.so");
  ASSERT_EQ(::access(library.c_str(), R_OK), 0)
      << "libchdb is missing at " << library << ": run ./dev setup or set CATALEJO_LIBCHDB";
}

UnixNanos test_time() {
  static const UnixNanos time{now().value / kNanosPerDay * kNanosPerDay + kNanosPerDay / 2};
  return time;
}

model::Batch spans(std::uint64_t first_id, std::uint64_t count, std::size_t text_bytes) {
  model::Batch batch;
  for (std::uint64_t id = first_id; id < first_id + count; ++id) {
    model::Span span;
    span.trace_id = {0x1111, id / 4 + 1};
    span.apm_trace_id = {0x2222, id / 4 + 1};
    span.span_id = {id + 1};
    span.start = {test_time().value + static_cast<std::int64_t>(id) * 1'000};
    span.duration_ns = 1'500'000;
    span.name = "chat";
    span.kind = "llm";
    span.service = "shop";
    const std::string text(text_bytes, static_cast<char>('a' + id % 26));
    span.input_json = batch.arena.copy("{\"value\":\"" + text + "\"}");
    span.source = "test";
    batch.spans.push_back(span);
  }
  batch.spans_received = count;
  return batch;
}

StoreOptions store_options(const std::string& data_dir, Counters& counters) {
  StoreOptions options;
  options.data_dir = data_dir;
  options.store_binary = store_build("catalejo-store");
  options.counters = &counters;
  return options;
}

std::unique_ptr<Store> open_store(StoreOptions options) {
  auto store = Store::open(std::move(options));
  EXPECT_TRUE(store) << to_string(store.error());
  return store ? std::move(*store) : nullptr;
}

Result<Appended> append(Store& store, const model::Batch& batch) {
  return wait_blocking(store.append(encode(batch, now())));
}

std::string ask(Store& store, const std::string& sql, QueryParameters parameters) {
  auto answer = wait_blocking(store.query(sql, std::move(parameters)));
  if (!answer) return to_string(answer.error());
  if (answer->ends_with('\n')) answer->pop_back();
  return *answer;
}

bool eventually(const std::function<bool()>& condition) {
  for (int i = 0; i < 600; ++i) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  return condition();
}

void await_ready(Store& store) {
  ASSERT_TRUE(eventually([&] { return store.status().ready; })) << store.status().problem;
}

}  // namespace catalejo::store
