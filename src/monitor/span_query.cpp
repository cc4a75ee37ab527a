#include "monitor/span_query.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/limits.hpp"
#include "query/metrics/ast.hpp"
#include "query/span_question.hpp"

namespace catalejo::monitor {

namespace metrics = query::metrics;

namespace {

using query::Figure;
using query::SpanFigure;

constexpr std::int64_t kMinute = 60, kDay = 86'400;

// name("text", "text")
struct Call {
  std::string name;
  std::vector<std::string> texts;
  std::size_t at = 0;
};

// Goes over the calls of a query; the first problem sticks.
class Calls {
 public:
  explicit Calls(std::string_view text) : text_(text) {}

  bool at_end() {
    skip_space();
    return at_ == text_.size();
  }
  bool failed() const { return !problem_.empty(); }
  Error error() const { return query::metrics::error_at(problem_, problem_at_); }
  void fail(std::size_t at, std::string message) {
    if (failed()) return;
    problem_ = std::move(message);
    problem_at_ = at;
  }

  Call take() {
    skip_space();
    Call call{.name = {}, .texts = {}, .at = at_};
    while (at_ < text_.size() && (std::string_view("-_").find(text_[at_]) != std::string::npos ||
                                  (text_[at_] >= 'a' && text_[at_] <= 'z')))
      call.name += text_[at_++];
    expect('(');
    while (!failed() && peek() != ')') {
      if (!call.texts.empty()) expect(',');
      call.texts.push_back(take_text());
    }
    expect(')');
    return call;
  }

  bool take(char c) {
    if (peek() != c) return false;
    ++at_;
    return true;
  }
  void expect(char c) {
    if (!take(c)) fail(at_, fmt::format("'{}' belongs here", c));
  }

 private:
  void skip_space() {
    while (at_ < text_.size() && std::string_view(" \t\r\n").find(text_[at_]) != std::string::npos)
      ++at_;
  }
  char peek() {
    skip_space();
    return at_ < text_.size() ? text_[at_] : '\0';
  }

  // In quotes, in which \" and \\ stand for themselves.
  std::string take_text() {
    const std::size_t begin = at_;
    std::string text;
    if (!take('"')) fail(begin, "a text in quotes belongs here");
    while (!failed() && at_ < text_.size() && text_[at_] != '"') {
      const bool escaped = text_[at_] == '\\' && at_ + 1 < text_.size() &&
                           (text_[at_ + 1] == '"' || text_[at_ + 1] == '\\');
      if (escaped) ++at_;
      text += text_[at_++];
    }
    if (!failed() && at_ == text_.size()) fail(begin, "a quote is not closed");
    ++at_;
    return text;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string problem_;
  std::size_t problem_at_ = 0;
};

void read_rollup(Calls& in, const Call& call, SpanFigure& made) {
  const std::string_view word = call.texts.empty() ? std::string_view() : call.texts.front();
  const auto rollup = query::figure_of(word);
  if (!rollup)
    return in.fail(call.at,
                   "rollup() has count, cardinality, sum, avg, min, max, median, pc75, pc90, pc95, "
                   "pc98 or pc99");
  made.figure = rollup->figure;
  made.quantile = rollup->quantile;
  if (made.figure == Figure::count) return;
  if (call.texts.size() != 2)
    return in.fail(call.at, fmt::format("what \"{}\" is of belongs behind it", word));
  made.measure = query::measure_for(made.figure, call.texts[1]);
  if (!made.measure)
    in.fail(call.at, fmt::format("\"{}\" cannot be had of {}", word, call.texts[1]));
}

// by("env", "service"), or by("env,service")
void read_by(Calls& in, const Call& call, SpanFigure& made) {
  for (const std::string& text : call.texts) {
    for (std::size_t begin = 0; begin <= text.size();) {
      const std::size_t end = std::min(text.find(',', begin), text.size());
      const std::string key = text.substr(begin, end - begin);
      begin = end + 1;
      if (key.empty() || key == "*") continue;
      auto target = query::group_for(key);
      if (!target) return in.fail(call.at, fmt::format("spans are not told apart by {}", key));
      made.by.push_back(*std::move(target));
    }
  }
  if (made.by.size() > limits::monitor_span_keys_max)
    in.fail(call.at, fmt::format("groups have at most {} keys", limits::monitor_span_keys_max));
}

void read_last(Calls& in, const Call& call, MonitorQuery& made) {
  made.window_s = call.texts.size() == 1 ? window_of(call.texts.front()) : 0;
  if (made.window_s < kMinute || made.window_s > 2 * kDay)
    in.fail(call.at, "last() has a window from \"1m\" to \"2d\"");
}

void read_call(Calls& in, const Call& call, MonitorQuery& made) {
  if (call.name == "rollup") {
    read_rollup(in, call, *made.spans);
  } else if (call.name == "by") {
    read_by(in, call, *made.spans);
  } else if (call.name == "last") {
    read_last(in, call, made);
  } else if (call.name != "index") {  // which of Datadog's stores: here is one
    in.fail(call.at, "rollup(), by() or last() belongs here");
  }
}

void read_search(Calls& in, const Call& call, MonitorQuery& made) {
  if (call.texts.size() != 1) return in.fail(call.at, "one search belongs here");
  auto read = query::search::read(call.texts.front());
  if (const auto* wrong = std::get_if<query::search::Problem>(&read))
    return in.fail(call.at, query::error_of(*wrong, "query").message);
  made.spans->search = std::get<query::search::Query>(std::move(read));
  if (made.spans->view == query::View::apm) query::as_datadog_means(made.spans->search.root);
}

constexpr std::array<std::pair<std::string_view, std::string_view>, 2> kTypes{
    {{"llm-observability alert", "llm-observability"},
     {"trace-analytics alert", "trace-analytics"}}};

}  // namespace

bool is_span_type(std::string_view type) {
  return type == kTypes[0].first || type == kTypes[1].first;
}

Result<MonitorQuery> parse_span_query(std::string_view type, std::string_view text) {
  MonitorQuery made;
  made.spans.emplace();
  const bool of_apm = type == kTypes[1].first;
  made.spans->view = of_apm ? query::View::apm : query::View::spans;
  auto before = take_comparison(text, made);
  if (!before) return before.error();
  Calls in(*before);
  const Call head = in.take();
  const std::string_view wanted = kTypes[of_apm ? 1 : 0].second;
  if (head.name != wanted)
    in.fail(head.at, fmt::format("a query of \"{}\" begins with {}(\"…\")", type, wanted));
  if (!in.failed()) read_search(in, head, made);
  while (!in.failed() && !in.at_end()) {
    in.expect('.');
    const Call call = in.take();
    if (!in.failed()) read_call(in, call, made);
  }
  if (made.window_s == 0) in.fail(before->size(), ".last(\"5m\") belongs here");
  if (in.failed()) return in.error();
  return made;
}

namespace {

constexpr std::string_view kFormula = "formula";

// What of a formula cannot be watched; empty: all can.
std::string problem_of(const metrics::Query& formula) {
  if (formula.expressions.size() != 1) return "is several, separated by commas";
  if (formula.metrics.empty()) return "names no query of options.variables";
  if (!metrics::only_reckons(formula.expressions.front()))
    return "reckons with values of the window: + - * /, abs, clamp_min, default_zero and the like";
  const std::vector<std::string>* by = nullptr;
  for (const metrics::Metric& metric : formula.metrics) {
    if (metric.by.empty()) continue;
    if (by != nullptr && *by != metric.by) return "joins queries that have not the same groups";
    by = &metric.by;
  }
  return {};
}

void read_formula(Calls& in, const Call& head, const std::vector<metrics::AskedQuery>& variables,
                  MonitorQuery& made) {
  if (head.texts.size() != 1) return in.fail(head.at, "one formula belongs here");
  std::vector<metrics::NamedQuery> queries;
  for (const metrics::AskedQuery& variable : variables) queries.push_back(variable.named);
  auto read = metrics::parse_formula(head.texts.front(), queries);
  if (const auto* wrong = std::get_if<metrics::Problem>(&read))
    return in.fail(head.at, metrics::error_at(wrong->message, wrong->position).message);
  made.metrics = std::get<metrics::Query>(std::move(read));
  if (const std::string why = problem_of(made.metrics); !why.empty())
    return in.fail(head.at, "the formula " + why);
  for (metrics::Metric& metric : made.metrics.metrics) {
    metric.one_place = metric.spans != nullptr;
    made.reducers.push_back(metric.spans ? metrics::Reducer::last
                                         : variables[metric.source].reducer);
  }
}

}  // namespace

bool is_formula(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  return begin != std::string_view::npos && text.substr(begin).starts_with(kFormula) &&
         text.substr(begin + kFormula.size()).find_first_not_of(" \t\r\n") ==
             text.substr(begin + kFormula.size()).find('(');
}

Result<MonitorQuery> parse_formula_query(std::string_view text,
                                         const std::vector<metrics::AskedQuery>& variables) {
  MonitorQuery made;
  auto before = take_comparison(text, made);
  if (!before) return before.error();
  Calls in(*before);
  const Call head = in.take();
  if (head.name != kFormula) in.fail(head.at, "formula(\"…\") belongs here");
  if (!in.failed()) read_formula(in, head, variables, made);
  in.expect('.');
  const Call last = in.take();
  if (last.name != "last") in.fail(last.at, ".last(\"5m\") belongs here");
  if (!in.failed()) read_last(in, last, made);
  if (!in.at_end()) in.fail(before->size(), "nothing belongs behind last()");
  if (in.failed()) return in.error();
  return made;
}

}  // namespace catalejo::monitor
