#include "monitor/span_query.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/limits.hpp"
#include "query/metrics/ast.hpp"

namespace catalejo::monitor {
namespace {

using query::Figure;
using query::NamedTarget;
using query::SpanFigure;

constexpr std::int64_t kMinute = 60, kDay = 86'400;

struct Rollup {
  std::string_view name;
  Figure figure;
  double quantile = 0;
};
constexpr std::array kRollups{Rollup{"count", Figure::count},
                              Rollup{"cardinality", Figure::cardinality},
                              Rollup{"sum", Figure::sum},
                              Rollup{"avg", Figure::avg},
                              Rollup{"min", Figure::min},
                              Rollup{"max", Figure::max},
                              Rollup{"median", Figure::quantile, .5},
                              Rollup{"pc50", Figure::quantile, .5},
                              Rollup{"pc75", Figure::quantile, .75},
                              Rollup{"pc90", Figure::quantile, .9},
                              Rollup{"pc95", Figure::quantile, .95},
                              Rollup{"pc98", Figure::quantile, .98},
                              Rollup{"pc99", Figure::quantile, .99}};

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

std::optional<NamedTarget> named(std::string_view key) {
  auto target = query::search::resolve(key);
  if (key.empty() || !target) return std::nullopt;
  return NamedTarget{.key = std::string(key), .target = *std::move(target)};
}

void read_rollup(Calls& in, const Call& call, SpanFigure& made) {
  const std::string_view word = call.texts.empty() ? std::string_view() : call.texts.front();
  // p95 is what we call pc95 elsewhere.
  const std::string name = word.size() == 3 && word.starts_with('p')
                               ? fmt::format("pc{}", word.substr(1))
                               : std::string(word);
  const auto rollup = std::ranges::find(kRollups, name, &Rollup::name);
  if (rollup == kRollups.end())
    return in.fail(call.at,
                   "rollup() has count, cardinality, sum, avg, min, max, median, pc75, pc90, pc95, "
                   "pc98 or pc99");
  made.figure = rollup->figure;
  made.quantile = rollup->quantile;
  if (made.figure == Figure::count) return;
  if (call.texts.size() != 2)
    return in.fail(call.at, fmt::format("what \"{}\" is of belongs behind it", word));
  made.measure = named(call.texts[1]);
  const bool fits = made.measure && (made.figure == Figure::cardinality
                                         ? query::is_groupable(made.measure->target)
                                         : query::is_measurable(made.measure->target));
  if (!fits) in.fail(call.at, fmt::format("\"{}\" cannot be had of {}", word, call.texts[1]));
}

// by("env", "service"), or by("env,service")
void read_by(Calls& in, const Call& call, SpanFigure& made) {
  for (const std::string& text : call.texts) {
    for (std::size_t begin = 0; begin <= text.size();) {
      const std::size_t end = std::min(text.find(',', begin), text.size());
      const std::string key = text.substr(begin, end - begin);
      begin = end + 1;
      if (key.empty() || key == "*") continue;
      auto target = named(key);
      if (!target || !query::is_groupable(target->target))
        return in.fail(call.at, fmt::format("spans are not told apart by {}", key));
      made.by.push_back(*std::move(target));
    }
  }
  if (made.by.size() > limits::monitor_span_keys_max)
    in.fail(call.at, fmt::format("groups have at most {} keys", limits::monitor_span_keys_max));
}

void read_call(Calls& in, const Call& call, MonitorQuery& made) {
  if (call.name == "rollup") {
    read_rollup(in, call, *made.spans);
  } else if (call.name == "by") {
    read_by(in, call, *made.spans);
  } else if (call.name == "last") {
    made.window_s = call.texts.size() == 1 ? window_of(call.texts.front()) : 0;
    if (made.window_s < kMinute || made.window_s > 2 * kDay)
      in.fail(call.at, "last() has a window from \"1m\" to \"2d\"");
  } else if (call.name != "index") {  // which of Datadog's stores: here is one
    in.fail(call.at, "rollup(), by() or last() belongs here");
  }
}

// Names of Datadog's spans that are tags in a search of ours.
void as_datadog_means(query::search::Node& node) {
  if (node.term.key == "operation_name") node.term.target = *query::search::resolve("@name");
  if (node.term.key == "resource_name") node.term.target = *query::search::resolve("@resource");
  for (query::search::Node& child : node.children) as_datadog_means(child);
}

void read_search(Calls& in, const Call& call, MonitorQuery& made) {
  if (call.texts.size() != 1) return in.fail(call.at, "one search belongs here");
  auto read = query::search::read(call.texts.front());
  if (const auto* wrong = std::get_if<query::search::Problem>(&read))
    return in.fail(call.at, query::error_of(*wrong, "query").message);
  made.spans->search = std::get<query::search::Query>(std::move(read));
  if (made.spans->view == query::View::apm) as_datadog_means(made.spans->search.root);
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

}  // namespace catalejo::monitor
