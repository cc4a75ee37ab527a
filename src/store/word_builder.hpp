// Takes the words of spans that were stored before words were kept
// (docs/decisions/012-text-search.md): one thread that asks the database for ten minutes of them at
// a time, newest first, and rests as long as each took. What is done is in the database, so a
// restart goes on where it was; until then those spans are read by every search, as before.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/result.hpp"
#include "store/clickhouse/client.hpp"

namespace catalejo::store {

struct WordBuilderOptions {
  Endpoint endpoint;
  // Whether the database is there and has time; asked before each step, on the builder's thread.
  std::function<bool()> may_work;
};

class WordBuilder {
 public:
  explicit WordBuilder(WordBuilderOptions options);
  ~WordBuilder();
  void start();
  void stop();
  // Spans whose words are still to be taken.
  std::uint64_t spans_waiting() const { return spans_waiting_; }

 private:
  struct Stretch {
    std::int64_t first = 0, last = 0;  // nanoseconds
    std::uint64_t spans = 0, day = 0;
  };

  void run();
  // These are false when stopping.
  bool wait_for_turn();
  bool take(const Stretch& stretch);
  bool mark(const Stretch& stretch, std::string_view words);
  bool pause(std::int64_t nanos);

  // Newest first.
  Result<std::vector<Stretch>> find_waiting();
  Result<std::string> run_piece(std::int64_t from, std::int64_t to, std::int64_t width);
  void forget_marks(std::uint64_t day);

  WordBuilderOptions options_;
  ClickHouse database_;
  std::atomic<std::uint64_t> spans_waiting_{0};
  std::mutex mutex_;  // guards stopping_
  std::condition_variable changed_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace catalejo::store
