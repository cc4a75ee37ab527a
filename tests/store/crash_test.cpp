// kill -9 of the whole program at random moments: what was acknowledged is there, exactly once.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <random>
#include <thread>

#include "base/log.hpp"
#include "support/store_fixture.hpp"
#include "support/temporary_folder.hpp"

namespace catalejo::store {
namespace {

constexpr int kRounds = 20;
constexpr std::uint64_t kPerRequest = 50;

// The program that is killed: appends requests from `first` on and tells the pipe after each
// acknowledgement how far it has come.
[[noreturn]] void append_until_killed(const std::string& data_dir, std::uint64_t first, int pipe) {
  log::set_level(log::Level::error);
  static Counters counters;
  auto store = open_store(store_options(data_dir, counters));
  if (!store) ::_exit(1);
  for (std::uint64_t next = first;; next += kPerRequest) {
    if (!append(*store, spans(next, kPerRequest, 2'000))) ::_exit(2);
    const std::uint64_t acknowledged = next + kPerRequest;
    if (::write(pipe, &acknowledged, sizeof acknowledged) != sizeof acknowledged) ::_exit(3);
  }
}

// Reads what is in the pipe; the last number of it, or `before`.
std::uint64_t drain(int pipe, std::uint64_t before) {
  std::uint64_t acknowledged = before, next = 0;
  while (::read(pipe, &next, sizeof next) == sizeof next) acknowledged = next;
  return acknowledged;
}

// One life of the program. Returns how far acknowledgements came.
std::uint64_t run_and_kill(const std::string& data_dir, std::uint64_t first, int milliseconds) {
  int pipes[2];
  EXPECT_EQ(::pipe(pipes), 0);
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::close(pipes[0]);
    append_until_killed(data_dir, first, pipes[1]);
  }
  ::close(pipes[1]);
  pollfd ready{pipes[0], POLLIN, 0};
  ::poll(&ready, 1, 60'000);  // until the first acknowledgement
  std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
  ::kill(pid, SIGKILL);
  int status = 0;
  ::waitpid(pid, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status)) << "it ended by itself with " << WEXITSTATUS(status);
  const std::uint64_t acknowledged = drain(pipes[0], first);
  ::close(pipes[0]);
  return acknowledged;
}

TEST(Crash, LosesAndDoublesNothingThatWasAcknowledged) {
  ASSERT_NO_FATAL_FAILURE(require_engine());
  TemporaryFolder folder;
  std::mt19937 random(11);
  std::uint64_t acknowledged = 0;
  for (int round = 0; round < kRounds && !testing::Test::HasFailure(); ++round) {
    // A request that was cut off is sent again by the next life, as a client would.
    const std::uint64_t before = acknowledged;
    acknowledged = run_and_kill(folder.path(), acknowledged, static_cast<int>(random() % 1'000));
    EXPECT_GT(acknowledged, before);
  }
  Counters counters;
  auto store = open_store(store_options(folder.path(), counters));
  ASSERT_TRUE(store);
  ASSERT_TRUE(append(*store, spans(acknowledged, kPerRequest, 2'000)));
  acknowledged += kPerRequest;
  const auto flushed = store->flush(60'000);
  ASSERT_TRUE(flushed) << to_string(flushed.error());
  EXPECT_EQ(ask(*store,
                "SELECT count(), uniqExact(span_id), min(span_id), max(span_id) "
                "FROM spans FORMAT TSV"),
            fmt::format("{}\t{}\t1\t{}", acknowledged, acknowledged, acknowledged));
}

}  // namespace
}  // namespace catalejo::store
