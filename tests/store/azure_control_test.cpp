// What is kept of Azure: the login, positions, and what deployments were.
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "store/azure_control.hpp"
#include "support/temporary_folder.hpp"

namespace catalejo::store {
namespace {

class AzureControlTest : public ::testing::Test {
 protected:
  void SetUp() override { reopen(); }
  void reopen() {
    control_.reset();
    auto opened = AzureControl::open(folder_.file("control.sqlite"));
    ASSERT_TRUE(opened);
    control_ = *std::move(opened);
  }
  static model::AzureInventory found(std::string model, std::int64_t read) {
    model::AzureInventory all;
    all.read = {read};
    all.subscriptions = {{"s1", "Prod"}};
    all.accounts = {{.id = "/subscriptions/s1/a", .name = "a", .tags = {{"k", "v w"}, {"e", ""}}}};
    all.deployments = {{.account = "/subscriptions/s1/a", .name = "chat", .model = model}};
    return all;
  }

  TemporaryFolder folder_;
  std::unique_ptr<AzureControl> control_;
};

TEST_F(AzureControlTest, KeepsALoginOrSaysWhatIsMissing) {
  EXPECT_EQ(control_->login()->auth, "");
  EXPECT_FALSE(control_->put_login({.auth = "magic"}));
  EXPECT_FALSE(control_->put_login({.auth = "secret", .tenant = "t", .client = "c"}));
  const std::int64_t version = control_->version();
  ASSERT_TRUE(control_->put_login(
      {.auth = "secret", .tenant = "t", .client = "c", .secret = "s", .author = "me"}));
  EXPECT_NE(control_->version(), version);
  reopen();
  auto login = control_->login();
  ASSERT_TRUE(login);
  EXPECT_EQ(login->secret, "s");
  EXPECT_GT(login->changed.value, 0);
  ASSERT_TRUE(control_->put_login({.auth = "managed"}));
  EXPECT_EQ(control_->login()->secret, "");
  ASSERT_TRUE(control_->remove_login());
  EXPECT_EQ(control_->login()->auth, "");
}

TEST_F(AzureControlTest, KeepsPositions) {
  ASSERT_TRUE(control_->put_positions({{"a", "M", "X,Y", 60, 0}, {"a", "N", "", 120, 30}}));
  ASSERT_TRUE(control_->put_positions({{"a", "M", "X,Y", 180, 0}}));
  reopen();
  auto positions = control_->positions();
  ASSERT_TRUE(positions);
  ASSERT_EQ(positions->size(), 2u);
  EXPECT_EQ(positions->front().through_s, 180);
  EXPECT_EQ(positions->back().since_s, 30);
}

TEST_F(AzureControlTest, RemembersWhatADeploymentWas) {
  ASSERT_TRUE(control_->put_inventory(found("gpt-4o", 100)));
  ASSERT_TRUE(control_->put_inventory(found("gpt-4o", 200)));
  ASSERT_TRUE(control_->put_inventory(found("gpt-5", 300)));
  reopen();
  auto all = control_->inventory();
  ASSERT_TRUE(all);
  EXPECT_EQ(all->read.value, 300);
  EXPECT_EQ(all->accounts.front().tags, found("", 0).accounts.front().tags);
  ASSERT_EQ(all->deployments.size(), 2u);
  EXPECT_EQ(all->deployments[0].model, "gpt-4o");
  EXPECT_EQ(all->deployments[0].validity, (model::Validity{{INT64_MIN}, {300}}));
  EXPECT_EQ(all->deployments[1].validity, (model::Validity{{300}, {INT64_MAX}}));

  model::AzureInventory gone = found("", 400);
  gone.deployments.clear();
  ASSERT_TRUE(control_->put_inventory(gone));
  EXPECT_EQ(control_->inventory()->deployments[1].validity, (model::Validity{{300}, {400}}));
  ASSERT_TRUE(control_->put_inventory(found("gpt-5", 500)));
  EXPECT_EQ(control_->inventory()->deployments[2].validity, (model::Validity{{500}, {INT64_MAX}}));
}

}  // namespace
}  // namespace catalejo::store
