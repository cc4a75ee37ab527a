// What a user says about money: which model a deployment is, what it costs, and since when. The
// control plane keeps these; src/cost computes with them.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"

namespace catalejo::model {

// How a deployment is billed; Azure meters each on its own.
enum class DeploymentType : std::uint8_t {
  global,           // Global Standard: the assumption where nothing is known
  data_zone,        // Data Zone Standard, in the EU and US zones
  regional,         // Standard, in one region
  global_batch,     // Global Batch
  data_zone_batch,  // Data Zone Batch
  provisioned,      // PTU: paid by the hour, whatever is used
};
inline constexpr std::array<std::string_view, 6> kDeploymentTypeNames = {
    "global", "data_zone", "regional", "global_batch", "data_zone_batch", "provisioned"};

constexpr std::string_view deployment_type_name(DeploymentType type) {
  return kDeploymentTypeNames[static_cast<std::size_t>(type)];
}
constexpr std::optional<DeploymentType> deployment_type_of(std::string_view name) {
  for (std::size_t i = 0; i < kDeploymentTypeNames.size(); ++i)
    if (kDeploymentTypeNames[i] == name) return static_cast<DeploymentType>(i);
  return std::nullopt;
}

// Billionths of a dollar per million tokens; -1 = no such price is known.
struct Rates {
  std::int64_t input = -1, cached_input = -1, cache_write = -1, output = -1;
  std::int64_t audio_input = -1, audio_output = -1;
  bool operator==(const Rates&) const = default;
};

// When something holds: from the first moment to before the second.
struct Validity {
  UnixNanos from{INT64_MIN};
  UnixNanos to{INT64_MAX};
  bool holds(UnixNanos time) const { return time >= from && time < to; }
  bool operator==(const Validity&) const = default;
};

// "In these months, deployment `prod-chat` of this resource was gpt-4o, Data Zone."
struct DeploymentMapping {
  std::int64_t id = 0;
  std::string deployment;
  std::string resource;  // name of the Azure resource or its host; empty = of any
  std::string model;
  DeploymentType type = DeploymentType::global;
  bool type_known = true;              // else the type is only the usual one
  std::int64_t monthly_nano_usd = -1;  // provisioned only
  Validity validity;
};

// A price of the user's: wins over the catalogue.
struct OwnPrice {
  std::int64_t id = 0;
  std::string model;
  std::optional<DeploymentType> type;  // nullopt = however it is deployed
  Rates rates;
  Validity validity;
  std::string note;  // "enterprise agreement 2026"
};

}  // namespace catalejo::model
