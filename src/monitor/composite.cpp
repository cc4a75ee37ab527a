#include "monitor/composite.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "monitor/step.hpp"

namespace catalejo::monitor {
namespace {

std::vector<std::string> values_of(const std::vector<std::string>& tags) {
  std::vector<std::string> values;
  for (const std::string& tag : tags) values.push_back(tag.substr(tag.find(':') + 1));
  std::ranges::sort(values);
  return values;
}

// The groups of a member, to be found by values that another's has.
class ByValues {
 public:
  explicit ByValues(const Member& member) {
    for (const MonitorGroup& group : member.groups) {
      std::vector<std::string> values = values_of(tags_of(group.name, member.by));
      if (values.empty()) continue;
      const std::string first = values.front();
      groups_.emplace(first, std::pair(std::move(values), &group));
    }
  }

  const MonitorGroup* find(const std::vector<std::string>& values) const {
    for (const std::string& value : values) {
      const auto [begin, end] = groups_.equal_range(value);
      for (auto it = begin; it != end; ++it)
        if (std::ranges::includes(values, it->second.first)) return it->second.second;
    }
    return nullptr;
  }

 private:
  std::multimap<std::string, std::pair<std::vector<std::string>, const MonitorGroup*>> groups_;
};

Reading reading_of(const Composite& composite, const std::vector<Member>& members,
                   const std::vector<const MonitorGroup*>& groups, std::int64_t at_s) {
  Reading reading;
  std::vector<MonitorStatus> statuses;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const MonitorStatus status = groups[i] != nullptr ? groups[i]->status : MonitorStatus::unknown;
    statuses.push_back(status);
    const std::string letter(1, static_cast<char>('a' + i));
    reading.words[letter + ".name"] = members[i].name;
    reading.words[letter + ".status"] = word_of(status);
    reading.words[letter + ".value"] = groups[i] != nullptr && groups[i]->value
                                           ? fmt::format("{:.6g}", *groups[i]->value)
                                           : std::string();
  }
  const MonitorStatus status = status_of(composite, statuses);
  if (status == MonitorStatus::no_data) return reading;
  reading.first_s = at_s;
  if (status != MonitorStatus::unknown) reading.status = status;
  return reading;
}

}  // namespace

std::vector<Reading> read_members(const Composite& composite, const std::vector<Member>& members,
                                  std::int64_t at_s) {
  const auto lead =
      std::ranges::max_element(members, {}, [](const Member& member) { return member.by.size(); });
  std::vector<const MonitorGroup*> groups(members.size(), nullptr);
  static const Member kNobody;  // what was found points into the member it was found in
  std::vector<ByValues> found;
  for (std::size_t i = 0; i < members.size(); ++i) {
    found.emplace_back(members[i].by.empty() ? kNobody : members[i]);
    if (members[i].by.empty() && !members[i].groups.empty()) groups[i] = &members[i].groups.front();
  }
  if (lead->by.empty()) return {reading_of(composite, members, groups, at_s)};
  std::vector<Reading> readings;
  for (const MonitorGroup& group : lead->groups) {
    const std::vector<std::string> tags = tags_of(group.name, lead->by);
    const std::vector<std::string> values = values_of(tags);
    bool common = true;
    for (std::size_t i = 0; i < members.size() && common; ++i) {
      if (members[i].by.empty()) continue;
      groups[i] = &members[i] == &*lead ? &group : found[i].find(values);
      common = groups[i] != nullptr;
    }
    if (!common) continue;
    readings.push_back(reading_of(composite, members, groups, at_s));
    readings.back().tags = tags;
  }
  return readings;
}

std::string no_member(std::int64_t id, const Definition* definition) {
  if (definition == nullptr) return fmt::format("there is no monitor {}", id);
  if (definition->composite) return fmt::format("monitor {} is composite itself", id);
  if (!definition->is_watched()) return fmt::format("monitor {} is not watched here", id);
  return {};
}

}  // namespace catalejo::monitor
