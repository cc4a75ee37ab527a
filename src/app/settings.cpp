#include "app/settings.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <functional>
#include <set>
#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

#include "base/file.hpp"
#include "base/log.hpp"

namespace catalejo::app {
namespace {

using Values = std::map<std::string, std::string>;

// Settings that go by another name, too: of the Datadog Agent, of Azure's workload identity
// (https://azure.github.io/azure-workload-identity/docs/topics/environment-variables.html) and of
// the managed identity of App Service.
const std::map<std::string, std::string> kOtherNames = {
    {"statsd_non_local_traffic", "DD_DOGSTATSD_NON_LOCAL_TRAFFIC"},
    {"azure_tenant_id", "AZURE_TENANT_ID"},
    {"azure_client_id", "AZURE_CLIENT_ID"},
    {"azure_token_file", "AZURE_FEDERATED_TOKEN_FILE"},
    {"azure_authority_url", "AZURE_AUTHORITY_HOST"},
    {"azure_app_identity_url", "IDENTITY_ENDPOINT"},
    {"azure_app_identity_header", "IDENTITY_HEADER"},
};

struct Setting {
  SettingInfo info;
  // Error text, empty when fine.
  std::function<std::string(Settings&, const std::string&)> set;
};

template <typename Number>
std::string set_number(Number& to, const std::string& text, std::uint64_t least,
                       std::uint64_t most) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < least || value > most)
    return fmt::format("is \"{}\", it takes a whole number from {} to {}", text, least, most);
  to = static_cast<Number>(value);
  return {};
}

// "512", "512M", "4G" (powers of 1024).
std::string set_bytes(std::uint64_t& to, const std::string& text) {
  std::uint64_t unit = 1;
  std::string digits = text;
  if (!digits.empty()) {
    const char last = digits.back();
    if (last == 'K' || last == 'k') unit = 1u << 10;
    if (last == 'M' || last == 'm') unit = 1u << 20;
    if (last == 'G' || last == 'g') unit = 1u << 30;
    if (unit != 1) digits.pop_back();
  }
  std::uint64_t value = 0;
  const std::string problem = set_number(value, digits, 0, 1ull << 32);
  if (!problem.empty()) return fmt::format("is \"{}\", it takes a size such as 512M or 4G", text);
  to = value * unit;
  return {};
}

Setting text_setting(SettingInfo info, std::string Settings::*field) {
  return {std::move(info), [field](Settings& settings, const std::string& text) {
            settings.*field = text;
            return std::string{};
          }};
}

template <typename Number>
Setting number_setting(SettingInfo info, Number Settings::*field, std::uint64_t least,
                       std::uint64_t most) {
  return {std::move(info), [=](Settings& settings, const std::string& text) {
            return set_number(settings.*field, text, least, most);
          }};
}

Setting bytes_setting(SettingInfo info, std::uint64_t Settings::*field) {
  return {std::move(info), [field](Settings& settings, const std::string& text) {
            return set_bytes(settings.*field, text);
          }};
}

SettingInfo info(std::string key, std::string fallback, std::string help) {
  std::string variable = "CATALEJO_", flag = "--";
  for (char c : key) {
    variable += static_cast<char>(c == '_' ? '_' : c - 'a' + 'A');
    flag += c == '_' ? '-' : c;
  }
  return {std::move(key), std::move(variable), std::move(flag), std::move(fallback),
          std::move(help)};
}

// Where metrics of DogStatsD come in.
std::vector<Setting> statsd_settings() {
  return {
      number_setting(info("statsd_port", "8125", "metrics by DogStatsD, UDP; 0 for none"),
                     &Settings::statsd_port, 0, 65'535),
      text_setting(info("statsd_socket", "<data>/dsd.socket",
                        "the same as a Unix socket of datagrams; \"off\" for none"),
                   &Settings::statsd_socket),
      text_setting(info("statsd_stream_socket", "off",
                        "the same as a Unix socket of streams: a path, or \"off\" for none"),
                   &Settings::statsd_stream_socket),
      {info("statsd_non_local_traffic", "false",
            "take DogStatsD from other machines too, on the address of `listen`; it knows no key"),
       [](Settings& settings, const std::string& text) {
         settings.statsd_non_local = text == "true" || text == "1";
         const bool known = settings.statsd_non_local || text == "false" || text == "0";
         return known ? std::string() : fmt::format("is \"{}\", it takes true or false", text);
       }},
  };
}

// Models of the user's.
std::vector<Setting> model_settings() {
  return {
      text_setting(info("embedding_endpoint", "",
                        "https://NAME.openai.azure.com: topics of inputs come from a model of "
                        "yours, which is sent the inputs"),
                   &Settings::embedding_endpoint),
      text_setting(info("embedding_deployment", "", "name of its embedding deployment"),
                   &Settings::embedding_deployment),
      text_setting(info("embedding_key", "", "its key"), &Settings::embedding_key),
      text_setting(info("embedding_api_version", "2024-10-21", "api-version that it is asked with"),
                   &Settings::embedding_api_version),
      text_setting(info("judge_endpoint", "",
                        "https://NAME.openai.azure.com: judges of spans are models of yours, which "
                        "are sent what is judged"),
                   &Settings::judge_endpoint),
      text_setting(info("judge_deployments", "", "names of its deployments, with commas between"),
                   &Settings::judge_deployments),
      text_setting(info("judge_key", "", "its key"), &Settings::judge_key),
      text_setting(info("judge_api_version", "2024-10-21",
                        "api-version that it is asked with; \"none\" if it speaks like OpenAI"),
                   &Settings::judge_api_version),
      number_setting(info("judge_timeout_seconds", "90", "how long an answer of it may take"),
                     &Settings::judge_timeout_seconds, 1, 600),
      number_setting(info("playground_calls_per_day", "500",
                          "what people may ask those deployments in the playground; 0 = no end"),
                     &Settings::playground_calls_per_day, 0, 1'000'000),
      number_setting(info("playground_tokens_per_day", "0", "the same in tokens; 0 = no end"),
                     &Settings::playground_tokens_per_day, 0, 2'000'000'000),
  };
}

std::vector<Setting> monitor_settings() {
  return {
      number_setting(info("monitor_seconds", "60", "between two looks at a monitor"),
                     &Settings::monitor_seconds, 1, 3'600),
      text_setting(info("page_url", "as it listens",
                        "where people open the page: for links in what monitors send"),
                   &Settings::page_url),
      text_setting(info("smtp_url", "", "smtp(s)://host:port that takes what monitors mail"),
                   &Settings::smtp_url),
      text_setting(info("smtp_user", "", "who logs in there"), &Settings::smtp_user),
      text_setting(info("smtp_password", "", "with what"), &Settings::smtp_password),
      text_setting(info("smtp_from", "", "the address that it is sent from"), &Settings::smtp_from),
  };
}

Setting url_setting(SettingInfo info, std::string Settings::*field) {
  return {std::move(info), [field](Settings& settings, const std::string& text) {
            if (!text.starts_with("https://") && !text.starts_with("http://"))
              return fmt::format("is \"{}\", it begins with https://", text);
            settings.*field = text;
            while ((settings.*field).ends_with('/')) (settings.*field).pop_back();
            return std::string{};
          }};
}

// Azure Monitor.
std::vector<Setting> azure_settings() {
  const Settings known;
  return {
      {info("azure_auth", "",
            "secret, workload or managed: how to log in to Azure, whose metrics are then read"),
       [](Settings& settings, const std::string& text) {
         settings.azure_auth = text;
         const bool right =
             text.empty() || text == "secret" || text == "workload" || text == "managed";
         return right ? std::string()
                      : fmt::format("is \"{}\", it takes secret, workload or managed", text);
       }},
      text_setting(info("azure_tenant_id", "", "tenant of the application that logs in"),
                   &Settings::azure_tenant_id),
      text_setting(info("azure_client_id", "",
                        "its client id; of a managed identity, when there are several"),
                   &Settings::azure_client_id),
      text_setting(info("azure_client_secret", "", "the value of its secret"),
                   &Settings::azure_client_secret),
      text_setting(info("azure_token_file", "", "file with the token of a workload"),
                   &Settings::azure_token_file),
      url_setting(info("azure_authority_url", known.azure_authority_url,
                       "where tokens are given; of another cloud than the public one"),
                  &Settings::azure_authority_url),
      url_setting(
          info("azure_management_url", known.azure_management_url, "the Resource Manager there"),
          &Settings::azure_management_url),
      url_setting(info("azure_metrics_url", known.azure_metrics_url, "the metrics there"),
                  &Settings::azure_metrics_url),
      url_setting(info("azure_metrics_audience", known.azure_metrics_audience,
                       "what a token for metrics is asked for there"),
                  &Settings::azure_metrics_audience),
      url_setting(info("azure_identity_url", known.azure_identity_url,
                       "where a machine asks for the token of its identity"),
                  &Settings::azure_identity_url),
      text_setting(info("azure_app_identity_url", "", "the same on App Service, which says it"),
                   &Settings::azure_app_identity_url),
      text_setting(info("azure_app_identity_header", "", "what it wants to be shown"),
                   &Settings::azure_app_identity_header),
      number_setting(info("azure_interval_seconds", "120", "how often Azure's metrics are read"),
                     &Settings::azure_interval_seconds, 1, 86'400),
      number_setting(info("azure_late_minutes", "30",
                          "minutes that are read again, since Azure corrects the newest"),
                     &Settings::azure_late_minutes, 1, 1'440),
      number_setting(
          info("azure_first_hours", "24", "hours that are read of an account that is new"),
          &Settings::azure_first_hours, 1, 2'200),
  };
}

std::vector<Setting> make_settings() {
  std::vector<Setting> settings = {
      text_setting(info("data", "~/.local/share/catalejo", "folder of everything that is kept"),
                   &Settings::data_dir),
      text_setting(
          info("listen", "127.0.0.1", "address of all ports; any other than loopback needs a key"),
          &Settings::listen),
      number_setting(info("apm_port", "8126", "traces from tracers (the agent's port)"),
                     &Settings::apm_port, 0, 65'535),
      text_setting(
          info("apm_socket", "<data>/apm.socket", "the same as a Unix socket; \"off\" for none"),
          &Settings::apm_socket),
      number_setting(info("http_port", "8127", "page, API, agentless intake"), &Settings::http_port,
                     0, 65'535),
      number_setting(info("https_port", "8443",
                          "the same with TLS, once a certificate exists (catalejo tls init)"),
                     &Settings::https_port, 0, 65'535),
      text_setting(info("tls_certificate", "<data>/tls/server.pem", "certificate chain, PEM"),
                   &Settings::tls_certificate),
      text_setting(info("tls_key", "<data>/tls/server.key", "its private key, PEM"),
                   &Settings::tls_key),
      text_setting(info("clickhouse_url", "",
                        "http(s)://user:password@host:8123/database instead of the embedded store"),
                   &Settings::clickhouse_url),
      number_setting(info("retention_days", "15", "spans older than this are removed"),
                     &Settings::retention_days, 1, 36'500),
      number_setting(info("metric_retention_days", "457",
                          "metrics and events older than this are removed, by whole months"),
                     &Settings::metric_retention_days, 31, 36'500),
      number_setting(info("metric_series_max", "20000",
                          "series that one metric may have in an hour; points of more are refused"),
                     &Settings::metric_series_max, 1, limits::metric_series_max),
      bytes_setting(info("log_bytes_max", "4G",
                         "spans waiting for the database; above it intake answers 503"),
                    &Settings::log_bytes_max),
      bytes_setting(
          info("store_memory_bytes_max", "by the machine", "memory of the embedded store"),
          &Settings::store_memory_bytes_max),
      text_setting(info("prices", "<data>/prices.json, else built in",
                        "price catalogue; read again when it changes"),
                   &Settings::prices),
      number_setting(info("evaluator_percent", "50",
                          "share of one core that evaluators may take; 0 switches them off"),
                     &Settings::evaluator_percent, 0, 100),
      number_setting(info("evaluator_trace_seconds", "60",
                          "without a new span before a trace is judged as a whole"),
                     &Settings::evaluator_trace_seconds, 1, 86'400),
      number_setting(info("evaluator_session_seconds", "600",
                          "without a new span before a session is judged as a whole"),
                     &Settings::evaluator_session_seconds, 1, 86'400),
      number_setting(info("threads", "one per core, at most 4", "event loops"), &Settings::threads,
                     0, 64),
      text_setting(info("log_level", "info", "debug, info, warn or error"), &Settings::log_level),
  };
  for (const std::vector<Setting>& more :
       {statsd_settings(), model_settings(), monitor_settings(), azure_settings()})
    settings.insert(settings.end(), more.begin(), more.end());
  return settings;
}

const std::vector<Setting>& settings_table() {
  static const std::vector<Setting> table = make_settings();
  return table;
}

std::string value_of(const Values& values, const std::string& key) {
  const auto found = values.find(key);
  return found == values.end() ? std::string{} : found->second;
}

std::string default_data_dir(const Values& environment) {
  if (std::string xdg = value_of(environment, "XDG_DATA_HOME"); !xdg.empty())
    return xdg + "/catalejo";
  if (std::string home = value_of(environment, "HOME"); !home.empty())
    return home + "/.local/share/catalejo";
  return "/var/lib/catalejo";
}

Result<void> apply(Settings& settings, const Setting& setting, const std::string& text,
                   const std::string& where) {
  const std::string problem = setting.set(settings, text);
  if (!problem.empty())
    return Error{Code::config, fmt::format("{} {}", setting.info.key, problem), where};
  return {};
}

Result<void> apply_file(Settings& settings, const std::string& path) {
  const toml::parse_result parsed = toml::parse_file(path);
  if (!parsed) {
    return Error{Code::config, std::string(parsed.error().description()),
                 fmt::format("{}:{}", path, parsed.error().source().begin.line)};
  }
  for (const auto& [key, node] : parsed.table()) {
    const Setting* found = nullptr;
    for (const Setting& setting : settings_table())
      if (setting.info.key == key.str()) found = &setting;
    if (!found) {
      return Error{Code::config, fmt::format("there is no setting \"{}\"", key.str()),
                   fmt::format("{}:{}", path, node.source().begin.line)};
    }
    std::string text;
    if (auto string = node.value_exact<std::string>()) {
      text = *string;
    } else if (auto number = node.value_exact<std::int64_t>()) {
      text = fmt::format("{}", *number);
    } else {
      return Error{Code::config, fmt::format("{} takes a text or a whole number", key.str()), path};
    }
    CATALEJO_TRY(apply(settings, *found, text, path));
  }
  return {};
}

std::string config_path(const Values& flags, const Values& environment, const Settings& settings) {
  if (std::string path = value_of(flags, "config"); !path.empty()) return path;
  if (std::string path = value_of(environment, "CATALEJO_CONFIG"); !path.empty()) return path;
  const std::string beside = settings.data_dir + "/catalejo.toml";
  return std::filesystem::exists(beside) ? beside : std::string{};
}

// Ports of parts that other programs of the family listen on; known, so not a typing mistake.
const std::set<std::string, std::less<>> kReservedVariables = {
    "CATALEJO_CONFIG",       "CATALEJO_OTLP_HTTP_PORT", "CATALEJO_OTLP_GRPC_PORT",
    "CATALEJO_GATEWAY_PORT", "CATALEJO_LIBCHDB",        "CATALEJO_CACHE",
    "CATALEJO_API_KEY",      "CATALEJO_BUILD"};

void warn_unknown(const Values& environment) {
  for (const auto& [name, value] : environment) {
    if (!name.starts_with("CATALEJO_") || kReservedVariables.contains(name)) continue;
    bool known = false;
    for (const Setting& setting : settings_table()) known |= setting.info.variable == name;
    if (!known) log::warn("app", "variable {} is not a setting of this version", name);
  }
}

}  // namespace

bool Settings::loopback() const {
  return listen == "::1" || listen == "localhost" || listen.starts_with("127.");
}

std::string Settings::apm_socket_path() const {
  if (apm_socket == "off") return {};
  return apm_socket.empty() ? data_dir + "/apm.socket" : apm_socket;
}

std::string Settings::statsd_socket_path() const {
  if (statsd_socket == "off") return {};
  return statsd_socket.empty() ? data_dir + "/dsd.socket" : statsd_socket;
}

std::string Settings::statsd_stream_socket_path() const {
  return statsd_stream_socket == "off" ? std::string() : statsd_stream_socket;
}

std::string Settings::statsd_address() const {
  return loopback() || statsd_non_local ? listen : "127.0.0.1";
}

const std::vector<SettingInfo>& setting_infos() {
  static const std::vector<SettingInfo> infos = [] {
    std::vector<SettingInfo> all;
    for (const Setting& setting : settings_table()) all.push_back(setting.info);
    return all;
  }();
  return infos;
}

Result<Settings> load_settings(const Values& flags, const Values& environment) {
  Settings settings;
  settings.data_dir = default_data_dir(environment);
  // The folder comes first: it says where the file is.
  if (std::string data = value_of(environment, "CATALEJO_DATA"); !data.empty())
    settings.data_dir = data;
  if (std::string data = value_of(flags, "data"); !data.empty()) settings.data_dir = data;
  const std::string path = config_path(flags, environment, settings);
  if (!path.empty()) CATALEJO_TRY(apply_file(settings, path));
  warn_unknown(environment);
  for (const Setting& setting : settings_table()) {
    if (const auto other = kOtherNames.find(setting.info.key); other != kOtherNames.end())
      if (auto found = environment.find(other->second); found != environment.end())
        CATALEJO_TRY(apply(settings, setting, found->second, other->second));
    if (auto found = environment.find(setting.info.variable); found != environment.end())
      CATALEJO_TRY(apply(settings, setting, found->second, setting.info.variable));
    if (auto found = flags.find(setting.info.key); found != flags.end())
      CATALEJO_TRY(apply(settings, setting, found->second, setting.info.flag));
  }
  if (settings.data_dir.empty())
    return Error{Code::config, "the data folder is empty; set CATALEJO_DATA or --data", {}};
  std::error_code error;
  settings.data_dir = std::filesystem::absolute(settings.data_dir, error).lexically_normal();
  return settings;
}

Values process_environment() {
  Values values;
  const auto is_other_name = [](const std::string& name) {
    return std::ranges::any_of(kOtherNames, [&](const auto& one) { return one.second == name; });
  };
  for (char** entry = environ; *entry; ++entry) {
    const std::string_view text = *entry;
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string name(text.substr(0, equals));
    if (name.starts_with("CATALEJO_") || name == "HOME" || name == "XDG_DATA_HOME" ||
        is_other_name(name))
      values[name] = std::string(text.substr(equals + 1));
  }
  return values;
}

}  // namespace catalejo::app
