#include "cost/prices.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "support/temporary_folder.hpp"

namespace catalejo::cost {
namespace {

class PricesTest : public testing::Test {
 protected:
  std::string path() const { return folder_.file("prices.json"); }
  void write(const std::string& input) {
    // Beside and over, as editors and `mv` do; another size each time.
    std::ofstream(path() + ".new") << R"({"format":1,"version":")" << std::string(++writes_, 'v')
                                   << R"(","source":{"title":"t","read":"r"},"models":[)"
                                   << R"({"model":"m","prices":[{"type":"global","output":1,)"
                                   << R"("input":)" << input << "}]}]}";
    std::filesystem::rename(path() + ".new", path());
  }
  static std::int64_t input(Prices& prices) {
    return prices.fresh()->quote({"m", "", "", {1}}).rates.input;
  }
  TemporaryFolder folder_;
  std::size_t writes_ = 0;
};

TEST_F(PricesTest, FollowsTheFileAndKeepsTheLastGoodOne) {
  auto prices = Prices::open({.path = path()});
  ASSERT_TRUE(prices) << to_string(prices.error());
  EXPECT_EQ(input(**prices), -1) << "the built-in one knows no such model";
  EXPECT_NE((*prices)->current()->catalogue().models.size(), 1u);
  write("5");
  EXPECT_EQ(input(**prices), 5);
  EXPECT_EQ((*prices)->status().path, path());
  write("6");
  EXPECT_EQ(input(**prices), 6);
  write("\"six\"");
  EXPECT_EQ(input(**prices), 6);
  EXPECT_THAT((*prices)->status().problem, ::testing::HasSubstr("models[0].prices[0].input"));
  write("7");
  EXPECT_EQ(input(**prices), 7);
  EXPECT_EQ((*prices)->status().problem, "");
  std::filesystem::remove(path());
  EXPECT_EQ(input(**prices), -1);
}

TEST_F(PricesTest, AFileThatASettingNamesMustBeThereAndGood) {
  EXPECT_EQ(Prices::open({.path = path(), .required = true}).error().code, Code::config);
  write("-3");
  EXPECT_EQ(Prices::open({.path = path(), .required = true}).error().code, Code::config);
  EXPECT_TRUE(Prices::open({.path = path()})) << "beside the data it is only not used";
  write("3");
  EXPECT_TRUE(Prices::open({.path = path(), .required = true}));
}

TEST_F(PricesTest, SeesWhatAnotherProcessWrites) {
  const std::string file = folder_.file("control.sqlite");
  auto ours = store::PriceControl::open(file), theirs = store::PriceControl::open(file);
  ASSERT_TRUE(ours && theirs);
  auto prices = Prices::open({.control = ours->get()});
  ASSERT_TRUE(prices);
  EXPECT_EQ(input(**prices), -1);
  ASSERT_TRUE((*theirs)->put_price({.model = "m", .rates = {.input = 4, .output = 4}}));
  EXPECT_EQ(input(**prices), 4);
  ASSERT_TRUE((*ours)->put_price({.model = "m", .rates = {.input = 8, .output = 4}}));
  EXPECT_EQ(input(**prices), 8);
}

}  // namespace
}  // namespace catalejo::cost
