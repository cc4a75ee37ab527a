// Marks that must never be told: an application puts one into its system prompt or a document, and
// whoever repeats it has leaked what is around it. Found as it is, without its separators, in
// base64, hexadecimal, reversed and rot13.
#pragma once

#include <string>
#include <vector>

#include "evaluate/evaluator.hpp"

namespace catalejo::evaluate {

class Canary final : public Evaluator {
 public:
  // Tokens of fewer than kTokenBytesMin bytes are left out: anything would hold them.
  explicit Canary(const std::vector<std::string>& tokens);
  std::string_view id() const override { return "canary"; }
  std::uint32_t version() const override { return 2; }
  std::string_view asks_for() const override { return "tokens"; }
  Result<std::unique_ptr<const Evaluator>> configured(std::string_view options) const override;
  void judge(const Subject& subject, std::vector<Verdict>& verdicts) const override;

  static constexpr std::size_t kTokenBytesMin = 6;

 private:
  std::vector<std::string> tokens_;  // folded, letters and digits only
};

}  // namespace catalejo::evaluate
