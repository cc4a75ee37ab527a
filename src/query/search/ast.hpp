// A search as a tree. The parser makes it, the binder adds what each key means and what each value
// is worth, the planner writes it as SQL. docs/formats/search-language.md is its grammar.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "query/search/attributes.hpp"
#include "query/search/problem.hpp"

namespace catalejo::query::search {

// What was typed for a name or value, without its quotes and backslashes.
struct Text {
  std::string literal;
  std::string like;       // the same as a pattern of LIKE
  std::string regex;      // and of a regular expression whose wildcards stay inside a word
  bool wildcard = false;  // holds a `*` or `?` that is neither quoted nor escaped
  bool quoted = false;    // some of it stood in quotes
  bool only_star() const { return wildcard && like == "%"; }
};

struct Value {
  Text text;
  Place place;
  // Set by the binder, by the type of the attribute.
  double number = 0;
  std::int64_t integer = 0;  // nanoseconds, nano-dollars, a count, 0 or 1
  bool is_number = false;
  TraceId trace_id;
  SpanId span_id;
};

enum class Op { equal, less, less_equal, greater, greater_equal, range, any_of, exists };

struct Judged;

struct Term {
  std::string key;  // "@meta.span.kind", "team"; empty for free text
  Place key_place;
  Op op = Op::equal;
  // One; for a range both ends; for any_of one or more; for exists none.
  std::vector<Value> values;
  bool low_excluded = false, high_excluded = false;  // {a TO b}; an end `*` is no end
  Target target;                                     // set by the binder
  // Of an evaluation: what was found beforehand (judged.hpp); nullptr when it is to be selected.
  std::shared_ptr<const Judged> judged = {};
};

enum class Kind { everything, all_of, any_of, none_of, word, term };

struct Node {
  Kind kind = Kind::everything;
  Place place;
  std::vector<Node> children;  // of all_of, any_of; one of none_of
  Term term;                   // of term and word
};

}  // namespace catalejo::query::search
