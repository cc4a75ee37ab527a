// Keeps what experiments were made of: spans go after their days, an experiment stays to be
// compared with. One thread, which makes rows of the spans of an experiment once it has ended, or
// once nothing was heard of it for long. Until then they are collected whenever somebody reads.
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "base/counters.hpp"
#include "base/task.hpp"
#include "query/reader.hpp"
#include "store/experiments.hpp"
#include "store/store.hpp"

namespace catalejo::api {

class ExperimentCollector {
 public:
  // All outlive the collector.
  ExperimentCollector(store::Store& store, store::Experiments& experiments, Counters& counters);
  ~ExperimentCollector() { stop(); }
  ExperimentCollector(const ExperimentCollector&) = delete;
  ExperimentCollector& operator=(const ExperimentCollector&) = delete;
  // Before the store stops.
  void stop();

 private:
  void run();
  bool wait();  // false when it is time to end
  void collect_ended();
  Result<void> collect(const store::Experiment& experiment);
  Task<Result<void>> keep_rows(std::string id, std::vector<store::ExperimentRow> rows, bool last);

  store::Store& store_;
  store::Experiments& experiments_;
  Counters& counters_;
  query::Reader reader_;
  std::mutex mutex_;  // guards stopping_
  std::condition_variable woken_;
  bool stopping_ = false;
  std::thread thread_;  // last, so that it begins when the others are there
};

}  // namespace catalejo::api
