#include "query/search_query.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/limits.hpp"

namespace catalejo::query {
namespace {

struct Term {
  bool negated = false;
  std::string key;    // empty for free text
  std::string value;  // without its quotes
  bool quoted = false;
  std::string text;  // as it was written, for messages
};

struct Attribute {
  std::string_view name, field;
};
constexpr std::array kAttributes = {
    Attribute{"@ml_app", "ml_app"},
    Attribute{"@name", "name"},
    Attribute{"@status", "status"},
    Attribute{"@service", "service"},
    Attribute{"@env", "env"},
    Attribute{"@version", "version"},
    Attribute{"@span_kind", "kind"},
    Attribute{"@meta.span.kind", "kind"},
    Attribute{"@meta.kind", "kind"},
    Attribute{"@meta.error.type", "error_type"},
    Attribute{"@error.type", "error_type"},
    Attribute{"@model_name", "model"},
    Attribute{"@meta.model_name", "model"},
    Attribute{"@model_provider", "provider"},
    Attribute{"@meta.model_provider", "provider"},
    Attribute{"@session_id", "session"},
    Attribute{"service", "service"},
    Attribute{"env", "env"},
    Attribute{"version", "version"},
    Attribute{"ml_app", "ml_app"},
    Attribute{"status", "status"},
};

Error unsupported(std::string_view part, std::string_view why) {
  return Error{Code::bad_request, fmt::format("'{}' is not supported: {}", part, why),
               "filter[query]"};
}

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

// Reads up to a space outside quotes; sets the key at the first ':' before any quote.
Result<Term> take_term(std::string_view& rest) {
  const std::string_view whole = rest;
  Term term;
  if (rest.starts_with('-') && rest.size() > 1) {
    term.negated = true;
    rest.remove_prefix(1);
  }
  std::string text;
  bool in_quotes = false;
  for (; !rest.empty() && (in_quotes || !is_space(rest.front())); rest.remove_prefix(1)) {
    const char c = rest.front();
    if (c == '\\' && rest.size() > 1) {
      rest.remove_prefix(1);
      text += rest.front();
    } else if (c == '"') {
      in_quotes = !in_quotes;
      term.quoted = true;
    } else if (c == ':' && term.key.empty() && !term.quoted && !text.empty()) {
      term.key = std::move(text);
      text.clear();
    } else if (!in_quotes && (c == '(' || c == ')' || c == '[' || c == ']' || c == '{')) {
      return unsupported(whole.substr(0, whole.size() - rest.size() + 1),
                         "brackets, lists and ranges are not understood here");
    } else {
      text += c;
    }
  }
  term.text = std::string(whole.substr(0, whole.size() - rest.size()));
  if (in_quotes) return unsupported(term.text, "the closing quote is missing");
  term.value = std::move(text);
  return term;
}

Result<void> check_value(const Term& term) {
  if (term.quoted) return {};
  if (term.value.empty()) return unsupported(term.text, "there is no value behind the colon");
  if (term.value.find_first_of("*?") != std::string::npos)
    return unsupported(term.text, "wildcards are not understood here");
  if (term.value.front() == '>' || term.value.front() == '<')
    return unsupported(term.text, "comparisons are not understood here");
  return {};
}

Result<void> add_id(Filter& filter, const Term& term) {
  if (term.key == "@trace_id") {
    filter.trace_id = parse_trace_id(term.value);
    if (!filter.trace_id) return unsupported(term.text, "this is no trace id");
  } else {
    filter.span_id = parse_span_id(term.value);
    if (!filter.span_id) return unsupported(term.text, "this is no span id");
  }
  return {};
}

Result<void> add_keyed(Filter& filter, const Term& term) {
  CATALEJO_TRY(check_value(term));
  const auto known = std::ranges::find(kAttributes, term.key, &Attribute::name);
  if (known != kAttributes.end())
    return filter.add_value(*find_field(known->field), (term.negated ? "-" : "") + term.value);
  if ((term.key == "@trace_id" || term.key == "@span_id") && !term.negated)
    return add_id(filter, term);
  if (term.key == "@event_type" && term.value == "span" && !term.negated) return {};
  if (term.key == "@parent_id" && term.value == "undefined" && !term.negated) {
    filter.view = View::traces;
    return {};
  }
  if (term.key.starts_with('@') || term.key.starts_with('_'))
    return unsupported(term.text, "this attribute cannot be searched by");
  if (filter.tags.size() == limits::filter_values_max)
    return unsupported(term.text, "too many tags in one search");
  filter.tags.push_back({term.key, term.value, term.negated});
  return {};
}

Result<void> add_term(Filter& filter, const Term& term) {
  if (!term.key.empty()) return add_keyed(filter, term);
  if (!term.quoted) {
    if (term.value == "AND" || term.value == "*") return {};
    if (term.value == "OR" || term.value == "NOT")
      return unsupported(term.text, "every term must hold; write -key:value to exclude");
    CATALEJO_TRY(check_value(term));
  }
  if (term.negated) return unsupported(term.text, "free text cannot be excluded");
  if (term.value.empty()) return {};
  if (filter.words.size() == limits::filter_words_max)
    return unsupported(term.text, "too many words in one search");
  filter.words.push_back(term.value);
  return {};
}

}  // namespace

Result<void> add_search_query(Filter& filter, std::string_view text) {
  if (text.size() > limits::filter_text_bytes_max)
    return unsupported("filter[query]", "the search is too long");
  while (true) {
    while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
    if (text.empty()) return {};
    auto term = take_term(text);
    if (!term) return term.error();
    CATALEJO_TRY(add_term(filter, *term));
  }
}

}  // namespace catalejo::query
