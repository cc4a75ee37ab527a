// Monitors as the settings ask for them: what is kept, who looks, who delivers.
#pragma once

#include <memory>

#include "app/settings.hpp"
#include "base/counters.hpp"
#include "cost/prices.hpp"
#include "monitor/courier.hpp"
#include "monitor/watch.hpp"
#include "net/mail.hpp"
#include "pipeline/pipeline.hpp"
#include "query/cost_reader.hpp"
#include "store/monitors.hpp"
#include "store/store.hpp"

namespace catalejo::app {

class Monitoring {
 public:
  // All outlive it.
  static Result<std::unique_ptr<Monitoring>> open(const Settings& settings, store::Store& store,
                                                  pipeline::Pipeline& pipeline,
                                                  cost::Prices& prices, Counters& counters);
  store::Monitors* control() { return control_.get(); }
  const net::MailServer& mail() const { return mail_; }
  const std::string& page_url() const { return page_url_; }
  // Makes the monitors that come with the program, those that never were made. From any thread.
  void ship();
  // Before the store stops.
  void stop();

 private:
  net::MailServer mail_;
  std::string page_url_;
  std::unique_ptr<store::Monitors> control_;
  std::unique_ptr<query::CostReader> costs_;
  std::unique_ptr<monitor::Courier> courier_;
  std::unique_ptr<monitor::Watch> watch_;
};

}  // namespace catalejo::app
