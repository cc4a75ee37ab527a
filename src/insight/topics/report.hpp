// What is told of the topics of a period: figures, the period before, examples. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "insight/figures.hpp"
#include "insight/topics/sample.hpp"
#include "insight/topics/topics.hpp"

namespace catalejo::insight::topics {

enum class Trend : std::uint8_t { steady, appeared, grown, shrunk };

// An input as an example of its topic.
struct Example {
  TraceId trace_id;
  SpanId span_id;
  UnixNanos start;
  std::string text;         // its beginning
  std::uint64_t times = 1;  // calls with the same words
  bool failed = false;
};

struct Topic {
  std::vector<std::string> phrases;
  Figures now, before;
  Sums judged_now, judged_before;
  Trend trend = Trend::steady;
  std::vector<Example> examples;  // most typical first; of what fits no topic, the strangest first
  std::vector<SpanId> spans;      // an even pick of its calls
};

struct Report {
  std::uint64_t calls = 0, calls_before = 0;  // there are
  std::uint64_t looked_at = 0, looked_at_before = 0;
  std::uint64_t without_text = 0;  // of looked_at: nothing was asked in words; in no topic
  std::vector<Topic> topics;       // most calls first
  Topic others;                    // what fits no topic
  bool by_model = false;           // vectors from the model of the user's, not from words
  std::string model_problem;       // why not, when there is one
};

Report report_of(const Sample& now, const Sample& before, const Work& work);

}  // namespace catalejo::insight::topics
