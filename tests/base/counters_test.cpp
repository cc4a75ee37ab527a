#include "base/counters.hpp"

#include <gtest/gtest.h>

#include "base/hash.hpp"

namespace catalejo {
namespace {

TEST(Counters, AreTheSameForTheSameNameAndLabels) {
  Counters counters;
  counters.counter("a_total", label("path", "/x")).add(2);
  counters.counter("a_total", label("path", "/x")).add();
  EXPECT_EQ(counters.counter("a_total", label("path", "/x")).value(), 3u);
  EXPECT_EQ(counters.counter("a_total", label("path", "/y")).value(), 0u);
}

TEST(Counters, PrintPrometheusText) {
  Counters counters;
  counters.counter("a_total", label("path", "q\"\\\n")).add(2);
  counters.gauge("b_bytes", {}, [] { return 1.5; });
  EXPECT_EQ(counters.prometheus(),
            "# TYPE a_total counter\na_total{path=\"q\\\"\\\\\\n\"} 2\n"
            "# TYPE b_bytes gauge\nb_bytes 1.5\n");
}

TEST(Counters, BoundTheLabelsAClientCanMakeUp) {
  Counters counters;
  for (int i = 0; i < 2'000; ++i)
    counters.counter("a_total", label("path", "/" + std::to_string(i))).add();
  EXPECT_LE(counters.samples().size(), 513u);
  double total = 0;
  for (const Sample& sample : counters.samples()) total += sample.value;
  EXPECT_EQ(total, 2'000);
}

// Values of the reference implementation (SMHasher's MurmurHash3_x64_128): the hash is on disk.
TEST(Hash128, NeverChanges) {
  EXPECT_EQ(hash128("").high, 0u);
  EXPECT_EQ(hash128("hello").high, 0xcbd8a7b341bd9b02u);
  EXPECT_EQ(hash128("hello").low, 0x5b1e906a48ae1d19u);
  EXPECT_EQ(hash128("hello, world").high, 0x342fac623a5ebc8eu);
  EXPECT_EQ(hash128("hello, world").low, 0x4cdcbc079642414du);
}

}  // namespace
}  // namespace catalejo
