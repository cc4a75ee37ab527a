// The loss ledger: every span, evaluation, point of a metric and event (service checks among them)
// that came in, by what became of it.
//
//   received = stored + cut + duplicate + sampled_out + Σ rejected(reason) + in_flight
//
// always, in every snapshot. `stored` is durable in the log and kept whole, `cut` is durable with
// something replaced by a note; in_flight is what a request still waits for (0 when idle).
// `inserted` and `waiting` say how far the database is behind the log. Counts are since the start
// of this process. One mutex guards it: settled once per request, not per span.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>

#include "base/error.hpp"
#include "model/batch.hpp"

namespace catalejo::model {

struct Account {
  std::uint64_t received = 0;
  std::uint64_t stored = 0;
  std::uint64_t cut = 0;
  std::uint64_t duplicate = 0;
  std::uint64_t sampled_out = 0;
  std::map<std::string, std::uint64_t, std::less<>> rejected;  // by reason
  std::uint64_t in_flight = 0;

  std::uint64_t rejected_total() const;
  std::uint64_t accounted() const;  // the right-hand side above; equals received
};

struct Outcome {
  std::uint64_t stored = 0, cut = 0, duplicate = 0;
};

struct Outcomes {
  Outcome spans, evaluations, points, events;
};

class Ledger {
 public:
  // A request was parsed: everything it brought is now in flight, sampled out, or rejected.
  void receive(const Batch& batch);
  // Its rows are durable: `outcomes` says how each one in flight ended.
  void settle(const Outcomes& outcomes);
  // What it brought was refused as a whole: "disk_full", "busy", "shutting_down".
  struct Brought {
    std::uint64_t spans = 0, evaluations = 0, points = 0, events = 0;
    bool nothing() const { return spans + evaluations + points + events == 0; }
  };
  void refuse(const Brought& brought, const std::string& reason);
  // A body that could not be read as spans at all counts as one request, not as spans.
  void reject_request(const std::string& reason);

  Account spans() const;
  Account evaluations() const;
  Account points() const;
  Account events() const;
  std::map<std::string, std::uint64_t, std::less<>> requests_rejected() const;

 private:
  mutable std::mutex mutex_;  // guards the members below
  Account spans_, evaluations_, points_, events_;
  std::map<std::string, std::uint64_t, std::less<>> requests_rejected_;
};

}  // namespace catalejo::model
