// Events on their way: captured ones in the queue, and the body of a request.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "redaction.hpp"
#include "tape.hpp"
#include "target.hpp"

namespace catalejo::tracer {

// One event alone may be this large; the servers take 25 MiB a request.
inline constexpr std::size_t kEventBytesMax = 20u << 20;

struct Item {
  TapePointer tape;
  std::size_t bytes = 0;
};

struct Batch {
  Kind kind = Kind::span;
  std::string body = {};                 // of the request, whole
  std::vector<std::size_t> starts = {};  // where each event begins in it; empty: not known
  std::size_t events = 0;
  std::size_t bytes = 0;  // what it takes of the queue's bound until it is settled
  bool attempted = false;
  bool written = false;  // by an attempt whose answer did not come
  bool from_spool = false;
  bool adopted = false;  // of an earlier process, which may not have redacted it
};

// What encoding has left out: events, and what was found in them.
struct LeftOut {
  std::size_t too_large = 0, failed = 0;
  Struck redacted = {};
};

// The body of one request with these events, redacted where there is a `redaction`.
Batch encode(Kind kind, std::vector<Item> items, const std::string& tracer_version,
             const Redaction* redaction, LeftOut& left_out);

// Two halves of a batch of at least two events whose `starts` are known.
std::pair<Batch, Batch> split(const Batch& batch);

}  // namespace catalejo::tracer
