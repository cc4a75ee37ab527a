// A judge as a person sets it up: what is asked, of which spans, how often, and whom; and its form
// as JSON, which the control store keeps and the API speaks (openapi.json: JudgeSettings).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "evaluate/judge/definition.hpp"

namespace catalejo::evaluate::judge {

struct Settings {
  Definition definition;
  std::string deployment;                    // empty = the first that the program was given
  std::vector<std::string> kinds = {"llm"};  // empty = any
  std::vector<std::string> apps;             // empty = all
  std::string query;                         // of the search language; empty = every span
  double sampling = 1;                       // share of traces
  std::int64_t calls_per_day = 1'000;        // 0 = without end
  std::int64_t tokens_per_day = 0;           // the same; the last call may go over by what it takes
};

// Checked. Errors: bad_request with the field as `where`.
Result<Settings> read_settings(std::string_view json);
void append_settings(std::string& out, const Settings& settings);

}  // namespace catalejo::evaluate::judge
