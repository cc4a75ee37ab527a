// Monitors as they were given, whole; what is known of their groups; what is to be said to whom,
// and what became of it. A look at a monitor is one transaction: the states that it leads to and
// the notices that come of them are kept together or not at all. In control.sqlite, its own
// connection. Thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "model/monitor.hpp"

namespace catalejo::store {

struct Monitor {
  std::int64_t id = 0;  // 0: a new one
  std::string name, type, query;
  std::string body;          // a JSON object without what the server says: id, times, states
  std::string author;        // of its first version
  std::string shipped = {};  // which of those that come with the program it is; empty: none
  UnixNanos created, modified;
  std::int64_t looked_s = 0;  // the last look at it, Unix seconds; 0 = none
  std::string problem;        // why the last look came to nothing, else empty
};

// A change of a group's status, or something that was said of it.
struct MonitorEvent {
  std::int64_t id = 0;
  std::int64_t at_s = 0;
  std::string group;
  model::MonitorStatus from = model::MonitorStatus::unknown, to = model::MonitorStatus::unknown;
  std::optional<double> value;
  std::string what;  // "changed", "muted", "reminded", "gone"
};

// What is to be said to one channel. `key` is the same however often it is tried.
struct MonitorNotice {
  enum class State : std::uint8_t { waiting, delivered, given_up };
  std::int64_t id = 0;
  std::string key;
  std::int64_t monitor = 0;
  std::string group;
  std::string channel;  // "webhook-ops", as it was written behind '@'
  std::string body;     // JSON: what is said, see monitor/notice.hpp
  State state = State::waiting;
  std::int64_t attempts = 0;  // begun
  std::int64_t next_ms = 0;   // not before
  std::int64_t created_ms = 0, done_ms = 0;
  std::int64_t http_status = 0;  // of the last answer
  std::string problem;           // of the last attempt
};

// What one look at a monitor comes to.
struct MonitorLook {
  std::int64_t monitor = 0;
  UnixNanos modified;  // of the definition that was looked with; another one since: nothing is kept
  std::int64_t at_s = 0;
  std::string problem;
  std::vector<model::MonitorGroup> groups;  // that changed
  std::vector<std::string> gone;
  std::vector<MonitorEvent> events;
  std::vector<MonitorNotice> notices;
};

// Where notices go. `settings` is a JSON object of the channel's kind and may hold secrets.
struct Channel {
  std::string name;  // "webhook-ops"
  std::string kind;  // "webhook"
  std::string settings;
  std::string author;
  UnixNanos modified;
};

// A time in which nothing is told. `body` is what was given, a JSON object.
struct Downtime {
  std::string id;  // a UUID
  std::string body;
  std::string author;
  UnixNanos created, modified;
  UnixNanos canceled = {0};  // 0: it is not
  std::int64_t ends_s = 0;   // after that it mutes nothing; 0 = without end
};

struct MonitorCounts {
  std::int64_t notices_waiting = 0;
};

class Monitors {
 public:
  static Result<std::unique_ptr<Monitors>> open(const std::string& path);
  virtual ~Monitors() = default;

  virtual Result<std::vector<Monitor>> list() = 0;  // by id
  virtual Result<Monitor> get(std::int64_t id) = 0;
  // As it is kept. Another query forgets the groups. Errors: bad_request, not_found.
  virtual Result<Monitor> put(Monitor monitor) = 0;
  virtual Result<void> remove(std::int64_t id) = 0;  // with all that is known of it
  // One that comes with the program, once: false when `shipped` was made before, also when it was
  // removed since.
  virtual Result<bool> ship(Monitor monitor) = 0;

  virtual Result<std::vector<model::MonitorGroup>> groups(std::int64_t monitor) = 0;  // by name
  // The newest first; with an id below `before` when that is not 0.
  virtual Result<std::vector<MonitorEvent>> events(std::int64_t monitor, std::int64_t before,
                                                   std::size_t count_max) = 0;
  // All of it or nothing. A notice whose key is known is left out.
  virtual Result<void> keep(const std::vector<MonitorLook>& looks) = 0;

  // The newest first, of a monitor, or of all (0).
  virtual Result<std::vector<MonitorNotice>> notices(std::int64_t monitor, std::int64_t before,
                                                     std::size_t count_max) = 0;
  // What may be sent now: of each channel, monitor and group the oldest that waits, so that a
  // recovery does not overtake its alert.
  virtual Result<std::vector<MonitorNotice>> due(std::int64_t now_ms, std::size_t count_max) = 0;
  // Before it is sent: the attempt counts, whatever becomes of it.
  virtual Result<void> begin_attempt(const MonitorNotice& notice) = 0;
  virtual Result<void> end_attempt(const MonitorNotice& notice) = 0;
  // Of what is older than `before`: events, notices that are done with, downtimes that are over.
  virtual Result<void> prune(UnixNanos before) = 0;
  virtual Result<MonitorCounts> counts() = 0;

  virtual Result<std::vector<Channel>> channels() = 0;  // by name
  virtual Result<Channel> channel(const std::string& name) = 0;
  virtual Result<void> put_channel(const Channel& channel, bool is_new) = 0;
  virtual Result<void> remove_channel(const std::string& name) = 0;

  virtual Result<std::vector<Downtime>> downtimes() = 0;  // the newest first
  virtual Result<Downtime> downtime(const std::string& id) = 0;
  // As it is kept; a new one is given its id. Errors: bad_request when there are too many.
  virtual Result<Downtime> put_downtime(Downtime downtime, bool is_new) = 0;
};

}  // namespace catalejo::store
