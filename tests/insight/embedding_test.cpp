// What an embedding deployment answers, good and odd.
#include <gtest/gtest.h>

#include "insight/embedding/azure.hpp"

namespace catalejo::insight::embedding {
namespace {

TEST(Embedding, VectorsComeInTheOrderOfTheirTexts) {
  const auto vectors = read_vectors(
      R"({"object":"list","data":[{"index":1,"embedding":[3,4]},{"index":0,"embedding":[1,2.5]}]})",
      2);
  ASSERT_TRUE(vectors);
  EXPECT_EQ((*vectors)[0], (std::vector<float>{1, 2.5F}));
  EXPECT_EQ((*vectors)[1], (std::vector<float>{3, 4}));
}

TEST(Embedding, OddAnswersAreRefused) {
  for (const char* body :
       {"", "[]", "{}", R"({"data":[]})", R"({"data":[{"index":0,"embedding":[]}]})",
        R"({"data":[{"index":1,"embedding":[1]}]})", R"({"data":[{"index":0,"embedding":"AAAA"}]})",
        R"({"data":[{"index":0,"embedding":[1]},{"index":0,"embedding":[1]}]})",
        R"({"data":[{"index":-1,"embedding":[1]}]})", R"({"data":[{"embedding":[1]}]})"})
    EXPECT_FALSE(read_vectors(body, 1)) << body;
  EXPECT_FALSE(
      read_vectors(R"({"data":[{"index":0,"embedding":[1]},{"index":1,"embedding":[1,2]}]})", 2));
}

}  // namespace
}  // namespace catalejo::insight::embedding
