#include "azure/answers.hpp"

#include <simdjson.h>

#include <algorithm>
#include <cmath>

#include "azure/problem.hpp"
#include "base/ascii.hpp"
#include "base/limits.hpp"

namespace catalejo::azure {
namespace {

namespace dom = simdjson::dom;

// Of an element, or of what may be one.
template <typename Value>
std::string text_of(Value value) {
  std::string_view text;
  return value.get(text) == simdjson::SUCCESS && text.size() <= limits::azure_text_bytes_max
             ? std::string(text)
             : std::string();
}

template <typename Value>
std::int64_t whole_of(Value value) {
  double number = 0;
  if (value.get(number) != simdjson::SUCCESS || !(number >= 0 && number < 1e15)) return 0;
  return static_cast<std::int64_t>(number);
}

struct Body {
  dom::parser parser;
  dom::object fields;

  Result<void> parse(std::string_view text) {
    if (parser.parse(text.data(), text.size()).get(fields) == simdjson::SUCCESS) return {};
    return problem("malformed", "no whole JSON object");
  }
};

// Reads the rows of the array `name`. `read(row, element)` is false where it makes no sense.
template <typename Row, typename Read>
Result<Page<Row>> read_page(const Body& body, std::string_view name, Read read) {
  dom::array rows;
  if (body.fields[name].get(rows) != simdjson::SUCCESS)
    return problem("malformed", std::string("no array \"") + std::string(name) + "\"");
  Page<Row> page;
  for (const dom::element element : rows) {
    if (Row row; element.is_object() && read(row, element))
      page.rows.push_back(std::move(row));
    else
      ++page.skipped;
  }
  for (const char* next : {"nextLink", "$skipToken"})
    if (page.next.empty()) page.next = text_of(body.fields[next]);
  return page;
}

// "contoso-eu" of "https://contoso-eu.openai.azure.com/"; accounts without a name of their own
// share the address of their region.
std::string resource_of(std::string_view endpoint) {
  constexpr std::string_view kScheme = "https://";
  if (!endpoint.starts_with(kScheme)) return {};
  endpoint.remove_prefix(kScheme.size());
  const std::string host = lower_ascii(endpoint.substr(0, endpoint.find_first_of("/:")));
  return host.ends_with("api.cognitive.microsoft.com") ? "" : host.substr(0, host.find('.'));
}

// It becomes a part of addresses.
bool is_plain(std::string_view id) {
  return std::ranges::all_of(id, [](char c) {
    return c > ' ' && c < '\x7f' && std::string_view("?#%\"\\").find(c) == std::string_view::npos;
  });
}

bool read_account(model::AzureAccount& account, dom::element row) {
  account.id = text_of(row["id"]);
  account.name = text_of(row["name"]);
  account.subscription = lower_ascii(id_part(account.id, "/subscriptions/"));
  account.resource_group = id_part(account.id, "/resourcegroups/");
  account.region = lower_ascii(text_of(row["location"]));
  std::erase(account.region, ' ');
  account.kind = text_of(row["kind"]);
  account.sku = text_of(row["sku"]["name"]);
  std::string endpoint = text_of(row["endpoint"]);
  if (endpoint.empty()) endpoint = text_of(row["properties"]["endpoint"]);
  account.resource = resource_of(endpoint);
  dom::object tags;
  if (row["tags"].get(tags) == simdjson::SUCCESS)
    for (const dom::key_value_pair tag : tags)
      if (account.tags.size() < limits::azure_tags_max)
        account.tags.emplace_back(tag.key, text_of(tag.value));
  return account.id.starts_with("/subscriptions/") && is_plain(account.id) &&
         !account.name.empty() && !account.subscription.empty() && !account.resource_group.empty();
}

bool read_deployment(model::AzureDeployment& deployment, dom::element row) {
  const auto properties = row["properties"];
  deployment.name = text_of(row["name"]);
  deployment.model = text_of(properties["model"]["name"]);
  deployment.version = text_of(properties["model"]["version"]);
  deployment.sku = text_of(row["sku"]["name"]);
  deployment.capacity = whole_of(row["sku"]["capacity"]);
  deployment.spillover = text_of(properties["spilloverDeploymentName"]);
  deployment.state = text_of(properties["provisioningState"]);
  // {"key":"token","renewalPeriod":60,"count":120000}
  dom::array rules;
  if (properties["rateLimits"].get(rules) == simdjson::SUCCESS) {
    for (const dom::element rule : rules) {
      const std::string key = text_of(rule["key"]);
      const std::int64_t seconds = std::max<std::int64_t>(whole_of(rule["renewalPeriod"]), 1);
      const std::int64_t minute =
          std::min<std::int64_t>(whole_of(rule["count"]), 1e12) * 60 / seconds;
      if (key == "request") deployment.requests_per_minute = minute;
      if (key == "token") deployment.tokens_per_minute = minute;
    }
  }
  return !deployment.name.empty();
}

// The primary one; where there is none the first that a value of a minute can have.
std::string aggregation_of(dom::element row) {
  constexpr std::string_view kUsable[] = {"Total", "Average", "Maximum", "Minimum", "Count"};
  const auto usable = [&](const std::string& name) {
    return std::ranges::find(kUsable, name) != std::end(kUsable);
  };
  std::string primary = text_of(row["primaryAggregationType"]);
  if (usable(primary)) return primary;
  dom::array supported;
  if (row["supportedAggregationTypes"].get(supported) != simdjson::SUCCESS) return {};
  for (const dom::element element : supported)
    if (std::string name = text_of(element); usable(name)) return name;
  return {};
}

bool read_definition(MetricDefinition& definition, dom::element row) {
  definition.rest_name = text_of(row["name"]["value"]);
  definition.display_name = text_of(row["name"]["localizedValue"]);
  if (definition.display_name.empty()) definition.display_name = definition.rest_name;
  definition.aggregation = aggregation_of(row);
  dom::array dimensions, grains;
  if (row["dimensions"].get(dimensions) == simdjson::SUCCESS)
    for (const dom::element dimension : dimensions)
      if (std::string name = text_of(dimension["value"]);
          !name.empty() && definition.dimensions.size() < limits::azure_dimensions_max)
        definition.dimensions.push_back(std::move(name));
  if (row["metricAvailabilities"].get(grains) == simdjson::SUCCESS && grains.size() > 0)
    definition.by_minute = std::ranges::any_of(
        grains, [](dom::element grain) { return text_of(grain["timeGrain"]) == "PT1M"; });
  return !definition.rest_name.empty() && !definition.aggregation.empty();
}

// Of one resource: {"value":[{"name":…,"timeseries":[…],"errorCode":…}],…}.
class MetricReader {
 public:
  MetricReader(MetricAnswer& answer, std::string_view aggregation)
      : answer_(answer), key_(lower_ascii(aggregation)) {}

  bool read(dom::element resource) {
    dom::array metrics;
    if (resource["value"].get(metrics) != simdjson::SUCCESS) return false;
    const std::string id = text_of(resource["resourceid"]);
    for (const dom::element metric : metrics) read_metric(id, metric);
    return true;
  }

 private:
  void read_metric(const std::string& id, dom::element metric) {
    const std::string name = text_of(metric["name"]["value"]);
    const std::string code = text_of(metric["errorCode"]);
    dom::array all;
    if (!name.empty()) answer_.present.emplace(lower_ascii(id), lower_ascii(name));
    if (!code.empty() && code != "Success") {
      const std::string words = text_of(metric["errorMessage"]);
      answer_.refused.push_back({id, name, words.empty() ? code : code + ": " + words});
      return;
    }
    if (name.empty() || metric["timeseries"].get(all) != simdjson::SUCCESS) {
      ++answer_.skipped;
      return;
    }
    answer_.most_series = std::max(answer_.most_series, all.size());
    for (const dom::element one : all) read_series(id, name, one);
  }

  void read_series(const std::string& id, const std::string& name, dom::element one) {
    MetricSeries series{.resource_id = id, .rest_name = name};
    dom::array metadata, data;
    if (one["metadatavalues"].get(metadata) == simdjson::SUCCESS) {
      for (const dom::element value : metadata) {
        std::string dimension = text_of(value["name"]["value"]);
        if (!dimension.empty())
          series.dimensions.emplace_back(std::move(dimension), text_of(value["value"]));
      }
    }
    if (one["data"].get(data) != simdjson::SUCCESS) {
      ++answer_.skipped;
      return;
    }
    for (const dom::element element : data) read_value(series, element);
    if (!series.values.empty()) answer_.series.push_back(std::move(series));
  }

  void read_value(MetricSeries& series, dom::element element) {
    std::string_view stamp;
    dom::element value;
    const bool stamped = element["timeStamp"].get(stamp) == simdjson::SUCCESS;
    const auto time = stamped ? parse_rfc3339(stamp) : std::nullopt;
    if (!time) {
      ++answer_.skipped;
      return;
    }
    // A minute of which nothing is known comes without a value.
    if (element[key_].get(value) != simdjson::SUCCESS || value.is_null()) return;
    double number = 0;
    if (value.get(number) != simdjson::SUCCESS || !std::isfinite(number)) {
      ++answer_.skipped;
      return;
    }
    series.values.push_back({*time, number});
  }

  MetricAnswer& answer_;
  const std::string key_;
};

}  // namespace

std::string id_part(std::string_view id, std::string_view before) {
  const std::size_t found = lower_ascii(id).find(before);
  if (found == std::string::npos) return {};
  const std::string_view rest = id.substr(found + before.size());
  return std::string(rest.substr(0, rest.find('/')));
}

Result<Page<model::AzureSubscription>> read_subscriptions(std::string_view text) {
  Body body;
  CATALEJO_TRY(body.parse(text));
  auto page = read_page<model::AzureSubscription>(
      body, "value", [](model::AzureSubscription& subscription, dom::element row) {
        subscription.id = lower_ascii(text_of(row["subscriptionId"]));
        subscription.name = text_of(row["displayName"]);
        const std::string state = text_of(row["state"]);
        if (state == "Disabled" || state == "Deleted") subscription.id.clear();
        return !text_of(row["subscriptionId"]).empty();
      });
  if (page) std::erase_if(page->rows, [](const auto& row) { return row.id.empty(); });
  return page;
}

Result<Page<model::AzureAccount>> read_accounts(std::string_view text) {
  Body body;
  CATALEJO_TRY(body.parse(text));
  const bool graph = body.fields["data"].error() == simdjson::SUCCESS;
  return read_page<model::AzureAccount>(body, graph ? "data" : "value", read_account);
}

Result<Page<model::AzureDeployment>> read_deployments(std::string_view text) {
  Body body;
  CATALEJO_TRY(body.parse(text));
  return read_page<model::AzureDeployment>(body, "value", read_deployment);
}

Result<Page<MetricDefinition>> read_definitions(std::string_view text) {
  Body body;
  CATALEJO_TRY(body.parse(text));
  return read_page<MetricDefinition>(body, "value", read_definition);
}

Result<MetricAnswer> read_metrics(std::string_view text, std::string_view aggregation) {
  Body body;
  CATALEJO_TRY(body.parse(text));
  MetricAnswer answer;
  MetricReader reader(answer, aggregation);
  dom::array resources;
  if (body.fields["values"].get(resources) != simdjson::SUCCESS) {
    // About one resource.
    dom::element whole = body.parser.doc.root();
    if (!reader.read(whole)) return problem("malformed", "no array \"values\" or \"value\"");
    return answer;
  }
  for (const dom::element resource : resources)
    if (!resource.is_object() || !reader.read(resource)) ++answer.skipped;
  return answer;
}

}  // namespace catalejo::azure
