#include "model/event.hpp"

#include <algorithm>
#include <array>
#include <random>
#include <span>

#include "base/hash.hpp"

namespace catalejo::model {
namespace {

constexpr std::uint64_t kPositive = ~(std::uint64_t{1} << 63);

std::string_view one_of(std::string_view text, std::span<const std::string_view> names) {
  const auto found = std::ranges::find(names, text);
  return found == names.end() ? std::string_view() : *found;
}

// 0 means none.
std::uint64_t id_of(std::uint64_t bits) {
  return std::max<std::uint64_t>(bits & kPositive, 1);
}

}  // namespace

std::uint64_t event_id(const Event& event) {
  std::string key = std::to_string(static_cast<int>(event.kind)) + '\0' +
                    std::to_string(event.time.value) + '\0' +
                    std::to_string(static_cast<int>(event.status));
  for (const std::string* text : {&event.title, &event.text, &event.host, &event.aggregation_key,
                                  &event.priority, &event.source_type, &event.alert_type})
    (key += '\0') += *text;
  for (const std::string& tag : event.tags) (key += '\0') += tag;
  return id_of(hash128(key, /*seed=*/6).low);
}

std::uint64_t new_event_id() {
  thread_local std::mt19937_64 random = [] {
    std::random_device device;
    std::seed_seq seed{device(), device(), device(), device()};
    return std::mt19937_64(seed);
  }();
  return id_of(random());
}

std::string_view priority_name(std::string_view text) {
  static constexpr std::array<std::string_view, 2> kNames = {"normal", "low"};
  return one_of(text, kNames);
}

std::string_view alert_type_name(std::string_view text) {
  static constexpr std::array<std::string_view, 7> kNames = {
      "info", "error", "warning", "success", "user_update", "recommendation", "snapshot"};
  return one_of(text, kNames);
}

std::string_view check_status_name(CheckStatus status) {
  static constexpr std::array<std::string_view, 4> kNames = {"ok", "warning", "critical",
                                                             "unknown"};
  const auto at = static_cast<std::size_t>(status);
  return at < kNames.size() ? kNames[at] : kNames.back();
}

}  // namespace catalejo::model
