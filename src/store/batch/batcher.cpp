#include "store/batch/batcher.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/file.hpp"
#include "base/log.hpp"
#include "store/batch/words.hpp"
#include "store/clickhouse/exceptions.hpp"
#include "store/wal/checkpoint.hpp"
#include "store/wal/segments.hpp"

namespace catalejo::store {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kInsertTimeoutMs = 120'000;
constexpr auto kBackOffMin = std::chrono::milliseconds(50);
constexpr auto kBackOffMax = std::chrono::milliseconds(5'000);
// One row of bad data a log line; the rest is counted.
constexpr std::size_t kParkedErrorBytesMax = 2'000;

// Rows [from, to) of a part.
BatchPart slice(const BatchPart& part, std::size_t from, std::size_t to) {
  const auto at = [&](std::size_t i) { return part.rows.begin() + static_cast<std::ptrdiff_t>(i); };
  return {.table = part.table,
          .day = part.day,
          .row_version = part.row_version,
          .rows = {at(from), at(to)}};
}

}  // namespace

std::string insert_statement(const BatchPart& part, const std::string& token) {
  std::string columns;
  for (const Column& column : columns_of(part.table, part.row_version)) {
    if (!columns.empty()) columns += ", ";
    columns += column.name;
  }
  return fmt::format(
      "INSERT INTO {} ({}) SETTINGS insert_deduplication_token = '{}' "
      "FORMAT RowBinary",
      table_name(part.table), columns, token);
}

Batcher::Batcher(BatcherOptions options)
    : options_(std::move(options)),
      database_(options_.endpoint, kInsertTimeoutMs),
      inserts_(options_.counters->counter("catalejo_inserts_total")),
      insert_failures_(options_.counters->counter("catalejo_insert_failures_total")),
      rows_inserted_(options_.counters->counter("catalejo_rows_inserted_total")),
      rows_parked_(options_.counters->counter("catalejo_rows_parked_total")) {}

Batcher::~Batcher() {
  stop();
}

void Batcher::start() {
  saved_ = options_.progress->inserted_end;
  thread_ = std::thread([this] { run(); });
}

void Batcher::push(SealedBatch batch) {
  const std::lock_guard lock(mutex_);
  waiting_.push_back(std::move(batch));
  changed_.notify_all();
}

void Batcher::set_ready(bool ready) {
  const std::lock_guard lock(mutex_);
  ready_ = ready;
  changed_.notify_all();
}

bool Batcher::wait_inserted(std::uint64_t position, std::chrono::milliseconds timeout) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, timeout,
                           [&] { return options_.progress->inserted_end >= position; });
}

void Batcher::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    changed_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
}

std::string Batcher::problem() const {
  const std::lock_guard lock(mutex_);
  return problem_.empty() ? parked_problem_ : problem_;
}

void Batcher::set_problem(std::string problem) {
  const std::lock_guard lock(mutex_);
  problem_ = std::move(problem);
}

void Batcher::run() {
  while (wait_for_work()) {
    SealedBatch batch;
    {
      const std::lock_guard lock(mutex_);
      batch = std::move(waiting_.front());
      waiting_.pop_front();
    }
    if (!insert_batch(batch)) break;
    save_progress(false);
  }
  save_progress(true);
}

bool Batcher::wait_for_work() {
  while (true) {
    {
      std::unique_lock lock(mutex_);
      const bool woken = changed_.wait_for(lock, options_.checkpoint_every, [&] {
        return stopping_ || (ready_ && !waiting_.empty());
      });
      if (stopping_) return false;
      if (woken) return true;
    }
    save_progress(true);
  }
}

bool Batcher::load_rows(const SealedBatch& batch, BatchRows& rows) {
  for (int failures = 0;; ++failures) {
    rows = {};
    auto scan = scan_log(options_.log_dir, batch.first, batch.cut,
                         [&](const RecordHeader& header, std::string_view payload) {
                           rows.add(header.row_version, std::string(payload));
                         });
    if (scan && rows.rows() == batch.rows_count) return true;
    if (scan) {
      log::error("store", "the log holds {} rows of a batch of {}: the rest is lost", rows.rows(),
                 batch.rows_count);
      return true;
    }
    if (!back_off(failures, "cannot read the log: " + to_string(scan.error()))) return false;
  }
}

bool Batcher::insert_batch(SealedBatch& batch) {
  if (!batch.rows_in_memory && !load_rows(batch, batch.rows)) return false;
  if (options_.on_inserting) options_.on_inserting(batch.rows.summary());
  for (const BatchPart& part : batch.rows.parts()) {
    std::string token =
        fmt::format("{}:{:x}:{}:{}", options_.log_id, batch.cut, table_name(part.table), part.day);
    // A batch that an older program began has a part of each version.
    if (part.row_version > 1) token += fmt::format(":{}", part.row_version);
    if (part.table == Table::spans && !insert_words(part, token)) return false;
    if (!insert_part(part, token)) return false;
  }
  finish_batch(batch, batch.rows);
  return true;
}

bool Batcher::insert_words(const BatchPart& part, const std::string& token) {
  const std::string rows = word_blocks(part);
  if (rows.empty()) return true;
  const std::string sql = fmt::format(
      "INSERT INTO span_words (first, last, spans, words, tags) SETTINGS "
      "insert_deduplication_token = "
      "'{}:words' FORMAT RowBinary",
      token);
  const std::string_view body = rows;
  for (int failures = 0;; ++failures) {
    auto inserted = database_.insert(sql, {&body, 1});
    if (inserted) {
      if (failures > 0) set_problem({});
      return true;
    }
    insert_failures_.add();
    if (!back_off(failures, "the database does not take words: " + inserted.error().message))
      return false;
  }
}

bool Batcher::insert_part(const BatchPart& part, const std::string& token) {
  const std::string sql = insert_statement(part, token);
  for (int failures = 0;; ++failures) {
    auto inserted = database_.insert(sql, part.rows);
    if (inserted) {
      inserts_.add();
      if (failures > 0) set_problem({});
      return true;
    }
    insert_failures_.add();
    if (is_bad_data(database_.last_exception()))
      return insert_halves(part, token, inserted.error());
    if (!back_off(failures, "the database does not take rows: " + inserted.error().message))
      return false;
  }
}

bool Batcher::insert_halves(const BatchPart& part, const std::string& token, const Error& error) {
  if (part.rows.size() <= 1) return park(part, token, error);
  const std::size_t half = part.rows.size() / 2;
  return insert_part(slice(part, 0, half), token + "a") &&
         insert_part(slice(part, half, part.rows.size()), token + "b");
}

bool Batcher::park(const BatchPart& part, const std::string& token, const Error& error) {
  std::string name = token;
  std::replace(name.begin(), name.end(), ':', '-');
  const std::string path = options_.log_dir + "/parked/" + name;
  const std::string note = fmt::format("{}\n{}\n", insert_statement(part, token),
                                       error.message.substr(0, kParkedErrorBytesMax));
  std::string bytes;
  for (const std::string_view row : part.rows) bytes += row;
  for (int failures = 0;; ++failures) {
    Result<void> kept = make_directories(options_.log_dir + "/parked");
    if (kept) kept = write_file_durably(path + ".rows", bytes);
    if (kept) kept = write_file_durably(path + ".txt", note);
    if (kept) break;
    if (!back_off(failures, "cannot park rows: " + to_string(kept.error()))) return false;
  }
  rows_parked_.add(part.rows.size());
  log::error("store", "the database cannot read a row; it is kept in {}.rows: {}", path,
             error.message);
  const std::lock_guard lock(mutex_);
  parked_problem_ =
      "rows that the database cannot read are kept in " + options_.log_dir + "/parked";
  return true;
}

void Batcher::finish_batch(const SealedBatch& batch, const BatchRows& rows) {
  Progress& progress = *options_.progress;
  if (batch.rows_in_memory) progress.memory_bytes -= rows.bytes();
  progress.rows_inserted += batch.rows_count;
  --progress.batches_waiting;
  rows_inserted_.add(rows.rows());
  if (options_.on_inserted) options_.on_inserted(rows.summary());
  {
    const std::lock_guard lock(mutex_);
    progress.inserted_end = batch.end;
    changed_.notify_all();
  }
}

bool Batcher::back_off(int failures, const std::string& problem) {
  // The first failure may be a child that is just restarting: no word about it yet.
  if (failures == 1) log::warn("store", "{}; it will be tried again", problem);
  std::unique_lock lock(mutex_);
  problem_ = problem;
  const auto delay = std::min(kBackOffMax, kBackOffMin * (1 << std::min(failures, 7)));
  changed_.wait_for(lock, delay, [&] { return stopping_; });
  // While the database is down there is nothing to try.
  changed_.wait(lock, [&] { return stopping_ || ready_; });
  return !stopping_;
}

// The reader of the log is told before a segment that it has not read goes.
Result<void> Batcher::purge(std::uint64_t used, std::uint64_t active_first) {
  Progress& progress = *options_.progress;
  const std::uint64_t read = progress.read_end;
  if (used > read && used > progress.purged_end) {
    const std::uint64_t from = std::max<std::uint64_t>(read, progress.purged_end);
    progress.purged_end = used;
    progress.unread_bytes += used - from;
    log::error("store", "evaluators are too far behind: {} KiB of spans go without them",
               (used - from) >> 10);
  }
  return purge_segments(options_.log_dir, used, active_first, options_.ids_max);
}

void Batcher::save_progress(bool now) {
  const auto time = Clock::now();
  if (!now && time - saved_at_ < options_.checkpoint_every) return;
  saved_at_ = time;
  const std::uint64_t position = options_.progress->inserted_end;
  const std::uint64_t active_first = options_.progress->active_first;
  const std::uint64_t used = options_.progress->used_end(options_.unread_bytes_max);
  if (position == saved_ && active_first == purged_first_ && used == purged_to_) return;
  Result<void> done = save_checkpoint(options_.log_dir, position);
  if (done) {
    saved_ = position;
    done = purge(used, active_first);
  }
  if (done) {
    purged_first_ = active_first;
    purged_to_ = used;
  } else {
    log::warn("store", "the log cannot be shortened: {}", to_string(done.error()));
  }
}

}  // namespace catalejo::store
