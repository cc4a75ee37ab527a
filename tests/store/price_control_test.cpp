#include "store/price_control.hpp"

#include <gtest/gtest.h>

#include "store/control.hpp"
#include "support/temporary_folder.hpp"

namespace catalejo::store {
namespace {

using model::DeploymentMapping;
using model::DeploymentType;

class PriceControlTest : public testing::Test {
 protected:
  std::unique_ptr<PriceControl> open() {
    auto control = PriceControl::open(folder_.file("control.sqlite"));
    EXPECT_TRUE(control) << to_string(control.error());
    return std::move(*control);
  }
  TemporaryFolder folder_;
};

UnixNanos at(std::string_view text) {
  return *parse_rfc3339(text);
}

TEST_F(PriceControlTest, GivesBackWhatWasPut) {
  auto control = open();
  DeploymentMapping mapping{.deployment = "prod-ñ'chat",
                            .resource = "contoso",
                            .model = "gpt-4o",
                            .type = DeploymentType::provisioned,
                            .monthly_nano_usd = 5'000'000'000'000};
  mapping.validity.from = at("2026-11-01");
  ASSERT_TRUE(control->put_deployment(mapping));
  ASSERT_TRUE(control->put_price({.model = "gpt-4o",
                                  .type = DeploymentType::data_zone,
                                  .rates = {1, 2, 3, 4, 5, 6},
                                  .note = "EA"}));
  control = open();
  const auto deployments = *control->deployments();
  ASSERT_EQ(deployments.size(), 1u);
  EXPECT_EQ(deployments[0].deployment, mapping.deployment);
  EXPECT_EQ(deployments[0].type, mapping.type);
  EXPECT_EQ(deployments[0].monthly_nano_usd, mapping.monthly_nano_usd);
  EXPECT_EQ(deployments[0].validity, mapping.validity);
  const auto prices = *control->prices();
  ASSERT_EQ(prices.size(), 1u);
  EXPECT_EQ(prices[0].rates, (model::Rates{1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(prices[0].type, DeploymentType::data_zone);
  EXPECT_EQ(prices[0].note, "EA");
}

TEST_F(PriceControlTest, ANewOneReplacesOrEndsTheOneBefore) {
  auto control = open();
  const auto put = [&](std::string model, std::string_view from, std::string_view to) {
    DeploymentMapping mapping{.deployment = "chat", .model = std::move(model)};
    if (!from.empty()) mapping.validity.from = at(from);
    if (!to.empty()) mapping.validity.to = at(to);
    return control->put_deployment(mapping);
  };
  ASSERT_TRUE(put("gpt-4", "", ""));
  ASSERT_TRUE(put("gpt-4o", "", "")) << "the same validity: replaced";
  ASSERT_EQ(control->deployments()->size(), 1u);
  ASSERT_TRUE(put("gpt-4.1", "2026-06-01", "")) << "later: the one before ends there";
  auto all = *control->deployments();
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].validity.to, at("2026-06-01"));
  EXPECT_EQ(all[1].model, "gpt-4.1");
  EXPECT_EQ(put("x", "2026-05-01", "2026-05-15").error().code, Code::bad_request);
  EXPECT_EQ(control->deployments()->size(), 2u) << "a refused one changes nothing";
}

TEST_F(PriceControlTest, RefusesWhatMakesNoSense) {
  auto control = open();
  const auto refused = [&](const DeploymentMapping& mapping) {
    return control->put_deployment(mapping).error().where;
  };
  EXPECT_EQ(refused({.model = "m"}), "deployment");
  EXPECT_EQ(refused({.deployment = "d"}), "model");
  EXPECT_EQ(refused({.deployment = "d", .model = "m", .type = DeploymentType::provisioned}),
            "monthly_usd");
  EXPECT_EQ(refused({.deployment = "d", .model = "m", .monthly_nano_usd = 5}), "monthly_usd");
  EXPECT_EQ(refused({.deployment = "d", .model = "m", .validity = {{5}, {5}}}), "from");
  EXPECT_EQ(control->put_price({.model = "m"}).error().where, "input");
  EXPECT_EQ(control->put_price({.model = "m", .rates = {.input = -7}}).error().where, "input");
  EXPECT_EQ(control->remove_price(9).error().code, Code::not_found);
  EXPECT_EQ(control->remove_deployment(9).error().code, Code::not_found);
}

TEST_F(PriceControlTest, TellsOfChangesOfItsOwnAndOfOthers) {
  auto one = open(), other = open();
  const std::int64_t before = one->version();
  EXPECT_EQ(one->version(), before);
  const auto id = one->put_deployment({.deployment = "d", .model = "m"});
  const std::int64_t after = one->version();
  EXPECT_NE(after, before);
  ASSERT_TRUE(other->remove_deployment(*id));
  EXPECT_NE(one->version(), after);
}

TEST_F(PriceControlTest, SharesTheFileWithTheKeysOfAnOlderVersion) {
  auto keys = Control::open(folder_.file("control.sqlite"));
  ASSERT_TRUE(keys);
  ASSERT_TRUE((*keys)->create_key("k"));
  EXPECT_TRUE(open()->put_price({.model = "m", .rates = {.input = 1}}));
  EXPECT_EQ((*keys)->list_keys()->size(), 1u);
}

}  // namespace
}  // namespace catalejo::store
