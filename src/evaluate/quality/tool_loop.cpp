#include "evaluate/quality/tool_loop.hpp"

#include <fmt/format.h>

#include <map>
#include <tuple>

namespace catalejo::evaluate {

void ToolLoop::judge_whole(const Whole& whole, std::vector<Verdict>& verdicts) const {
  std::map<std::tuple<std::string_view, std::uint64_t, std::uint64_t>, int> calls;
  std::string_view most_called;
  int most = 0;
  for (const Step& step : whole.steps) {
    // Without its input nobody knows what was asked for.
    if (step.kind != "tool" || step.input_hash == 0) continue;
    const int times = ++calls[{step.name, step.input_hash, step.output_hash}];
    if (times > most) {
      most = times;
      most_called = step.name;
    }
  }
  if (most == 0) return;
  const bool fails = most >= kCallsMax;
  verdicts.push_back(
      {.label = id(),
       .type = model::MetricType::score,
       .score = static_cast<double>(most),
       .assessment = fails ? Assessment::fail : Assessment::pass,
       .reasoning = most == 1 ? "No tool was asked for the same twice."
                              : fmt::format("The tool {} was called {} times with the same input "
                                            "and the same result.",
                                            most_called, most)});
}

}  // namespace catalejo::evaluate
