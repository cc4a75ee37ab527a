// The spans that are in the database, in the order in which they came: read from the log, whose
// segments stay until they have been read here too. For one reader, the evaluators; its position
// lies in the log's folder (`read`), so it goes on where it was, whenever the program ended.
//
// One thread reads; behind_bytes() and skipped_bytes() from any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace catalejo::store {

struct Progress;

class SpanFeed {
 public:
  // Loads the position. Where there is none, nobody reads until begin().
  static Result<std::unique_ptr<SpanFeed>> open(const std::string& log_dir, std::string log_id,
                                                Progress& progress);

  // From now on the log waits for its reader: from where it was, or from what is not in the
  // database when the store opens.
  Result<void> begin();

  struct Visitor {
    // The rows of one request, encoded as store/columns.hpp says; they live until this returns.
    std::function<void(std::uint8_t row_version, std::string_view row)> on_span;
    // The batch of the spans before is complete. `token` names it, at every reading the same.
    std::function<void(std::uint64_t position, const std::string& token)> on_batch;
  };
  // Visits some spans behind the last one visited; false when none is in the database yet.
  Result<bool> read_on(const Visitor& visitor);
  // Everything before the end of that batch will not be read again.
  Result<void> save(std::uint64_t position);
  // Nobody reads from now on: the log waits no longer.
  Result<void> leave();
  // Forgets what was read since the last save().
  void rewind();

  std::uint64_t behind_bytes() const;
  // Of the log, given up because the reader was too far behind.
  std::uint64_t skipped_bytes() const;

 private:
  SpanFeed(std::string log_dir, std::string log_id, Progress& progress)
      : log_dir_(std::move(log_dir)), log_id_(std::move(log_id)), progress_(progress) {}

  std::string log_dir_, log_id_;
  Progress& progress_;
  std::uint64_t position_ = 0;  // what was visited
};

}  // namespace catalejo::store
