// The log without a database: what is acknowledged is there after any way of ending.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <map>
#include <mutex>
#include <set>

#include "base/file.hpp"
#include "store/wal/checkpoint.hpp"
#include "store/wal/segments.hpp"
#include "store/wal/writer.hpp"
#include "support/store_fixture.hpp"
#include "support/temporary_folder.hpp"

namespace catalejo::store {
namespace {

std::uint64_t span_id_of(std::string_view row) {
  std::uint64_t id;
  std::memcpy(&id, row.data() + span_row::span_id, sizeof id);
  return id;
}

// A disk that fails on demand.
class FaultyDisk : public Disk {
 public:
  ssize_t write(int fd, const iovec* pieces, int count, off_t at) override {
    if (write_errno == 0) return Disk::write(fd, pieces, count, at);
    // Half of it arrives before the disk is full.
    const iovec half{pieces[0].iov_base, pieces[0].iov_len / 2};
    if (!half_written_) {
      half_written_ = true;
      return Disk::write(fd, &half, 1, at);
    }
    half_written_ = false;
    errno = write_errno;
    return -1;
  }
  int sync(int fd) override {
    if (sync_errno == 0) return Disk::sync(fd);
    errno = sync_errno;
    return -1;
  }
  int truncate(int fd, off_t size) override {
    if (truncate_errno == 0) return Disk::truncate(fd, size);
    errno = truncate_errno;
    return -1;
  }
  Space space(const std::string&) override { return {free_bytes, 100ull << 30}; }

  std::atomic<int> write_errno{0}, sync_errno{0}, truncate_errno{0};
  std::atomic<std::uint64_t> free_bytes{50ull << 30};

 private:
  bool half_written_ = false;
};

class LogTest : public testing::Test {
 protected:
  std::unique_ptr<LogWriter> open() {
    progress_ = std::make_unique<Progress>();
    LogWriterOptions options;
    options.log_dir = folder_.path();
    options.disk = &disk_;
    options.counters = &counters_;
    options.progress = progress_.get();
    options.batch_rows_max = batch_rows_max_;
    options.batch_age_max = std::chrono::hours(1);
    options.segment_bytes = segment_bytes_;
    options.log_bytes_max = log_bytes_max_;
    options.on_sealed = [this](SealedBatch batch) {
      const std::lock_guard lock(mutex_);
      sealed_.push_back(std::move(batch));
    };
    auto writer = LogWriter::open(std::move(options));
    EXPECT_TRUE(writer) << to_string(writer.error());
    return writer ? std::move(*writer) : nullptr;
  }
  static Result<Appended> put(LogWriter& writer, const model::Batch& batch) {
    return wait_blocking(writer.append(encode(batch, now())));
  }
  // Every span id in the log, with how often it occurs.
  std::map<std::uint64_t, int> logged() {
    std::map<std::uint64_t, int> ids;
    auto scan =
        scan_log(folder_.path(), 0, UINT64_MAX, [&](const RecordHeader&, std::string_view payload) {
          EXPECT_TRUE(each_row(
              payload, [&](const RowHead&, std::string_view row) { ++ids[span_id_of(row)]; }));
        });
    EXPECT_TRUE(scan);
    return ids;
  }
  std::vector<SealedBatch> take_sealed() {
    const std::lock_guard lock(mutex_);
    return std::exchange(sealed_, {});
  }

  TemporaryFolder folder_;
  FaultyDisk disk_;
  Counters counters_;
  std::unique_ptr<Progress> progress_;
  std::uint64_t batch_rows_max_ = 1'000'000, segment_bytes_ = 64u << 20;
  std::uint64_t log_bytes_max_ = 1u << 30;
  std::mutex mutex_;  // guards sealed_
  std::vector<SealedBatch> sealed_;
};

TEST_F(LogTest, KeepsARowOnceHoweverOftenItIsSent) {
  auto writer = open();
  EXPECT_EQ(put(*writer, spans(0, 10))->spans.stored, 10u);
  const Appended again = *put(*writer, spans(5, 10));
  EXPECT_EQ(again.spans.duplicate, 5u);
  EXPECT_EQ(again.spans.stored, 5u);
  model::Batch twice = spans(100, 1);
  twice.spans.push_back(twice.spans[0]);
  EXPECT_EQ(put(*writer, twice)->spans.duplicate, 1u);
  writer->stop();
  writer = open();  // the filter comes out of the log again
  EXPECT_EQ(put(*writer, spans(0, 15))->spans.duplicate, 15u);
  writer->stop();
  EXPECT_EQ(logged().size(), 16u);
  for (const auto& [id, count] : logged()) EXPECT_EQ(count, 1) << id;
}

TEST_F(LogTest, JoinsTheHalvesOfASpanWhicheverComesFirst) {
  using model::Halves;
  struct Case {
    Halves first, second;
    std::uint64_t stored, duplicate;
    int half;  // in the second row
  };
  std::uint64_t id = 0;
  auto writer = open();
  for (const Case& c : {Case{Halves::llm, Halves::apm, 1, 0, 2},
                        {Halves::apm, Halves::llm, 1, 0, 1},
                        {Halves::llm, Halves::both, 1, 0, 2},
                        {Halves::apm, Halves::both, 1, 0, 1},
                        {Halves::both, Halves::llm, 0, 1, 0},
                        {Halves::both, Halves::apm, 0, 1, 0},
                        {Halves::both, Halves::both, 0, 1, 0}}) {
    model::Batch first = spans(++id, 1), second = spans(id, 1);
    first.spans[0].halves = c.first;
    second.spans[0].halves = c.second;
    if (c.first == Halves::apm) first.spans[0].trace_id = first.spans[0].apm_trace_id;
    EXPECT_EQ(put(*writer, first)->spans.stored, 1u);
    const Appended appended = *put(*writer, second);
    EXPECT_EQ(appended.spans.stored, c.stored) << id;
    EXPECT_EQ(appended.spans.duplicate, c.duplicate) << id;
    EXPECT_EQ(appended.new_halves, std::vector{static_cast<std::uint8_t>(c.half)}) << id;
    int half = 0;
    auto scan =
        scan_log(folder_.path(), 0, UINT64_MAX, [&](const RecordHeader&, std::string_view payload) {
          each_row(payload, [&](const RowHead&, std::string_view row) {
            if (span_id_of(row) == id + 1) half = row[span_row::half];
          });
        });
    ASSERT_TRUE(scan);
    if (c.half != 0) {
      EXPECT_EQ(half, c.half) << id;
    }
  }
}

TEST_F(LogTest, ReadsEveryWholeRecordOfALogCutAtAnyByte) {
  std::uint64_t ends[4] = {};
  {
    auto writer = open();
    for (std::uint64_t i = 0; i < 4; ++i) {
      ASSERT_TRUE(put(*writer, spans(i, 1, 10)));
      ends[i] = progress_->log_end;
    }
  }
  const std::string path = segment_path(folder_.path(), 0);
  const std::string whole = *read_file(path);
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << whole.substr(0, size);
    std::size_t expected = 0;
    for (const std::uint64_t end : ends) expected += size >= end;
    ASSERT_EQ(logged().size(), expected) << size;
  }
  for (const std::size_t size : {ends[0] - 1, ends[1] + 1, ends[2] + 47, ends[3] - 3}) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << whole.substr(0, size);
    const std::size_t before = logged().size();
    auto writer = open();  // cuts the torn tail and goes on behind it
    EXPECT_EQ(put(*writer, spans(50, 1))->spans.stored, 1u);
    writer->stop();
    EXPECT_EQ(logged().size(), before + 1) << size;
  }
}

TEST_F(LogTest, SkipsDamageInTheMiddleAndKeepsTheRest) {
  std::uint64_t first_end = 0;
  {
    auto writer = open();
    ASSERT_TRUE(put(*writer, spans(0, 1)));
    first_end = progress_->log_end;
    for (std::uint64_t i = 1; i < 5; ++i) ASSERT_TRUE(put(*writer, spans(i, 1)));
  }
  const std::string path = segment_path(folder_.path(), 0);
  const std::string whole = *read_file(path);
  for (const std::size_t at :
       {std::size_t{3}, std::size_t{20}, std::size_t{60}, first_end + 5, first_end + 100}) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x40);
    std::ofstream(path, std::ios::binary | std::ios::trunc) << damaged;
    EXPECT_EQ(logged().size(), 4u) << at;
  }
  auto writer = open();
  writer->stop();
  EXPECT_GT(counters_.counter("catalejo_log_corrupt_bytes_total").value(), 0u);
}

TEST_F(LogTest, RefusesWholeGroupsOnAFullDiskAndRecovers) {
  auto writer = open();
  ASSERT_TRUE(put(*writer, spans(0, 3)));
  disk_.write_errno = ENOSPC;
  const auto refused = put(*writer, spans(3, 3));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::disk_full);
  EXPECT_NE(writer->problem(), "");
  disk_.write_errno = 0;
  // The refused rows are no duplicates: the client sends them again.
  EXPECT_EQ(put(*writer, spans(3, 3))->spans.stored, 3u);
  EXPECT_EQ(writer->problem(), "");
  disk_.free_bytes = 100u << 20;  // below what is kept for the database
  EXPECT_EQ(put(*writer, spans(6, 1)).error().code, Code::disk_full);
  disk_.free_bytes = 50ull << 30;
  EXPECT_TRUE(put(*writer, spans(6, 1)));
  writer->stop();
  EXPECT_EQ(logged().size(), 7u);
}

TEST_F(LogTest, NeverTrustsAFileAfterAFailedSync) {
  for (const int truncate_errno : {0, EIO}) {
    const std::uint64_t base = truncate_errno == 0 ? 0 : 1'000;
    auto writer = open();
    ASSERT_TRUE(put(*writer, spans(base, 3)));
    disk_.sync_errno = EIO;
    disk_.truncate_errno = truncate_errno;
    EXPECT_EQ(put(*writer, spans(base + 3, 3)).error().code, Code::io);
    disk_.sync_errno = disk_.truncate_errno = 0;
    EXPECT_EQ(put(*writer, spans(base + 3, 3))->spans.stored, 3u);
    EXPECT_EQ(put(*writer, spans(base + 6, 3))->spans.stored, 3u);
    writer->stop();
    const auto ids = logged();
    for (std::uint64_t id = base; id < base + 9; ++id) EXPECT_EQ(ids.at(id + 1), 1) << id;
  }
}

TEST_F(LogTest, MakesTheSameBatchesAgainFromTheLog) {
  batch_rows_max_ = 10;
  segment_bytes_ = 4'000;
  auto writer = open();
  for (std::uint64_t i = 0; i < 100; i += 4) ASSERT_TRUE(put(*writer, spans(i, 4)));
  writer->stop();
  const auto first = take_sealed();
  ASSERT_GT(first.size(), 5u);
  EXPECT_GT(list_segments(folder_.path())->size(), 3u);
  writer = open();
  writer->stop();
  const auto again = take_sealed();
  ASSERT_EQ(again.size(), first.size());
  for (std::size_t i = 0; i < first.size(); ++i) {
    EXPECT_EQ(again[i].cut, first[i].cut);
    EXPECT_EQ(again[i].first, first[i].first);
    EXPECT_EQ(again[i].rows_count, first[i].rows_count);
  }
  // Behind a checkpoint nothing is handed over again, and used-up segments go; their ids stay.
  ASSERT_TRUE(save_checkpoint(folder_.path(), first[3].end));
  ASSERT_TRUE(purge_segments(folder_.path(), first.back().end, UINT64_MAX, 1'000));
  EXPECT_TRUE(list_segments(folder_.path())->empty());
  ASSERT_TRUE(save_checkpoint(folder_.path(), first.back().end));
  writer = open();
  EXPECT_EQ(put(*writer, spans(0, 100))->spans.duplicate, 100u);
  EXPECT_EQ(put(*writer, spans(200, 1))->spans.stored, 1u);
  writer->stop();
  EXPECT_GE(take_sealed().front().first, first.back().end);
}

TEST_F(LogTest, CutsWhatWasLeftWhenTheProgramEnded) {
  {
    auto writer = open();
    ASSERT_TRUE(put(*writer, spans(0, 5)));
    const std::string path = segment_path(folder_.path(), 0);
    const std::string before_cut = *read_file(path);
    writer->stop();
    take_sealed();
    std::ofstream(path, std::ios::binary | std::ios::trunc) << before_cut;
  }
  auto writer = open();
  writer->stop();
  const auto sealed = take_sealed();
  ASSERT_EQ(sealed.size(), 1u);
  EXPECT_EQ(sealed[0].rows_count, 5u);
  EXPECT_FALSE(sealed[0].rows_in_memory);
}

TEST_F(LogTest, StopsTakingRowsWhenTheDatabaseIsTooFarBehind) {
  log_bytes_max_ = 20'000;
  auto writer = open();
  std::uint64_t id = 0;
  Result<Appended> last = Appended{};
  while (last && id < 1'000) last = put(*writer, spans(id++, 1, 1'000));
  ASSERT_FALSE(last);
  EXPECT_EQ(last.error().code, Code::disk_full);
  EXPECT_LE(progress_->log_bytes(), 20'000u);
  progress_->inserted_end = progress_->log_end.load();  // it has caught up
  EXPECT_TRUE(put(*writer, spans(id, 1, 1'000)));
}

TEST_F(LogTest, AnswersWhileStopping) {
  auto writer = open();
  writer->stop();
  EXPECT_EQ(put(*writer, spans(0, 1)).error().code, Code::shutting_down);
  EXPECT_EQ(wait_blocking(writer->flush_point()).error().code, Code::shutting_down);
}

}  // namespace
}  // namespace catalejo::store
