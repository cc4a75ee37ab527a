#include "target_dict.hpp"

#include <nanobind/stl/string.h>

#include <algorithm>
#include <string>
#include <string_view>

namespace nb = nanobind;

namespace catalejo::tracer {
namespace {

constexpr const char* kSpansPath = "/api/v2/llmobs";
constexpr const char* kEvaluationsPath = "/api/intake/llm-obs/v2/eval-metric";
constexpr const char* kProxy = "/evp_proxy/v2";

[[noreturn]] void refuse(const char* name, const char* what) {
  throw nb::value_error((std::string(name) + ": " + what).c_str());
}

std::string text_of(const char* name, nb::handle value) {
  if (!nb::isinstance<nb::str>(value)) refuse(name, "must be a str");
  std::string text = nb::cast<std::string>(value);
  // A key that comes from a file often ends with a line break.
  const char* const blank = " \t\r\n";
  text.erase(0, text.find_first_not_of(blank));
  text.erase(text.find_last_not_of(blank) + 1);
  // It may become a line of a request.
  if (text.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos) {
    refuse(name, "has a line break in it");
  }
  return text;
}

std::string text_in(const nb::dict& fields, const char* name, const char* fallback = "") {
  if (!fields.contains(name)) return fallback;
  const nb::object value = fields[name];
  return value.is_none() ? fallback : text_of(name, value);
}

template <typename Number>
void number_in(const nb::dict& fields, const char* name, Number& number) {
  if (!fields.contains(name)) return;
  const nb::object value = fields[name];
  long long given = 0;
  if (value.is_none()) return;
  if (!nb::try_cast(value, given) || given < 0 || given > (1LL << 40)) {
    refuse(name, "must be an int, not negative");
  }
  number = static_cast<Number>(std::min<unsigned long long>(given, ~Number{0}));
}

bool flag_in(const nb::dict& fields, const char* name) {
  return fields.contains(name) && nb::cast<bool>(nb::bool_(nb::object(fields[name])));
}

void add_headers(const nb::dict& fields, const char* name, Headers& headers) {
  if (!fields.contains(name)) return;
  const nb::object value = fields[name];
  if (value.is_none()) return;
  if (!nb::isinstance<nb::dict>(value)) refuse(name, "must be a dict of str");
  const auto given = nb::cast<nb::dict>(value);
  for (const auto& [key, text] : given) {
    headers.emplace_back(text_of(name, key), text_of(name, text));
  }
}

Url url_in(const char* name, const std::string& text, const std::string& path = "") {
  std::optional<Url> url = parse_url(text);
  if (!url) refuse(name, "must be http(s)://host:port[/base] or unix:///path.socket");
  url->path += path;
  return *url;
}

struct Names {
  const char* path;
  const char* path_fallback;
  const char* url;
  const char* headers;
  const char* subdomain;
};
constexpr Names kNames[kKinds] = {
    {"spans_path", kSpansPath, "spans_url", "spans_headers", "llmobs-intake"},
    {"evaluations_path", kEvaluationsPath, "evaluations_url", "evaluations_headers", "api"},
};

// `url` + path is the agent when the path leads through its proxy, which has a key of its own.
Endpoint direct_endpoint(const nb::dict& fields, const Names& names, bool probe) {
  std::string path = text_in(fields, names.path, names.path_fallback);
  if (probe && !path.starts_with("/evp_proxy/")) path.insert(0, kProxy);
  Endpoint endpoint{.url = url_in("url", text_in(fields, "url"), path)};
  add_headers(fields, "headers", endpoint.headers);
  add_headers(fields, names.headers, endpoint.headers);
  const std::string key = text_in(fields, "api_key");
  if (path.starts_with("/evp_proxy/")) {
    const bool named = std::any_of(endpoint.headers.begin(), endpoint.headers.end(), [](auto& one) {
      return one.first == "x-datadog-evp-subdomain";
    });
    if (!named) endpoint.headers.emplace_back("x-datadog-evp-subdomain", names.subdomain);
  } else if (!key.empty()) {
    endpoint.headers.emplace_back("dd-api-key", key);
  }
  return endpoint;
}

// An intake itself, without an agent: `url` + path, or `url` where that ends with the path.
Endpoint intake_endpoint(const nb::dict& fields, const Names& names, const std::string& url) {
  std::string path = text_in(fields, names.path, names.path_fallback);
  if (path.starts_with(kProxy)) path.erase(0, std::string_view(kProxy).size());
  if (std::string_view(url).ends_with(path)) path.clear();
  Endpoint endpoint{.url = url_in(names.url, url, path)};
  add_headers(fields, "headers", endpoint.headers);
  const std::string key = text_in(fields, "api_key");
  if (!key.empty()) endpoint.headers.emplace_back("dd-api-key", key);
  return endpoint;
}

}  // namespace

Target target_of(nb::dict fields) {
  Target target;
  const std::string url = text_in(fields, "url");
  const bool probe = flag_in(fields, "probe") && !url.empty();
  for (std::size_t kind = 0; kind < kKinds; ++kind) {
    const std::string own_url = text_in(fields, kNames[kind].url);
    if (!own_url.empty()) target.agentless[kind] = intake_endpoint(fields, kNames[kind], own_url);
    // A kind that has an address of its own goes there, unless an agent is to be asked first.
    if (!url.empty() && (own_url.empty() || probe)) {
      target.direct[kind] = direct_endpoint(fields, kNames[kind], probe);
    }
  }
  if (probe) target.info = url_in("info_url", text_in(fields, "info_url", url.c_str()), "/info");
  target.ca_file = text_in(fields, "ca_file");
  target.tracer_version = text_in(fields, "tracer_version");
  target.spool_dir = text_in(fields, "spool_dir");
  target.debug = flag_in(fields, "debug");
  target.redact = text_in(fields, "redact");
  if (fields.contains("redact_patterns"))
    target.redact_patterns = nb::cast<std::string>(nb::object(fields["redact_patterns"]));
  target.redact_key = text_in(fields, "redact_key");
  target.redact_library = text_in(fields, "redact_library");
  number_in(fields, "flush_interval_ms", target.flush_interval_ms);
  number_in(fields, "timeout_ms", target.timeout_ms);
  number_in(fields, "queue_bytes_max", target.queue_bytes_max);
  number_in(fields, "batch_bytes_max", target.batch_bytes_max);
  number_in(fields, "spool_bytes_max", target.spool_bytes_max);
  return target;
}

}  // namespace catalejo::tracer
