#include "app/up.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <memory>
#include <optional>
#include <thread>

#include "api/api.hpp"
#include "api/experiment_collector.hpp"
#include "api/guard.hpp"
#include "api/live.hpp"
#include "api/queue_filler.hpp"
#include "app/azure.hpp"
#include "app/deployments.hpp"
#include "app/exit_code.hpp"
#include "app/judging.hpp"
#include "app/monitoring.hpp"
#include "app/process.hpp"
#include "app/statsd.hpp"
#include "app/version.hpp"
#include "base/counters.hpp"
#include "base/file.hpp"
#include "base/log.hpp"
#include "cost/prices.hpp"
#include "evaluate/engine/engine.hpp"
#include "evaluate/privacy/desk.hpp"
#include "insight/embedding/azure.hpp"
#include "intake/agent_api.hpp"
#include "intake/agentless_api.hpp"
#include "net/server.hpp"
#include "pipeline/pipeline.hpp"
#include "store/control.hpp"
#include "store/evaluators.hpp"
#include "store/price_control.hpp"
#include "store/redaction.hpp"
#include "store/store.hpp"
#include "store/waiting_wholes.hpp"

namespace catalejo::app {
namespace {

// What was opened, where it is kept; its error when it was not.
template <typename Opened>
Result<void> keep(std::unique_ptr<Opened>& to, Result<std::unique_ptr<Opened>> opened) {
  if (!opened) return opened.error();
  to = *std::move(opened);
  return {};
}

constexpr int kStopDeadlineMs = 5'000;

std::string beside_this_binary(const std::string& name) {
  std::error_code error;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
  return (self.parent_path() / name).string();
}

int loop_threads(const Settings& settings) {
  if (settings.threads > 0) return settings.threads;
  return std::clamp(static_cast<int>(std::thread::hardware_concurrency()), 1, 4);
}

std::optional<net::TlsFiles> tls_files(const Settings& settings) {
  if (!settings.tls_certificate.empty())
    return net::TlsFiles{settings.tls_certificate, settings.tls_key};
  const std::string certificate = settings.tls_dir() + "/server.pem";
  if (!std::filesystem::exists(certificate)) return std::nullopt;
  return net::TlsFiles{certificate, settings.tls_dir() + "/server.key"};
}

Task<net::Response> refusal(Error error) {
  co_return net::error_response(error);
}

// Everything that lives as long as the process serves, in the order it is opened.
class Running {
 public:
  Running(const Settings& settings, const UpOptions& options)
      : settings_(settings), options_(options) {}

  Result<void> open();
  void announce() const;
  void stop();

 private:
  Result<void> open_store();
  Result<void> open_prices();
  Result<void> open_kept();
  Result<void> open_redaction();
  Result<void> open_embedding();
  Result<void> open_evaluators();
  std::string name_of_key(std::string_view key);
  Result<void> open_server();
  Result<void> open_statsd();
  net::Handler api_handler();
  net::Handler page_handler(const net::Handler& api);
  net::Handler agent_handler(const net::Handler& api);
  std::vector<net::Listener> listeners();
  std::vector<api::ListenerInfo> listener_infos() const;

  Settings settings_;
  UpOptions options_;
  Counters counters_;
  model::Ledger ledger_;
  api::LiveHub live_;
  std::unique_ptr<store::Control> control_;
  std::unique_ptr<store::AzureControl> azure_control_;
  std::unique_ptr<store::PriceControl> price_control_;
  std::unique_ptr<cost::Prices> prices_;
  std::unique_ptr<store::Views> views_;
  std::unique_ptr<store::Dashboards> dashboards_;
  std::unique_ptr<store::Datasets> datasets_;
  std::unique_ptr<store::Queues> queues_;
  std::unique_ptr<store::RedactionControl> redaction_control_;
  std::unique_ptr<pipeline::Redaction> redaction_;
  std::unique_ptr<evaluate::privacy::RedactionDesk> redaction_desk_;
  std::unique_ptr<Worker> desk_;
  insight::topics::Embed embed_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<pipeline::SeriesLimit> series_limit_;
  std::unique_ptr<pipeline::Pipeline> pipeline_;
  std::unique_ptr<pipeline::SpanMetrics> span_metrics_;  // its thread uses the pipeline
  std::unique_ptr<api::QueueFiller> filler_;
  std::unique_ptr<api::ExperimentCollector> collector_;
  Judging judging_;
  std::unique_ptr<store::Evaluators> evaluator_control_;
  std::unique_ptr<store::WaitingWholes> waiting_wholes_;
  std::unique_ptr<evaluate::Engine> engine_;
  std::unique_ptr<Monitoring> monitoring_;
  std::unique_ptr<azure::Crawler> azure_;
  std::unique_ptr<intake::StatsdServer> statsd_;
  std::unique_ptr<net::Server> server_;
};

Result<void> Running::open() {
  CATALEJO_TRY(make_directories(settings_.data_dir));
  CATALEJO_TRY(keep(control_, store::Control::open(settings_.control_path())));
  if (!settings_.loopback() && !control_->has_keys()) {
    return Error{Code::config,
                 fmt::format("listen is {}, which others can reach, and no API key exists; make "
                             "one first: catalejo key create NAME",
                             settings_.listen),
                 "listen"};
  }
  CATALEJO_TRY(keep(azure_control_, store::AzureControl::open(settings_.control_path())));
  CATALEJO_TRY(open_prices());
  CATALEJO_TRY(open_kept());
  CATALEJO_TRY(open_redaction());
  CATALEJO_TRY(open_embedding());
  CATALEJO_TRY(open_store());
  CATALEJO_TRY(judging_.open(settings_, {*store_, *datasets_, *pipeline_, *redaction_, counters_}));
  CATALEJO_TRY(
      keep(monitoring_, Monitoring::open(settings_, *store_, *pipeline_, *prices_, counters_)));
  CATALEJO_TRY(keep(azure_, open_azure(settings_, *azure_control_, *store_, *pipeline_, counters_,
                                       [this] { monitoring_->ship(); })));
  CATALEJO_TRY(open_evaluators());
  auto served = open_statsd();
  if (served) served = open_server();
  if (!served) stop();
  return served;
}

Result<void> Running::open_prices() {
  CATALEJO_TRY(keep(price_control_, store::PriceControl::open(settings_.control_path())));
  return keep(prices_, cost::Prices::open({.path = settings_.prices_path(),
                                           .required = !settings_.prices.empty(),
                                           .control = price_control_.get(),
                                           .azure = azure_control_.get()}));
}

// What people keep on the server.
Result<void> Running::open_kept() {
  CATALEJO_TRY(keep(views_, store::Views::open(settings_.control_path())));
  CATALEJO_TRY(keep(dashboards_, store::Dashboards::open(settings_.control_path())));
  CATALEJO_TRY(keep(datasets_, store::Datasets::open(settings_.datasets_path())));
  CATALEJO_TRY(keep(queues_, store::Queues::open(settings_.control_path())));
  desk_ = std::make_unique<Worker>(limits::desk_queue_max);
  return {};
}

Result<void> Running::open_redaction() {
  CATALEJO_TRY(keep(redaction_control_, store::RedactionControl::open(settings_.control_path())));
  CATALEJO_TRY(keep(
      redaction_,
      pipeline::Redaction::open(*redaction_control_, settings_.redaction_key_path(), counters_)));
  redaction_desk_ =
      std::make_unique<evaluate::privacy::RedactionDesk>(*redaction_control_, *redaction_);
  return {};
}

Result<void> Running::open_embedding() {
  auto deployment = checked("embedding", {.endpoint = settings_.embedding_endpoint,
                                          .name = settings_.embedding_deployment,
                                          .key = settings_.embedding_key,
                                          .api_version = settings_.embedding_api_version});
  if (!deployment) return deployment.error();
  if (*deployment) embed_ = insight::embedding::shared(**std::move(deployment));
  return {};
}

std::string Running::name_of_key(std::string_view key) {
  const auto found = control_->find_key(key);
  return found ? fmt::format("{} \"{}\"", found->id, found->name) : std::string("nobody");
}

Result<void> Running::open_store() {
  auto store = store::Store::open({
      .data_dir = settings_.data_dir,
      .clickhouse_url = settings_.clickhouse_url,
      .store_binary = beside_this_binary("catalejo-store"),
      .log_bytes_max = settings_.log_bytes_max,
      .retention_days = settings_.retention_days,
      .metric_retention_days = settings_.metric_retention_days,
      .store_memory_bytes_max = settings_.store_memory_bytes_max,
      .counters = &counters_,
      .on_inserted = [this](const store::Inserted& inserted) { live_.publish(inserted); },
  });
  if (!store) return store.error();
  store_ = std::move(*store);
  series_limit_ = std::make_unique<pipeline::SeriesLimit>(settings_.metric_series_max, counters_);
  counters_.gauge("catalejo_metric_series_max", {},
                  [this] { return static_cast<double>(settings_.metric_series_max); });
  span_metrics_ = std::make_unique<pipeline::SpanMetrics>(settings_.metric_series_max,
                                                          prices_.get(), counters_);
  pipeline_ = std::make_unique<pipeline::Pipeline>(
      *store_, ledger_,
      pipeline::PipelineOptions{.retention_days = settings_.retention_days,
                                .metric_retention_days = settings_.metric_retention_days,
                                .redaction = redaction_.get(),
                                .series_limit = series_limit_.get(),
                                .span_metrics = span_metrics_.get()});
  span_metrics_->start(*pipeline_);
  filler_ = std::make_unique<api::QueueFiller>(*store_, *prices_, *queues_, counters_);
  collector_ =
      std::make_unique<api::ExperimentCollector>(*store_, datasets_->experiments(), counters_);
  return {};
}

Result<void> Running::open_evaluators() {
  CATALEJO_TRY(keep(evaluator_control_, store::Evaluators::open(settings_.control_path())));
  CATALEJO_TRY(keep(waiting_wholes_, store::WaitingWholes::open(settings_.control_path())));
  const bool judged = !judging_.judges->deployments().empty();
  engine_ = std::make_unique<evaluate::Engine>(
      evaluate::EngineOptions{.store = store_.get(),
                              .control = evaluator_control_.get(),
                              .counters = &counters_,
                              .prices = prices_.get(),
                              .waiting = waiting_wholes_.get(),
                              .trace_quiet_seconds = settings_.evaluator_trace_seconds,
                              .session_quiet_seconds = settings_.evaluator_session_seconds,
                              .percent = settings_.evaluator_percent,
                              .judges = judged ? judging_.judges.get() : nullptr});
  return engine_->start();
}

net::Handler Running::page_handler(const net::Handler& api) {
  auto check_key = [this](std::string_view key) { return control_->find_key(key).has_value(); };
  // While no key exists and only this machine can reach the port, any key will do.
  auto check_intake_key = [this, check_key](std::string_view key) {
    return check_key(key) || (settings_.loopback() && !control_->has_keys());
  };
  net::Handler agentless =
      intake::agentless_handler({.check_key = check_intake_key}, *pipeline_, counters_);
  return [this, agentless, api](net::Request request) -> Task<net::Response> {
    if (!intake::agentless_route(request)) return api(std::move(request));
    // A tracer sends no Origin. While no key is asked for, a foreign web page in this machine's
    // browser could send spans; what it can send carries its Origin.
    if (!request.header("Origin").empty() && !control_->has_keys())
      if (auto refused = api::check_same_site(request, {})) return refusal(*std::move(refused));
    return agentless(std::move(request));
  };
}

net::Handler Running::api_handler() {
  api::ApiOptions options{
      .version = kVersion,
      .data_dir = settings_.data_dir,
      .started = now(),
      .listeners = listener_infos(),
      .keys_required = [this] { return !settings_.loopback() || control_->has_keys(); },
      .check_key = [this](std::string_view key) { return control_->find_key(key).has_value(); },
      .store = store_.get(),
      .ledger = &ledger_,
      .counters = &counters_,
      .live = &live_,
      .prices = prices_.get(),
      .price_control = price_control_.get(),
      .views = views_.get(),
      .dashboards = dashboards_.get(),
      .datasets = datasets_.get(),
      .queues = queues_.get(),
      .redaction = redaction_desk_.get(),
      .evaluators = engine_.get(),
      .judges = judging_.control.get(),
      .judge_runner = judging_.judges.get(),
      .playground = judging_.playground.get(),
      .experiment_runs = judging_.experiments.get(),
      .azure = azure_.get(),
      .trials = judging_.trials.get(),
      .desk = desk_.get(),
      .accept = [this](model::Batch batch) { return pipeline_->accept(std::move(batch)); },
      .embed = embed_,
      .name_key = [this](std::string_view key) { return name_of_key(key); },
      .mail = monitoring_->mail(),
      .page_url = monitoring_->page_url(),
  };
  return api::api_handler(std::move(options), *monitoring_->control());
}

// A client that runs beside the agent asks for datasets, experiments and prompts through it; the
// API answers as it would on its own port, key included.
net::Handler Running::agent_handler(const net::Handler& api) {
  net::Handler agent = intake::agent_handler(
      {.version = kVersion, .port = settings_.apm_port, .socket = settings_.apm_socket_path()},
      *pipeline_, counters_);
  return [agent, api](net::Request request) -> Task<net::Response> {
    constexpr std::string_view kProxy = "/evp_proxy/v2";
    static constexpr std::array<std::string_view, 4> kKept = {"/datasets", "/projects",
                                                              "/experiments", "/prompts"};
    const std::string_view path = request.path;
    const std::string_view target = path.starts_with(kProxy) ? path.substr(kProxy.size()) : "";
    const bool ours = std::ranges::any_of(kKept, [target](std::string_view what) {
      return target.find("/llm-obs/v1/") != std::string_view::npos &&
             target.find(what) != std::string_view::npos;
    });
    if (!ours) return agent(std::move(request));
    request.path = std::string(target);
    return api(std::move(request));
  };
}

std::vector<api::ListenerInfo> Running::listener_infos() const {
  std::vector<api::ListenerInfo> infos;
  if (options_.agent) {
    infos.push_back({"apm", fmt::format("http://{}:{}", settings_.listen, settings_.apm_port)});
    if (!settings_.apm_socket_path().empty())
      infos.push_back({"apm socket", "unix://" + settings_.apm_socket_path()});
    if (settings_.statsd_port > 0)
      infos.push_back({"dogstatsd", fmt::format("udp://{}:{}", settings_.statsd_address(),
                                                settings_.statsd_port)});
    for (const std::string& path :
         {settings_.statsd_socket_path(), settings_.statsd_stream_socket_path()})
      if (!path.empty()) infos.push_back({"dogstatsd", "unix://" + path});
  }
  infos.push_back({"page", fmt::format("http://{}:{}", settings_.listen, settings_.http_port)});
  if (tls_files(settings_))
    infos.push_back(
        {"agentless", fmt::format("https://{}:{}", settings_.listen, settings_.https_port)});
  return infos;
}

std::vector<net::Listener> Running::listeners() {
  std::vector<net::Listener> all;
  // One for all, so that what it keeps of answers is kept once.
  const net::Handler api = api_handler();
  if (options_.agent) {
    const net::Handler agent = agent_handler(api);
    all.push_back({.name = "apm",
                   .address = settings_.listen,
                   .port = settings_.apm_port,
                   .unix_path = {},
                   .tls = {},
                   .handler = agent});
    if (const std::string path = settings_.apm_socket_path(); !path.empty())
      all.push_back({.name = "apm socket",
                     .address = {},
                     .port = 0,
                     .unix_path = path,
                     .tls = {},
                     .handler = agent});
  }
  const net::Handler page = page_handler(api);
  all.push_back({.name = "page",
                 .address = settings_.listen,
                 .port = settings_.http_port,
                 .unix_path = {},
                 .tls = {},
                 .handler = page});
  if (auto tls = tls_files(settings_))
    all.push_back({.name = "agentless",
                   .address = settings_.listen,
                   .port = settings_.https_port,
                   .unix_path = {},
                   .tls = tls,
                   .handler = page});
  return all;
}

Result<void> Running::open_statsd() {
  if (!options_.agent) return {};
  auto statsd = app::open_statsd(settings_, *pipeline_, counters_);
  if (!statsd) return statsd.error();
  statsd_ = std::move(*statsd);
  return {};
}

Result<void> Running::open_server() {
  const net::ServerOptions options{.threads = loop_threads(settings_), .counters = &counters_};
  return keep(server_, net::Server::open(options, listeners()));
}

void Running::announce() const {
  fmt::print("Catalejo {} is running. Stop it with Ctrl-C.\n", kVersion);
  for (const api::ListenerInfo& info : listener_infos())
    fmt::print("  {:<11} {}\n", info.name, info.address);
  fmt::print("  {:<11} {}\n\nSend it traces:  catalejo env\n", "data", settings_.data_dir);
  std::fflush(stdout);
}

void Running::stop() {
  live_.close();
  judging_.stop();
  azure_->stop();
  if (server_) server_->stop(kStopDeadlineMs);
  if (statsd_) statsd_->stop();
  span_metrics_->stop();
  monitoring_->stop();
  filler_->stop();
  collector_->stop();
  engine_->stop();
  store_->stop();
}

}  // namespace

int up(const Settings& settings, const UpOptions& options) {
  block_signals();
  keep_freed_memory();
  // Prompts and answers are for their owner's eyes: folders 0700, files 0600, the child's too.
  ::umask(077);
  Running running(settings, options);
  if (auto opened = running.open(); !opened) {
    fmt::print(stderr, "catalejo: {}\n", to_string(opened.error()));
    if (opened.error().code == Code::config) return exit_config;
    return opened.error().code == Code::busy ? exit_in_use : exit_failed;
  }
  running.announce();
  wait_for_stop();
  running.stop();
  log::info("app", "stopped");
  return exit_ok;
}

}  // namespace catalejo::app
