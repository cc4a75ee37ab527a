// Every setting of the program, with its variable, its key in catalejo.toml and its default.
// Order of precedence, rising: file, variable, flag. A setting that is wrong stops the program
// with a sentence that names where it was set.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/limits.hpp"
#include "base/result.hpp"

namespace catalejo::app {

struct Settings {
  std::string data_dir;
  std::string listen = "127.0.0.1";
  std::uint16_t apm_port = 8126, http_port = 8127, https_port = 8443;
  std::uint16_t statsd_port = 8125;      // 0 = none
  std::string apm_socket;                // empty = <data>/apm.socket; "off" = none
  std::string tls_certificate, tls_key;  // empty = what `catalejo tls init` made, if anything
  std::string clickhouse_url;            // empty = embedded
  int retention_days = 15;
  int metric_retention_days = 457;
  std::size_t metric_series_max = limits::series_per_metric_max;
  // DogStatsD: "off" = none; "" = a socket in <data>.
  std::string statsd_socket, statsd_stream_socket = "off";
  bool statsd_non_local = false;             // beyond loopback: it has no key
  std::uint64_t log_bytes_max = 0;           // 0 = the default of base/limits.hpp
  std::uint64_t store_memory_bytes_max = 0;  // 0 = chosen from the machine
  std::string prices;  // price catalogue; empty = <data>/prices.json if it exists, else built in
  // Of the user's own, on Azure OpenAI; empty = none (insight/embedding/).
  std::string embedding_endpoint, embedding_deployment, embedding_key;
  std::string embedding_api_version = "2024-10-21";
  int evaluator_percent = 50;  // of one core, for evaluators; 0 = none
  // Until a trace or session of which nothing more came is judged.
  int evaluator_trace_seconds = 60, evaluator_session_seconds = 600;
  // The same for judges (evaluate/judge/): names separated by commas.
  std::string judge_endpoint, judge_deployments, judge_key;
  std::string judge_api_version = "2024-10-21";  // "none" = it speaks like OpenAI
  int judge_timeout_seconds = limits::judge_timeout_ms / 1'000;
  // What people may ask them in the playground; 0 = without end.
  int playground_calls_per_day = 500, playground_tokens_per_day = 0;
  // Azure Monitor (azure/crawl/): how to log in, where Azure is, how it is read. Without
  // `azure_auth` what `catalejo azure login` has said.
  std::string azure_auth, azure_tenant_id, azure_client_id, azure_client_secret, azure_token_file;
  std::string azure_authority_url = "https://login.microsoftonline.com";
  std::string azure_management_url = "https://management.azure.com";
  std::string azure_metrics_url = "https://{region}.metrics.monitor.azure.com";
  std::string azure_metrics_audience = "https://metrics.monitor.azure.com";
  std::string azure_identity_url = "http://169.254.169.254/metadata/identity/oauth2/token";
  std::string azure_app_identity_url, azure_app_identity_header;  // of App Service
  int azure_interval_seconds = 120, azure_late_minutes = 30, azure_first_hours = 24;
  int threads = 0;           // event loops; 0 = one per core, at most 4
  int monitor_seconds = 60;  // between two looks at a monitor
  std::string log_level = "info";
  std::string page_url;  // of the page, in links of what monitors send; empty = as it listens
  std::string smtp_url, smtp_user, smtp_password, smtp_from;  // who takes what monitors mail

  bool loopback() const;
  std::string apm_socket_path() const;     // empty when off
  std::string statsd_socket_path() const;  // empty when off
  std::string statsd_stream_socket_path() const;
  std::string statsd_address() const;
  std::string tls_dir() const { return data_dir + "/tls"; }
  std::string prices_path() const { return prices.empty() ? data_dir + "/prices.json" : prices; }
  std::string datasets_path() const { return data_dir + "/datasets.sqlite"; }
  std::string redaction_key_path() const { return data_dir + "/redaction.key"; }
  std::string control_path() const { return data_dir + "/control.sqlite"; }
};

// One row of the table of settings: what `--help` and the reference show.
struct SettingInfo {
  std::string key;       // in catalejo.toml: "http_port"
  std::string variable;  // "CATALEJO_HTTP_PORT"
  std::string flag;      // "--http-port"
  std::string fallback;  // the default, as text
  std::string help;
};
const std::vector<SettingInfo>& setting_infos();

// `flags` holds what the command line gave, by key. `environment` by variable name. The file is
// `flags["config"]`, else CATALEJO_CONFIG, else <data>/catalejo.toml if it exists.
Result<Settings> load_settings(const std::map<std::string, std::string>& flags,
                               const std::map<std::string, std::string>& environment);

// The process environment: CATALEJO_*, HOME, XDG_DATA_HOME, DD_DOGSTATSD_NON_LOCAL_TRAFFIC, and
// what Azure tells its workloads (AZURE_*, IDENTITY_*) only.
std::map<std::string, std::string> process_environment();

}  // namespace catalejo::app
