#include "store/wal/writer.hpp"

#include <fmt/format.h>
#include <malloc.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/log.hpp"

namespace catalejo::store {
namespace {

using Clock = std::chrono::steady_clock;

// After this long without a request the log is closed, so that all of it can be deleted.
constexpr auto kIdle = std::chrono::seconds(10);
constexpr auto kCutRetry = std::chrono::seconds(1);
// An old batch is cut although it is small only while the database keeps up; behind a slow one,
// small batches would make it slower still.
constexpr std::uint64_t kBatchesWaitingForSmall = 2;

}  // namespace

LogWriter::LogWriter(LogWriterOptions options)
    : options_(std::move(options)),
      queue_(limits::log_queue_bytes_max),
      ids_(options_.ids_max),
      commits_(options_.counters->counter("catalejo_log_commits_total")),
      duplicates_(options_.counters->counter("catalejo_rows_duplicate_total")),
      failures_(options_.counters->counter("catalejo_log_write_failures_total")) {}

Result<std::unique_ptr<LogWriter>> LogWriter::open(LogWriterOptions options) {
  std::unique_ptr<LogWriter> writer(new LogWriter(std::move(options)));
  CATALEJO_TRY(writer->recover());
  writer->thread_ = std::thread([raw = writer.get()] { raw->run(); });
  return writer;
}

LogWriter::~LogWriter() {
  stop();
}

void LogWriter::stop() {
  queue_.close();
  if (thread_.joinable()) thread_.join();
}

Future<Result<Appended>> LogWriter::append(EncodedBatchPtr batch) {
  auto item = std::make_unique<Item>();
  item->batch = std::move(batch);
  Promise<Result<Appended>> promise = item->appended;
  Future<Result<Appended>> future = promise.future();
  const std::size_t weight = item->batch->payload.size();
  if (!queue_.try_push(std::move(item), weight)) {
    promise.set(queue_.closed()
                    ? Error{Code::shutting_down, "the server is stopping; send it again"}
                    : Error{Code::busy, "the log is writing more than it can; send it again"});
  }
  return future;
}

Future<Result<std::uint64_t>> LogWriter::flush_point() {
  auto item = std::make_unique<Item>();
  Promise<Result<std::uint64_t>> promise = item->flushed;
  Future<Result<std::uint64_t>> future = promise.future();
  if (!queue_.try_push(std::move(item), 0))
    promise.set(Error{Code::shutting_down, "the log is closed"});
  return future;
}

std::string LogWriter::problem() const {
  const std::lock_guard lock(problem_mutex_);
  return problem_;
}

void LogWriter::set_problem(std::string problem) {
  const std::lock_guard lock(problem_mutex_);
  if (!problem.empty() && problem_.empty()) log::error("store", "{}", problem);
  if (problem.empty() && !problem_.empty()) log::info("store", "the log takes rows again");
  problem_ = std::move(problem);
}

void LogWriter::run() {
  last_append_ = Clock::now();
  while (true) {
    Items items = queue_.pop_all(next_deadline());
    const bool closed = items.empty() && queue_.closed();
    if (!items.empty()) last_append_ = Clock::now();
    if (closed && open_.rows > 0) open_.since = {};  // the last batch does not wait for its age
    if (!items.empty() || open_.rows > 0) commit_group(items);
    if (closed) return;
    if (items.empty()) rest_when_idle(Clock::now());
  }
}

Clock::time_point LogWriter::next_deadline() const {
  const auto now = Clock::now();
  if (open_.rows > 0) {
    const auto due = std::max(open_.since + options_.batch_age_max, cut_retry_);
    // Due already and still open: the database is behind. Look again soon.
    return due > now ? due : now + std::chrono::milliseconds(50);
  }
  if (segment_) return std::max(last_append_ + kIdle, now + std::chrono::seconds(1));
  return now + std::chrono::hours(1);
}

bool LogWriter::cut_is_due(Clock::time_point now) const {
  if (planned_rows_ == 0) return false;
  if (planned_rows_ >= options_.batch_rows_max) return true;
  if (planned_bytes_ >= options_.batch_bytes_max) return true;
  if (open_.rows == 0 || now < cut_retry_) return false;
  if (open_.since == Clock::time_point{}) return true;
  return now - open_.since >= options_.batch_age_max &&
         options_.progress->batches_waiting < kBatchesWaitingForSmall;
}

void LogWriter::commit_group(Items& items) {
  planned_.clear();
  planned_ids_.clear();
  planned_end_ = end_;
  planned_rows_ = open_.rows;
  planned_bytes_ = open_.bytes;
  plan(items);
  if (!planned_.empty()) {
    if (const auto written = write_planned(); !written) return refuse(items, written.error());
    commits_.add();
  }
  finish(items);
}

void LogWriter::plan(Items& items) {
  for (const auto& item : items) {
    if (item->batch) {
      plan_rows(*item);
      if (planned_rows_ >= options_.batch_rows_max || planned_bytes_ >= options_.batch_bytes_max)
        plan_cut();
    } else {
      if (planned_rows_ > 0) plan_cut();
      item->flush_position = planned_end_;
    }
  }
  if (cut_is_due(Clock::now())) plan_cut();
}

void LogWriter::plan_rows(Item& item) {
  drop_duplicates(item);
  const EncodedBatch& batch = *item.batch;
  if (batch.rows.empty()) return;
  Planned planned;
  planned.batch = item.batch.get();
  planned.header = {.kind = RecordKind::rows,
                    .row_version = kRowVersion,
                    .position = planned_end_,
                    .payload_bytes = static_cast<std::uint32_t>(batch.payload.size()),
                    .rows = static_cast<std::uint32_t>(batch.rows.size()),
                    .written = now(),
                    .payload_checksum = payload_checksum(batch.payload)};
  planned.bytes = encode_header(planned.header);
  planned_end_ = planned.header.end();
  planned_rows_ += batch.rows.size();
  planned_bytes_ += batch.payload.size();
  planned_.push_back(planned);
}

void LogWriter::plan_cut() {
  Planned planned;
  planned.header = {.kind = RecordKind::cut,
                    .row_version = kRowVersion,
                    .position = planned_end_,
                    .rows = static_cast<std::uint32_t>(planned_rows_),
                    .written = now(),
                    .payload_checksum = payload_checksum({})};
  planned.bytes = encode_header(planned.header);
  planned_end_ = planned.header.end();
  planned_rows_ = planned_bytes_ = 0;
  planned_.push_back(planned);
}

static model::Outcome& outcome_of(Appended& outcome, Table table) {
  if (table == Table::spans) return outcome.spans;
  if (table == Table::evaluations) return outcome.evaluations;
  return table == Table::metrics ? outcome.points : outcome.events;
}

// True when nothing of the row is new. Takes a half that is known already out of the row.
bool LogWriter::drop_row(EncodedBatch::Row& row, char* half) {
  RowKeys& keys = row.keys;
  if (!keys.has_llm && !keys.has_apm) return false;
  const bool llm_new = keys.has_llm && !ids_.contains(keys.llm);
  const bool apm_new = keys.has_apm && !ids_.contains(keys.apm);
  if (!llm_new && !apm_new) return true;
  if (keys.has_llm && keys.has_apm && llm_new != apm_new)
    *half = static_cast<char>(llm_new ? model::Halves::llm : model::Halves::apm);
  for (const auto& [is_new, id] : {std::pair{llm_new, keys.llm}, std::pair{apm_new, keys.apm}}) {
    if (!is_new) continue;
    ids_.insert(id);
    planned_ids_.push_back(id);
  }
  return false;
}

void LogWriter::drop_duplicates(Item& item) {
  EncodedBatch& batch = *item.batch;
  std::size_t kept_bytes = 0, kept_rows = 0;
  for (EncodedBatch::Row& row : batch.rows) {
    model::Outcome& outcome = outcome_of(item.outcome, row.head.table);
    char* const half = batch.payload.data() + row.at + kRowHeadBytes + span_row::half;
    const bool known = drop_row(row, half);
    if (row.head.table == Table::spans)
      item.outcome.new_halves.push_back(known ? 0 : static_cast<std::uint8_t>(*half));
    if (known) {
      ++outcome.duplicate;
      continue;
    }
    ++(row.cut ? outcome.cut : outcome.stored);
    const std::size_t size = kRowHeadBytes + row.head.length;
    if (kept_bytes != row.at)
      std::memmove(batch.payload.data() + kept_bytes, batch.payload.data() + row.at, size);
    row.at = kept_bytes;
    kept_bytes += size;
    batch.rows[kept_rows++] = row;
  }
  duplicates_.add(batch.rows.size() - kept_rows);
  batch.rows.resize(kept_rows);
  batch.payload.resize(kept_bytes);
}

void LogWriter::finish(Items& items) {
  if (!planned_.empty()) set_problem({});
  end_ = planned_end_;
  options_.progress->log_end = end_;
  for (const auto& item : items) {
    if (item->batch) {
      item->appended.set(item->outcome);
    } else {
      item->flushed.set(item->flush_position);
    }
  }
  for (const Planned& planned : planned_) {
    if (planned.batch) {
      keep_in_memory(planned.header, std::move(planned.batch->payload));
    } else {
      seal(planned.header);
    }
  }
}

void LogWriter::refuse(Items& items, const Error& error) {
  failures_.add();
  for (const Hash128& id : planned_ids_) ids_.erase(id);
  cut_retry_ = Clock::now() + kCutRetry;
  set_problem(to_string(error));
  for (const auto& item : items) {
    if (item->batch) {
      item->appended.set(error);
    } else {
      item->flushed.set(error);
    }
  }
}

void LogWriter::keep_in_memory(const RecordHeader& header, std::string payload) {
  if (open_.rows == 0) {
    open_ = {};
    open_.first = header.position;
    open_.since = Clock::now();
  }
  open_.rows += header.rows;
  open_.bytes += payload.size();
  options_.progress->rows_logged += header.rows;
  if (!open_.in_memory) return;
  Progress& progress = *options_.progress;
  if (progress.memory_bytes + payload.capacity() > limits::handover_bytes_max) {
    progress.memory_bytes -= open_.rows_in_memory.bytes();
    open_.in_memory = false;
    open_.rows_in_memory = {};
    return;
  }
  const std::uint64_t before = open_.rows_in_memory.bytes();
  open_.rows_in_memory.add(header.row_version, std::move(payload));
  progress.memory_bytes += open_.rows_in_memory.bytes() - before;
}

void LogWriter::seal(const RecordHeader& cut) {
  SealedBatch sealed{.first = open_.first,
                     .cut = cut.position,
                     .end = cut.end(),
                     .rows_count = open_.rows,
                     .rows_in_memory = open_.in_memory,
                     .rows = std::move(open_.rows_in_memory)};
  open_ = {};
  ++options_.progress->batches_waiting;
  options_.on_sealed(std::move(sealed));
}

void LogWriter::rest_when_idle(Clock::time_point now) {
  if (!segment_ || open_.rows > 0 || now - last_append_ < kIdle) return;
  if (options_.progress->inserted_end != end_ || end_ == segment_first_) return;
  segment_ = {};
  segment_first_ = end_;
  options_.progress->active_first = end_;
  ::malloc_trim(0);
}

}  // namespace catalejo::store
