#include "store/keeper.hpp"

#include <chrono>

#include "base/log.hpp"
#include "store/clickhouse/migrations.hpp"

namespace catalejo::store {
namespace {

constexpr int kStatementTimeoutMs = 60'000;
constexpr int kTryEveryMs = 100;     // while it is not there
constexpr int kLookEveryMs = 2'000;  // while it is
constexpr std::int64_t kRetainEvery = 3'600 * kNanosPerSecond;

}  // namespace

Keeper::Keeper(KeeperOptions options)
    : options_(std::move(options)), database_(options_.endpoint, kStatementTimeoutMs) {}

Keeper::~Keeper() {
  stop();
}

void Keeper::start() {
  thread_ = std::thread([this] { run(); });
}

void Keeper::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    changed_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
}

std::string Keeper::problem() const {
  const std::lock_guard lock(mutex_);
  return problem_;
}

std::string Keeper::version() const {
  const std::lock_guard lock(mutex_);
  return version_;
}

bool Keeper::pause(int milliseconds) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, std::chrono::milliseconds(milliseconds), [&] { return stopping_; });
  return !stopping_;
}

void Keeper::set_ready(bool ready) {
  if (ready_.exchange(ready) != ready) options_.on_ready(ready);
}

Result<void> Keeper::bring_up() {
  if (!database_.ping()) return Error{Code::store_unavailable, "the database does not answer yet"};
  auto version = database_.run("SELECT version() FORMAT TSVRaw", {});
  if (!version) return version.error();
  CATALEJO_TRY(migrate(database_));
  while (!version->empty() && version->back() == '\n') version->pop_back();
  const std::lock_guard lock(mutex_);
  version_ = *version;
  return {};
}

void Keeper::retain() {
  const std::int64_t now_steady = steady_now_nanos();
  if (retained_at_ != 0 && now_steady - retained_at_ < kRetainEvery) return;
  retained_at_ = now_steady;
  auto dropped = drop_old(
      database_, {.days = options_.retention_days, .metric_days = options_.metric_retention_days},
      now());
  if (!dropped) {
    log::warn("store", "old days cannot be dropped: {}", to_string(dropped.error()));
  } else {
    options_.counters->counter("catalejo_partitions_dropped_total").add(*dropped);
  }
}

void Keeper::run() {
  bool said = false;  // a problem that is not just the start of the child
  do {
    if (ready_) {
      if (database_.ping()) {
        retain();
        continue;
      }
      set_ready(false);
    }
    auto up = bring_up();
    {
      const std::lock_guard lock(mutex_);
      problem_ = up ? std::string() : up.error().message;
    }
    if (up) {
      said = false;
      retain();
      set_ready(true);
    } else if (up.error().code != Code::store_unavailable && !said) {
      log::error("store", "the database cannot be used: {}", to_string(up.error()));
      said = true;
    }
  } while (pause(ready_ ? kLookEveryMs : kTryEveryMs));
  set_ready(false);
}

}  // namespace catalejo::store
