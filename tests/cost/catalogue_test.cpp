#include "cost/catalogue.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cost/price_book.hpp"

namespace catalejo::cost {
namespace {

using ::testing::HasSubstr;

std::string with_models(const std::string& models) {
  return R"({"format":1,"version":"v","source":{"title":"t","read":"2026-08-11"},"models":[)" +
         models + "]}";
}

TEST(Catalogue, TheBuiltInOneIsGoodAndKnowsWhatAzureSells) {
  auto catalogue = parse_catalogue(std::string(builtin_catalogue()));
  ASSERT_TRUE(catalogue) << to_string(catalogue.error());
  EXPECT_GE(catalogue->models.size(), 70u);
  EXPECT_FALSE(catalogue->version.empty());
  EXPECT_FALSE(catalogue->url.empty());
  for (const char* name :
       {"gpt-4o-2024-08-06", "gpt-4o-mini", "gpt-35-turbo", "gpt-3.5-turbo-0125", "gpt-4.1",
        "o3-mini-2025-01-31", "gpt-5", "text-embedding-3-large", "text-embedding-ada-002",
        "gpt-4o-audio-preview", "gpt-5.4-2026-03-05", "ft:gpt-4o-mini-2024-07-18:org::id"})
    EXPECT_NE(catalogue->find(parse_model_name(name)), nullptr) << name;
  for (const char* name : {"gpt-4o-2031-01-01", "prod-chat", "ft:o1:org::id", "", "gpt"})
    EXPECT_EQ(catalogue->find(parse_model_name(name)), nullptr) << name;
}

TEST(Catalogue, EveryModelHasAPriceOfEveryTokenItNeeds) {
  auto catalogue = parse_catalogue(std::string(builtin_catalogue()));
  ASSERT_TRUE(catalogue);
  for (const CatalogueModel& model : catalogue->models) {
    const bool embedding = model.model.starts_with("text-embedding");
    for (const CataloguePrice& price : model.prices) {
      EXPECT_GT(price.rates.input, 0) << model.model;
      EXPECT_EQ(price.rates.output > 0, !embedding) << model.model;
      EXPECT_LE(price.rates.cached_input, price.rates.input) << model.model;
    }
  }
}

TEST(Catalogue, ReadsEveryField) {
  auto catalogue = parse_catalogue(with_models(
      R"({"model":"m","names":["n"],"note":"x","prices":[
          {"type":"global","input":1,"cached_input":2,"cache_write":3,"output":4,"audio_input":5,
           "audio_output":6,"from":"2026-01-01","to":"2026-02-01","source":"s","read":"2026-01-02",
           "long_context":{"above_input_tokens":1000,"input":7,"output":8}},
          {"type":"global","input":9,"output":9,"from":"2026-02-01"}]})"));
  ASSERT_TRUE(catalogue) << to_string(catalogue.error());
  const CataloguePrice& price = catalogue->models[0].prices[0];
  EXPECT_EQ(price.rates, (model::Rates{1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(price.validity.from, *parse_rfc3339("2026-01-01T00:00:00Z"));
  EXPECT_EQ(price.long_context.at(0).rates, (model::Rates{7, -1, -1, 8, -1, -1}));
  EXPECT_EQ(price.source, "s");
}

TEST(Catalogue, RefusesAFileWithAnyFaultAndSaysWhere) {
  struct Case {
    std::string text, where, says;
  };
  const std::string price = R"("prices":[{"type":"global","input":1}])";
  const auto one_price = [](const std::string& fields) {
    return with_models(R"({"model":"m","prices":[{"type":"global",)" + fields + "}]}");
  };
  for (const auto& [text, where, says] :
       {Case{"", "", ""},
        {"[]", "the file", "object"},
        {R"({"format":2,"models":[]})", "format", "reads format 1"},
        {R"({"format":1,"models":[]})", "version", "missing"},
        {R"({"formatt":1})", "the file", "formatt"},
        {R"({"format":1,"currency":"EUR"})", "currency", "USD"},
        {with_models("1"), "models[0]", "object"},
        {with_models("{" + price + "}"), "models[0]", "model is missing"},
        {with_models(R"({"model":"m"})"), "models[0]", "prices is missing"},
        {with_models(R"({"model":"m","prices":[]})"), "models[0]", "prices is missing"},
        {with_models(R"({"model":"m","price":[]})"), "models[0]", "'price'"},
        {one_price(R"("input":1.5)"), "models[0].prices[0].input", "whole number"},
        {one_price(R"("input":"1")"), "models[0].prices[0].input", "whole number"},
        {one_price(R"("input":-1)"), "models[0].prices[0].input", "takes 0 to"},
        {one_price(R"("input":99999999999999999)"), "models[0].prices[0].input", "takes 0 to"},
        {one_price(R"("output":1)"), "models[0].prices[0]", "input is missing"},
        {one_price(R"("input":1,"inputs":1)"), "models[0].prices[0]", "'inputs'"},
        {one_price(R"("input":1,"from":"soon")"), "models[0].prices[0].from", "no date"},
        {one_price(R"("input":1,"from":"2026-02-01","to":"2026-01-01")"), "models[0].prices[0]",
         "not before"},
        {one_price(R"("input":1,"long_context":{"input":1})"), "models[0].prices[0].long_context",
         "above_input_tokens"},
        {with_models(R"({"model":"m","prices":[{"input":1}]})"), "models[0].prices[0]", "type"},
        {with_models(R"({"model":"m","prices":[{"type":"ptu","input":1}]})"),
         "models[0].prices[0].type", "deployment type"},
        {with_models(R"({"model":"m","prices":[{"type":"global","input":1},)"
                     R"({"type":"global","input":2}]})"),
         "models[0].prices[1]", "same time"},
        {with_models(R"({"model":"m",)" + price + R"(},{"model":"x","names":["M"],)" + price + "}"),
         "models[1]", "models[0]"}}) {
    const auto catalogue = parse_catalogue(text);
    ASSERT_FALSE(catalogue) << text;
    EXPECT_THAT(catalogue.error().where, HasSubstr(where)) << text;
    EXPECT_THAT(catalogue.error().message, HasSubstr(says)) << text;
  }
}

TEST(Catalogue, SurvivesEveryTornFile) {
  const std::string whole(builtin_catalogue());
  for (std::size_t size = 0; size < whole.size(); size += 97)
    EXPECT_FALSE(parse_catalogue(whole.substr(0, size))) << size;
}

}  // namespace
}  // namespace catalejo::cost
