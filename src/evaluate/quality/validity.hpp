// What a program has to read: JSON answers and tool calls.
#pragma once

#include "evaluate/evaluator.hpp"

namespace catalejo::evaluate {

// Is the answer the JSON that `response_format` asks for; without one, are its ```json blocks JSON?
class InvalidJson final : public Evaluator {
 public:
  std::string_view id() const override { return "invalid_json"; }
  std::uint32_t version() const override { return 1; }
  void judge(const Subject& subject, std::vector<Verdict>& verdicts) const override;
};

// Was a tool called that was declared?
class WrongTool final : public Evaluator {
 public:
  std::string_view id() const override { return "wrong_tool"; }
  std::uint32_t version() const override { return 1; }
  void judge(const Subject& subject, std::vector<Verdict>& verdicts) const override;
};

// Are the arguments of declared tools what their schema asks for?
class ToolArguments final : public Evaluator {
 public:
  std::string_view id() const override { return "invalid_tool_arguments"; }
  std::uint32_t version() const override { return 1; }
  void judge(const Subject& subject, std::vector<Verdict>& verdicts) const override;
};

}  // namespace catalejo::evaluate
