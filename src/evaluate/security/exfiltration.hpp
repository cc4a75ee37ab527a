// Data carried away by an address: an image or a link in an answer, or an address in a tool call,
// whose host, path or parameters hold what was said in the conversation or something encoded.
#pragma once

#include "evaluate/evaluator.hpp"

namespace catalejo::evaluate {

class Exfiltration final : public Evaluator {
 public:
  std::string_view id() const override { return "exfiltration"; }
  std::uint32_t version() const override { return 2; }
  void judge(const Subject& subject, std::vector<Verdict>& verdicts) const override;
};

}  // namespace catalejo::evaluate
