#include "base/counters.hpp"

#include <fmt/format.h>

namespace catalejo {
namespace {

constexpr std::size_t kLabelSetsMax = 512;

}  // namespace

Counter& Counters::counter(std::string_view name, std::string_view labels) {
  const std::lock_guard lock(mutex_);
  std::pair key{std::string(name), std::string(labels)};
  if (auto found = counters_.find(key); found != counters_.end()) return found->second;
  if (!labels.empty() && ++label_sets_[key.first] > kLabelSetsMax) key.second = "other=\"true\"";
  return counters_[std::move(key)];
}

void Counters::gauge(std::string_view name, std::string_view labels, std::function<double()> read) {
  const std::lock_guard lock(mutex_);
  gauges_.emplace_back(Sample{std::string(name), std::string(labels), 0}, std::move(read));
}

std::vector<Sample> Counters::samples() const {
  std::vector<Sample> all;
  const std::lock_guard lock(mutex_);
  for (const auto& [key, counter] : counters_)
    all.push_back({key.first, key.second, static_cast<double>(counter.value())});
  for (const auto& [sample, read] : gauges_) all.push_back({sample.name, sample.labels, read()});
  return all;
}

std::string Counters::prometheus() const {
  std::string text, last;
  for (const Sample& sample : samples()) {
    if (sample.name != last) {
      const bool counts = sample.name.ends_with("_total");
      text += fmt::format("# TYPE {} {}\n", sample.name, counts ? "counter" : "gauge");
      last = sample.name;
    }
    if (sample.labels.empty()) {
      text += fmt::format("{} {}\n", sample.name, sample.value);
    } else {
      text += fmt::format("{}{{{}}} {}\n", sample.name, sample.labels, sample.value);
    }
  }
  return text;
}

std::string label(std::string_view key, std::string_view value) {
  std::string text(key);
  text += "=\"";
  for (char c : value) {
    if (c == '"' || c == '\\') text += '\\';
    if (c == '\n') {
      text += "\\n";
    } else {
      text += c;
    }
  }
  return text + '"';
}

}  // namespace catalejo
