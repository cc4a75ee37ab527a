// The store as the rest of the program sees it: rows in, durable when append() answers; SQL out.
//
// Inside: the write-ahead log (wal/), one writer thread with group commit, the duplicate filter,
// the batcher that inserts into ClickHouse SQL (batch/, clickhouse/), and in embedded mode the
// child process that hosts libchdb (child/). See README.md here and docs/architecture.md.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/counters.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "model/batch.hpp"
#include "model/ledger.hpp"
#include "store/inserted_times.hpp"

namespace catalejo::store {

// Rows of one request in the form the log keeps and the database takes (docs/formats/log.md).
// Made on the thread that parsed the request; opaque to everyone but the store.
class EncodedBatch;
struct EncodedBatchDeleter {
  void operator()(EncodedBatch* batch) const;
};
using EncodedBatchPtr = std::unique_ptr<EncodedBatch, EncodedBatchDeleter>;

// Copies everything it needs out of `batch`.
EncodedBatchPtr encode(const model::Batch& batch, UnixNanos received);

// How the rows of a batch ended, and which halves of each of its spans were new, in their order:
// bits of model::Halves, 0 = none was.
struct Appended : model::Outcomes {
  std::vector<std::uint8_t> new_halves;
};

// What changed in the database since the last notice: for live views.
struct Inserted {
  std::uint64_t spans = 0;
  std::uint64_t llm_roots = 0;  // traces with an LLM root among them
  std::uint64_t evaluations = 0;
  UnixNanos start_min, start_max;
};

// Where a statement waits for a thread: behind all others, or beside them with those that read
// little (a trace by its id), so that nobody waits for a day's figures of somebody else's.
enum class Lane : std::uint8_t { shared, brief };

using QueryParameters = std::vector<std::pair<std::string, std::string>>;  // {name:Type} → value

struct StoreOptions {
  std::string data_dir;        // absolute; log/ and chdb/ are made in it
  std::string clickhouse_url;  // empty = embedded child; else http(s)://user:password@host:8123/db
  std::string store_binary;    // path of catalejo-store, embedded only
  std::uint64_t log_bytes_max = 0;                   // 0 = limits::log_bytes_max_default
  int retention_days = 15;                           // of spans and evaluations
  int metric_retention_days = 457;                   // of metrics and events, by months
  std::size_t store_memory_bytes_max = 0;            // 0 = chosen from the machine
  Counters* counters = nullptr;                      // outlives the store
  std::function<void(const Inserted&)> on_inserted;  // called on the batcher's thread
};

struct StoreStatus {
  bool ready = false;           // migrations done, database answers
  std::string problem;          // a sentence when not ready or degraded, else empty
  std::string database;         // "embedded libchdb 26.7.3", "ClickHouse 25.8 at host"
  std::uint64_t log_bytes = 0;  // not yet inserted
  std::uint64_t rows_waiting = 0;
  std::uint64_t rows_inserted = 0;
  std::uint64_t words_waiting = 0;  // spans from before words were kept, read by every search
  std::uint64_t child_restarts = 0;
  int child_pid = 0;
};

class SpanFeed;

class Store {
 public:
  static Result<std::unique_ptr<Store>> open(StoreOptions options);
  virtual ~Store() = default;

  // Answers when every row is durable (or was a duplicate of one that is). Errors: disk_full, busy,
  // shutting_down; then nothing of the batch is kept. From any thread.
  virtual Future<Result<Appended>> append(EncodedBatchPtr batch) = 0;

  // Runs a SELECT on the query pool, in its lane, and gives its body in the FORMAT the SQL names.
  // Values go in as parameters ({name:Type} in the SQL), never into the text.
  // Errors: bad_request (SQL or memory limit), timeout, store_unavailable, busy.
  virtual Future<Result<std::string>> query(std::string sql, QueryParameters parameters,
                                            Lane lane = Lane::shared) = 0;

  // The same, on this thread, for statements that change something.
  virtual Result<std::string> execute(const std::string& sql,
                                      const QueryParameters& parameters) = 0;

  // Puts rows into a table of the caller's own, on this thread; `sql` ends with its FORMAT.
  virtual Result<void> insert(const std::string& sql, std::string_view rows);
  // The spans in the order they came, for the one who reads them; nullptr when this store has none.
  virtual SpanFeed* span_feed() { return nullptr; }

  // Waits until everything appended before is in the database; for tests and shutdown.
  virtual Result<void> flush(int timeout_ms) = 0;

  virtual StoreStatus status() const = 0;
  // nullptr when others may insert too, into a ClickHouse of the user's.
  virtual const InsertedTimes* inserted_times() const { return nullptr; }
  // Drains, syncs, stops the child. append() answers shutting_down from here on.
  virtual void stop() = 0;
};

}  // namespace catalejo::store
