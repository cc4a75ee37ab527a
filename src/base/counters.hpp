// Named counters and gauges of the program itself, shown by `catalejo info` and GET /metrics.
// A counter is found once (by name and labels) and then incremented without a lock.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace catalejo {

class Counter {
 public:
  void add(std::uint64_t amount = 1) { value_.fetch_add(amount, std::memory_order_relaxed); }
  std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

// One line of GET /metrics.
struct Sample {
  std::string name;    // "catalejo_requests_total"
  std::string labels;  // `path="/v0.4/traces",status="200"`, empty when there are none
  double value = 0;
};

class Counters {
 public:
  // The same counter for the same name and labels, for the life of this object. Label sets of one
  // name are bounded (512): beyond it everything goes to `other="true"`, so that a client that
  // makes up paths cannot fill the memory.
  Counter& counter(std::string_view name, std::string_view labels = {});
  // `read` is called at each look; the object it reads must outlive this one.
  void gauge(std::string_view name, std::string_view labels, std::function<double()> read);
  std::vector<Sample> samples() const;
  // Text exposition format 0.0.4 of Prometheus.
  std::string prometheus() const;

 private:
  mutable std::mutex mutex_;  // guards the members below
  std::map<std::pair<std::string, std::string>, Counter> counters_;
  std::map<std::string, std::size_t> label_sets_;
  std::vector<std::pair<Sample, std::function<double()>>> gauges_;
};

// `key="value"` with the value escaped as Prometheus wants it.
std::string label(std::string_view key, std::string_view value);

}  // namespace catalejo
