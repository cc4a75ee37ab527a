#include "monitor/composite_query.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/limits.hpp"
#include "query/metrics/ast.hpp"

namespace catalejo::monitor {
namespace {

using model::MonitorStatus;
using model::severity;
using Kind = Composite::Kind;

// Reads by precedence: operators wait on a stack until one that binds less comes.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  Result<Composite> read() {
    bool operand = true;  // what belongs here
    for (skip_space(); at_ < text_.size() && problem_.empty(); skip_space())
      operand = operand ? read_operand() : read_operator();
    if (problem_.empty() && operand) fail("the number of a monitor belongs here");
    while (problem_.empty() && !waiting_.empty()) {
      if (!waiting_.back()) fail("a bracket is not closed");
      settle();
    }
    if (!problem_.empty()) return query::metrics::error_at(problem_, at_);
    return std::move(made_);
  }

 private:
  void skip_space() {
    while (at_ < text_.size() && std::string_view(" \t\r\n").find(text_[at_]) != std::string::npos)
      ++at_;
  }

  void fail(std::string message) {
    if (problem_.empty()) problem_ = std::move(message);
  }

  // Whether an operand belongs behind it.
  bool read_operand() {
    if (made_.steps.size() + waiting_.size() > limits::composite_steps_max)
      fail("it names its monitors too often");
    if (text_[at_] == '!' || text_[at_] == '(') {
      waiting_.push_back(text_[at_] == '!' ? std::optional(Kind::no) : std::nullopt);
      ++at_;
      return true;
    }
    std::int64_t id = 0;
    const char* const begin = text_.data() + at_;
    const auto [end, error] = std::from_chars(begin, text_.data() + text_.size(), id);
    if (error != std::errc{} || id <= 0) {
      fail("the number of a monitor belongs here");
      return true;
    }
    auto known = std::ranges::find(made_.members, id);
    if (known == made_.members.end()) {
      if (made_.members.size() == limits::composite_members_max)
        fail(fmt::format("it has at most {} monitors", limits::composite_members_max));
      known = made_.members.insert(known, id);
    }
    made_.steps.push_back(
        {.kind = Kind::member, .member = static_cast<std::size_t>(known - made_.members.begin())});
    at_ += static_cast<std::size_t>(end - begin);
    return false;
  }

  bool read_operator() {
    if (text_[at_] == ')') {
      while (!waiting_.empty() && waiting_.back()) settle();
      if (waiting_.empty()) {
        fail("this bracket was not opened");
      } else {
        waiting_.pop_back();
      }
      ++at_;
      return false;
    }
    const std::string_view sign = text_.substr(at_, 2);
    if (sign != "&&" && sign != "||") {
      fail("&& or || belongs here");
      return true;
    }
    const Kind kind = sign == "&&" ? Kind::both : Kind::either;
    while (!waiting_.empty() && waiting_.back() && *waiting_.back() <= kind) settle();
    waiting_.emplace_back(kind);
    at_ += 2;
    return true;
  }

  void settle() {
    if (waiting_.back()) made_.steps.push_back({.kind = *waiting_.back()});
    waiting_.pop_back();
  }

  std::string_view text_;
  std::size_t at_ = 0;
  Composite made_;
  std::vector<std::optional<Kind>> waiting_;  // nullopt: an open bracket
  std::string problem_;
};

bool is_worthy(MonitorStatus status) {
  return severity(status) > 1;
}

MonitorStatus both(MonitorStatus a, MonitorStatus b) {
  if (a == MonitorStatus::ok || b == MonitorStatus::ok) return MonitorStatus::ok;
  return severity(a) < severity(b) ? a : b;  // not known, when one is not
}

MonitorStatus either(MonitorStatus a, MonitorStatus b) {
  if (is_worthy(a) || is_worthy(b)) return severity(a) > severity(b) ? a : b;
  return severity(a) < severity(b) ? a : b;
}

MonitorStatus opposite(MonitorStatus a) {
  if (a == MonitorStatus::unknown || a == MonitorStatus::no_data) return a;
  return is_worthy(a) ? MonitorStatus::ok : MonitorStatus::alert;
}

}  // namespace

Result<Composite> parse_composite(std::string_view text) {
  return Reader(text).read();
}

MonitorStatus status_of(const Composite& composite, const std::vector<MonitorStatus>& members) {
  std::vector<MonitorStatus> stack;
  for (const Composite::Step& step : composite.steps) {
    if (step.kind == Kind::member) {
      stack.push_back(members[step.member]);
      continue;
    }
    const MonitorStatus last = stack.back();
    if (step.kind == Kind::no) {
      stack.back() = opposite(last);
      continue;
    }
    stack.pop_back();
    stack.back() = step.kind == Kind::both ? both(stack.back(), last) : either(stack.back(), last);
  }
  return stack.back();
}

}  // namespace catalejo::monitor
