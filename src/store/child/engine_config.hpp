// What the engine is told at start. Its defaults are those of a large server.
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace catalejo::store {

// The text of its configuration file.
std::string engine_config(std::uint64_t memory_bytes_max);
// The settings of a statement that brings none of its own.
std::map<std::string, std::string> session_settings(std::uint64_t memory_bytes_max);

}  // namespace catalejo::store
