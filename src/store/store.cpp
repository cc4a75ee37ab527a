// Store: wires log writer, batcher, keeper, query pool and, embedded, the child's supervisor.
#include "store/store.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <mutex>

#include "base/file.hpp"
#include "base/limits.hpp"
#include "base/log.hpp"
#include "store/batch/batcher.hpp"
#include "store/child/supervisor.hpp"
#include "store/clickhouse/client.hpp"
#include "store/clickhouse/query_pool.hpp"
#include "store/keeper.hpp"
#include "store/span_feed.hpp"
#include "store/wal/checkpoint.hpp"
#include "store/wal/disk.hpp"
#include "store/wal/writer.hpp"
#include "store/word_builder.hpp"

namespace catalejo::store {
namespace {

constexpr int kStopFlushMs = 10'000;
constexpr int kStopChildMs = 10'000;
constexpr int kExecuteTimeoutMs = 60'000;

// A quarter of the machine, within what an ingest at full speed needs and what is worth giving.
std::size_t memory_for_child(std::size_t asked) {
  if (asked > 0) return asked;
  const auto pages = static_cast<std::size_t>(std::max(0L, ::sysconf(_SC_PHYS_PAGES)));
  const auto page = static_cast<std::size_t>(std::max(0L, ::sysconf(_SC_PAGE_SIZE)));
  return std::clamp<std::size_t>(pages * page / 4, 768u << 20, 2048u << 20);
}

Result<UniqueFd> lock_data_dir(const std::string& data_dir) {
  const std::string path = data_dir + "/lock";
  UniqueFd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!fd) return errno_error("open", path);
  if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0)
    return Error{Code::busy, "another Catalejo uses this data folder; stop it or set CATALEJO_DATA",
                 data_dir};
  return fd;
}

class StoreImpl final : public Store {
 public:
  explicit StoreImpl(StoreOptions options) : options_(std::move(options)) {}
  ~StoreImpl() override { stop(); }

  Result<void> open();
  Future<Result<Appended>> append(EncodedBatchPtr batch) override {
    return writer_->append(std::move(batch));
  }
  Future<Result<std::string>> query(std::string sql, QueryParameters parameters,
                                    Lane lane) override;
  Result<std::string> execute(const std::string& sql, const QueryParameters& parameters) override;
  Result<void> flush(int timeout_ms) override;
  StoreStatus status() const override;
  const InsertedTimes* inserted_times() const override {
    return supervisor_ ? &inserted_times_ : nullptr;
  }
  void stop() override;
  SpanFeed* span_feed() override { return feed_.get(); }
  Result<void> insert(const std::string& sql, std::string_view rows) override {
    const std::lock_guard lock(execute_mutex_);
    return executor_->insert(sql, {&rows, 1});
  }

 private:
  Result<void> open_log();
  void open_database(const Endpoint& endpoint);
  std::string database_name() const;
  std::string first_problem() const;
  void note_inserted(const Inserted& inserted);

  StoreOptions options_;
  Counters own_counters_;
  UniqueFd lock_;
  Disk disk_;
  Progress progress_;
  InsertedTimes inserted_times_;
  std::string cluster_name_;
  std::unique_ptr<Supervisor> supervisor_;
  std::unique_ptr<Batcher> batcher_;
  std::unique_ptr<LogWriter> writer_;
  std::unique_ptr<Keeper> keeper_;
  std::unique_ptr<WordBuilder> word_builder_;
  std::unique_ptr<SpanFeed> feed_;
  std::unique_ptr<QueryPool> pool_;
  std::mutex execute_mutex_;  // guards executor_
  std::unique_ptr<ClickHouse> executor_;
  bool stopped_ = false;
};

Result<void> StoreImpl::open() {
  if (!options_.counters) options_.counters = &own_counters_;
  CATALEJO_TRY(make_directories(options_.data_dir + "/log"));
  auto lock = lock_data_dir(options_.data_dir);
  if (!lock) return lock.error();
  lock_ = std::move(*lock);
  const bool embedded = options_.clickhouse_url.empty();
  Endpoint endpoint = Endpoint::embedded(options_.data_dir + "/store.socket");
  if (!embedded) {
    auto parsed = Endpoint::parse(options_.clickhouse_url);
    if (!parsed) return parsed.error();
    endpoint = *parsed;
    cluster_name_ = endpoint.name();
  } else {
    auto supervisor =
        Supervisor::start({.binary = options_.store_binary,
                           .data_dir = options_.data_dir,
                           .memory_bytes_max = memory_for_child(options_.store_memory_bytes_max),
                           .counters = options_.counters});
    if (!supervisor) return supervisor.error();
    supervisor_ = std::move(*supervisor);
  }
  auto log_id = load_or_make_log_id(options_.data_dir + "/log");
  if (!log_id) return log_id.error();
  batcher_ = std::make_unique<Batcher>(
      BatcherOptions{.log_dir = options_.data_dir + "/log",
                     .log_id = *log_id,
                     .endpoint = endpoint,
                     .ids_max = limits::recent_ids_max,
                     .counters = options_.counters,
                     .progress = &progress_,
                     .on_inserting =
                         [this](const Inserted& inserted) {
                           if (inserted.spans > 0)
                             inserted_times_.begin(inserted.start_min, inserted.start_max);
                         },
                     .on_inserted = [this](const Inserted& inserted) { note_inserted(inserted); }});
  CATALEJO_TRY(open_log());
  // Before the batcher may delete a segment.
  auto feed = SpanFeed::open(options_.data_dir + "/log", *log_id, progress_);
  if (!feed) return feed.error();
  feed_ = std::move(*feed);
  open_database(endpoint);
  return {};
}

void StoreImpl::note_inserted(const Inserted& inserted) {
  if (inserted.spans > 0) inserted_times_.end();
  // Points come every ten seconds; nobody who looks at traces needs to hear of them.
  const bool seen = inserted.spans > 0 || inserted.evaluations > 0;
  if (seen && options_.on_inserted) options_.on_inserted(inserted);
}

Result<void> StoreImpl::open_log() {
  LogWriterOptions options{
      .log_dir = options_.data_dir + "/log",
      .disk = &disk_,
      .counters = options_.counters,
      .progress = &progress_,
      .on_sealed = [this](SealedBatch batch) { batcher_->push(std::move(batch)); }};
  if (options_.log_bytes_max > 0) options.log_bytes_max = options_.log_bytes_max;
  auto writer = LogWriter::open(std::move(options));
  if (!writer) return writer.error();
  writer_ = std::move(*writer);
  return {};
}

void StoreImpl::open_database(const Endpoint& endpoint) {
  batcher_->start();
  pool_ = std::make_unique<QueryPool>(endpoint, *options_.counters);
  executor_ = std::make_unique<ClickHouse>(endpoint, kExecuteTimeoutMs);
  keeper_ = std::make_unique<Keeper>(
      KeeperOptions{.endpoint = endpoint,
                    .retention_days = options_.retention_days,
                    .metric_retention_days = options_.metric_retention_days,
                    .counters = options_.counters,
                    .on_ready = [this](bool ready) { batcher_->set_ready(ready); }});
  keeper_->start();
  word_builder_ = std::make_unique<WordBuilder>(WordBuilderOptions{
      .endpoint = endpoint,
      // What comes in goes first.
      .may_work = [this] { return keeper_->ready() && progress_.batches_waiting <= 1; }});
  word_builder_->start();
}

Future<Result<std::string>> StoreImpl::query(std::string sql, QueryParameters parameters,
                                             Lane lane) {
  return pool_->query(std::move(sql), std::move(parameters), lane);
}

Result<std::string> StoreImpl::execute(const std::string& sql, const QueryParameters& parameters) {
  const std::lock_guard lock(execute_mutex_);
  return executor_->run(sql, parameters);
}

Result<void> StoreImpl::flush(int timeout_ms) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(timeout_ms);
  auto position = wait_blocking(writer_->flush_point());
  if (!position) return position.error();
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
      deadline - std::chrono::steady_clock::now());
  if (!batcher_->wait_inserted(*position, std::max(left, std::chrono::milliseconds(0))))
    return Error{Code::timeout, "the database is still behind: " + first_problem()};
  return {};
}

std::string StoreImpl::database_name() const {
  const std::string version = keeper_->version();
  if (!cluster_name_.empty()) return fmt::format("ClickHouse {} at {}", version, cluster_name_);
  return "embedded libchdb " + version;
}

std::string StoreImpl::first_problem() const {
  for (std::string problem : {writer_->problem(), keeper_->problem(), batcher_->problem()})
    if (!problem.empty()) return problem;
  return {};
}

StoreStatus StoreImpl::status() const {
  StoreStatus status;
  status.ready = keeper_->ready();
  status.problem = first_problem();
  if (supervisor_) {
    status.child_restarts = supervisor_->restarts();
    status.child_pid = supervisor_->pid();
    if (!status.ready && !supervisor_->problem().empty()) status.problem = supervisor_->problem();
  }
  status.database = database_name();
  status.log_bytes = progress_.log_bytes();
  status.words_waiting = word_builder_->spans_waiting();
  status.rows_inserted = progress_.rows_inserted;
  const std::uint64_t logged = progress_.rows_logged;
  status.rows_waiting = logged > status.rows_inserted ? logged - status.rows_inserted : 0;
  return status;
}

// From the source down: no more rows, cut and insert what is there, then the database.
void StoreImpl::stop() {
  if (stopped_) return;
  stopped_ = true;
  if (writer_) writer_->stop();
  if (keeper_ && keeper_->ready()) {
    if (!batcher_->wait_inserted(progress_.log_end, std::chrono::milliseconds(kStopFlushMs)))
      log::info("store", "the database is still behind; the next start inserts the rest");
  }
  if (word_builder_) word_builder_->stop();
  if (keeper_) keeper_->stop();
  if (batcher_) batcher_->stop();
  if (pool_) pool_->stop();
  if (supervisor_) supervisor_->stop(kStopChildMs);
}

}  // namespace

Result<void> Store::insert(const std::string&, std::string_view) {
  return Error{Code::store_unavailable, "this store has no database"};
}

Result<std::unique_ptr<Store>> Store::open(StoreOptions options) {
  auto store = std::make_unique<StoreImpl>(std::move(options));
  CATALEJO_TRY(store->open());
  return std::unique_ptr<Store>(std::move(store));
}

}  // namespace catalejo::store
