#include "cost/price_book.hpp"

#include <gtest/gtest.h>

namespace catalejo::cost {
namespace {

using model::DeploymentType;

UnixNanos at(std::string_view text) {
  return *parse_rfc3339(text);
}

std::shared_ptr<const Catalogue> builtin() {
  static const auto catalogue =
      std::make_shared<const Catalogue>(*parse_catalogue(std::string(builtin_catalogue())));
  return catalogue;
}

model::DeploymentMapping mapped(std::string deployment, std::string model,
                                DeploymentType type = DeploymentType::global) {
  return {.deployment = std::move(deployment), .model = std::move(model), .type = type};
}

const UnixNanos kThen = at("2026-11-20T12:00:00Z");

TEST(PriceBook, NamesTheModelOrSaysWhyNot) {
  const PriceBook book(builtin(), {},
                       {mapped("prod-chat", "gpt-4o"), mapped("gpt-4o", "gpt-4.1"),
                        mapped("eu", "gpt-4o-mini", DeploymentType::data_zone)});
  struct Case {
    std::string_view model, deployment, expected;
    ModelFrom from;
    Reason reason = Reason::none;
  };
  for (const auto& [model, deployment, expected, from, reason] :
       {// The model of the response, whatever the deployment is called.
        Case{"gpt-4o-mini-2024-07-18", "", "gpt-4o-mini-2024-07-18", ModelFrom::response},
        {"gpt-4o-mini-2024-07-18", "prod-chat", "gpt-4o-mini-2024-07-18", ModelFrom::response},
        {"GPT-35-Turbo", "x", "gpt-3.5-turbo-0125", ModelFrom::response},
        // The mapping: when no model is there, or one that nobody knows, or an echo.
        {"", "prod-chat", "gpt-4o-2024-08-06", ModelFrom::mapping},
        {"prod-chat", "prod-chat", "gpt-4o-2024-08-06", ModelFrom::mapping},
        {"prod-chat", "", "gpt-4o-2024-08-06", ModelFrom::mapping},
        {"PROD-chat", "", "gpt-4o-2024-08-06", ModelFrom::mapping},
        {"mystery", "prod-chat", "gpt-4o-2024-08-06", ModelFrom::mapping},
        {"gpt-4o", "gpt-4o", "gpt-4.1-2025-04-14", ModelFrom::mapping},
        // An echo that is not mapped is taken for what it says.
        {"gpt-4.1", "gpt-4.1", "gpt-4.1-2025-04-14", ModelFrom::response},
        {"", "other", "", ModelFrom::nowhere, Reason::deployment_not_mapped},
        {"other", "other", "other", ModelFrom::nowhere, Reason::deployment_not_mapped},
        {"mystery", "other", "mystery", ModelFrom::nowhere, Reason::no_price},
        {"mystery", "", "mystery", ModelFrom::nowhere, Reason::no_price},
        {"", "", "", ModelFrom::nowhere, Reason::no_model}}) {
    const Quote quote = book.quote({model, deployment, "", kThen});
    EXPECT_EQ(quote.model, expected) << model << " / " << deployment;
    EXPECT_EQ(quote.model_from, from) << model << " / " << deployment;
    EXPECT_EQ(quote.reason, reason) << model << " / " << deployment;
    EXPECT_EQ(quote.kind == Kind::catalogue, reason == Reason::none) << model;
  }
}

TEST(PriceBook, WhatAzureDeploysCountsAfterTheMapping) {
  model::DeploymentMapping odd = mapped("odd", "gpt-4o-mini");
  odd.type_known = false;
  const PriceBook book(
      builtin(), {}, {mapped("both", "gpt-4o")},
      {mapped("both", "gpt-4.1"), odd, mapped("eu", "gpt-4o-mini", DeploymentType::data_zone),
       mapped("ptu", "gpt-4o", DeploymentType::provisioned)});
  EXPECT_EQ(book.quote({"", "both", "", kThen}).model, "gpt-4o-2024-08-06");
  EXPECT_EQ(book.quote({"", "both", "", kThen}).model_from, ModelFrom::mapping);
  const Quote quote = book.quote({"", "eu", "", kThen});
  EXPECT_EQ(quote.model, "gpt-4o-mini-2024-07-18");
  EXPECT_EQ(quote.model_from, ModelFrom::inventory);
  EXPECT_EQ(quote.rates.input, 165'000'000);
  EXPECT_FALSE(quote.type_assumed);
  EXPECT_TRUE(book.quote({"", "odd", "", kThen}).type_assumed);
  // The response names the model; how it is billed is still what Azure says.
  EXPECT_EQ(book.quote({"gpt-4o-mini", "eu", "", kThen}).model_from, ModelFrom::response);
  EXPECT_EQ(book.quote({"gpt-4o-mini", "eu", "", kThen}).type, DeploymentType::data_zone);
  EXPECT_EQ(book.quote({"", "ptu", "", kThen}).reason, Reason::no_ptu_price);
  const auto at_resource = [](std::string resource, std::string model) {
    model::DeploymentMapping made = mapped("chat", std::move(model));
    made.resource = std::move(resource);
    return made;
  };
  // A call without its resource: only where both would say the same.
  const PriceBook two(builtin(), {}, {},
                      {at_resource("eu", "gpt-4o"), at_resource("us", "gpt-4.1")});
  EXPECT_EQ(two.quote({"", "chat", "us", kThen}).model, "gpt-4.1-2025-04-14");
  EXPECT_EQ(two.quote({"", "chat", "", kThen}).reason, Reason::deployment_not_mapped);
  const PriceBook alike(builtin(), {}, {},
                        {at_resource("eu", "gpt-4o"), at_resource("us", "gpt-4o")});
  EXPECT_EQ(alike.quote({"", "chat", "", kThen}).model, "gpt-4o-2024-08-06");
  EXPECT_FALSE(book.has_provisioned());
}

TEST(PriceBook, TakesTheRatesOfTheDeploymentType) {
  const PriceBook book(builtin(), {},
                       {mapped("eu", "gpt-4o-mini", DeploymentType::data_zone),
                        mapped("night", "gpt-4o-mini", DeploymentType::global_batch),
                        mapped("here", "gpt-5.5", DeploymentType::global_batch),
                        mapped("odd", "gpt-5.6-luna", DeploymentType::regional)});
  EXPECT_EQ(book.quote({"", "eu", "", kThen}).rates.input, 165'000'000);
  EXPECT_EQ(book.quote({"", "night", "", kThen}).rates.input, 75'000'000);
  const Quote assumed = book.quote({"gpt-4o-mini", "", "", kThen});
  EXPECT_EQ(assumed.rates.input, 150'000'000);
  EXPECT_TRUE(assumed.type_assumed);
  EXPECT_EQ(book.quote({"", "odd", "", kThen}).reason, Reason::no_rate);
}

TEST(PriceBook, HasOtherRatesForLongContexts) {
  const PriceBook book(builtin(), {}, {});
  EXPECT_EQ(book.long_context_above(), 272'000);
  EXPECT_EQ(book.quote({"gpt-5.4", "", "", kThen, false}).rates.input, 2'500'000'000);
  EXPECT_EQ(book.quote({"gpt-5.4", "", "", kThen, true}).rates.input, 5'000'000'000);
  EXPECT_EQ(book.quote({"gpt-4.1", "", "", kThen, true}).rates.input, 2'000'000'000);
}

TEST(PriceBook, OwnPricesWinWhileTheyHold) {
  const model::Validity november{at("2026-11-01T00:00:00Z"), at("2026-12-01T00:00:00Z")};
  const PriceBook book(
      builtin(),
      {{.model = "gpt-4o", .rates = {.input = 7, .output = 8}, .validity = november, .note = "EA"},
       {.model = "gpt-4o-2024-08-06",
        .type = DeploymentType::data_zone,
        .rates = {.input = 9, .output = 9}},
       {.model = "house-model", .rates = {.input = 1, .output = 2}}},
      {mapped("eu", "gpt-4o", DeploymentType::data_zone), mapped("mine", "House-Model")});
  const auto quote = [&](std::string_view model, std::string_view deployment, UnixNanos time) {
    return book.quote({model, deployment, "", time});
  };
  EXPECT_EQ(quote("gpt-4o-2024-08-06", "", kThen).kind, Kind::own_price);
  EXPECT_EQ(quote("gpt-4o-2024-08-06", "", kThen).rates.input, 7);
  EXPECT_EQ(quote("gpt-4o-2024-08-06", "", kThen).source, "EA");
  EXPECT_EQ(quote("gpt-4o-2024-08-06", "", november.from).rates.input, 7);
  EXPECT_EQ(quote("gpt-4o-2024-08-06", "", november.to).kind, Kind::catalogue);
  EXPECT_EQ(quote("gpt-4o-2024-08-06", "", {november.from.value - 1}).kind, Kind::catalogue);
  EXPECT_EQ(quote("", "eu", kThen).rates.input, 9) << "the one for this deployment type wins";
  EXPECT_EQ(quote("gpt-4o-2024-11-20", "", kThen).kind, Kind::catalogue) << "another version";
  EXPECT_EQ(quote("house-model", "", kThen).rates.output, 2) << "a model that only the user knows";
  EXPECT_EQ(quote("", "mine", kThen).rates.output, 2);
}

TEST(PriceBook, SaysWhenAPriceHoldsAtAnotherTimeOnly) {
  auto catalogue = parse_catalogue(
      R"({"format":1,"version":"v","source":{"title":"t","read":"r"},"models":[{"model":"m",
          "prices":[{"type":"global","input":1,"output":1,"to":"2026-11-01"},
                    {"type":"global","input":2,"output":2,"from":"2026-12-01"}]}]})");
  ASSERT_TRUE(catalogue) << to_string(catalogue.error());
  const PriceBook book(std::make_shared<const Catalogue>(*catalogue), {}, {});
  EXPECT_EQ(book.quote({"m", "", "", at("2026-10-31T23:59:59Z")}).rates.input, 1);
  EXPECT_EQ(book.quote({"m", "", "", kThen}).reason, Reason::no_price_then);
  EXPECT_EQ(book.quote({"m", "", "", at("2026-12-01T00:00:00Z")}).rates.input, 2);
  EXPECT_EQ(book.changes({INT64_MIN}, {INT64_MAX}).size(), 2u);
  EXPECT_EQ(book.changes(kThen, at("2026-11-30T00:00:00Z")).size(), 0u);
}

TEST(PriceBook, MapsByResourceAndTime) {
  auto here = mapped("chat", "gpt-4o");
  here.resource = "Contoso-EU.openai.azure.com";
  auto old = mapped("chat", "gpt-4");
  old.validity.to = at("2026-06-01T00:00:00Z");
  auto newer = mapped("chat", "gpt-4.1");
  newer.validity.from = old.validity.to;
  const PriceBook book(builtin(), {}, {old, newer, here});
  const auto model = [&](std::string_view resource, std::string_view time) {
    return book.quote({"", "chat", resource, at(time)}).model;
  };
  EXPECT_EQ(model("", "2026-05-31T23:59:59Z"), "gpt-4-0613");
  EXPECT_EQ(model("", "2026-06-01T00:00:00Z"), "gpt-4.1-2025-04-14");
  EXPECT_EQ(model("contoso-eu", "2026-06-01T00:00:00Z"), "gpt-4o-2024-08-06");
  EXPECT_EQ(model("contoso-eu.openai.azure.com", "2026-06-01T00:00:00Z"), "gpt-4o-2024-08-06");
  EXPECT_EQ(model("contoso-us", "2026-06-01T00:00:00Z"), "gpt-4.1-2025-04-14");
}

TEST(PriceBook, PricesFineTunedModelsAsSuchOrNotAtAll) {
  const PriceBook book(builtin(), {{.model = "ft:o1:org::id", .rates = {.input = 5, .output = 6}}},
                       {});
  const Quote tuned = book.quote({"ft:gpt-4o-mini-2024-07-18:org::id", "", "", kThen});
  EXPECT_EQ(tuned.model, "gpt-4o-mini-2024-07-18 fine-tuned");
  EXPECT_EQ(tuned.kind, Kind::catalogue);
  EXPECT_EQ(book.quote({"ft:o3:org::id", "", "", kThen}).reason, Reason::no_price);
  EXPECT_EQ(book.quote({"ft:o1:other::id", "", "", kThen}).rates.input, 5);
}

TEST(PriceBook, ProvisionedDeploymentsAreAnEstimate) {
  auto paid = mapped("ptu", "gpt-4o", DeploymentType::provisioned);
  paid.monthly_nano_usd = 1;
  const PriceBook book(builtin(), {},
                       {paid, mapped("free", "gpt-4o", DeploymentType::provisioned)});
  EXPECT_TRUE(book.has_provisioned());
  EXPECT_EQ(book.quote({"gpt-4o-2024-08-06", "ptu", "", kThen}).kind, Kind::ptu_estimate);
  EXPECT_EQ(book.quote({"gpt-4o-2024-08-06", "free", "", kThen}).reason, Reason::no_ptu_price);
}

}  // namespace
}  // namespace catalejo::cost
