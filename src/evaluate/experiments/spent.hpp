// What a run used so far, by whom it asked: kept as JSON with its progress, priced when it is read.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace catalejo::evaluate::experiments {

struct Spent {
  std::string judge;  // its name; empty = the deployment whose answers are the rows
  std::string deployment, resource, model;
  std::int64_t calls = 0, input_tokens = 0, output_tokens = 0;
};

// None of what is no such JSON.
std::vector<Spent> read_spent(std::string_view json);
std::string spent_json(const std::vector<Spent>& spent);
// To what the same has used.
void add_spent(std::vector<Spent>& spent, const Spent& more);

}  // namespace catalejo::evaluate::experiments
