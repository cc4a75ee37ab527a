// The attributes that can be searched by, with their types and where the database keeps them.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace catalejo::query::search {

enum class Type {
  text,        // compared as it is; wildcards
  dynamic,     // text that may hold a number: tags, metadata, values of evaluations
  content,     // long JSON: a value occurs in it
  number,      // 64-bit float
  count,       // whole number, -1 = unknown
  duration,    // nanoseconds
  money,       // nano-dollars
  status,      // ok, error
  flag,        // true, false
  trace_id,    // of either half
  span_id,     //
  parent_id,   // a span id or `undefined`
  event_type,  // `span`: everything kept here is one
};
std::string_view type_name(Type type);

// Where the value is looked for.
enum class Source {
  column,      // a column of the row
  tag,         // tags[name]
  metric,      // metrics[name]
  metadata,    // a path in the JSON of the request's parameters
  evaluation,  // another table, by label
  trace,       // a figure of all spans of the trace
};

struct Attribute {
  std::string_view name;  // "@meta.model_name"
  Type type;
  std::string_view column;  // or the aggregate, for a figure of the trace
  bool alias = false;       // understood, but not what is offered
};

// What a key means.
struct Target {
  Source source = Source::column;
  Type type = Type::text;
  std::string_view column;  // of column and trace: SQL of ours
  std::string name;         // of the tag, metric or evaluation's label
  std::vector<std::string> path;
  std::string_view part;  // of an evaluation: "value", "assessment", "reasoning", "" = any
  bool child = false;     // of a descendant in the same trace
};

std::span<const Attribute> span_attributes();
std::span<const Attribute> trace_figures();  // named "@trace.…"
// How the open-ended ones begin: "@metrics.", "@meta.metadata.", …
std::span<const std::string_view> open_prefixes();

// nullopt for a key with @ that means nothing. A key without @ is a tag, or the column that Datadog
// fills from the tag of that name.
std::optional<Target> resolve(std::string_view key);

// The attribute that was probably meant; empty when none is near.
std::string nearest_attribute(std::string_view key);
// The one of `words` nearest to `typed`, when it is near at all.
std::string_view nearest(std::string_view typed, std::span<const std::string_view> words);

}  // namespace catalejo::query::search
