// The HTTP API that the page, Datadog's API clients and Prometheus use, and the page itself.
// One handler; openapi.json beside this file describes every route, and a test compares the two.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "api/live.hpp"
#include "base/counters.hpp"
#include "base/task.hpp"
#include "base/time.hpp"
#include "base/worker.hpp"
#include "cost/prices.hpp"
#include "evaluate/judge/runner.hpp"
#include "evaluate/playground/desk.hpp"
#include "evaluate/privacy/desk.hpp"
#include "insight/topics/topics.hpp"
#include "model/batch.hpp"
#include "model/ledger.hpp"
#include "net/http.hpp"
#include "net/mail.hpp"
#include "store/dashboards.hpp"
#include "store/datasets.hpp"
#include "store/judges.hpp"
#include "store/monitors.hpp"
#include "store/queues.hpp"
#include "store/store.hpp"
#include "store/views.hpp"

namespace catalejo::evaluate {
class Engine;
}
namespace catalejo::evaluate::experiments {
class Runner;
}
namespace catalejo::azure {
class Crawler;
}

namespace catalejo::api {

struct ListenerInfo {
  std::string name;     // "apm"
  std::string address;  // "http://127.0.0.1:8126"
};

// The pointers are not owned and outlive the handler.
struct ApiOptions {
  std::string version;
  std::string data_dir;
  UnixNanos started;
  std::vector<ListenerInfo> listeners;
  // Whether a key must be shown. False only on loopback while no key exists; then requests that
  // a foreign web page could have caused are refused instead (guard.hpp).
  std::function<bool()> keys_required;
  std::function<bool(std::string_view)> check_key;
  store::Store* store = nullptr;
  model::Ledger* ledger = nullptr;
  Counters* counters = nullptr;
  LiveHub* live = nullptr;
  cost::Prices* prices = nullptr;
  store::PriceControl* price_control = nullptr;
  store::Views* views = nullptr;
  store::Dashboards* dashboards = nullptr;
  store::Datasets* datasets = nullptr;
  store::Queues* queues = nullptr;
  evaluate::privacy::RedactionDesk* redaction = nullptr;
  evaluate::Engine* evaluators = nullptr;
  store::Judges* judges = nullptr;
  evaluate::judge::Runner* judge_runner = nullptr;
  evaluate::playground::Desk* playground = nullptr;
  evaluate::experiments::Runner* experiment_runs = nullptr;
  azure::Crawler* azure = nullptr;
  Worker* trials = nullptr;  // wait for a model while somebody tries something
  Worker* desk = nullptr;    // the thread that waits for the files of datasets and queues
  // The pipeline: what people judge goes the way of every evaluation.
  std::function<Task<Result<store::Appended>>(model::Batch)> accept{};
  // Vectors of texts from a model of the user's; may be empty.
  insight::topics::Embed embed{};
  // What the log calls the one who changed something: never the key itself. May be empty.
  std::function<std::string(std::string_view)> name_key{};
  // Host names the page may be asked for besides localhost while no key is required.
  std::vector<std::string> host_names{};
  // Of what monitors send: who takes mails, and where the page is.
  net::MailServer mail{};
  std::string page_url{};
};

// `monitors` outlives the handler, too.
net::Handler api_handler(ApiOptions options, store::Monitors& monitors);

}  // namespace catalejo::api
