// /api/v1/monitor/search and /api/v1/monitor/groups/search, as Datadog's clients read them.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "api/body.hpp"
#include "api/monitors_json.hpp"
#include "base/ascii.hpp"
#include "monitor/span_query.hpp"

namespace catalejo::api {
namespace {

constexpr std::size_t kPageSize = 30, kPageSizeMax = 100;

// A word of the search: "status:alert", "text". In quotes it may hold blanks.
struct Word {
  std::string key, value;
};

std::vector<Word> words_of(std::string_view text) {
  std::vector<Word> words;
  while (true) {
    const std::size_t begin = text.find_first_not_of(" \t");
    if (begin == std::string_view::npos) return words;
    text.remove_prefix(begin);
    Word word;
    bool quoted = false;
    std::size_t at = 0;
    for (; at < text.size() && (quoted || text[at] != ' '); ++at) {
      if (text[at] == '"') {
        quoted = !quoted;
      } else if (text[at] == ':' && word.key.empty() && !quoted) {
        word.key = lower_ascii(word.value);
        word.value.clear();
      } else {
        word.value += text[at];
      }
    }
    text.remove_prefix(at);
    word.value = lower_ascii(word.value);
    words.push_back(std::move(word));
  }
}

bool contains(std::string_view text, std::string_view part) {
  return lower_ascii(text).find(part) != std::string::npos;
}

std::string kind_of(const KnownMonitor& known) {
  if (known.definition.composite) return "composite";
  if (!known.definition.query) return "unsupported";
  if (monitor::is_span_type(known.definition.type))
    return known.definition.type.substr(0, known.definition.type.find(' '));
  const std::string_view band = known.definition.query->band();
  if (band == "anomalies") return "anomaly";
  if (band == "forecast" || band == "outliers") return std::string(band.substr(0, band.size()));
  return "metric";
}

// Of groups `status` is theirs.
bool fits(const KnownMonitor& known, const Word& word, std::string_view status, std::int64_t at_s) {
  const monitor::Definition& definition = known.definition;
  if (word.key.empty() || word.key == "name" || word.key == "title")
    return contains(known.monitor.name, word.value) ||
           (word.key.empty() && contains(known.monitor.query, word.value));
  if (word.key == "status") return lower_ascii(status) == word.value;
  if (word.key == "id") return fmt::format("{}", known.monitor.id) == word.value;
  if (word.key == "type")
    return kind_of(known) == word.value || lower_ascii(definition.type) == word.value;
  if (word.key == "muted") return known.muted(at_s) == (word.value == "true");
  if (word.key == "metric")
    return definition.query &&
           std::ranges::any_of(definition.query->metrics.metrics, [&](const auto& metric) {
             return lower_ascii(metric.name) == word.value;
           });
  if (word.key == "priority") return fmt::format("p{}", definition.priority) == word.value;
  const std::string tag =
      word.key == "tag" ? word.value : fmt::format("{}:{}", word.key, word.value);
  return std::ranges::any_of(definition.tags,
                             [&](const std::string& each) { return lower_ascii(each) == tag; });
}

struct Asked {
  std::vector<Word> words;
  std::size_t page = 0, size = kPageSize;
};

Result<Asked> asked_of(const net::Request& request) {
  Asked asked{.words = words_of(request.parameter("query").value_or(""))};
  for (const auto& [name, to] :
       {std::pair{"page", &asked.page}, std::pair{"per_page", &asked.size}}) {
    const auto text = request.parameter(name);
    if (!text) continue;
    auto number = parse_number(*text);
    if (!number) return bad(name, "must be a number");
    *to = static_cast<std::size_t>(std::min<std::int64_t>(*number, 1'000'000));
  }
  asked.size = std::clamp<std::size_t>(asked.size, 1, kPageSizeMax);
  return asked;
}

void append_counts(std::string& out, const std::map<std::string, std::int64_t>& counts) {
  append_array(out, counts, [](std::string& item, const auto& count) {
    Fields fields(item);
    fields.integer("count", count.second);
    fields.text("name", count.first);
    fields.close();
  });
}

void append_metadata(std::string& out, const Asked& asked, std::size_t total, std::size_t shown) {
  Fields metadata(out);
  metadata.integer("page", static_cast<std::int64_t>(asked.page));
  metadata.integer("page_count", static_cast<std::int64_t>((total + asked.size - 1) / asked.size));
  metadata.integer("per_page", static_cast<std::int64_t>(shown));
  metadata.integer("total_count", static_cast<std::int64_t>(total));
  metadata.close();
}

std::int64_t last_triggered(const KnownMonitor& known) {
  std::int64_t last = -1;
  for (const model::MonitorGroup& group : known.groups)
    if (group.retriggered_s > 0) last = std::max(last, group.retriggered_s);
  return last;
}

void append_found(std::string& out, const KnownMonitor& known) {
  Fields fields(out);
  fields.integer("id", known.monitor.id);
  fields.text("name", known.monitor.name);
  fields.text("type", known.definition.type);
  fields.text("query", known.monitor.query);
  fields.text("classification", kind_of(known));
  fields.text("status", known.state());
  fields.known("last_triggered_ts", last_triggered(known));
  append_array(fields.key("tags"), known.definition.tags, codec::append_json_string);
  std::vector<std::string> metrics;
  if (known.definition.query)
    for (const auto& metric : known.definition.query->metrics.metrics)
      metrics.push_back(metric.name);
  append_array(fields.key("metrics"), metrics, codec::append_json_string);
  fields.key("notifications") += "[]";
  fields.key("scopes") += "[]";
  fields.close();
}

Result<std::vector<KnownMonitor>> all_known(const ApiPtr& api) {
  auto monitors = api->monitors.list();
  if (!monitors) return monitors.error();
  const auto current = current_downtimes(api->monitors, seconds_now());
  if (!current) return current.error();
  std::vector<KnownMonitor> all;
  for (store::Monitor& monitor : *monitors) {
    auto known = known_monitor(api->monitors, std::move(monitor), *current);
    if (!known) return known.error();
    all.push_back(*std::move(known));
  }
  return all;
}

struct FoundGroup {
  const KnownMonitor* known;
  const model::MonitorGroup* group;
};

void append_found_group(std::string& out, const FoundGroup& found) {
  Fields fields(out);
  fields.text("group", found.group->name);
  fields.key("group_tags") += "[]";
  fields.text("status", monitor::word_of(found.group->status));
  fields.known("last_triggered_ts",
               found.group->retriggered_s == 0 ? -1 : found.group->retriggered_s);
  fields.integer("monitor_id", found.known->monitor.id);
  fields.text("monitor_name", found.known->monitor.name);
  fields.close();
}

// The part of the rows that the page shows.
template <typename Rows, typename Append>
std::size_t append_page(std::string& out, const Rows& rows, const Asked& asked, Append append) {
  const std::size_t begin = std::min(asked.page * asked.size, rows.size());
  const std::size_t end = std::min(begin + asked.size, rows.size());
  out += '[';
  for (std::size_t i = begin; i < end; ++i) {
    if (i > begin) out += ',';
    append(out, rows[i]);
  }
  out += ']';
  return end - begin;
}

}  // namespace

Answer search_monitors(ApiPtr api, net::Request request, std::string) {
  const auto asked = asked_of(request);
  if (!asked) co_return problem(asked.error());
  const auto all = all_known(api);
  if (!all) co_return problem(all.error());
  const std::int64_t at_s = seconds_now();
  std::vector<const KnownMonitor*> found;
  std::map<std::string, std::int64_t> statuses, types, tags;
  for (const KnownMonitor& known : *all) {
    if (!std::ranges::all_of(
            asked->words, [&](const Word& word) { return fits(known, word, known.state(), at_s); }))
      continue;
    found.push_back(&known);
    ++statuses[std::string(known.state())];
    ++types[kind_of(known)];
    for (const std::string& tag : known.definition.tags) ++tags[tag];
  }
  std::string body;
  Fields fields(body);
  Fields counts(fields.key("counts"));
  append_counts(counts.key("status"), statuses);
  append_counts(counts.key("type"), types);
  append_counts(counts.key("tag"), tags);
  counts.key("muted") += "[]";
  counts.close();
  const std::size_t shown =
      append_page(fields.key("monitors"), found, *asked,
                  [](std::string& out, const KnownMonitor* known) { append_found(out, *known); });
  append_metadata(fields.key("metadata"), *asked, found.size(), shown);
  fields.close();
  co_return json_answer(std::move(body));
}

Answer search_monitor_groups(ApiPtr api, net::Request request, std::string) {
  const auto asked = asked_of(request);
  if (!asked) co_return problem(asked.error());
  const auto all = all_known(api);
  if (!all) co_return problem(all.error());
  const std::int64_t at_s = seconds_now();
  std::vector<FoundGroup> found;
  std::map<std::string, std::int64_t> statuses;
  for (const KnownMonitor& known : *all) {
    for (const model::MonitorGroup& group : known.groups) {
      const std::string_view status = monitor::word_of(group.status);
      if (!std::ranges::all_of(asked->words, [&](const Word& word) {
            return (word.key == "group" && contains(group.name, word.value)) ||
                   fits(known, word, status, at_s);
          }))
        continue;
      found.push_back({.known = &known, .group = &group});
      ++statuses[std::string(status)];
    }
  }
  std::string body;
  Fields fields(body);
  Fields counts(fields.key("counts"));
  append_counts(counts.key("status"), statuses);
  counts.key("type") += "[]";
  counts.close();
  const std::size_t shown = append_page(fields.key("groups"), found, *asked, append_found_group);
  append_metadata(fields.key("metadata"), *asked, found.size(), shown);
  fields.close();
  co_return json_answer(std::move(body));
}

}  // namespace catalejo::api
