#include "store/control.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "support/temporary_folder.hpp"

namespace catalejo::store {
namespace {

class ControlTest : public testing::Test {
 protected:
  std::unique_ptr<Control> open() {
    auto control = Control::open(folder_.file("control.sqlite"));
    EXPECT_TRUE(control) << to_string(control.error());
    return std::move(*control);
  }
  TemporaryFolder folder_;
};

TEST_F(ControlTest, FindsAKeyUntilItIsRevoked) {
  auto control = open();
  EXPECT_FALSE(control->has_keys());
  const NewApiKey made = *control->create_key("shop");
  EXPECT_EQ(made.secret.size(), 32u);
  ASSERT_TRUE(control->find_key(made.secret));
  EXPECT_EQ(control->find_key(made.secret)->name, "shop");
  for (const std::string& wrong : {std::string{}, std::string("x"), made.secret + "0"})
    EXPECT_FALSE(control->find_key(wrong)) << wrong;
  ASSERT_TRUE(control->revoke_key("shop"));
  EXPECT_FALSE(control->find_key(made.secret));
  EXPECT_TRUE(control->has_keys()) << "revoking the last key must not open everything";
}

TEST_F(ControlTest, KeepsOnlyTheHashOfAKey) {
  auto control = open();
  const std::string secret = control->create_key("shop")->secret;
  control.reset();
  for (const auto& file : std::filesystem::directory_iterator(folder_.path())) {
    std::ifstream in(file.path(), std::ios::binary);
    std::stringstream content;
    content << in.rdbuf();
    EXPECT_EQ(content.str().find(secret), std::string::npos) << file.path();
  }
}

TEST_F(ControlTest, SeesAKeyMadeByAnotherProcess) {
  auto serving = open();
  EXPECT_FALSE(serving->has_keys());
  auto command = open();
  const std::string secret = command->create_key("late")->secret;
  for (int i = 0; i < 500 && !serving->find_key(secret); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  EXPECT_TRUE(serving->find_key(secret));
}

TEST_F(ControlTest, RefusesToRevokeByANameTwoKeysHave) {
  auto control = open();
  const NewApiKey first = *control->create_key("shop");
  control->create_key("shop").value();
  EXPECT_EQ(control->revoke_key("shop").error().code, Code::bad_request);
  EXPECT_TRUE(control->revoke_key(first.key.id));
  EXPECT_EQ(control->revoke_key("nobody").error().code, Code::not_found);
}

TEST_F(ControlTest, RemembersKeysAcrossAReopen) {
  const std::string secret = open()->create_key("shop")->secret;
  auto control = open();
  EXPECT_TRUE(control->find_key(secret));
  EXPECT_EQ(control->list_keys()->size(), 1u);
  EXPECT_GT(control->list_keys()->at(0).last_used.value, 0);
}

}  // namespace
}  // namespace catalejo::store
