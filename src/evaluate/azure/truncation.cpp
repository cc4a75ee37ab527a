#include "evaluate/azure/truncation.hpp"

namespace catalejo::evaluate {
namespace {

// A call with several choices says a reason for each: "stop,length".
bool has_reason(std::string_view reasons, std::string_view wanted) {
  while (!reasons.empty()) {
    const std::string_view one = reasons.substr(0, reasons.find(','));
    if (one == wanted) return true;
    reasons.remove_prefix(std::min(reasons.size(), one.size() + 1));
  }
  return false;
}

}  // namespace

void Truncation::judge(const Subject& subject, std::vector<Verdict>& verdicts) const {
  if (subject.kind != "llm" || subject.finish_reason.empty()) return;
  const bool cut = has_reason(subject.finish_reason, "length") ||
                   has_reason(subject.finish_reason, "max_output_tokens") ||
                   has_reason(subject.finish_reason, "max_tokens");
  verdicts.push_back(
      {.label = id(),
       .score = cut ? 1.0 : 0.0,
       .assessment = cut ? Assessment::fail : Assessment::pass,
       .reasoning = cut ? "The answer ends where its limit of tokens was reached." : ""});
}

}  // namespace catalejo::evaluate
