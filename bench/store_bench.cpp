// The store alone: encode, log, insert, merge. Counters are CPU seconds per million spans of
// about 2.5 KB (own process and child), bytes on disk per span and the child's memory.
// CATALEJO_BENCH_SPANS sets how many are written (default 200 000).
#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>
#include <thread>

#include "store/store.hpp"

namespace catalejo::store {
namespace {

constexpr std::size_t kPerRequest = 200;
constexpr std::size_t kRequests = 40;  // different ones, used again with other ids
constexpr int kThreads = 4;            // clients that wait for their acknowledgement

class Text {
 public:
  Text() {
    for (int i = 0; i < 20'000; ++i) {
      std::string word;
      for (std::size_t n = 2 + random_() % 9; n > 0; --n)
        word += static_cast<char>('a' + random_() % 26);
      words_.push_back(word);
    }
  }
  std::string make(std::size_t bytes) {
    std::string text;
    std::uniform_real_distribution<double> unit(0, 1);
    while (text.size() < bytes) {
      const double u = unit(random_);
      text += words_[static_cast<std::size_t>(u * u * u * static_cast<double>(words_.size()))];
      text += ' ';
    }
    return text;
  }
  std::uint64_t number() { return random_(); }

 private:
  std::mt19937_64 random_{7};
  std::vector<std::string> words_;
};

model::Batch make_request(Text& text) {
  model::Batch batch;
  const auto copy = [&](const std::string& value) { return batch.arena.copy(value); };
  for (std::size_t i = 0; i < kPerRequest; ++i) {
    model::Span span;
    span.halves = model::Halves::both;
    span.duration_ns = 200'000'000 + static_cast<std::int64_t>(text.number() % 2'000'000'000);
    span.name = "OpenAI.createChatCompletion";
    span.apm_name = "openai.request";
    span.resource = "createChatCompletion";
    span.apm_type = "llm";
    span.kind = i % 5 == 0 ? "workflow" : "llm";
    span.service = "chat-api";
    span.env = "prod";
    span.version = "1.4.2";
    span.ml_app = "support-bot";
    span.session_id = copy(fmt::format("session-{}", text.number() % 5'000));
    span.model_name = "gpt-4o-mini-2024-07-18";
    span.model_provider = "azure_openai";
    span.input_json = copy(R"({"messages":[{"role":"system","content":")" + text.make(300) +
                           R"("},{"role":"user","content":")" + text.make(900) + "\"}]}");
    span.output_json =
        copy(R"({"messages":[{"role":"assistant","content":")" + text.make(600) + "\"}]}");
    span.metadata_json = R"({"temperature":0.2,"max_tokens":800,"stream":false})";
    span.tags = {{"service", "chat-api"},
                 {"env", "prod"},
                 {"version", "1.4.2"},
                 {"ml_app", "support-bot"},
                 {"language", "python"},
                 {"ddtrace.version", "4.16.0"},
                 {"openai.request.model", "gpt-4o-mini"},
                 {"runtime-id", "8f6a2f0e7e1c4d0a"},
                 {"component", "openai"},
                 {"http.status_code", "200"}};
    span.metrics = {{"input_tokens", static_cast<double>(text.number() % 900)},
                    {"output_tokens", static_cast<double>(text.number() % 500)},
                    {"_dd.measured", 1},
                    {"_sampling_priority_v1", 1},
                    {"process_id", 4'711}};
    span.source = "dd_apm/v0.4";
    batch.spans.push_back(span);
  }
  return batch;
}

void give_ids(model::Batch& batch, std::uint64_t first) {
  const std::uint64_t seconds = static_cast<std::uint64_t>(now().value / kNanosPerSecond);
  for (std::size_t i = 0; i < batch.spans.size(); ++i) {
    model::Span& span = batch.spans[i];
    const std::uint64_t mixed = (first + i / 5) * 0x9e3779b97f4a7c15ULL;
    span.trace_id = {seconds << 32, mixed};
    span.apm_trace_id = {seconds << 32, ~mixed};
    span.span_id = {(first + i + 1) * 0xbf58476d1ce4e5b9ULL};
    span.parent_id = {i % 5 == 0 ? 0 : (first + i / 5 * 5 + 1) * 0xbf58476d1ce4e5b9ULL};
    span.apm_parent_id = span.parent_id;
    span.start = {now().value - static_cast<std::int64_t>(i) * 1'000'000};
  }
}

double own_cpu_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double child_cpu_seconds(int pid) {
  std::ifstream file(fmt::format("/proc/{}/stat", pid));
  std::string line;
  std::getline(file, line);
  std::istringstream fields(line.substr(line.rfind(')') + 2));
  std::string skipped;
  for (int i = 0; i < 11; ++i) fields >> skipped;
  double user = 0, system = 0;
  fields >> user >> system;
  return (user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

double memory_mib(int pid, const std::string& what) {
  std::ifstream file(fmt::format("/proc/{}/status", pid));
  for (std::string line; std::getline(file, line);)
    if (line.starts_with(what + ":")) return std::atof(line.c_str() + what.size() + 1) / 1024;
  return 0;
}

double query_number(Store& store, const std::string& sql) {
  auto answer = wait_blocking(store.query(sql, {}));
  return answer ? std::atof(answer->c_str()) : -1;
}

// Milliseconds of the middle one of 15 runs, the first one left out.
double warm_ms(Store& store, const std::string& sql) {
  std::vector<double> times;
  for (int i = 0; i < 16; ++i) {
    const auto began = std::chrono::steady_clock::now();
    (void)wait_blocking(store.query(sql, {}));
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - began;
    if (i > 0) times.push_back(took.count());
  }
  std::nth_element(times.begin(), times.begin() + 7, times.end());
  return times[7];
}

void measure_queries(Store& store, benchmark::State& state) {
  const std::string id = wait_blocking(store.query("SELECT hex(trace_id) FROM spans ORDER BY start "
                                                   "LIMIT 1 OFFSET 100000 FORMAT TSVRaw",
                                                   {}))
                             .value_or("");
  state.counters["trace_ms"] = warm_ms(store, "SELECT * FROM spans WHERE trace_id = unhex('" +
                                                  id.substr(0, 32) + "') FORMAT RowBinary");
  state.counters["latest_ms"] =
      warm_ms(store,
              "SELECT * FROM spans WHERE start > now() - 3600 AND service = 'chat-api' AND "
              "kind = 'workflow' AND env = 'prod' ORDER BY start DESC LIMIT 50 FORMAT RowBinary");
  state.counters["facets_ms"] =
      warm_ms(store,
              "SELECT topK(10)(service), topK(10)(model), topK(10)(kind), topK(10)(env), "
              "quantiles(0.5, 0.95)(duration_ns) FROM spans FORMAT RowBinary");
  state.counters["word_ms"] =
      warm_ms(store, "SELECT count() FROM spans WHERE input ILIKE '%zzqqzz%' FORMAT RowBinary");
}

void await_merges(Store& store) {
  double before = -1;
  for (int i = 0; i < 120; ++i) {
    const double parts = query_number(
        store,
        "SELECT count() * 1000 + (SELECT count() FROM system.merges) * 7 FROM system.parts "
        "WHERE active AND table = 'spans' FORMAT TSV");
    if (parts == before && i > 5) return;
    before = parts;
    std::this_thread::sleep_for(std::chrono::seconds(1));
  }
}

void write_all(Store& store, std::vector<model::Batch>& requests, std::uint64_t spans) {
  std::vector<std::thread> clients;
  for (std::size_t client = 0; client < kThreads; ++client)
    clients.emplace_back([&, client] {
      std::size_t next = client;
      for (std::uint64_t at = client * kPerRequest; at < spans; at += kThreads * kPerRequest) {
        model::Batch& request = requests[next];
        next = (next + kThreads) % requests.size();
        give_ids(request, at);
        while (!wait_blocking(store.append(encode(request, now()))))
          std::this_thread::sleep_for(std::chrono::milliseconds(5));
      }
    });
  for (std::thread& client : clients) client.join();
}

void append_insert_merge(benchmark::State& state) {
  const char* asked = std::getenv("CATALEJO_BENCH_SPANS");
  const std::uint64_t spans = asked ? std::strtoull(asked, nullptr, 10) : 200'000;
  Text text;
  std::vector<model::Batch> requests;
  for (std::size_t i = 0; i < kRequests; ++i) requests.push_back(make_request(text));
  const auto folder =
      std::filesystem::temp_directory_path() / fmt::format("catalejo-store-bench-{}", ::getpid());
  const auto binary = std::filesystem::read_symlink("/proc/self/exe").parent_path().parent_path();
  for (auto _ : state) {
    StoreOptions options;
    options.data_dir = folder.string();
    options.store_binary = (binary / "catalejo-store").string();
    auto store = Store::open(options);
    if (!store) return state.SkipWithError(to_string(store.error()).c_str());
    while (!(*store)->status().ready) std::this_thread::sleep_for(std::chrono::milliseconds(50));
    const int child = (*store)->status().child_pid;
    state.counters["child_idle_mib"] = memory_mib(child, "VmRSS");
    const double own_before = own_cpu_seconds(), child_before = child_cpu_seconds(child);
    const auto began = std::chrono::steady_clock::now();
    write_all(**store, requests, spans);
    const std::chrono::duration<double> acknowledged = std::chrono::steady_clock::now() - began;
    if (!(*store)->flush(600'000)) return state.SkipWithError("the database is behind");
    const double million = static_cast<double>(spans) / 1e6;
    state.counters["own_cpu_s_per_1M"] = (own_cpu_seconds() - own_before) / million;
    state.counters["child_cpu_before_merges"] = (child_cpu_seconds(child) - child_before) / million;
    await_merges(**store);
    state.counters["child_cpu_s_per_1M"] = (child_cpu_seconds(child) - child_before) / million;
    state.counters["ack_spans_per_s"] = static_cast<double>(spans) / acknowledged.count();
    state.counters["rows"] = query_number(**store, "SELECT count() FROM spans FORMAT TSV");
    state.counters["bytes_per_span"] =
        query_number(**store,
                     "SELECT sum(bytes_on_disk) FROM system.parts WHERE active "
                     "AND table = 'spans' FORMAT TSV") /
        static_cast<double>(spans);
    state.counters["child_peak_mib"] = memory_mib(child, "VmHWM");
    state.counters["own_peak_mib"] = memory_mib(::getpid(), "VmHWM");
    measure_queries(**store, state);
    if (const char* sql = std::getenv("CATALEJO_BENCH_SQL"))
      fmt::print("{}", wait_blocking((*store)->query(sql, {})).value_or("failed"));
    (*store)->stop();
  }
  std::filesystem::remove_all(folder);
}
BENCHMARK(append_insert_merge)->Iterations(1)->Unit(benchmark::kSecond);

}  // namespace
}  // namespace catalejo::store
