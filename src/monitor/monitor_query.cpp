#include "monitor/monitor_query.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "query/metrics/bands.hpp"
#include "query/metrics/cursor.hpp"
#include "query/metrics/parser.hpp"

namespace catalejo::monitor {

namespace metrics = query::metrics;

namespace {

constexpr std::int64_t kMinute = 60, kDay = 86'400;
constexpr std::int64_t kWindowMost = 31 * kDay;
constexpr std::int64_t kFutureMost = 92 * kDay;

struct Sign {
  std::string_view text;
  Compare compare;
};
// The longer ones first.
constexpr std::array kSigns{Sign{">=", Compare::at_least}, Sign{"<=", Compare::at_most},
                            Sign{"==", Compare::equal},    Sign{"!=", Compare::unequal},
                            Sign{">", Compare::above},     Sign{"<", Compare::below}};

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

std::optional<metrics::Reducer> over_time(std::string_view word) {
  if (word != "avg" && word != "sum" && word != "min" && word != "max") return std::nullopt;
  return metrics::reducer_of(word);
}

// avg(last_5m)
void read_window(metrics::TextCursor& in, MonitorQuery& made) {
  in.peek();
  const std::size_t begin = in.at();
  const auto reducer = over_time(in.take_name());
  if (!reducer) return in.fail_at(begin, "avg, sum, min, max, change or pct_change belongs here");
  made.reducer = *reducer;
  in.expect('(');
  in.peek();
  const std::size_t window = in.at();
  const std::string_view word = in.take_name();
  made.future = word.starts_with("next_");
  made.window_s = made.future ? window_of(word.substr(5)) : window_of(word);
  if (made.window_s < kMinute || made.window_s > (made.future ? kFutureMost : kWindowMost))
    in.fail_at(window, "a window belongs here: last_5m, last_4h, last_1d, up to last_31d");
  in.expect(')');
}

void read_change(metrics::TextCursor& in, MonitorQuery& made) {
  in.expect('(');
  read_window(in, made);
  in.expect(',');
  in.peek();
  const std::size_t begin = in.at();
  made.change_s = window_of(in.take_name());
  if (made.change_s < kMinute || made.change_s > kWindowMost)
    in.fail_at(begin, "what is compared with belongs here: last_1h, 1h_ago");
  if (made.future) in.fail_at(begin, "a change of the future is not known");
  in.expect(')');
}

Result<std::size_t> read_head(std::string_view text, MonitorQuery& made) {
  metrics::TextCursor in(text);
  if (in.take_word("change")) {
    made.change = Change::absolute;
    read_change(in, made);
  } else if (in.take_word("pct_change")) {
    made.change = Change::percent;
    read_change(in, made);
  } else {
    read_window(in, made);
  }
  in.expect(':');
  if (in.failed()) return metrics::error_at(in.problem().message, in.problem().position);
  return in.at();
}

bool within(const metrics::Expression& expression, std::string_view function) {
  if (expression.function == function) return true;
  return std::ranges::any_of(expression.children, [&](const metrics::Expression& child) {
    return within(child, function);
  });
}

std::optional<std::string> problem_of(const MonitorQuery& made) {
  const std::string_view band = made.band();
  if (made.metrics.expressions.size() != 1) return "one query belongs here, not several";
  if (made.metrics.metrics.empty()) return "a metric belongs here";
  if (made.future != (band == "forecast"))
    return "next_… is for forecast(), and forecast() looks at next_…";
  for (const std::string_view name : {"anomalies", "forecast", "outliers"})
    if (band != name && within(made.expression(), name))
      return fmt::format("{}() stands outermost in a monitor", name);
  if (!band.empty() && made.change != Change::none)
    return "a change of what is usual is not watched";
  return std::nullopt;
}

}  // namespace

Result<std::string_view> take_comparison(std::string_view text, MonitorQuery& made) {
  const std::string_view all = trimmed(text);
  const std::size_t sign_end = all.find_last_of("<>=");
  if (sign_end == std::string_view::npos)
    return metrics::error_at("a comparison belongs at the end: > 5", text.size());
  std::string_view number = all.substr(sign_end + 1);
  while (!number.empty() && is_space(number.front())) number.remove_prefix(1);
  if (number.starts_with('+')) number.remove_prefix(1);
  const char* const last = number.data() + number.size();
  const auto [end, error] = std::from_chars(number.data(), last, made.critical);
  if (error != std::errc{} || end != last || number.empty() || !std::isfinite(made.critical))
    return metrics::error_at("a number belongs here, and nothing behind it", sign_end + 1);
  const std::string_view before = all.substr(0, sign_end + 1);
  for (const Sign& sign : kSigns) {
    if (!before.ends_with(sign.text)) continue;
    made.compare = sign.compare;
    return before.substr(0, before.size() - sign.text.size());
  }
  return metrics::error_at(">, >=, <, <=, == or != belongs here", sign_end);
}

bool holds(double value, Compare compare, double threshold) {
  switch (compare) {
    case Compare::above:
      return value > threshold;
    case Compare::at_least:
      return value >= threshold;
    case Compare::below:
      return value < threshold;
    case Compare::at_most:
      return value <= threshold;
    case Compare::equal:
      return value == threshold;
    case Compare::unequal:
      return value != threshold;
  }
  return false;
}

std::string_view sign_of(Compare compare) {
  return std::ranges::find(kSigns, compare, &Sign::compare)->text;
}

bool upwards(Compare compare) {
  return compare != Compare::below && compare != Compare::at_most;
}

std::string_view MonitorQuery::band() const {
  if (metrics.expressions.empty()) return {};
  const metrics::Expression& outermost = expression();
  return query::metrics::is_banded(outermost.function) ? std::string_view(outermost.function)
                                                       : std::string_view{};
}

bool MonitorQuery::counts() const {
  if (spans)
    return spans->figure == query::Figure::count || spans->figure == query::Figure::cardinality;
  return std::ranges::any_of(metrics.metrics, &query::metrics::Metric::as_count);
}

std::vector<std::string> MonitorQuery::by() const {
  std::vector<std::string> keys;
  if (spans)
    for (const query::NamedTarget& one : spans->by) keys.push_back(one.key);
  for (const query::metrics::Metric& metric : metrics.metrics)
    if (!metric.by.empty()) return metric.by;
  return keys;
}

std::int64_t window_of(std::string_view text) {
  if (text.starts_with("last_")) text.remove_prefix(5);
  if (text.ends_with("_ago")) text.remove_suffix(4);
  std::int64_t count = 0;
  const char* const last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, count);
  if (error != std::errc{} || count < 1 || count > 100'000) return 0;
  const std::string_view unit(end, static_cast<std::size_t>(last - end));
  if (unit == "s") return count;
  if (unit == "m") return count * kMinute;
  if (unit == "h") return count * 60 * kMinute;
  if (unit == "d") return count * kDay;
  if (unit == "w") return count * 7 * kDay;
  return unit == "mo" ? count * 30 * kDay : 0;
}

Result<MonitorQuery> parse_query(std::string_view text) {
  MonitorQuery made;
  auto before = take_comparison(text, made);
  if (!before) return before.error();
  auto head = read_head(*before, made);
  if (!head) return head.error();
  auto read = metrics::parse(trimmed(before->substr(*head)));
  if (const auto* wrong = std::get_if<metrics::Problem>(&read))
    return metrics::error_at(wrong->message, *head + wrong->position);
  made.metrics = std::move(std::get<metrics::Query>(read));
  if (const auto wrong = problem_of(made)) return metrics::error_at(*wrong, *head);
  return made;
}

}  // namespace catalejo::monitor
