// How well topics fit labels: reads lines "label<tab>text" (label "-" fits no topic) and writes one
// line of JSON. bench/topics.py makes the lines.
#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <iostream>
#include <map>
#include <string>
#include <vector>

#include "insight/topics/topics.hpp"

namespace {

namespace topics = catalejo::insight::topics;

struct Given {
  std::vector<std::string> texts, labels;
};

Given read_lines(std::istream& in) {
  Given given;
  for (std::string line; std::getline(in, line);) {
    const std::size_t tab = line.find('\t');
    if (tab == std::string::npos) continue;
    given.labels.push_back(line.substr(0, tab));
    given.texts.push_back(line.substr(tab + 1));
  }
  return given;
}

// Over texts that have a label and were given a topic.
struct Counts {
  double all = 0, strays = 0, strays_left_out = 0, labelled = 0, labelled_left_out = 0;
  std::map<std::string, double> labels;
  std::map<int, double> topics;
  std::map<std::pair<int, std::string>, double> both;
};

Counts count(const Given& given, const topics::Found& found) {
  Counts counts;
  for (std::size_t i = 0; i < given.texts.size(); ++i) {
    const bool stray = given.labels[i] == "-", left_out = found.now[i] == topics::kNoGroup;
    (stray ? counts.strays : counts.labelled) += 1;
    if (left_out) (stray ? counts.strays_left_out : counts.labelled_left_out) += 1;
    if (stray || left_out) continue;
    ++counts.all;
    ++counts.labels[given.labels[i]];
    ++counts.topics[found.now[i]];
    ++counts.both[{found.now[i], given.labels[i]}];
  }
  return counts;
}

template <typename Parts>
double entropy(const Parts& parts, double all) {
  double sum = 0;
  for (const auto& [name, n] : parts) sum -= n / all * std::log(n / all);
  return sum;
}

double mutual_information(const Counts& counts) {
  return entropy(counts.labels, counts.all) + entropy(counts.topics, counts.all) -
         entropy(counts.both, counts.all);
}

double purity(const Counts& counts) {
  std::map<int, double> most;
  for (const auto& [pair, n] : counts.both) most[pair.first] = std::max(most[pair.first], n);
  double sum = 0;
  for (const auto& [topic, n] : most) sum += n;
  return sum / counts.all;
}

double ratio(double part, double whole) {
  return whole > 0 ? part / whole : 0;
}

}  // namespace

int main() {
  const Given given = read_lines(std::cin);
  const auto begin = std::chrono::steady_clock::now();
  const topics::Found found = topics::find_topics(given.texts, {}, {});
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  const Counts counts = count(given, found);
  const double h = entropy(counts.labels, counts.all) + entropy(counts.topics, counts.all);
  fmt::print(R"({{"texts":{},"labels":{},"topics":{},"nmi":{:.3f},"purity":{:.3f},)"
             R"("strays_left_out":{:.3f},"labelled_left_out":{:.3f},"seconds":{:.3f}}})"
             "\n",
             given.texts.size(), counts.labels.size(), found.names.size(),
             ratio(2 * mutual_information(counts), h), purity(counts),
             ratio(counts.strays_left_out, counts.strays),
             ratio(counts.labelled_left_out, counts.labelled), took.count());
  return 0;
}
