// What the program says about itself: live events, ledger, info, health, metrics, its API.
#include <fmt/format.h>

#include "api/page.hpp"
#include "api/routes.hpp"
#include "api/spans_json.hpp"

namespace catalejo::api {
namespace {

void append_rejected(std::string& out,
                     const std::map<std::string, std::uint64_t, std::less<>>& reasons) {
  Fields fields(out);
  for (const auto& [reason, count] : reasons)
    fields.integer(reason, static_cast<std::int64_t>(count));
  fields.close();
}

void append_account(std::string& out, const model::Account& account) {
  Fields fields(out);
  const auto count = [&](std::string_view name, std::uint64_t value) {
    fields.integer(name, static_cast<std::int64_t>(value));
  };
  count("received", account.received);
  count("stored", account.stored);
  count("cut", account.cut);
  count("duplicate", account.duplicate);
  count("sampled_out", account.sampled_out);
  append_rejected(fields.key("rejected"), account.rejected);
  count("in_flight", account.in_flight);
  count("accounted", account.accounted());
  fields.close();
}

void append_store(std::string& out, const store::StoreStatus& status) {
  Fields fields(out);
  fields.key("ready") += status.ready ? "true" : "false";
  fields.text("problem", status.problem);
  fields.text("database", status.database);
  fields.integer("log_bytes", static_cast<std::int64_t>(status.log_bytes));
  fields.integer("rows_waiting", static_cast<std::int64_t>(status.rows_waiting));
  fields.integer("rows_inserted", static_cast<std::int64_t>(status.rows_inserted));
  fields.integer("words_waiting", static_cast<std::int64_t>(status.words_waiting));
  fields.integer("child_restarts", static_cast<std::int64_t>(status.child_restarts));
  fields.close();
}

// catalejo_spans_total{outcome="stored"} and so on: the ledger, line by line.
void append_account_metrics(std::string& out, std::string_view what,
                            const model::Account& account) {
  const std::string name = fmt::format("catalejo_{}", what);
  out += fmt::format(
      "# HELP {0}_total Every one received, by what became of it.\n"
      "# TYPE {0}_total counter\n",
      name);
  const auto line = [&](std::string_view labels, std::uint64_t value) {
    out += fmt::format("{}_total{{{}}} {}\n", name, labels, value);
  };
  line("outcome=\"stored\"", account.stored);
  line("outcome=\"cut\"", account.cut);
  line("outcome=\"duplicate\"", account.duplicate);
  line("outcome=\"sampled_out\"", account.sampled_out);
  for (const auto& [reason, count] : account.rejected)
    line("outcome=\"rejected\"," + label("reason", reason), count);
  out += fmt::format(
      "# TYPE {0}_received_total counter\n{0}_received_total {1}\n"
      "# TYPE {0}_in_flight gauge\n{0}_in_flight {2}\n",
      name, account.received, account.in_flight);
}

void append_store_metrics(std::string& out, const store::StoreStatus& status) {
  const auto line = [&](std::string_view name, std::string_view type, std::uint64_t value) {
    out +=
        fmt::format("# TYPE catalejo_store_{0} {1}\ncatalejo_store_{0} {2}\n", name, type, value);
  };
  line("ready", "gauge", status.ready ? 1 : 0);
  line("log_bytes", "gauge", status.log_bytes);
  line("rows_waiting", "gauge", status.rows_waiting);
  line("words_waiting", "gauge", status.words_waiting);
}

}  // namespace

Answer get_live(ApiPtr api, net::Request, std::string) {
  LiveHub* live = api->options.live;
  if (live->full()) co_return problem({Code::busy, "too many pages are watching already", "live"});
  net::Response response;
  response.headers.emplace_back("Cache-Control", "no-store");
  response.on_event_stream = [live](std::shared_ptr<net::EventStream> stream) {
    if (!live->try_subscribe(stream)) stream->close();
  };
  co_return response;
}

Answer get_ledger(ApiPtr api, net::Request, std::string) {
  std::string body;
  Fields fields(body);
  fields.time("since_ns", api->options.started);
  append_account(fields.key("spans"), api->options.ledger->spans());
  append_account(fields.key("evaluations"), api->options.ledger->evaluations());
  append_account(fields.key("metric_points"), api->options.ledger->points());
  append_account(fields.key("events"), api->options.ledger->events());
  append_rejected(fields.key("requests_rejected"), api->options.ledger->requests_rejected());
  append_store(fields.key("store"), api->options.store->status());
  fields.close();
  co_return json_answer(std::move(body));
}

Answer get_info(ApiPtr api, net::Request, std::string) {
  const ApiOptions& options = api->options;
  std::string body;
  Fields fields(body);
  fields.text("version", options.version);
  fields.time("started_ns", options.started);
  fields.key("listeners") += '[';
  for (const ListenerInfo& listener : options.listeners) {
    if (body.back() != '[') body += ',';
    Fields entry(body);
    entry.text("name", listener.name);
    entry.text("address", listener.address);
    entry.close();
  }
  body += ']';
  fields.key("keys_exist") += options.keys_required() ? "true" : "false";
  fields.text("data_dir", options.data_dir);
  fields.key("counters") += '[';
  for (const Sample& sample : options.counters->samples()) {
    if (body.back() != '[') body += ',';
    Fields entry(body);
    entry.text("name", sample.name);
    entry.text("labels", sample.labels);
    codec::append_json_number(entry.key("value"), sample.value);
    entry.close();
  }
  body += ']';
  fields.close();
  co_return json_answer(std::move(body));
}

Answer get_health(ApiPtr api, net::Request, std::string) {
  const store::StoreStatus status = api->options.store->status();
  net::Response response;
  std::string body;
  Fields fields(body);
  fields.text("status", status.ready ? "ok" : "starting");
  if (!status.ready) fields.text("detail", status.problem);
  fields.close();
  response = json_answer(std::move(body));
  if (!status.ready) response.status = 503;
  co_return response;
}

Answer get_metrics(ApiPtr api, net::Request, std::string) {
  std::string text = api->options.counters->prometheus();
  append_account_metrics(text, "spans", api->options.ledger->spans());
  append_account_metrics(text, "evaluations", api->options.ledger->evaluations());
  append_account_metrics(text, "metric_points", api->options.ledger->points());
  append_account_metrics(text, "events", api->options.ledger->events());
  text += "# TYPE catalejo_requests_rejected_total counter\n";
  for (const auto& [reason, count] : api->options.ledger->requests_rejected()) {
    text +=
        fmt::format("catalejo_requests_rejected_total{{{}}} {}\n", label("reason", reason), count);
  }
  append_store_metrics(text, api->options.store->status());
  text += fmt::format("# TYPE catalejo_live_subscribers gauge\ncatalejo_live_subscribers {}\n",
                      api->options.live->subscribers());
  net::Response response;
  response.headers.emplace_back("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
  response.body = std::move(text);
  co_return response;
}

Answer get_openapi(ApiPtr, net::Request, std::string) {
  co_return net::json_response(200, std::string(embedded_openapi()));
}

}  // namespace catalejo::api
