// /api/v1/monitor: monitors as Datadog's API keeps them, so that its clients and exported files
// work. Contract: Datadog's API reference, Monitors.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "api/body.hpp"
#include "api/monitors_json.hpp"
#include "base/limits.hpp"
#include "base/log.hpp"
#include "monitor/composite.hpp"
#include "monitor/message.hpp"

namespace catalejo::api {
namespace {

using monitor::Definition;

constexpr std::size_t kPageMax = 1'000;

store::Monitor monitor_of(Definition definition) {
  return {.name = std::move(definition.name),
          .type = std::move(definition.type),
          .query = std::move(definition.query_text),
          .body = std::move(definition.body)};
}

net::Response kept_answer(const ApiPtr& api, const net::Request& request, store::Monitor monitor) {
  auto kept = api->monitors.put(std::move(monitor));
  if (!kept) return problem(kept.error());
  log::info("audit", "monitor {} kept by {}", kept->id, who(api, request));
  return monitor_answer(api, *std::move(kept));
}

// A composite of monitors that are not there is made by an import only.
Result<void> check_members(const ApiPtr& api, const Definition& definition) {
  if (!definition.composite) return {};
  for (const std::int64_t id : definition.composite->members)
    if (auto member = find_member(api->monitors, id); !member) return member.error();
  return {};
}

// The composites that this one is a member of.
Result<std::vector<std::int64_t>> composites_with(const ApiPtr& api, std::int64_t id) {
  auto monitors = api->monitors.list();
  if (!monitors) return monitors.error();
  std::vector<std::int64_t> found;
  for (const store::Monitor& monitor : *monitors) {
    if (monitor.type != "composite") continue;
    const auto composite = monitor::parse_composite(monitor.query);
    if (composite && std::ranges::find(composite->members, id) != composite->members.end())
      found.push_back(monitor.id);
  }
  return found;
}

std::string in_use(std::int64_t id, const std::vector<std::int64_t>& composites) {
  return fmt::format("monitor [{}] is referenced in composite monitors: [{}]", id,
                     fmt::join(composites, ","));
}

// What a client that read it sends back of what mutes it is not kept once more.
Result<Definition> without_mutes(const ApiPtr& api, const store::Monitor& before,
                                 Definition definition) {
  const auto current = current_downtimes(api->monitors, seconds_now());
  if (!current) return current.error();
  const auto known = known_monitor(api->monitors, before, *current);
  if (!known) return known.error();
  std::map<std::string, std::int64_t> silenced = definition.silenced;
  for (const auto& mute : known->mutes())
    if (const auto found = silenced.find(mute.first);
        found != silenced.end() && found->second == mute.second)
      silenced.erase(found);
  if (silenced.size() == definition.silenced.size()) return definition;
  auto body = monitor::with_silenced(std::move(definition.body), silenced);
  if (!body) return body.error();
  return monitor::read_definition(*std::move(body), /*lenient=*/true);
}

Result<store::Monitor> changed(const ApiPtr& api, std::int64_t id, std::string change) {
  auto before = api->monitors.get(id);
  if (!before) return before.error();
  auto body = monitor::merged(before->body, std::move(change));
  if (!body) return body.error();
  auto definition = monitor::read_definition(*std::move(body), /*lenient=*/false);
  if (!definition) return definition.error();
  CATALEJO_TRY(check_members(api, *definition));
  definition = without_mutes(api, *before, *std::move(definition));
  if (!definition) return definition.error();
  store::Monitor monitor = monitor_of(*std::move(definition));
  monitor.id = id;
  return monitor;
}

bool has_all(const std::vector<std::string>& tags, std::string_view wanted) {
  while (!wanted.empty()) {
    const std::string_view tag = wanted.substr(0, wanted.find(','));
    if (std::ranges::find(tags, tag) == tags.end()) return false;
    wanted.remove_prefix(std::min(tag.size() + 1, wanted.size()));
  }
  return true;
}

std::size_t number_or(const net::Request& request, std::string_view name, std::size_t fallback) {
  const auto number = parse_number(request.parameter(name).value_or(""));
  return number && *number >= 0 ? static_cast<std::size_t>(*number) : fallback;
}

net::Response validated(const ApiPtr& api, std::string body) {
  auto definition = monitor::read_definition(std::move(body), /*lenient=*/false);
  if (!definition) return problem(definition.error());
  if (auto members = check_members(api, *definition); !members) return problem(members.error());
  const std::vector<std::string> problems = monitor::problems_of(definition->message);
  if (!problems.empty()) return problem(bad("message", problems.front()));
  return json_answer("{}");
}

net::Response list(const ApiPtr& api, const net::Request& request, const std::string&) {
  const auto current = current_downtimes(api->monitors, seconds_now());
  if (!current) return problem(current.error());
  auto monitors = api->monitors.list();
  if (!monitors) return problem(monitors.error());
  const std::string name = request.parameter("name").value_or("");
  const std::string tags = request.parameter("monitor_tags").value_or("");
  const bool with_groups = request.parameter("group_states").has_value();
  const std::size_t size = std::min(number_or(request, "page_size", kPageMax), kPageMax);
  std::size_t skipped = number_or(request, "page", 0) * size, count = 0;
  std::string body = "[";
  for (store::Monitor& monitor : *monitors) {
    if (count == size) break;
    if (monitor.name.find(name) == std::string::npos) continue;
    auto known = known_monitor(api->monitors, std::move(monitor), *current);
    if (!known) return problem(known.error());
    if (!has_all(known->definition.tags, tags)) continue;
    if (skipped > 0) {
      --skipped;
      continue;
    }
    if (count++ > 0) body += ',';
    append_monitor(body, *known, with_groups);
  }
  return json_answer(body + "]");
}

net::Response read(const ApiPtr& api, const net::Request&, const std::string& id) {
  const auto number = parse_number(id);
  if (!number) return problem(number.error());
  auto monitor = api->monitors.get(*number);
  if (!monitor) return problem(monitor.error());
  return monitor_answer(api, *std::move(monitor));
}

net::Response create(const ApiPtr& api, const net::Request& request, const std::string&) {
  auto definition = monitor::read_definition(std::string(request.body), /*lenient=*/false);
  if (!definition) return problem(definition.error());
  if (auto members = check_members(api, *definition); !members) return problem(members.error());
  store::Monitor monitor = monitor_of(*std::move(definition));
  monitor.author = author_or_key(api, request, {});
  return kept_answer(api, request, std::move(monitor));
}

// What cannot be looked at here is kept, too, and says why.
net::Response take(const ApiPtr& api, const net::Request& request, const std::string&) {
  auto definition = monitor::read_definition(std::string(request.body), /*lenient=*/true);
  if (!definition) return problem(definition.error());
  store::Monitor monitor = monitor_of(*std::move(definition));
  monitor.author = author_or_key(api, request, {});
  return kept_answer(api, request, std::move(monitor));
}

net::Response change(const ApiPtr& api, const net::Request& request, const std::string& id) {
  const auto number = parse_number(id);
  if (!number) return problem(number.error());
  auto monitor = changed(api, *number, std::string(request.body));
  if (!monitor) return problem(monitor.error());
  return kept_answer(api, request, *std::move(monitor));
}

}  // namespace

Answer get_monitors(ApiPtr api, net::Request request, std::string id) {
  return at_desk(std::move(api), std::move(request), std::move(id), list);
}

Answer get_monitor(ApiPtr api, net::Request request, std::string id) {
  return at_desk(std::move(api), std::move(request), std::move(id), read);
}

Answer create_monitor(ApiPtr api, net::Request request, std::string id) {
  return at_desk(std::move(api), std::move(request), std::move(id), create);
}

Answer import_monitor(ApiPtr api, net::Request request, std::string id) {
  return at_desk(std::move(api), std::move(request), std::move(id), take);
}

Answer put_monitor(ApiPtr api, net::Request request, std::string id) {
  return at_desk(std::move(api), std::move(request), std::move(id), change);
}

Answer remove_monitor(ApiPtr api, net::Request request, std::string id) {
  const auto number = parse_number(id);
  if (!number) co_return problem(number.error());
  if (request.parameter("force").value_or("") != "true") {
    const auto composites = composites_with(api, *number);
    if (!composites) co_return problem(composites.error());
    if (!composites->empty())
      co_return problem(
          bad("monitor_id", in_use(*number, *composites) + "; force=true removes it"));
  }
  auto removed = api->monitors.remove(*number);
  if (!removed) co_return problem(removed.error());
  log::info("audit", "monitor {} removed by {}", *number, who(api, request));
  co_return number_answer("deleted_monitor_id", *number);
}

Answer validate_monitor(ApiPtr api, net::Request request, std::string) {
  co_return validated(api, std::move(request.body));
}

Answer validate_kept_monitor(ApiPtr api, net::Request request, std::string id) {
  const auto number = parse_number(id);
  if (!number) co_return problem(number.error());
  const auto kept = api->monitors.get(*number);
  if (!kept) co_return problem(kept.error());
  auto body = monitor::merged(kept->body, std::move(request.body));
  if (!body) co_return problem(body.error());
  co_return validated(api, *std::move(body));
}

// Those that no composite is made of can be removed.
Answer can_delete_monitors(ApiPtr api, net::Request request, std::string) {
  const std::string asked = request.parameter("monitor_ids").value_or("");
  if (asked.empty()) co_return problem(bad("monitor_ids", "must name monitors, by commas"));
  std::string body;
  Fields fields(body);
  Fields data(fields.key("data"));
  std::string ids = "[", errors;
  std::string_view rest = asked;
  while (!rest.empty()) {
    const std::string id(rest.substr(0, rest.find(',')));
    rest.remove_prefix(std::min(id.size() + 1, rest.size()));
    const auto number = parse_number(id);
    if (!number) co_return problem(number.error());
    auto monitor = api->monitors.get(*number);
    if (!monitor) co_return problem(monitor.error());
    const auto composites = composites_with(api, *number);
    if (!composites) co_return problem(composites.error());
    if (composites->empty()) {
      ids += fmt::format("{}{}", ids.size() > 1 ? "," : "", *number);
    } else {
      errors += fmt::format("{}\"{}\":[", errors.empty() ? "" : ",", *number);
      codec::append_json_string(errors, in_use(*number, *composites));
      errors += ']';
    }
  }
  data.key("ok") += ids + "]";
  data.close();
  fields.key("errors") += errors.empty() ? "null" : "{" + errors + "}";
  fields.close();
  net::Response answer = json_answer(std::move(body));
  if (!errors.empty()) answer.status = 409;
  co_return answer;
}

}  // namespace catalejo::api
