#include "query/metrics/parser.hpp"

#include <fmt/format.h>

#include <charconv>

#include "base/ascii.hpp"
#include "base/limits.hpp"
#include "query/metrics/cursor.hpp"
#include "query/metrics/functions.hpp"

namespace catalejo::query::metrics {
namespace {

std::optional<Method> method_of(std::string_view word) {
  if (word == "avg") return Method::avg;
  if (word == "sum") return Method::sum;
  if (word == "min") return Method::min;
  if (word == "max") return Method::max;
  if (word == "count") return Method::count;
  return std::nullopt;
}

// "p95" is 0.95, "p99.9" is 0.999.
std::optional<double> quantile_of(std::string_view word) {
  if (!word.starts_with('p')) return std::nullopt;
  double percent = 0;
  const char* const last = word.data() + word.size();
  const auto [end, error] = std::from_chars(word.data() + 1, last, percent);
  if (error != std::errc{} || end != last || !(percent >= 0 && percent <= 100)) return std::nullopt;
  return percent / 100;
}

class Parser {
 public:
  // Without `queries` it is no formula.
  Parser(std::string_view text, const std::vector<NamedQuery>* queries)
      : in_(text), queries_(queries) {
    query_.text = text;
  }

  std::variant<Query, Problem> read() {
    do {
      query_.expressions.push_back(sum());
    } while (!in_.failed() && in_.take(','));
    if (!in_.failed() && !in_.at_end())
      in_.fail("here the query should end; '+', '-', '*', '/' or ',' can follow");
    if (in_.failed()) return in_.problem();
    for (const Expression& expression : query_.expressions) ask_for_functions(expression, query_);
    return std::move(query_);
  }

 private:
  using Kind = Expression::Kind;

  bool too_deep() {
    if (depth_ <= limits::metric_query_depth_max) return false;
    in_.fail(fmt::format("brackets are more than {} deep", limits::metric_query_depth_max));
    return true;
  }

  Expression two(Kind kind, Expression left, Expression right) {
    step(left.begin);
    Expression made{.kind = kind, .begin = left.begin, .end = right.end};
    made.children.push_back(std::move(left));
    made.children.push_back(std::move(right));
    return made;
  }

  void step(std::size_t position) {
    if (++steps_ > limits::metric_query_steps_max)
      in_.fail_at(position, fmt::format("a query has up to {} operations and functions",
                                        limits::metric_query_steps_max));
  }

  Expression sum() {
    Expression left = product();
    while (!in_.failed()) {
      const bool add = in_.take('+');
      if (!add && !in_.take('-')) break;
      left = two(add ? Kind::add : Kind::subtract, std::move(left), product());
    }
    return left;
  }

  Expression product() {
    Expression left = factor();
    while (!in_.failed()) {
      const bool multiply = in_.take('*');
      if (!multiply && !in_.take('/')) break;
      left = two(multiply ? Kind::multiply : Kind::divide, std::move(left), factor());
    }
    return left;
  }

  Expression factor() {
    in_.peek();
    Expression made{.begin = in_.at()};
    ++depth_;
    if (too_deep()) {
      // The problem is noted.
    } else if (in_.take('(')) {
      made = sum();
      in_.expect(')');
    } else if (in_.take('-')) {
      made.kind = Kind::negate;
      made.children.push_back(factor());
    } else if (const std::optional<double> number = in_.take_number()) {
      made.number = *number;
    } else {
      const std::string_view word = in_.take_name();
      if (in_.peek() == '(' && !word.empty()) {
        call(word, made);
      } else if (queries_ != nullptr && in_.peek() != ':') {
        made = variable(word, made.begin);
      } else {
        made.kind = Kind::metric;
        made.metric = metric(word, made.begin);
      }
    }
    --depth_;
    made.end = in_.at();
    return made;
  }

  // What a name of a formula stands for, with metrics of its own: functions around it may ask them
  // for something else than those around another.
  Expression variable(std::string_view name, std::size_t begin) {
    for (std::size_t source = 0; source < queries_->size(); ++source) {
      const NamedQuery& named = (*queries_)[source];
      if (named.name != name) continue;
      if (query_.metrics.size() + named.query.metrics.size() > limits::metric_query_metrics_max) {
        in_.fail_at(begin, too_many_metrics());
        return {};
      }
      Expression made = named.query.expressions.front();
      place(made, begin);
      for (Metric metric : named.query.metrics) {
        metric.begin = begin;
        metric.end = in_.at();
        metric.source = source;
        // What functions ask of it is asked by all of the formula at once, theirs of the query too.
        metric.shift_s = metric.history_s = metric.step_s_min = 0;
        query_.metrics.push_back(std::move(metric));
      }
      return made;
    }
    in_.fail_at(begin, name.empty() ? "the name of a query, a number or a function belongs here"
                                    : fmt::format("no query is called {}", name));
    return {};
  }

  // Into the query that it became a part of, `begin` is where.
  void place(Expression& expression, std::size_t begin) {
    expression.begin = begin;
    expression.end = in_.at();
    if (expression.kind == Kind::metric) expression.metric += query_.metrics.size();
    if (!expression.children.empty()) step(begin);
    for (Argument& argument : expression.arguments) argument.position = begin;
    for (Expression& child : expression.children) place(child, begin);
  }

  void call(std::string_view word, Expression& made) {
    made.kind = Kind::call;
    made.function = lower_ascii(word);
    step(made.begin);
    if (const std::string why = why_not(made.function); !why.empty())
      return in_.fail_at(made.begin, why);
    in_.expect('(');
    made.children.push_back(sum());
    while (!in_.failed() && in_.take(',')) made.arguments.push_back(argument());
    in_.expect(')');
    if (in_.failed()) return;
    if (const std::optional<Problem> wrong = problem_of(made))
      in_.fail_at(wrong->position, wrong->message);
  }

  // 5, -3600, 'text', "text", word, name='text'
  Argument argument() {
    in_.peek();
    Argument read{.position = in_.at()};
    const std::string_view word = in_.take_name_of_argument();
    if (!word.empty()) {
      if (!in_.take('=')) {
        read.text = word;
        return read;
      }
      read.name = lower_ascii(word);
    }
    if (const std::optional<std::string_view> quoted = in_.take_quoted()) {
      read.text = *quoted;
    } else if (const bool negative = in_.take('-'); const auto number = in_.take_number()) {
      read.number = negative ? -*number : *number;
      read.text = fmt::format("{}", *read.number);
    } else if (const std::string_view plain = in_.take_name_of_argument(); !plain.empty()) {
      read.text = plain;
    } else {
      in_.fail("a number or a 'text' belongs here");
    }
    return read;
  }

  static std::string too_many_metrics() {
    return fmt::format("a query has up to {} metrics", limits::metric_query_metrics_max);
  }

  std::size_t metric(std::string_view word, std::size_t begin) {
    Metric read{.begin = begin};
    const std::optional<double> quantile = quantile_of(word);
    if (const std::optional<Method> space = method_of(word)) {
      read.space = *space;
    } else if (quantile) {
      read.space = Method::percentile;
      read.quantile = *quantile;
    } else {
      in_.fail_at(begin, "a metric begins with avg:, sum:, min:, max:, count: or p95:");
    }
    in_.expect(':');
    read.name = in_.take_name();
    if (read.name.empty()) in_.fail("the name of a metric belongs here");
    in_.expect('{');
    read.scope = scope();
    in_.expect('}');
    if (in_.take_word("by")) groups(read);
    while (!in_.failed() && in_.take('.')) modifier(read);
    read.end = in_.at();
    read.text = query_.text.substr(read.begin, read.end - read.begin);
    if (query_.metrics.size() >= limits::metric_query_metrics_max) in_.fail(too_many_metrics());
    query_.metrics.push_back(std::move(read));
    return query_.metrics.size() - 1;
  }

  void groups(Metric& read) {
    in_.expect('{');
    do {
      const std::string_view key = in_.take_tag();
      if (key.empty()) in_.fail("the key of a tag belongs here");
      read.by.push_back(lower_ascii(key));
    } while (!in_.failed() && in_.take(','));
    in_.expect('}');
  }

  static Scope both(Scope::Kind kind, Scope left, Scope right) {
    if (left.kind != kind) {
      Scope made{.kind = kind};
      made.children.push_back(std::move(left));
      left = std::move(made);
    }
    left.children.push_back(std::move(right));
    return left;
  }

  Scope scope() {
    Scope left = all_of();
    while (!in_.failed() && in_.take_word("or"))
      left = both(Scope::Kind::any_of, std::move(left), all_of());
    return left;
  }

  Scope all_of() {
    Scope left = unit();
    while (!in_.failed() && (in_.take(',') || in_.take_word("and")))
      left = both(Scope::Kind::all_of, std::move(left), unit());
    return left;
  }

  static Scope none_of(Scope inner) {
    Scope made{.kind = Scope::Kind::none_of};
    made.children.push_back(std::move(inner));
    return made;
  }

  Scope unit() {
    ++depth_;
    Scope made;
    if (too_deep()) {
      // The problem is noted.
    } else if (in_.take('!') || in_.take_word("not")) {
      made = none_of(unit());
    } else if (in_.take('(')) {
      made = scope();
      in_.expect(')');
    } else {
      made = tag();
    }
    --depth_;
    return made;
  }

  // key:value, key IN (a, b), key NOT IN (a, b), a tag alone, *
  Scope tag() {
    in_.peek();
    const std::size_t begin = in_.at();
    const std::string text = lower_ascii(in_.take_tag());
    if (text.empty()) in_.fail("a tag belongs here: key:value, or * for everything");
    if (text.starts_with('$'))
      in_.fail_at(begin, "template variables are filled in before a query is sent");
    if (text == "*") return {};
    const bool without = in_.take_word("not");
    if (!without && !in_.take_word("in")) return {.kind = Scope::Kind::tag, .tag = text};
    if (without && !in_.take_word("in")) in_.fail("IN belongs here");
    Scope any = one_of(text);
    return without ? none_of(std::move(any)) : any;
  }

  Scope one_of(const std::string& key) {
    Scope any{.kind = Scope::Kind::any_of};
    in_.expect('(');
    do {
      const std::string_view value = in_.take_tag();
      if (value.empty()) in_.fail("a value belongs here");
      any.children.push_back({.kind = Scope::Kind::tag, .tag = key + ":" + lower_ascii(value)});
    } while (!in_.failed() && in_.take(','));
    in_.expect(')');
    return any;
  }

  void modifier(Metric& read) {
    const std::size_t begin = in_.at();
    const std::string_view word = in_.take_name();
    in_.expect('(');
    if (word == "as_count") {
      read.as_count = true;
    } else if (word == "as_rate") {
      read.as_rate = true;
    } else if (word == "rollup") {
      rollup(read);
    } else if (word == "fill") {
      fill(read.fill);
    } else {
      in_.fail_at(begin, "as_count(), as_rate(), rollup() or fill() belongs here");
    }
    in_.expect(')');
    if (read.as_count && read.as_rate)
      in_.fail_at(begin, "as_count() and as_rate() exclude each other");
  }

  std::int64_t seconds() {
    in_.peek();
    const std::size_t begin = in_.at();
    const std::optional<double> number = in_.take_number();
    constexpr double kMost = 366 * 86'400;
    if (!number || *number < 1 || *number > kMost ||
        *number != static_cast<double>(static_cast<std::int64_t>(*number))) {
      in_.fail_at(begin, "a whole number of seconds belongs here");
      return 1;
    }
    return static_cast<std::int64_t>(*number);
  }

  void rollup(Metric& read) {
    in_.peek();
    const std::size_t begin = in_.at();
    if (const char c = in_.peek(); c >= '0' && c <= '9') {
      read.rollup_s = seconds();
      return;
    }
    read.rollup = method_of(in_.take_name());
    if (!read.rollup) in_.fail_at(begin, "avg, sum, min, max or count belongs here");
    if (in_.take(',')) read.rollup_s = seconds();
  }

  void fill(Fill& fill) {
    in_.peek();
    const std::size_t begin = in_.at();
    const bool negative = in_.take('-');
    if (const std::optional<double> number = in_.take_number()) {
      fill.kind = Fill::Kind::number;
      fill.number = negative ? -*number : *number;
    } else {
      const std::string_view word = in_.take_name();
      if (word == "zero") {
        fill.kind = Fill::Kind::number;
      } else if (word == "last") {
        fill.kind = Fill::Kind::last;
      } else if (word == "linear") {
        fill.kind = Fill::Kind::linear;
      } else if (word != "null" || negative) {
        in_.fail_at(begin, "null, zero, last, linear or a number belongs here");
      }
    }
    // "fill(zero, 0)" is what dashboards write for "all gaps".
    if (!in_.take(',')) return;
    if (in_.peek() == '0' && in_.take('0')) return;
    fill.seconds_max = seconds();
  }

  TextCursor in_;
  const std::vector<NamedQuery>* queries_;
  Query query_;
  std::size_t depth_ = 0, steps_ = 0;
};

std::variant<Query, Problem> read(std::string_view text, const std::vector<NamedQuery>* queries) {
  if (text.size() > limits::metric_query_bytes_max)
    return Problem{
        .message = fmt::format("a query has up to {} bytes", limits::metric_query_bytes_max),
        .position = limits::metric_query_bytes_max};
  return Parser(text, queries).read();
}

}  // namespace

Error error_at(std::string_view message, std::size_t position) {
  return {Code::bad_request, fmt::format("{} (at character {})", message, position + 1), "query"};
}

std::variant<Query, Problem> parse(std::string_view text) {
  return read(text, nullptr);
}

std::variant<Query, Problem> parse_formula(std::string_view text,
                                           const std::vector<NamedQuery>& queries) {
  return read(text, &queries);
}

}  // namespace catalejo::query::metrics
