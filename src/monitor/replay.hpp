// What a monitor would have said of a time that is over: the looks of every minute of it made again
// with what is stored, by the same step. Nothing is kept.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "monitor/composite.hpp"
#include "monitor/look.hpp"

namespace catalejo::monitor {

// One monitor of a replay, and its groups between two looks.
struct Replayed {
  std::shared_ptr<const Definition> definition;
  Known known;
};

struct Replay {
  Replayed monitor;
  std::vector<Replayed> members;  // of a composite, in its order
  std::int64_t next_s = 0, to_s = 0;
  bool with_points = false;
};

struct ReplayChange {
  std::int64_t at_s = 0;
  std::string group;
  MonitorStatus from = MonitorStatus::unknown, to = MonitorStatus::unknown;
  std::optional<double> value;
  std::string what;   // of a MonitorEvent
  bool told = false;  // then as it would have been said:
  std::string title, message;
};

struct ReplayPart {
  Replay replay;  // as it is afterwards; over once next_s > to_s
  std::size_t looks = 0;
  std::vector<ReplayChange> changes;
  // By group, as many as one answer holds.
  std::map<std::string, std::vector<std::pair<std::int64_t, double>>> points;
  std::size_t points_count = 0;
};

// Goes on until the end, or for as many looks as one request has. Errors: bad_request, and those of
// the store.
Task<Result<ReplayPart>> play(Sources sources, Replay replay);

// The groups of a replay as JSON, to go on with later; and read again. Errors: malformed,
// bad_request.
std::string encode_groups(const Replay& replay);
Result<void> decode_groups(std::string json, Replay& replay);

}  // namespace catalejo::monitor
