#include "store/wal/recent_ids.hpp"

#include <gtest/gtest.h>

#include <random>
#include <set>

namespace catalejo::store {
namespace {

Hash128 id(std::uint64_t number) {
  return hash128({reinterpret_cast<const char*>(&number), sizeof number});
}

TEST(RecentIds, RemembersAtLeastTheNewerHalf) {
  RecentIds ids(1'000);
  for (std::uint64_t i = 0; i < 10'000; ++i) {
    EXPECT_FALSE(ids.contains(id(i)));
    ids.insert(id(i));
    for (const std::uint64_t back : {0, 1, 250, 499})
      EXPECT_TRUE(i < back || ids.contains(id(i - back))) << i;
    EXPECT_LE(ids.size(), 1'000u);
  }
}

TEST(RecentIds, TakesAnyIdIncludingZero) {
  RecentIds ids(100);
  EXPECT_FALSE(ids.contains({}));
  ids.insert({});
  EXPECT_TRUE(ids.contains({}));
  ids.erase({});
  EXPECT_FALSE(ids.contains({}));
}

TEST(RecentIds, ForgetsExactlyWhatIsErased) {
  std::mt19937_64 random(3);
  RecentIds ids(1u << 20);
  std::set<std::uint64_t> kept;
  for (int step = 0; step < 50'000; ++step) {
    // Ids that crowd at both ends of the table, so that probing wraps around.
    const std::uint64_t number = random() % 3'000;
    const Hash128 crowded{(number % 2 ? ~0ull : 0) - (number % 2 ? number % 8 : 0), number + 1};
    if (random() % 3 == 0) {
      ids.erase(crowded);
      kept.erase(number);
    } else {
      ids.insert(crowded);
      kept.insert(number);
    }
    if (step % 500 != 0) continue;
    EXPECT_EQ(ids.size(), kept.size());
    for (std::uint64_t n = 0; n < 3'000; ++n) {
      const Hash128 key{(n % 2 ? ~0ull : 0) - (n % 2 ? n % 8 : 0), n + 1};
      EXPECT_EQ(ids.contains(key), kept.contains(n)) << n;
    }
  }
}

}  // namespace
}  // namespace catalejo::store
