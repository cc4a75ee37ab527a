// The log writer: one thread that owns the end of the log. It takes whole requests from a bounded
// queue, drops rows that were sent before, writes everything that waits with one pwritev and one
// fdatasync (group commit), then answers. It also decides where a batch ends and writes that
// decision, a CUT record, into the log, so that a replay makes the same batches.
//
// append(), flush_point() and the getters: any thread. `on_sealed` is called on the writer's
// thread.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/counters.hpp"
#include "base/file.hpp"
#include "base/limits.hpp"
#include "base/queue.hpp"
#include "base/task.hpp"
#include "store/batch/batch_rows.hpp"
#include "store/batch/encoded_batch.hpp"
#include "store/store.hpp"
#include "store/wal/disk.hpp"
#include "store/wal/progress.hpp"
#include "store/wal/recent_ids.hpp"
#include "store/wal/record.hpp"

namespace catalejo::store {

struct LogWriterOptions {
  std::string log_dir;
  std::uint64_t log_bytes_max = limits::log_bytes_max_default;
  std::uint64_t segment_bytes = limits::log_segment_bytes;
  std::uint64_t batch_rows_max = limits::batch_rows_max;
  std::uint64_t batch_bytes_max = limits::batch_bytes_max;
  std::chrono::milliseconds batch_age_max{limits::batch_age_ms_max};
  std::size_t ids_max = limits::recent_ids_max;
  Disk* disk = nullptr;          // outlives the writer
  Counters* counters = nullptr;  // outlives the writer
  Progress* progress = nullptr;  // outlives the writer; where the database is
  std::function<void(SealedBatch)> on_sealed;
};

class LogWriter {
 public:
  // Reads what is there: rebuilds the duplicate filter, cuts a torn tail, hands over every batch
  // that is not in the database yet, starts the thread.
  static Result<std::unique_ptr<LogWriter>> open(LogWriterOptions options);
  ~LogWriter();

  Future<Result<Appended>> append(EncodedBatchPtr batch);
  // Cuts now; the position that must be in the database when everything appended before is.
  Future<Result<std::uint64_t>> flush_point();
  void stop();  // drains the queue, cuts, joins

  std::string problem() const;  // why the log does not take rows at the moment, or empty

 private:
  struct Item {
    EncodedBatchPtr batch;  // null for a flush point
    Promise<Result<Appended>> appended;
    Promise<Result<std::uint64_t>> flushed;
    Appended outcome;  // what appended will say if the group becomes durable
    std::uint64_t flush_position = 0;
  };
  using Items = std::vector<std::unique_ptr<Item>>;
  // One record of the group that is being written.
  struct Planned {
    RecordHeader header;
    HeaderBytes bytes;
    EncodedBatch* batch = nullptr;  // null for a cut
  };
  struct Open {  // what was written since the last cut
    std::uint64_t first = 0;
    std::uint64_t rows = 0, bytes = 0;
    std::chrono::steady_clock::time_point since;
    bool in_memory = true;
    BatchRows rows_in_memory;
  };

  explicit LogWriter(LogWriterOptions options);
  Result<void> recover();
  Result<void> adopt_last_segment();
  void run();
  std::chrono::steady_clock::time_point next_deadline() const;
  bool cut_is_due(std::chrono::steady_clock::time_point now) const;

  // One group: plan its records, write them, make them durable, answer.
  void commit_group(Items& items);
  void plan(Items& items);
  void plan_rows(Item& item);
  void plan_cut();
  void drop_duplicates(Item& item);
  bool drop_row(EncodedBatch::Row& row, char* half);
  Result<void> write_planned();
  Result<void> check_room(std::uint64_t bytes, bool only_a_cut);
  Result<void> prepare_segment(std::uint64_t bytes);
  Result<void> write_pieces();
  void take_back_write();
  void finish(Items& items);
  void refuse(Items& items, const Error& error);
  void keep_in_memory(const RecordHeader& header, std::string payload);
  void seal(const RecordHeader& cut);
  void rest_when_idle(std::chrono::steady_clock::time_point now);
  void set_problem(std::string problem);

  LogWriterOptions options_;
  BoundedQueue<std::unique_ptr<Item>> queue_;
  RecentIds ids_;
  UniqueFd segment_;  // invalid: the next write opens one at end_
  std::uint64_t segment_first_ = 0;
  std::uint64_t end_ = 0;  // position behind the last durable record
  Open open_;
  std::vector<Planned> planned_;
  std::uint64_t planned_end_ = 0;  // this and the next two: as if the group had succeeded
  std::uint64_t planned_rows_ = 0, planned_bytes_ = 0;
  std::vector<Hash128> planned_ids_;
  std::chrono::steady_clock::time_point last_append_;
  std::chrono::steady_clock::time_point cut_retry_;  // not before, after a failed cut
  mutable std::mutex problem_mutex_;                 // guards problem_
  std::string problem_;
  Counter& commits_;
  Counter& duplicates_;
  Counter& failures_;
  std::thread thread_;
};

}  // namespace catalejo::store
