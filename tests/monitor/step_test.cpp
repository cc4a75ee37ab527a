// What readings make of a group: the cases of states.test.
#include "monitor/step.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <charconv>
#include <fstream>
#include <sstream>

#include "support/paths.hpp"

namespace catalejo::monitor {
namespace {

constexpr std::int64_t kBegin = 1'700'000'040, kMinute = 60;

struct Case {
  std::string name, query, options;
  std::vector<std::string> lines;
};

std::vector<Case> read_cases() {
  std::ifstream file(test_data("monitor/states.test"));
  EXPECT_TRUE(file);
  std::vector<Case> cases;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.starts_with('#')) continue;
    if (line.starts_with("== ")) {
      cases.push_back({.name = line.substr(3)});
    } else if (cases.back().query.empty()) {
      cases.back().query = line;
    } else if (cases.back().options.empty()) {
      cases.back().options = line;
    } else {
      cases.back().lines.push_back(line);
    }
  }
  return cases;
}

Definition definition_of(const Case& one) {
  auto made = read_definition(
      fmt::format(R"({{"name":"x","type":"query alert","query":"{}","options":{}}})", one.query,
                  one.options),
      false);
  EXPECT_TRUE(made) << one.name << ": " << (made ? "" : to_string(made.error()));
  return made ? *std::move(made) : Definition{};
}

// "5", "0.2/0.1" (the second is of the recovery window), "none", "nothing"
Reading reading_of(const std::string& text, std::int64_t at_s) {
  Reading reading;
  if (text != "none") reading.first_s = at_s - kMinute;
  if (text == "none" || text == "nothing") return reading;
  const std::size_t slash = text.find('/');
  reading.value = std::stod(text.substr(0, slash));
  if (slash != std::string::npos) reading.recovery = std::stod(text.substr(slash + 1));
  return reading;
}

std::string shown(const Stepped& stepped) {
  if (stepped.gone) return "gone";
  if (stepped.muted) return "muted";
  if (!stepped.told) return "-";
  return stepped.told->again ? "again" : std::string(word_of(stepped.told->to));
}

struct Player {
  Definition definition;
  MonitorGroup group;
  bool muted = false;

  // A line of a case that is no look.
  bool set(std::istringstream& words, const std::string& first) {
    std::int64_t minute = 0;
    if (first == "mute" || first == "unmute") {
      muted = first == "mute";
    } else if (first == "appears") {
      words >> minute;
      group = new_group(group.name, kBegin + minute * kMinute, false);
    } else if (first == "since") {
      words >> minute;
      group.points_since_s = kBegin + minute * kMinute;
    } else {
      return false;
    }
    return true;
  }

  void play(const std::string& line) {
    std::istringstream words(line);
    std::string first, value;
    words >> first;
    if (set(words, first)) return;
    words >> value >> std::ws;
    std::string rest;
    std::getline(words, rest);
    const std::int64_t at_s = kBegin + std::stoll(first) * kMinute;
    const Reading reading = reading_of(value, at_s);
    const Stepped stepped = step(definition, group, &reading, at_s, muted);
    group = stepped.group;
    EXPECT_EQ(fmt::format("{} {}", word_of(group.status), shown(stepped)), rest) << line;
  }
};

TEST(Step, DoesWhatTheCasesSay) {
  const std::vector<Case> cases = read_cases();
  EXPECT_GT(cases.size(), 25u);
  for (const Case& one : cases) {
    SCOPED_TRACE(one.name);
    Player player{.definition = definition_of(one), .group = new_group("*", kBegin, true)};
    for (const std::string& line : one.lines) player.play(line);
  }
}

TEST(Step, RemembersWhenItBeganAndWhenItWasWorst) {
  const Definition definition = definition_of(
      {.name = "x", .query = "avg(last_5m):avg:a{*} > 1", .options = "{}", .lines = {}});
  MonitorGroup group = new_group("*", kBegin, true);
  Reading high{.value = 5, .first_s = kBegin};
  Reading low{.value = 0, .first_s = kBegin};
  group = step(definition, group, &high, kBegin, false).group;
  EXPECT_EQ(group.triggered_s, kBegin);
  group = step(definition, group, &low, kBegin + 60, false).group;
  EXPECT_EQ(group.since_s, kBegin + 60);
  EXPECT_EQ(group.triggered_s, kBegin) << "for what is said of the recovery";
  group = step(definition, group, &high, kBegin + 120, false).group;
  EXPECT_EQ(group.triggered_s, kBegin + 120);
}

TEST(Step, GivesTheSameForTheSame) {
  // A look that is made again after a crash leads to the same state and the same words.
  const Definition definition = definition_of(
      {.name = "x", .query = "avg(last_5m):avg:a{*} > 1", .options = "{}", .lines = {}});
  const MonitorGroup group = new_group("*", kBegin, true);
  const Reading high{.value = 5, .first_s = kBegin};
  EXPECT_EQ(step(definition, group, &high, kBegin, false).group,
            step(definition, group, &high, kBegin, false).group);
}

}  // namespace
}  // namespace catalejo::monitor
