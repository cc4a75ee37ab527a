#include "pipeline/events.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/limits.hpp"

namespace catalejo::pipeline {
namespace {

using testing::ElementsAre;
using testing::Pair;

constexpr UnixNanos kNow{1'800'000'000'000'000'000};

TEST(Events, AreBroughtWithinBounds) {
  model::Batch batch;
  batch.events.push_back({.time = {kNow.value + 5},
                          .title = std::string(5'000, 't'),
                          .text = "é" + std::string(100'000, 'x'),
                          .host = "Web 1",
                          .priority = "urgent",
                          .source_type = "Jenkins",
                          .alert_type = "Error",
                          .tags = {"b:2", "A b:1", "b:2"}});
  batch.events.push_back({.kind = model::EventKind::service_check, .title = "db.Up"});
  normalise_events(batch, {.received = kNow});
  ASSERT_EQ(batch.events.size(), 2u);
  const model::Event& event = batch.events[0];
  EXPECT_EQ(event.time.value, kNow.value);  // whole seconds
  EXPECT_EQ(event.title.size(), limits::event_title_characters_max);
  EXPECT_EQ(event.text.size(), limits::event_text_characters_max + 1);  // "é" has two bytes
  EXPECT_EQ(event.flags, model::flag_text_cut);
  EXPECT_EQ(event.host, "web_1");
  EXPECT_EQ(event.priority, "normal");
  EXPECT_EQ(event.source_type, "jenkins");
  EXPECT_EQ(event.alert_type, "error");
  EXPECT_THAT(event.tags, ElementsAre("a_b:1", "b:2"));
  const model::Event& check = batch.events[1];
  EXPECT_EQ(check.title, "db.Up");
  EXPECT_EQ(check.time.value, kNow.value);
  EXPECT_EQ(check.priority, "");
}

TEST(Events, ATagBombIsCut) {
  model::Batch batch;
  batch.events.push_back({.title = "t"});
  for (int i = 0; i < 10'000; ++i) batch.events[0].tags.push_back("t:" + std::to_string(i));
  normalise_events(batch, {.received = kNow});
  ASSERT_EQ(batch.events.size(), 1u);
  EXPECT_EQ(batch.events[0].tags.size(), limits::tags_per_metric_max);
  EXPECT_EQ(batch.events[0].flags, model::flag_tags_cut);
}

TEST(Events, WhatNobodyCanAskForIsRefusedByReason) {
  model::Batch batch;
  batch.events.push_back({.title = " \n"});
  batch.events.push_back({.kind = model::EventKind::service_check});
  batch.events.push_back({.time = {1}, .title = "1970"});
  batch.events.push_back({.time = {-5 * kNanosPerSecond}, .title = "1969"});
  batch.events.push_back({.time = {4'102'444'800 * kNanosPerSecond}, .title = "2100"});
  normalise_events(batch, {.received = kNow, .oldest = {kNow.value - 30 * kNanosPerDay}});
  EXPECT_TRUE(batch.events.empty());
  EXPECT_THAT(batch.events_rejected,
              ElementsAre(Pair("in_the_future", 1), Pair("no_name", 1), Pair("no_title", 1),
                          Pair("older_than_retention", 2)));
}

}  // namespace
}  // namespace catalejo::pipeline
