// Billed against traced: the same minutes, the same deployments, and nothing unknown shown as 0.
#include "insight/economics/economics.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "query/filter.hpp"

namespace catalejo::insight::economics {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::int64_t kDay = 86'400;
constexpr Window kAsked{kDay, kDay + 3'600};

UnixNanos at(std::int64_t seconds, std::int64_t nanos = 0) {
  return {seconds * kNanosPerSecond + nanos};
}

model::AzureAccount account(const std::string& name, const std::string& resource) {
  return {.id = "/subscriptions/s1/resourceGroups/Prod/providers/p/accounts/" + name,
          .name = name,
          .resource_group = "Prod",
          .subscription = "s1",
          .region = "westeurope",
          .resource = resource};
}

model::AzureInventory inventory() {
  model::AzureInventory all;
  all.read = at(kDay);
  all.accounts = {account("Contoso-EU", "contoso-eu"), account("Contoso-US", "contoso-us")};
  const auto& eu = all.accounts.front().id;
  const auto& us = all.accounts.back().id;
  all.deployments = {{.account = eu, .name = "Chat", .model = "gpt-4o", .sku = "GlobalStandard"},
                     {.account = eu, .name = "embed", .model = "text-embedding-3-large"},
                     {.account = us, .name = "chat", .model = "gpt-4.1"}};
  return all;
}

std::vector<store::AzurePosition> positions(std::int64_t since_s, std::int64_t through_s,
                                            const std::string& name = "Contoso-EU") {
  const std::string id = "/subscriptions/s1/resourcegroups/prod/providers/p/accounts/" +
                         std::string(name == "Contoso-EU" ? "contoso-eu" : "contoso-us");
  return {{id, "ProcessedPromptTokens", "", through_s, since_s},
          {id, "GeneratedTokens", "", through_s, since_s},
          {id, "Latency", "", 0, 0}};
}

std::vector<store::AzurePosition> all_read() {
  auto both = positions(0, 2 * kDay);
  for (auto& one : positions(0, 2 * kDay, "Contoso-US")) both.push_back(one);
  return both;
}

AzureCount azure(Counter counter, const std::string& account, const std::string& deployment,
                 double sum, const std::string& status = "", std::size_t era = 0) {
  return {.counter = counter,
          .place = {"s1", "prod", account, deployment},
          .era = era,
          .status = status,
          .sum = sum};
}

TracedCount traced(const std::string& resource, const std::string& deployment, std::int64_t tokens,
                   std::int64_t calls = 1, std::size_t era = 0) {
  return {.resource = resource,
          .deployment = deployment,
          .model = {},
          .era = era,
          .calls = calls,
          .counted = calls,
          .prompt = tokens,
          .completion = tokens / 2};
}

// gpt-4o: 2.50 and 10 dollars a million tokens, 1.25 from the cache.
std::shared_ptr<const cost::PriceBook> book(std::vector<model::DeploymentMapping> mappings = {}) {
  auto catalogue = cost::parse_catalogue(std::string(cost::builtin_catalogue()));
  EXPECT_TRUE(catalogue);
  model::OwnPrice price;
  price.model = "gpt-4o";
  price.rates = {.input = 2'500'000'000, .cached_input = 1'250'000'000, .output = 10'000'000'000};
  return std::make_shared<cost::PriceBook>(
      std::make_shared<const cost::Catalogue>(*std::move(catalogue)),
      std::vector<model::OwnPrice>{price}, std::move(mappings));
}

Economics economics_of(Directory& directory, const std::vector<AzureCount>& azure,
                       std::vector<TracedCount> traced) {
  Answers answers;
  answers.azure = azure;
  answers.traced = std::move(traced);
  return economics::economics_of(directory, kAsked, std::move(answers), book());
}

const Row& row_of(const Economics& all, const std::string& account, const std::string& name) {
  for (const Row& row : all.rows)
    if (row.place.account == account && row.place.deployment == name) return row;
  ADD_FAILURE() << "no row of " << account << " " << name;
  static const Row none;
  return none;
}

TEST(EconomicsWindow, IsOfWholeMinutesThatAreSettled) {
  const UnixNanos later = at(10 * kDay);
  EXPECT_EQ(window_of(at(120), at(240), later), (Window{120, 240}));
  EXPECT_EQ(window_of(at(120, 1), at(240, 999), later), (Window{180, 240}));
  EXPECT_EQ(window_of(at(121), at(299), later), (Window{180, 240}));
  EXPECT_EQ(window_of(at(-61), at(-1), later), (Window{-60, -60}));
  EXPECT_EQ(window_of(at(kDay), at(kDay + 3'600), at(kDay + 3'610)), (Window{kDay, kDay + 3'300}));
  EXPECT_TRUE(window_of(at(kDay), at(kDay + 240), at(kDay + 240)).empty());
}

TEST(EconomicsDifference, IsAShareOfWhatWasBilled) {
  EXPECT_DOUBLE_EQ(*difference(1'000, 250).share, 0.75);
  EXPECT_EQ(difference(1'000, 250).untraced, 750);
  EXPECT_EQ(difference(1'000, 1'200).untraced, 0);
  EXPECT_EQ(difference(1'000, 1'200).beyond, 200);
  EXPECT_DOUBLE_EQ(*difference(1'000, 1'200).share, 0);
  EXPECT_FALSE(difference(0, 0).share);
  EXPECT_FALSE(difference(0, 7).share);
  EXPECT_EQ(difference(0, 7).beyond, 7);
  EXPECT_DOUBLE_EQ(*difference(INT64_MAX, 0).share, 1);
  EXPECT_EQ(difference(INT64_MAX, 0).untraced, INT64_MAX);
  EXPECT_EQ(difference(INT64_MIN, INT64_MAX).beyond, INT64_MAX);
  EXPECT_EQ((Billed{.prompt = INT64_MAX, .completion = 5}).total(), INT64_MAX);
}

TEST(EconomicsDirectory, KnowsDeploymentsByAccountResourceAndName) {
  Directory directory(inventory(), all_read(), kAsked);
  const std::size_t eu = directory.of_metric("s1", "prod", "contoso-eu", "chat");
  EXPECT_EQ(directory.places()[eu].deployment, "Chat");
  EXPECT_EQ(directory.of_call("contoso-eu", "chat").place, eu);
  const std::size_t us = directory.of_metric("s1", "prod", "contoso-us", "chat");
  EXPECT_NE(eu, us);
  EXPECT_EQ(directory.of_call("contoso-us", "chat").place, us);
  // Of two that are called so nobody knows which; of one, it is that one.
  const auto unclear = directory.of_call("gateway", "chat");
  EXPECT_EQ(directory.places()[unclear.place].unknown, Unknown::ambiguous);
  const auto through = directory.of_call("gateway", "embed");
  EXPECT_TRUE(through.by_name);
  EXPECT_EQ(directory.places()[through.place].account, "Contoso-EU");
  EXPECT_EQ(directory.of_call("", "embed").place, through.place);
  // An account in sight that has no such deployment is not another account.
  const auto gone = directory.of_call("contoso-us", "embed");
  EXPECT_FALSE(gone.by_name);
  EXPECT_EQ(directory.places()[gone.place].unknown, Unknown::not_in_azure);
  EXPECT_EQ(directory.of_call("contoso-us", "embed").place, gone.place);
}

TEST(EconomicsDirectory, TakesWhatOnlyMetricsName) {
  Directory directory(inventory(), all_read(), kAsked);
  const std::size_t before = directory.places().size();
  const std::size_t added = directory.of_metric("s1", "prod", "contoso-eu", "deleted");
  EXPECT_EQ(added, before);
  EXPECT_EQ(directory.of_metric("s1", "prod", "contoso-eu", "deleted"), added);
  EXPECT_EQ(directory.of_call("contoso-eu", "deleted").place, added);
  EXPECT_EQ(directory.places()[added].unknown, Unknown::none);
  const std::size_t strange = directory.of_metric("s9", "gone", "old", "x");
  EXPECT_EQ(directory.places()[strange].account, "old");
}

TEST(EconomicsDirectory, ComparesOnlyWhatAzureWasReadFor) {
  // Read from 10 minutes after the beginning until 10 minutes before the end.
  Directory part(inventory(), positions(kDay + 570, kDay + 3'015), kAsked);
  EXPECT_THAT(part.bounds(), ElementsAre(kDay + 600, kDay + 3'000));
  const std::size_t eu = part.of_call("contoso-eu", "chat").place;
  EXPECT_FALSE(part.inside(eu, 0));
  EXPECT_TRUE(part.inside(eu, 1));
  EXPECT_FALSE(part.inside(eu, 2));
  // The other account was not read at all: its calls are told over the whole time.
  const std::size_t us = part.of_call("contoso-us", "chat").place;
  EXPECT_EQ(part.places()[us].unknown, Unknown::not_read);
  for (const std::size_t era : {0u, 1u, 2u}) EXPECT_TRUE(part.inside(us, era));
  Directory before(inventory(), positions(0, kDay - 60), kAsked);
  EXPECT_EQ(before.places()[eu].unknown, Unknown::not_read);
  Directory never(inventory(), {}, kAsked);
  EXPECT_EQ(never.places()[eu].unknown, Unknown::not_read);
  auto others = positions(0, 2 * kDay);
  others.erase(others.begin(), others.begin() + 2);
  Directory without(inventory(), others, kAsked);
  EXPECT_EQ(without.places()[eu].unknown, Unknown::no_metric);
}

TEST(EconomicsDirectory, SaysThatAzureIsNotSetUp) {
  Directory empty({}, {}, kAsked);
  EXPECT_EQ(empty.places()[empty.of_call("contoso-eu", "chat").place].unknown, Unknown::not_set_up);
}

TEST(EconomicsDirectory, BoundsHowManyTimesItIsCut) {
  model::AzureInventory all = inventory();
  std::vector<store::AzurePosition> many;
  for (int i = 0; i < 100; ++i) {
    all.accounts.push_back(account(fmt::format("a{}", i), fmt::format("a{}", i)));
    const std::string id =
        fmt::format("/subscriptions/s1/resourcegroups/prod/providers/p/accounts/a{}", i);
    many.push_back({id, "ProcessedPromptTokens", "", 2 * kDay, kDay + i * 30});
    all.deployments.push_back({.account = all.accounts.back().id, .name = "d"});
  }
  Directory directory(all, many, {kDay, kDay + 7'200});
  EXPECT_LE(directory.bounds().size(), 64u);
  for (std::size_t place = 0; place < directory.places().size(); ++place)
    EXPECT_FALSE(directory.places()[place].window.empty());
}

TEST(Economics, AddsUpBothSidesOfEachDeployment) {
  Directory directory(inventory(), all_read(), kAsked);
  const Economics all = economics_of(
      directory,
      {azure(Counter::prompt_tokens, "contoso-eu", "chat", 1'000),
       azure(Counter::prompt_tokens, "contoso-eu", "chat", 500),
       azure(Counter::completion_tokens, "contoso-eu", "chat", 300),
       azure(Counter::requests, "contoso-eu", "chat", 9, "200"),
       azure(Counter::requests, "contoso-eu", "chat", 2, "429"),
       azure(Counter::prompt_tokens, "contoso-us", "chat", 10)},
      {traced("contoso-eu.openai.azure.com", "Chat", 600, 4), traced("contoso-eu", "chat", 150),
       traced("gateway", "embed", 40), traced("gateway", "chat", 8)});
  const Row& eu = row_of(all, "Contoso-EU", "Chat");
  ASSERT_TRUE(eu.billed);
  EXPECT_EQ(eu.billed->total(), 1'800);
  EXPECT_EQ(eu.billed->requests, 11);
  EXPECT_EQ(eu.billed->succeeded, 9);
  EXPECT_EQ(eu.billed->throttled, 2);
  EXPECT_EQ(eu.traced.prompt, 750);
  EXPECT_EQ(eu.traced.completion, 375);
  EXPECT_EQ(eu.traced.calls, 5);
  EXPECT_EQ(&all.rows.front(), &eu);
  EXPECT_EQ(row_of(all, "Contoso-US", "chat").traced.calls, 0);
  const Row& embed = row_of(all, "Contoso-EU", "embed");
  ASSERT_TRUE(embed.billed);  // Azure was read and counted nothing
  EXPECT_EQ(embed.billed->total(), 0);
  EXPECT_EQ(embed.traced.by_name, 1);
  const Row& unclear = row_of(all, "", "chat");
  EXPECT_FALSE(unclear.billed);
  EXPECT_EQ(all.billed.total(), 1'810);
  EXPECT_EQ(all.traced.total(), 750 + 375 + 40 + 20);
  EXPECT_EQ(all.elsewhere.total(), 8 + 4);
  EXPECT_EQ(all.unknown, 1u);
}

TEST(Economics, LeavesOutWhatLiesOutsideTheWindow) {
  Directory directory(inventory(), positions(kDay + 600, kDay + 3'000), kAsked);
  const Economics all = economics_of(
      directory,
      {azure(Counter::prompt_tokens, "contoso-eu", "chat", 100, "", 1),
       azure(Counter::prompt_tokens, "contoso-eu", "chat", 7, "", 2)},
      {traced("contoso-eu", "chat", 50, 1, 0), traced("contoso-eu", "chat", 60, 1, 1)});
  EXPECT_EQ(row_of(all, "Contoso-EU", "Chat").billed->prompt, 100);
  EXPECT_EQ(row_of(all, "Contoso-EU", "Chat").traced.prompt, 60);
}

TEST(Economics, DoesNotOverflow) {
  Directory directory(inventory(), all_read(), kAsked);
  const Economics all =
      economics_of(directory,
                   {azure(Counter::prompt_tokens, "contoso-eu", "chat", 1e300),
                    azure(Counter::completion_tokens, "contoso-eu", "chat", -5),
                    azure(Counter::requests, "contoso-eu", "chat", std::nan(""), "200")},
                   {traced("contoso-eu", "chat", INT64_MAX, INT64_MAX),
                    traced("contoso-eu", "chat", INT64_MAX, INT64_MAX)});
  const Row& row = row_of(all, "Contoso-EU", "Chat");
  EXPECT_EQ(row.billed->prompt, INT64_MAX);
  EXPECT_EQ(row.billed->completion, 0);
  EXPECT_EQ(row.billed->requests, 0);
  EXPECT_EQ(row.traced.total(), INT64_MAX);
}

TEST(Economics, ManyTracedDeploymentsAreCut) {
  Directory directory({}, {}, kAsked);
  std::vector<TracedCount> many;
  for (std::size_t i = 0; i <= kTracedRowsMax; ++i)
    many.push_back(traced("r", fmt::format("d{}", i), 2));
  const Economics all = economics_of(directory, {}, std::move(many));
  EXPECT_TRUE(all.cut);
  EXPECT_EQ(all.rows.size(), kTracedRowsMax);
}

TEST(EconomicsSearch, IsASearchWhateverTheNamesAre) {
  for (const std::string name : {"chat", "a\"b", "a\\", "(x) OR *", "ñ", "AND", "a b:c"}) {
    const std::string text = search_for({{"contoso-eu", name, ""}, {"", "", name}});
    query::Filter filter;
    EXPECT_TRUE(filter.set_search(text, "query")) << text;
  }
  EXPECT_EQ(search_for({}), "");
  EXPECT_EQ(search_for({{"contoso-eu", "chat", ""}}),
            "@meta.span.kind:(llm OR embedding) (@azure_resource:\"contoso-eu\" "
            "@deployment:\"chat\")");
  EXPECT_THAT(search_for({{"", "", "gpt-4o"}}),
              HasSubstr("_missing_:@azure_resource _missing_:@deployment"));
}

Place deployed(const std::string& sku, const std::string& model, std::int64_t capacity,
               std::int64_t tokens = 0, std::int64_t requests = 0) {
  Place place;
  place.sku = sku;
  place.model = model;
  place.capacity = capacity;
  place.tokens_per_minute = tokens;
  place.requests_per_minute = requests;
  return place;
}

TEST(EconomicsLimits, AreAzuresOrThoseOfItsCapacity) {
  const Limits said = limits_of(deployed("GlobalStandard", "gpt-4o", 50, 120'000, 720));
  EXPECT_EQ(said.tokens.per_minute, 120'000);
  EXPECT_EQ(said.requests.per_minute, 720);
  EXPECT_EQ(said.requests.from, LimitFrom::azure);
  // The table: o1 has 6 000 tokens and 1 request a unit; of newer models only tokens are said.
  const Limits o1 = limits_of(deployed("Standard", "o1", 10));
  EXPECT_EQ(o1.tokens.per_minute, 60'000);
  EXPECT_EQ(o1.requests.per_minute, 10);
  EXPECT_EQ(o1.tokens.from, LimitFrom::capacity);
  const Limits newer = limits_of(deployed("DataZoneStandard", "gpt-5", 10));
  EXPECT_EQ(newer.tokens.per_minute, 10'000);
  EXPECT_EQ(newer.requests.from, LimitFrom::nowhere);
  EXPECT_EQ(limits_of(deployed("Standard", "o1", INT64_MAX)).tokens.per_minute, INT64_MAX);
  for (const Place& none :
       {deployed("GlobalProvisionedManaged", "gpt-4o", 50, 9, 9), deployed("GlobalBatch", "o1", 9),
        deployed("", "gpt-4o", 9), deployed("Standard", "gpt-4o", 0),
        deployed("Standard", "gpt-4o", -9)}) {
    EXPECT_EQ(limits_of(none).tokens.from, LimitFrom::nowhere) << none.sku;
    EXPECT_EQ(limits_of(none).requests.from, LimitFrom::nowhere) << none.sku;
  }
}

TEST(EconomicsThrottling, KeepsTheNewestOfAllNamesOfADeployment) {
  Throttled all;
  TracedThrottling one{.failed = 1, .retried = 2, .retries = 5, .retry_after_ms_max = 6'000};
  for (const std::int64_t start : {9, 7, 5, 3, 1})
    one.newest.push_back({.start = {start}, .request_id = "a"});
  all.add(one);
  one.retry_after_ms_max = -1;
  one.retries = INT64_MAX;
  for (ThrottledCall& call : one.newest) ++call.start.value;
  all.add(one);
  EXPECT_EQ(all.failed, 2);
  EXPECT_EQ(all.retries, INT64_MAX);
  EXPECT_EQ(all.retry_after_ms_max, 6'000);
  std::vector<std::int64_t> starts;
  for (const ThrottledCall& call : all.newest) starts.push_back(call.start.value);
  EXPECT_THAT(starts, ElementsAre(10, 9, 8, 7, 6));
  query::Filter filter;
  EXPECT_TRUE(filter.set_search(std::string(kThrottledSearch), "query"));
}

TEST(EconomicsProvisioned, IsReckonedInWholeNumbersThatDoNotOverflow) {
  EXPECT_EQ(per_million({3'000'000'000}, 2'000'000)->value, 1'500'000'000);
  EXPECT_FALSE(per_million({5}, 0));
  EXPECT_EQ(per_million({INT64_MAX}, 1)->value, INT64_MAX);
  EXPECT_EQ(per_hour(100, 1'800), 200);
  EXPECT_FALSE(per_hour(100, 0));
  EXPECT_EQ(per_hour(INT64_MAX, 1), INT64_MAX);
  // A day costs 24 dollars; a million tokens cost 2 dollars by the token: half a million an hour.
  EXPECT_EQ(break_even_per_hour({24'000'000'000}, 86'400, {2'000'000'000}, 1'000'000), 500'000);
  EXPECT_EQ(break_even_per_hour({0}, 86'400, {2}, 9), 0);
  for (const auto none :
       {break_even_per_hour({9}, 0, {9}, 9), break_even_per_hour({9}, 9, {0}, 9),
        break_even_per_hour({9}, 9, {9}, 0), break_even_per_hour({-1}, 9, {9}, 9)})
    EXPECT_FALSE(none);
  EXPECT_EQ(break_even_per_hour({INT64_MAX}, 1, {1}, INT64_MAX), INT64_MAX);
}

TEST(EconomicsProvisioned, CountsCachedTokensAsTheyAreTraced) {
  const Served half = served(1'000, 100, 400, 200);
  EXPECT_EQ(half.input, 500);
  EXPECT_EQ(half.cached, 500);
  EXPECT_EQ(half.total(), 1'100);
  EXPECT_EQ(served(1'000, 100, 0, 0).cached, 0);
  EXPECT_EQ(served(1'000, 100, 10, 99).cached, 1'000);
  EXPECT_EQ(served(-5, -5, 1, 1).total(), 0);
  EXPECT_EQ(served(INT64_MAX, INT64_MAX, 2, 1).total(), INT64_MAX);
}

TEST(EconomicsProvisioned, FindsWherePayingByTheTokenIsDearer) {
  Place place = deployed("GlobalProvisionedManaged", "gpt-4o", 50);
  place.deployment = "ptu";
  place.window = {19 * kDay, 20 * kDay};  // of January 1970: 31 days
  Utilisation used{.sum = 72'000, .p95 = 90, .max = 100, .minutes = 900};
  const auto priced = book({{.deployment = "ptu",
                             .resource = {},
                             .model = "gpt-4o",
                             .type = model::DeploymentType::provisioned,
                             .monthly_nano_usd = 31 * 240'000'000'000}});
  // 240 million tokens for 240 dollars.
  const Served tokens{.input = 200'000'000, .cached = 20'000'000, .output = 20'000'000};
  const Provisioned made = provisioned({&place, tokens, used}, priced);
  EXPECT_EQ(made.cost->value, 240'000'000'000);
  EXPECT_EQ(made.million->value, 1'000'000'000);
  EXPECT_EQ(made.served_per_hour, 10'000'000);
  EXPECT_EQ(made.by_token->value, 725'000'000'000);  // 500 + 25 + 200 dollars
  EXPECT_EQ(made.break_even, 3'310'345);             // 10 million × 240 ÷ 725
  // 50 % over the day, by 24 times 10 million tokens.
  EXPECT_NEAR(*made.break_even_share, 50 * 0.3310345, 1e-6);
  EXPECT_DOUBLE_EQ(made.utilisation->mean(), 80);
  EXPECT_EQ(made.minutes, 1'440);

  const Provisioned unpriced = provisioned({&place, tokens, used}, book());
  EXPECT_FALSE(unpriced.cost);
  EXPECT_FALSE(unpriced.million);
  EXPECT_FALSE(unpriced.break_even);
  EXPECT_TRUE(unpriced.by_token);
  const Provisioned unread = provisioned({&place, std::nullopt, std::nullopt}, priced);
  EXPECT_TRUE(unread.cost);
  EXPECT_FALSE(unread.million);
  place.model = "of-nobody";
  const Provisioned strange = provisioned({&place, tokens, used}, priced);
  EXPECT_FALSE(strange.by_token);
  EXPECT_EQ(strange.by_token_unknown, cost::Reason::no_price);
  place.window = kAsked;
  EXPECT_FALSE(provisioned({&place, Served{}, used}, priced).million);
}

TEST(EconomicsProvisioned, IsComparedWithTheSameReachOfDeployment) {
  EXPECT_EQ(pay_as_you_go("GlobalProvisionedManaged"), model::DeploymentType::global);
  EXPECT_EQ(pay_as_you_go("DataZoneProvisionedManaged"), model::DeploymentType::data_zone);
  EXPECT_EQ(pay_as_you_go("ProvisionedManaged"), model::DeploymentType::regional);
  EXPECT_TRUE(is_provisioned("ProvisionedManaged"));
  EXPECT_FALSE(is_provisioned("GlobalStandard"));
  EXPECT_FALSE(is_provisioned(""));
}

TEST(EconomicsFilter, PutsBothSidesOfAVerdictTogether) {
  FilterVolume all;
  all.add(
      AzureVolume{.volume = Volume::harmful, .verdict = {"prompt", "self_harm", "high"}, .sum = 3});
  all.add(
      AzureVolume{.volume = Volume::harmful, .verdict = {"prompt", "self_harm", "high"}, .sum = 4});
  all.add(AzureVolume{.volume = Volume::blocked, .verdict = {"prompt", "self_harm", ""}, .sum = 2});
  all.add(AzureVolume{.volume = Volume::checked, .sum = 50});
  TracedVolume traced;
  traced.verdict = {"prompt", "self_harm", "high"};
  traced.calls = 2;
  traced.filtered = 1;
  traced.newest = {5};
  traced.span_id = {7};
  all.add(traced);
  traced.newest = {4};
  traced.span_id = {8};
  all.add(traced);
  ASSERT_EQ(all.lines.size(), 2u);
  const FilterLine& line = all.lines.at({"prompt", "self_harm", "high"});
  EXPECT_EQ(line.harmful, 7);
  EXPECT_FALSE(line.blocked);
  EXPECT_EQ(line.calls, 4);
  EXPECT_EQ(line.filtered, 2);
  EXPECT_EQ(line.span_id.value, 7u);
  EXPECT_EQ(all.checked, 50);
  for (int i = 0; i < 1'000; ++i) {
    traced.verdict.category = fmt::format("c{}", i);
    all.add(traced);
  }
  EXPECT_LE(all.lines.size(), 200u);
}

TEST(EconomicsFilter, SearchesOnlyForNamesOfAFilter) {
  EXPECT_EQ(terms_for(Verdict{"prompt", "hate", "high"}),
            "@meta.metadata.azure.content_filter.prompt.hate.severity:high");
  query::Filter filter;
  EXPECT_TRUE(filter.set_search(terms_for(Verdict{"prompt", "jailbreak", ""}), "query"));
  EXPECT_EQ(terms_for(Verdict{"prompt", "x OR *", "high"}), "");
  EXPECT_EQ(terms_for(Verdict{"", "hate", "high"}), "");
}

TEST(EconomicsAnswers, OfAnotherShapeAreErrors) {
  for (const std::string_view body : {"x", "\x05name", "\x01\x01\x01\x01\x01\x01\x01\x01\x01"}) {
    EXPECT_FALSE(read_azure_counts(body));
    EXPECT_FALSE(read_traced_counts(body));
    EXPECT_FALSE(read_peaks(body));
    EXPECT_FALSE(read_throttling(body));
    EXPECT_FALSE(read_utilisation(body));
    EXPECT_FALSE(read_azure_volumes(body));
    EXPECT_FALSE(read_traced_volumes(body));
  }
  EXPECT_TRUE(read_azure_counts("")->empty());
  EXPECT_TRUE(read_traced_counts("")->empty());
}

}  // namespace
}  // namespace catalejo::insight::economics
