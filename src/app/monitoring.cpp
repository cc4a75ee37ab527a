#include "app/monitoring.hpp"

#include <fmt/format.h>

#include "base/log.hpp"
#include "base/task_blocking.hpp"
#include "monitor/shipped.hpp"

namespace catalejo::app {
namespace {

Result<net::MailServer> mail_server(const Settings& settings) {
  net::MailServer server{.url = settings.smtp_url,
                         .user = settings.smtp_user,
                         .password = settings.smtp_password,
                         .from = settings.smtp_from};
  if (server.url.empty()) return server;
  if (!server.url.starts_with("smtp://") && !server.url.starts_with("smtps://"))
    return Error{Code::config, "must begin with smtp:// or smtps://", "smtp_url"};
  if (!net::is_mail_address(server.from))
    return Error{Code::config, "must be a mail address when there is an smtp_url", "smtp_from"};
  return server;
}

std::string page_url_of(const Settings& settings) {
  std::string page = settings.page_url;
  while (page.ends_with('/')) page.pop_back();
  return page.empty() ? fmt::format("http://{}:{}", settings.listen, settings.http_port) : page;
}

// Those that cannot be kept are counted by the ledger; nobody is told less for it.
void keep(pipeline::Pipeline& pipeline, std::vector<model::Event> events) {
  model::Batch batch;
  batch.events_received = events.size();
  batch.events = std::move(events);
  if (const auto kept = run_blocking(pipeline.accept(std::move(batch))); !kept)
    log::warn("monitor", "events of monitors are lost: {}", to_string(kept.error()));
}

}  // namespace

Result<std::unique_ptr<Monitoring>> Monitoring::open(const Settings& settings, store::Store& store,
                                                     pipeline::Pipeline& pipeline,
                                                     cost::Prices& prices, Counters& counters) {
  auto made = std::make_unique<Monitoring>();
  auto control = store::Monitors::open(settings.control_path());
  if (!control) return control.error();
  made->control_ = *std::move(control);
  made->costs_ = std::make_unique<query::CostReader>(store, prices);
  auto mail = mail_server(settings);
  if (!mail) return mail.error();
  made->mail_ = *std::move(mail);
  made->page_url_ = page_url_of(settings);
  made->courier_ = std::make_unique<monitor::Courier>(*made->control_, counters, made->mail_);
  made->watch_ = std::make_unique<monitor::Watch>(monitor::WatchOptions{
      .sources = {.store = &store, .costs = made->costs_.get()},
      .control = made->control_.get(),
      .counters = &counters,
      .tick_s = settings.monitor_seconds,
      .notices = {.page_url = made->page_url_},
      .on_notices = [courier = made->courier_.get()] { courier->wake(); },
      .on_events =
          [at = &pipeline](std::vector<model::Event> events) { keep(*at, std::move(events)); },
  });
  return made;
}

void Monitoring::ship() {
  const auto made = monitor::ship_monitors(*control_);
  if (!made)
    log::warn("monitor", "monitors of Azure cannot be kept: {}", to_string(made.error()));
  else if (*made > 0)
    log::info("monitor", "{} monitors of Azure's metrics were made", *made);
}

void Monitoring::stop() {
  watch_->stop();
  courier_->stop();
}

}  // namespace catalejo::app
