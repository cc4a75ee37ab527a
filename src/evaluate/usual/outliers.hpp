// Calls that took or cost far more than calls of their kind do (usual.hpp). The score is how many
// times the usual it was.
#pragma once

#include "evaluate/evaluator.hpp"

namespace catalejo::evaluate {

class LatencyOutlier final : public Evaluator {
 public:
  std::string_view id() const override { return "latency_outlier"; }
  std::uint32_t version() const override { return 1; }
  std::optional<Threshold> threshold() const override;
  void judge(const Subject& subject, std::vector<Verdict>& verdicts) const override;
};

class CostOutlier final : public Evaluator {
 public:
  std::string_view id() const override { return "cost_outlier"; }
  std::uint32_t version() const override { return 1; }
  std::optional<Threshold> threshold() const override;
  void judge(const Subject& subject, std::vector<Verdict>& verdicts) const override;
};

}  // namespace catalejo::evaluate
