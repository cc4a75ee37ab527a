#include "query/filter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "base/limits.hpp"

namespace catalejo::query {
namespace {

constexpr std::array kFields = {
    Field{"service", "service"},
    Field{"ml_app", "ml_app"},
    Field{"env", "env"},
    Field{"version", "version"},
    Field{"kind", "kind"},
    Field{"name", "name"},
    Field{"model", "model"},
    Field{"provider", "provider"},
    Field{"deployment", "deployment"},
    Field{"prompt", "prompt"},
    Field{"status", "if(error = 0, 'ok', 'error')"},
    Field{"error_type", "error_type"},
    Field{"session", "session_id", true},
    Field{"user", "user_id", true},
    Field{"source", "source"},
};

Result<UnixNanos> parse_bound(std::string_view name, std::string_view text, UnixNanos now) {
  if (const auto time = parse_time(text, now)) return *time;
  return bad(std::string(name),
             fmt::format("'{}' is no time: write RFC 3339 (2026-11-24T03:00:00Z), "
                         "milliseconds since 1970, or now-15m",
                         text));
}

Result<std::int64_t> parse_duration_ms(std::string_view name, std::string_view text) {
  double millis = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), millis);
  constexpr double kMillisMax = 9.0e12;  // beyond it nanoseconds do not fit 64 bits
  if (error != std::errc{} || end != text.data() + text.size() || !(millis >= 0) ||
      millis > kMillisMax) {
    return bad(std::string(name),
               fmt::format("'{}' is no duration: write milliseconds, 0 or more", text));
  }
  return static_cast<std::int64_t>(std::llround(millis * 1e6));
}

Result<View> parse_view(std::string_view text) {
  if (text == "traces") return View::traces;
  if (text == "spans") return View::spans;
  if (text == "apm") return View::apm;
  return bad("view", fmt::format("'{}' is no view: write traces, spans or apm", text));
}

Result<void> add_tag(Filter& filter, std::string_view text) {
  const bool excluded = text.starts_with('-');
  if (excluded) text.remove_prefix(1);
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0)
    return bad("tag", fmt::format("'{}' is no tag: write key:value", text));
  if (filter.tags.size() == limits::filter_values_max)
    return bad("tag", "too many tags in one filter");
  filter.tags.push_back(
      {std::string(text.substr(0, colon)), std::string(text.substr(colon + 1)), excluded});
  return {};
}

// Parameters that are neither a time nor a field. False when the name is not one of them.
Result<bool> add_other(Filter& filter, std::string_view name, std::string_view value) {
  if (name == "view") {
    auto view = parse_view(value);
    if (!view) return view.error();
    filter.view = *view;
  } else if (name == "tag") {
    CATALEJO_TRY(add_tag(filter, value));
  } else if (name == "query") {
    CATALEJO_TRY(filter.set_search(value, "query"));
  } else if (name == "min_duration_ms" || name == "max_duration_ms") {
    auto duration = parse_duration_ms(name, value);
    if (!duration) return duration.error();
    (name.starts_with("min") ? filter.duration_ns_min : filter.duration_ns_max) = *duration;
  } else {
    return false;
  }
  return true;
}

Result<void> add_parameter(Filter& filter, const std::string& name, const std::string& value,
                           UnixNanos now, const std::vector<std::string_view>& also_allowed) {
  if (value.size() > limits::filter_text_bytes_max) {
    return bad(name, fmt::format("longer than {} bytes", limits::filter_text_bytes_max));
  }
  if (name == "from" || name == "to") {
    auto bound = parse_bound(name, value, now);
    if (!bound) return bound.error();
    (name == "from" ? filter.from : filter.to) = *bound;
    return {};
  }
  if (const Field* field = find_field(name)) return filter.add_value(*field, value);
  auto known = add_other(filter, name, value);
  if (!known) return known.error();
  if (*known || std::ranges::find(also_allowed, name) != also_allowed.end()) return {};
  return bad(name, fmt::format("there is no parameter '{}' here", name));
}

}  // namespace

const Field* find_field(std::string_view parameter) {
  const auto found = std::ranges::find(kFields, parameter, &Field::parameter);
  return found == kFields.end() ? nullptr : &*found;
}

Result<void> Filter::add_value(const Field& field, std::string_view value) {
  const bool excluded = value.starts_with('-');
  if (excluded) value.remove_prefix(1);
  if (field.parameter == "status" && value != "ok" && value != "error")
    return bad("status", fmt::format("'{}' is no status: write ok or error", value));
  auto found = std::ranges::find(fields, &field, &FieldFilter::field);
  if (found == fields.end()) {
    fields.push_back({&field, {}, {}});
    found = fields.end() - 1;
  }
  if (found->wanted.size() + found->excluded.size() == limits::filter_values_max)
    return bad(std::string(field.parameter), "too many values in one filter");
  (excluded ? found->excluded : found->wanted).emplace_back(value);
  return {};
}

Result<Filter> parse_filter(const Parameters& parameters, View view_default, UnixNanos now,
                            const std::vector<std::string_view>& also_allowed) {
  Filter filter;
  filter.view = view_default;
  filter.from = {now.value - 3600 * kNanosPerSecond};
  filter.to = now;
  for (const auto& [name, value] : parameters)
    CATALEJO_TRY(add_parameter(filter, name, value, now, also_allowed));
  if (filter.from > filter.to) {
    return bad("from", fmt::format("from ({}) is after to ({})", to_rfc3339(filter.from),
                                   to_rfc3339(filter.to)));
  }
  return filter;
}

Error error_of(const search::Problem& problem, std::string where) {
  return bad(std::move(where),
             fmt::format("at character {}: {}", problem.position + 1, problem.message));
}

Result<void> Filter::set_search(std::string_view text, std::string where) {
  auto read = search::read(text);
  if (const auto* problem = std::get_if<search::Problem>(&read))
    return error_of(*problem, std::move(where));
  search = std::get<search::Query>(std::move(read));
  return {};
}

}  // namespace catalejo::query
