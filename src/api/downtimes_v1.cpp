// /api/v1/downtime: the same downtimes for clients that know no other path. Contract: Datadog's API
// reference, Downtimes, v1.
#include "monitor/downtime_v1.hpp"

#include <algorithm>

#include "api/body.hpp"
#include "api/downtimes_json.hpp"
#include "api/spans_json.hpp"
#include "base/ascii.hpp"
#include "monitor/definition.hpp"
#include "monitor/scope.hpp"

namespace catalejo::api {
namespace {

net::Response downtime_answer(store::Downtime kept) {
  const std::int64_t at_s = seconds_now();
  const auto known = known_downtime(std::move(kept), at_s);
  if (!known) return problem(known.error());
  std::string body;
  monitor::append_first_version(body, known->kept, known->made, at_s);
  return json_answer(std::move(body));
}

Result<store::Downtime> find(const ApiPtr& api, const std::string& id) {
  const auto number = parse_number(id);
  if (!number) return number.error();
  auto kept = api->monitors.downtimes();
  if (!kept) return kept.error();
  for (store::Downtime& one : *kept)
    if (monitor::number_of(one.id) == *number) return std::move(one);
  return Error{Code::not_found, "there is no such downtime", id};
}

net::Response list(const ApiPtr& api, const net::Request& request, const std::string&) {
  const std::int64_t at_s = seconds_now();
  // The `datadog` package writes True.
  const bool current_only =
      equal_ignoring_case(request.parameter("current_only").value_or(""), "true");
  auto kept = api->monitors.downtimes();
  if (!kept) return problem(kept.error());
  std::string body = "[";
  for (store::Downtime& one : *kept) {
    const auto known = known_downtime(std::move(one), at_s);
    if (!known) return problem(known.error());
    if (current_only && !known->is_on(at_s)) continue;
    if (body.size() > 1) body += ',';
    monitor::append_first_version(body, known->kept, known->made, at_s);
  }
  return json_answer(body + ']');
}

// Those of a monitor that are on.
net::Response of_monitor(const ApiPtr& api, const net::Request&, const std::string& id) {
  const std::int64_t at_s = seconds_now();
  const auto number = parse_number(id);
  if (!number) return problem(number.error());
  auto monitor = api->monitors.get(*number);
  if (!monitor) return problem(monitor.error());
  const auto definition = monitor::read_definition(std::move(monitor->body), /*lenient=*/true);
  if (!definition) return problem(definition.error());
  const auto current = current_downtimes(api->monitors, at_s);
  if (!current) return problem(current.error());
  std::string body = "[";
  for (const auto& one : *current) {
    if (!one->is_on(at_s) || !one->made.is_of(*number, *definition)) continue;
    if (body.size() > 1) body += ',';
    monitor::append_first_version(body, one->kept, one->made, at_s);
  }
  return json_answer(body + ']');
}

net::Response create(const ApiPtr& api, const net::Request& request, const std::string&) {
  const std::int64_t at_s = seconds_now();
  auto read = monitor::read_first_version(request.body, at_s, nullptr);
  if (!read) return problem(read.error());
  const auto made = monitor::read_downtime(std::move(read->attributes), at_s);
  if (!made) return problem(made.error());
  auto kept = keep_downtime(api, request, new_downtime(api, request), *made, /*is_new=*/true);
  if (!kept) return problem(kept.error());
  return downtime_answer(*std::move(kept));
}

net::Response read(const ApiPtr& api, const net::Request&, const std::string& id) {
  auto kept = find(api, id);
  if (!kept) return problem(kept.error());
  return downtime_answer(*std::move(kept));
}

net::Response change(const ApiPtr& api, const net::Request& request, const std::string& id) {
  const std::int64_t at_s = seconds_now();
  auto kept = find(api, id);
  if (!kept) return problem(kept.error());
  if (kept->canceled.value != 0) return problem(bad("id", "it is canceled; make another"));
  const auto before = known_downtime(*kept, at_s);
  if (!before) return problem(before.error());
  auto read = monitor::read_first_version(request.body, at_s, &before->made);
  if (!read) return problem(read.error());
  auto body = monitor::changed_downtime(kept->body, std::move(read->attributes));
  if (!body) return problem(body.error());
  const auto made = monitor::read_downtime(*std::move(body), at_s);
  if (!made) return problem(made.error());
  auto put = keep_downtime(api, request, *std::move(kept), *made, /*is_new=*/false);
  if (!put) return problem(put.error());
  if (read->disabled) put = cancel(api, request, *std::move(put));
  if (!put) return problem(put.error());
  return downtime_answer(*std::move(put));
}

net::Response remove(const ApiPtr& api, const net::Request& request, const std::string& id) {
  auto kept = find(api, id);
  if (!kept) return problem(kept.error());
  if (auto canceled = cancel(api, request, *std::move(kept)); !canceled)
    return problem(canceled.error());
  net::Response answer;
  answer.status = 204;
  return answer;
}

// {"scope":"env:prod"}: those that say just that.
net::Response cancel_by_scope(const ApiPtr& api, const net::Request& request, const std::string&) {
  std::string text;
  const auto read_scope = [&text](std::string_view name,
                                  codec::dom::element value) -> Result<void> {
    if (name != "scope") return no_such_field(name);
    auto read = read_text(name, value);
    if (!read) return read.error();
    text = *std::move(read);
    return {};
  };
  if (auto read = read_body(request.body, read_scope); !read) return problem(read.error());
  const auto scope = monitor::read_scope(text);
  if (!scope) return problem(scope.error());
  const auto current = current_downtimes(api->monitors, seconds_now());
  if (!current) return problem(current.error());
  std::string ids;
  for (const auto& one : *current) {
    if (!monitor::same(one->made.scope, *scope)) continue;
    if (auto canceled = cancel(api, request, one->kept); !canceled)
      return problem(canceled.error());
    ids += (ids.empty() ? "" : ",") + std::to_string(monitor::number_of(one->kept.id));
  }
  if (ids.empty())
    return problem({Code::not_found, "no downtime that goes on has this scope", text});
  return json_answer(R"({"cancelled_ids":[)" + ids + "]}");
}

}  // namespace

Answer get_first_downtimes(ApiPtr api, net::Request request, std::string id) {
  return at_desk(std::move(api), std::move(request), std::move(id), list);
}

Answer create_first_downtime(ApiPtr api, net::Request request, std::string id) {
  return at_desk(std::move(api), std::move(request), std::move(id), create);
}

Answer get_first_downtime(ApiPtr api, net::Request request, std::string id) {
  return at_desk(std::move(api), std::move(request), std::move(id), read);
}

Answer put_first_downtime(ApiPtr api, net::Request request, std::string id) {
  return at_desk(std::move(api), std::move(request), std::move(id), change);
}

Answer cancel_first_downtime(ApiPtr api, net::Request request, std::string id) {
  return at_desk(std::move(api), std::move(request), std::move(id), remove);
}

Answer cancel_downtimes_by_scope(ApiPtr api, net::Request request, std::string id) {
  return at_desk(std::move(api), std::move(request), std::move(id), cancel_by_scope);
}

Answer get_downtimes_of_monitor(ApiPtr api, net::Request request, std::string id) {
  return at_desk(std::move(api), std::move(request), std::move(id), of_monitor);
}

}  // namespace catalejo::api
