#include "model/ledger.hpp"

namespace catalejo::model {
namespace {

void add(std::map<std::string, std::uint64_t, std::less<>>& to, const Rejections& from) {
  for (const auto& [reason, count] : from) to[reason] += count;
}

void settle_one(Account& account, const Outcome& outcome) {
  const std::uint64_t ended = outcome.stored + outcome.cut + outcome.duplicate;
  CATALEJO_INVARIANT(ended <= account.in_flight);
  account.in_flight -= ended;
  account.stored += outcome.stored;
  account.cut += outcome.cut;
  account.duplicate += outcome.duplicate;
}

void refuse_one(Account& account, std::uint64_t count, const std::string& reason) {
  CATALEJO_INVARIANT(count <= account.in_flight);
  account.in_flight -= count;
  if (count > 0) account.rejected[reason] += count;
}

}  // namespace

std::uint64_t Account::rejected_total() const {
  std::uint64_t total = 0;
  for (const auto& [reason, count] : rejected) total += count;
  return total;
}

std::uint64_t Account::accounted() const {
  return stored + cut + duplicate + sampled_out + rejected_total() + in_flight;
}

void Ledger::receive(const Batch& batch) {
  const std::lock_guard lock(mutex_);
  spans_.received += batch.spans_received;
  spans_.sampled_out += batch.spans_sampled_out;
  spans_.in_flight += batch.spans.size();
  add(spans_.rejected, batch.spans_rejected);
  evaluations_.received += batch.evaluations_received;
  evaluations_.in_flight += batch.evaluations.size();
  add(evaluations_.rejected, batch.evaluations_rejected);
  points_.received += batch.points_received;
  points_.in_flight += batch.points.size();
  add(points_.rejected, batch.points_rejected);
  events_.received += batch.events_received;
  events_.in_flight += batch.events.size();
  add(events_.rejected, batch.events_rejected);
}

void Ledger::settle(const Outcomes& outcomes) {
  const std::lock_guard lock(mutex_);
  settle_one(spans_, outcomes.spans);
  settle_one(evaluations_, outcomes.evaluations);
  settle_one(points_, outcomes.points);
  settle_one(events_, outcomes.events);
}

void Ledger::refuse(const Brought& brought, const std::string& reason) {
  const std::lock_guard lock(mutex_);
  refuse_one(spans_, brought.spans, reason);
  refuse_one(evaluations_, brought.evaluations, reason);
  refuse_one(points_, brought.points, reason);
  refuse_one(events_, brought.events, reason);
}

void Ledger::reject_request(const std::string& reason) {
  const std::lock_guard lock(mutex_);
  ++requests_rejected_[reason];
}

Account Ledger::spans() const {
  const std::lock_guard lock(mutex_);
  return spans_;
}

Account Ledger::evaluations() const {
  const std::lock_guard lock(mutex_);
  return evaluations_;
}

Account Ledger::points() const {
  const std::lock_guard lock(mutex_);
  return points_;
}

Account Ledger::events() const {
  const std::lock_guard lock(mutex_);
  return events_;
}

std::map<std::string, std::uint64_t, std::less<>> Ledger::requests_rejected() const {
  const std::lock_guard lock(mutex_);
  return requests_rejected_;
}

}  // namespace catalejo::model
