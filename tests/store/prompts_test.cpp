#include "store/prompts.hpp"

#include <gtest/gtest.h>

#include "base/limits.hpp"

namespace catalejo::store {
namespace {

using Texts = std::vector<std::string>;

class PromptsTest : public testing::Test {
 protected:
  void SetUp() override {
    auto opened = Prompts::open(":memory:");
    ASSERT_TRUE(opened) << to_string(opened.error());
    prompts_ = std::move(*opened);
    ASSERT_TRUE(prompts_->create({.id = "greeting", .title = "Hello"}, version("one")));
  }
  static PromptVersion version(const std::string& text, Texts labels = {}) {
    return {.text = '"' + text + '"', .labels = std::move(labels)};
  }
  Texts labels(std::int64_t number) { return prompts_->version("greeting", number)->labels; }

  std::unique_ptr<Prompts> prompts_;
};

TEST_F(PromptsTest, VersionsAreCountedAndStay) {
  EXPECT_EQ(prompts_->add("greeting", version("two"))->version, 2);
  EXPECT_EQ(prompts_->version("greeting", 0)->text, "\"two\"") << "0 is the newest";
  EXPECT_EQ(prompts_->version("greeting", 1)->text, "\"one\"");
  EXPECT_EQ(prompts_->version("greeting", 3).error().code, Code::not_found);
  EXPECT_EQ(prompts_->version("greeting", -1).error().code, Code::not_found);
  EXPECT_EQ(prompts_->version("none", 0).error().code, Code::not_found);
  const auto versions = prompts_->versions("greeting");
  ASSERT_EQ(versions->size(), 2u);
  EXPECT_EQ(versions->front().version, 2);
  EXPECT_NE(versions->front().uuid, versions->back().uuid);
  EXPECT_EQ(prompts_->get("greeting")->versions, 2);
}

TEST_F(PromptsTest, ALabelIsOnOneVersion) {
  ASSERT_TRUE(prompts_->add("greeting", version("two", {"production", "eu"})));
  ASSERT_TRUE(prompts_->add("greeting", version("three")));
  ASSERT_TRUE(prompts_->update_version("greeting", 3, Texts{"production"}, {}, "Ana"));
  EXPECT_EQ(labels(3), (Texts{"production"}));
  EXPECT_EQ(labels(2), (Texts{"eu"}));
  EXPECT_EQ(prompts_->labelled("greeting", "production")->version, 3);
  ASSERT_TRUE(prompts_->update_version("greeting", 3, Texts{}, "why", "Ana"));
  EXPECT_EQ(prompts_->labelled("greeting", "production").error().where, "label");
  EXPECT_EQ(prompts_->version("greeting", 3)->description, "why");
  ASSERT_TRUE(prompts_->update_version("greeting", 2, {}, "only words", "Ana"));
  EXPECT_EQ(labels(2), (Texts{"eu"})) << "labels that are not named stay";
  EXPECT_EQ(prompts_->update_version("greeting", 2, Texts{""}, {}, "").error().where, "labels");
}

TEST_F(PromptsTest, AnIdIsTakenUntilItsPromptIsRemoved) {
  const auto taken = prompts_->create({.id = "greeting"}, version("x"));
  ASSERT_TRUE(taken);
  EXPECT_FALSE(*taken);
  EXPECT_EQ(prompts_->create({.id = "a/b"}, version("x")).error().where, "prompt_id");
  ASSERT_TRUE(prompts_->remove("greeting"));
  EXPECT_TRUE(prompts_->list()->empty());
  ASSERT_TRUE(prompts_->create({.id = "greeting"}, version("again")));
  EXPECT_EQ(prompts_->versions("greeting")->size(), 1u) << "old versions are gone";
}

TEST_F(PromptsTest, WhatIsTooLongIsRefusedByName) {
  const std::string long_text(limits::prompt_bytes_max + 1, 'x');
  EXPECT_EQ(prompts_->add("greeting", version(long_text)).error().where, "template");
  EXPECT_EQ(prompts_->update("greeting", long_text, {}).error().where, "title");
  EXPECT_EQ(prompts_->update("greeting", "Hi", "short")->title, "Hi");
}

}  // namespace
}  // namespace catalejo::store
