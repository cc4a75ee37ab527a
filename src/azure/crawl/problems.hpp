// What goes wrong, gathered over one round through Azure: each kind of it once for each place,
// since when, and how often.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/counters.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace catalejo::azure {

struct NotedProblem {
  std::string name;   // of problem.hpp
  std::string where;  // "token", "subscription …", "contoso-eu"; what it is about
  std::string said;   // in words, Azure's among them
  UnixNanos since, last;
  std::uint64_t times = 0;  // in the newest round
};

class Problems {
 public:
  explicit Problems(Counters* counters) : counters_(counters) {}

  // Of this round. "stopped" is none.
  void note(std::string_view where, const Error& error);
  // Whether this round has one so far.
  bool any() const { return !now_.empty(); }
  // The round is over: what did not occur in it is forgotten.
  void end_round();
  // Of the round that ended last, and of this one.
  std::vector<NotedProblem> all() const;

 private:
  using Key = std::pair<std::string, std::string>;  // name, where
  Counters* counters_;
  std::map<Key, NotedProblem> before_, now_;
};

}  // namespace catalejo::azure
