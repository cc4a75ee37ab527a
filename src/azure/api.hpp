// The calls to Azure that are needed, each as a function: what the login sees (subscriptions,
// accounts, deployments), which metrics there are, and their values. Knows nothing of what becomes
// of them. Errors are of problem.hpp.
//
// From one thread at a time.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "azure/answers.hpp"
#include "azure/http.hpp"
#include "azure/token.hpp"
#include "base/result.hpp"
#include "model/azure.hpp"

namespace catalejo::azure {

// Metrics with the same dimensions, each minute of [from, to).
struct MetricQuestion {
  std::vector<std::string> metrics;  // by their REST names
  std::string aggregation;
  std::vector<std::string> dimensions;
  UnixNanos from, to;
};

class Api {
 public:
  Api(Login login, Endpoints endpoints, HttpOptions options);

  // Whether there is a token for the Resource Manager, and one for metrics.
  Result<void> check_management_token();
  Result<void> check_metrics_token();

  Result<std::vector<model::AzureSubscription>> subscriptions();
  // By Resource Graph, of all subscriptions in one question.
  Result<std::vector<model::AzureAccount>> accounts(
      const std::vector<model::AzureSubscription>& subscriptions);
  // By the Resource Manager.
  Result<std::vector<model::AzureAccount>> accounts_of(const std::string& subscription);
  Result<std::vector<model::AzureDeployment>> deployments_of(const model::AzureAccount& account);
  Result<std::vector<MetricDefinition>> definitions_of(const model::AzureAccount& account);

  // At most limits::azure_batch_max accounts of one subscription and region.
  Result<MetricAnswer> batch(const std::vector<const model::AzureAccount*>& accounts,
                             const MetricQuestion& question);
  Result<MetricAnswer> metrics_of(const model::AzureAccount& account,
                                  const MetricQuestion& question);

  const Http& http() const { return http_; }
  std::size_t rows_skipped() const { return skipped_; }  // so far, of all answers

 private:
  Result<std::string> ask(std::string_view method, const std::string& url, std::string body,
                          const std::string& audience);
  template <typename Row>
  Result<std::vector<Row>> read_all(std::string url,
                                    Result<Page<Row>> (*read)(std::string_view body));
  Result<MetricAnswer> answered(Result<std::string> body, const MetricQuestion& question);

  const Endpoints endpoints_;
  Http http_;
  Tokens tokens_;
  std::size_t skipped_ = 0;
};

// "ModelName eq '*' and Region eq '*'": every value of every dimension.
std::string every_value(const std::vector<std::string>& dimensions);

}  // namespace catalejo::azure
