// What could be written where the cursor stands: names of attributes, keys of tags, values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "query/search/search.hpp"

namespace catalejo::query::search {

enum class Wanted { key, value };

// What is being typed. `begin` and `end` are code points of the query that a choice replaces.
struct Completion {
  Wanted wanted = Wanted::key;
  std::size_t begin = 0, end = 0;
  std::string typed;  // of the key or value, up to the cursor
  std::string key;    // whose value is wanted
};
Completion completion_at(std::string_view text, std::size_t cursor);

struct Suggestion {
  std::string text;         // to be put in place of what was typed, quoted if need be
  std::string_view kind;    // "attribute", "tag", "value"
  std::string_view type;    // of an attribute, see type_name(); else empty
  std::uint64_t count = 0;  // how often, among the newest spans of the range; 0 = not counted
};

// What is known without asking: names of attributes, the values of @status.
std::vector<Suggestion> known_suggestions(const Completion& completion);
// The rest is in the data: (text, count), most frequent first. nullopt when nothing there fits.
std::optional<Statement> plan_suggest(const Completion& completion, const Scope& scope);
// Adds what the statement gave, at most limits::suggest_items_max in all.
Result<void> add_suggestions(std::vector<Suggestion>& to, const Completion& completion,
                             std::string_view body);

}  // namespace catalejo::query::search
