#include "cost/model_name.hpp"

#include <gtest/gtest.h>

namespace catalejo::cost {
namespace {

TEST(ModelName, SpellsTheSameModelTheSameWay) {
  struct Case {
    std::string_view text, base;
    bool fine_tuned = false;
  };
  for (const auto& [text, base, fine_tuned] :
       {Case{"gpt-4o", "gpt-4o"},
        {"GPT-4o", "gpt-4o"},
        {"  gpt-4o\n", "gpt-4o"},
        {"azure/gpt-4o", "gpt-4o"},
        {"openai/gpt-4o-2024-08-06", "gpt-4o-2024-08-06"},
        {"gpt-35-turbo", "gpt-3.5-turbo"},
        {"gpt-35-turbo-16k-0613", "gpt-3.5-turbo-16k-0613"},
        {"gpt-3.5-turbo-0125", "gpt-3.5-turbo-0125"},
        {"ft:gpt-4o-mini-2024-07-18:org:suffix:id", "gpt-4o-mini-2024-07-18", true},
        {"ft:gpt-4o-mini-2024-07-18", "gpt-4o-mini-2024-07-18", true},
        {"ft:gpt-35-turbo-0125:org::id", "gpt-3.5-turbo-0125", true},
        {"gpt-4o-mini-2024-07-18.ft-0a1b2c3d-suffix", "gpt-4o-mini-2024-07-18", true},
        {"text-embedding-3-small", "text-embedding-3-small"},
        {"prod-chat", "prod-chat"},
        {"ft:", "", true},
        {"", ""}}) {
    EXPECT_EQ(parse_model_name(text), (ModelName{std::string(base), fine_tuned})) << text;
  }
}

}  // namespace
}  // namespace catalejo::cost
