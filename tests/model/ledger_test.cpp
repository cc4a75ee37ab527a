#include "model/ledger.hpp"

#include <gtest/gtest.h>

namespace catalejo::model {
namespace {

Batch batch_of(std::size_t spans, std::uint64_t sampled_out, std::uint64_t rejected) {
  Batch batch;
  batch.spans.resize(spans);
  batch.spans_sampled_out = sampled_out;
  if (rejected > 0) batch.spans_rejected["missing_span_id"] = rejected;
  batch.spans_received = spans + sampled_out + rejected;
  return batch;
}

TEST(Ledger, AccountsForEverySpanAtEveryStep) {
  Ledger ledger;
  ledger.receive(batch_of(10, 2, 3));
  Account account = ledger.spans();
  EXPECT_EQ(account.received, 15u);
  EXPECT_EQ(account.in_flight, 10u);
  EXPECT_EQ(account.accounted(), account.received);
  ledger.settle({.spans = {.stored = 4, .cut = 1, .duplicate = 2}});
  ledger.refuse({.spans = 3}, "disk_full");
  account = ledger.spans();
  EXPECT_EQ(account.in_flight, 0u);
  EXPECT_EQ(account.rejected.at("disk_full"), 3u);
  EXPECT_EQ(account.rejected.at("missing_span_id"), 3u);
  EXPECT_EQ(account.accounted(), account.received);
}

TEST(LedgerDeathTest, RefusesToSettleMoreThanCameIn) {
  Ledger ledger;
  ledger.receive(batch_of(1, 0, 0));
  EXPECT_DEATH(ledger.settle({.spans = {.stored = 2}}), "broken invariant");
}

TEST(Arena, KeepsViewsValidWhenMoved) {
  Arena arena;
  std::vector<std::string_view> views;
  for (int i = 0; i < 10'000; ++i) views.push_back(arena.copy("text " + std::to_string(i)));
  const std::string_view big = arena.copy(std::string(100'000, 'x'));
  const Arena moved = std::move(arena);
  EXPECT_EQ(views[0], "text 0");
  EXPECT_EQ(views[9'999], "text 9999");
  EXPECT_EQ(big.size(), 100'000u);
}

}  // namespace
}  // namespace catalejo::model
