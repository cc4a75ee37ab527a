// The batcher: one thread that puts sealed batches into the database, one after the other, in the
// order of the log. Per table and day one INSERT with a token made of the log's positions, so that
// the same batch sent again, after a lost answer or a crash, is one copy. It also advances the
// checkpoint and has used-up segments deleted.
//
// push(), set_ready(), wait_inserted() and the getters: any thread.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "base/counters.hpp"
#include "store/batch/batch_rows.hpp"
#include "store/clickhouse/client.hpp"
#include "store/wal/progress.hpp"

namespace catalejo::store {

struct BatcherOptions {
  std::string log_dir;
  std::string log_id;
  Endpoint endpoint;
  std::size_t ids_max = 0;
  std::uint64_t unread_bytes_max = std::uint64_t{2} << 30;  // of the log, kept for its reader
  std::chrono::milliseconds checkpoint_every{5'000};
  Counters* counters = nullptr;                       // outlives the batcher
  Progress* progress = nullptr;                       // outlives the batcher
  std::function<void(const Inserted&)> on_inserting;  // from here on some of it may be read
  std::function<void(const Inserted&)> on_inserted;
};

class Batcher {
 public:
  explicit Batcher(BatcherOptions options);
  ~Batcher();
  void start();
  void push(SealedBatch batch);
  // Nothing is inserted until the schema is there.
  void set_ready(bool ready);
  // False when `position` was not reached in time.
  bool wait_inserted(std::uint64_t position, std::chrono::milliseconds timeout);
  // Saves the checkpoint and joins; what is not inserted stays in the log.
  void stop();
  std::string problem() const;

 private:
  void run();
  bool wait_for_work();
  // False when the batcher is to stop before it succeeded.
  bool insert_batch(SealedBatch& batch);
  bool load_rows(const SealedBatch& batch, BatchRows& rows);
  bool insert_part(const BatchPart& part, const std::string& token);
  // What a search for a word looks at first: it must be there before the spans are.
  bool insert_words(const BatchPart& part, const std::string& token);
  // Halves a part that the database cannot read until the bad rows stand alone, and parks them.
  bool insert_halves(const BatchPart& part, const std::string& token, const Error& error);
  bool park(const BatchPart& part, const std::string& token, const Error& error);
  void finish_batch(const SealedBatch& batch, const BatchRows& rows);
  bool back_off(int failures, const std::string& problem);
  void save_progress(bool now);
  Result<void> purge(std::uint64_t used, std::uint64_t active_first);
  void set_problem(std::string problem);

  BatcherOptions options_;
  ClickHouse database_;
  std::uint64_t saved_ = 0;  // checkpoint on disk
  std::uint64_t purged_first_ = 0, purged_to_ = 0;
  std::chrono::steady_clock::time_point saved_at_;
  Counter& inserts_;
  Counter& insert_failures_;
  Counter& rows_inserted_;
  Counter& rows_parked_;
  mutable std::mutex mutex_;  // guards the members below
  std::condition_variable changed_;
  std::deque<SealedBatch> waiting_;
  bool ready_ = false, stopping_ = false;
  std::string problem_;
  std::string parked_problem_;  // stays until the program is restarted
  std::thread thread_;
};

// The INSERT of a part: names its columns, so that a row of an older program fits a newer table.
std::string insert_statement(const BatchPart& part, const std::string& token);

}  // namespace catalejo::store
