// The dashboards that come with the program: dashboards/*.json, embedded. For this folder only.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "store/dashboards.hpp"

namespace catalejo::api {

struct ShippedFile {
  std::string_view id;  // "catalejo-loss-ledger"; no dashboard of a user has such an id
  std::string_view json;
};
// Made by CMake; by id.
std::span<const ShippedFile> shipped_files();

// As if somebody had kept them at `time`.
std::span<const store::Dashboard> shipped_dashboards(UnixNanos time);
const store::Dashboard* find_shipped(std::string_view id, UnixNanos time);

}  // namespace catalejo::api
