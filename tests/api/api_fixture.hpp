// The handler with everything it needs, asked without a socket.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <simdjson.h>

#include "api/api.hpp"
#include "base/task.hpp"
#include "evaluate/experiments/runner.hpp"
#include "fake_store.hpp"
#include "store/price_control.hpp"

namespace catalejo::test {

inline std::string header_of(const net::Response& response, std::string_view name) {
  return std::string(net::find_header(response.headers, name));
}

class ApiTest : public ::testing::Test {
 protected:
  ApiTest() {
    handler_ = api::api_handler(
        {
            .version = "0.1.0",
            .data_dir = "/data",
            .started = {1},
            .listeners = {{"page", "http://127.0.0.1:8127"}},
            .keys_required = [this] { return keys_required_; },
            .check_key = [](std::string_view key) { return key == "good"; },
            .store = &store_,
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
            .judges = judges_.get(),
            .judge_runner = judge_runner_.get(),
            .playground = playground_.get(),
            .experiment_runs = experiment_runs_.get(),
            .trials = &trials_,
            .desk = &desk_,
            .accept = [this](model::Batch batch) { return accept(std::move(batch)); },
        },
        *monitors_);
  }

  net::Response ask(const std::string& method, const std::string& target, net::Headers headers = {},
                    std::string body = {}) {
    net::Request request;
    request.method = method;
    request.path = target.substr(0, target.find('?'));
    if (target.size() > request.path.size()) request.query = target.substr(request.path.size() + 1);
    request.headers = std::move(headers);
    if (request.header("Host").empty()) request.headers.emplace_back("Host", "localhost:8127");
    request.body = std::move(body);
    return run_blocking(handler_(std::move(request)));
  }
  net::Response get(const std::string& target, net::Headers headers = {}) {
    return ask("GET", target, std::move(headers));
  }
  // The answer as a tree; fails the test when it is no JSON. Valid until the next call.
  simdjson::dom::element json(const net::Response& response) {
    simdjson::dom::element root;
    EXPECT_EQ(parser_.parse(response.body).get(root), simdjson::SUCCESS) << response.body;
    return root;
  }
  static std::string text(simdjson::dom::element element) {
    std::string_view value;
    if (element.get(value) == simdjson::SUCCESS) return std::string(value);
    return simdjson::minify(element);
  }

  // What was judged, as the pipeline would get it.
  Task<Result<store::Appended>> accept(model::Batch batch) {
    accepted_.push_back(std::move(batch));
    co_return store::Appended{};
  }

  FakeStore store_;
  model::Ledger ledger_;
  Counters counters_;
  api::LiveHub live_;
  bool keys_required_ = false;
  std::unique_ptr<store::PriceControl> price_control_ = *store::PriceControl::open(":memory:");
  std::unique_ptr<cost::Prices> prices_ = *cost::Prices::open({.control = price_control_.get()});
  std::unique_ptr<store::Views> views_ = *store::Views::open(":memory:");
  std::unique_ptr<store::Dashboards> dashboards_ = *store::Dashboards::open(":memory:");
  std::unique_ptr<store::Monitors> monitors_ = *store::Monitors::open(":memory:");
  std::unique_ptr<store::Datasets> datasets_ = *store::Datasets::open(":memory:");
  std::unique_ptr<store::Queues> queues_ = *store::Queues::open(":memory:");
  std::unique_ptr<store::RedactionControl> redaction_control_ =
      *store::RedactionControl::open(":memory:");
  std::unique_ptr<pipeline::Redaction> redaction_ =
      std::make_unique<pipeline::Redaction>(*redaction_control_, std::string(32, 'k'), counters_);
  std::unique_ptr<evaluate::privacy::RedactionDesk> redaction_desk_ =
      std::make_unique<evaluate::privacy::RedactionDesk>(*redaction_control_, *redaction_);
  std::unique_ptr<store::Judges> judges_ = *store::Judges::open(":memory:");
  std::unique_ptr<evaluate::judge::Runner> judge_runner_ = *evaluate::judge::Runner::open(
      {.control = judges_.get(),
       .store = &store_,
       .counters = &counters_,
       .accept = [this](model::Batch batch) { return accept(std::move(batch)); }});
  std::unique_ptr<evaluate::playground::Desk> playground_ = *evaluate::playground::Desk::open(
      {.control = judges_.get(), .counters = &counters_, .accept = [this](model::Batch batch) {
         return accept(std::move(batch));
       }});
  std::unique_ptr<evaluate::experiments::Runner> experiment_runs_ =
      std::make_unique<evaluate::experiments::Runner>(
          evaluate::experiments::RunnerOptions{.datasets = datasets_.get(),
                                               .desk = playground_.get(),
                                               .judges = judge_runner_.get(),
                                               .counters = &counters_});
  Worker trials_{4};
  Worker desk_{16};
  std::vector<model::Batch> accepted_;
  net::Handler handler_;
  simdjson::dom::parser parser_;
};

}  // namespace catalejo::test
