// Tree → SQL. Only columns and functions of ours are written; what was typed is bound.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/limits.hpp"
#include "model/evaluation.hpp"
#include "query/saturate.hpp"
#include "query/search/binder.hpp"
#include "query/search/judged.hpp"
#include "query/search/parser.hpp"
#include "query/search/search.hpp"
#include "query/search/texts.hpp"

namespace catalejo::query::search {
namespace {

class Planner {
 public:
  Planner(StatementBuilder& out, const Scope& scope) : out_(out), scope_(scope) {}

  void select_judged(const Term& term) {
    const std::string newest = newest_judgements(term);
    out_ << fmt::format(
        "SELECT DISTINCT trace_id, span_id, session_id, toString(join_key), join_value\nFROM {}\n"
        "WHERE {}\nLIMIT {}\nFORMAT RowBinary",
        newest, write_judged(term), limits::search_judged_max + 1);
  }

  std::string write(const Node& node) {
    switch (node.kind) {
      case Kind::everything:
        return "true";
      case Kind::none_of:
        return "NOT " + write(node.children.front());
      case Kind::all_of:
        return joined(node, " AND ");
      case Kind::any_of:
        return joined(node, " OR ");
      case Kind::word:
        return write_occurs(out_, kTexts, node.term.values.front().text);
      case Kind::term:
        return write_term(node.term);
    }
    return "false";
  }

 private:
  static constexpr std::array<std::string_view, 2> kTexts = {"input", "output"};

  std::string joined(const Node& node, std::string_view word) {
    std::string made = "(";
    for (const Node& child : node.children) {
      if (made.size() > 1) made += word;
      made += write(child);
    }
    return made + ")";
  }

  std::string write_term(const Term& term) {
    if (!term.target.child) return write_here(term);
    return fmt::format(
        "{0} IN (SELECT {0} FROM spans WHERE {1} AND half IN (1, 3) AND parent_id != 0 AND {2} "
        "GROUP BY {0} ORDER BY max(start) DESC LIMIT {3})",
        trace_column(), between(), write_here(term), limits::search_subselect_rows_max);
  }

  std::string write_here(const Term& term) {
    switch (term.target.source) {
      case Source::column:
        return write_column(term);
      case Source::tag:
        return write_map("tags", term);
      case Source::metric:
        return write_map("metrics", term);
      case Source::metadata:
        return write_metadata(term);
      case Source::evaluation:
        return write_evaluation(term);
      case Source::trace:
        return write_trace(term);
    }
    return "false";
  }

  std::string_view trace_column() const { return scope_.apm ? "apm_trace_id" : "trace_id"; }

  std::string between() {
    return fmt::format("start >= {} AND start <= {}",
                       out_.bind_time(shifted(scope_.from, -limits::trace_slack_nanos)),
                       out_.bind_time(shifted(scope_.to, limits::trace_slack_nanos)));
  }

  std::string write_column(const Term& term) {
    const std::string_view column =
        term.target.type == Type::money ? std::string_view(scope_.cost) : term.target.column;
    switch (term.target.type) {
      case Type::text:
        return term.op == Op::exists ? fmt::format("{} != ''", column) : write_texts(column, term);
      case Type::content:
        return write_content(term);
      case Type::count:
      case Type::money:
        if (term.op == Op::exists) return fmt::format("{} >= 0", column);
        return fmt::format("({} >= 0 AND {})", column, write_numbers(column, term, true));
      case Type::duration:
        return term.op == Op::exists ? "true" : write_numbers(column, term, true);
      case Type::status:
      case Type::flag:
        return term.op == Op::exists ? "true" : any_value(term, [&](const Value& value) {
          return fmt::format("{} {} 0", column, value.integer != 0 ? "!=" : "=");
        });
      case Type::trace_id:
        return term.op == Op::exists ? "true" : write_trace_ids(term);
      case Type::span_id:
      case Type::parent_id:
        return term.op == Op::exists ? fmt::format("{} != 0", column) : write_span_ids(term);
      case Type::event_type:
        return term.op == Op::exists ? "true" : any_value(term, [](const Value& value) {
          return std::string(value.text.literal == "span" ? "true" : "false");
        });
      default:
        return "false";
    }
  }

  template <typename Write>
  std::string any_value(const Term& term, const Write& write) {
    std::string made;
    for (const Value& value : term.values) {
      if (!made.empty()) made += " OR ";
      made += write(value);
    }
    return term.values.size() > 1 ? "(" + made + ")" : made;
  }

  // Equal to one of the values, or like one of those with wildcards.
  std::string write_texts(std::string_view expression, const Term& term) {
    std::vector<std::string> whole;
    std::string made;
    const auto either = [&](const std::string& condition) {
      if (!made.empty()) made += " OR ";
      made += condition;
    };
    for (const Value& value : term.values) {
      if (value.text.wildcard) {
        either(fmt::format("{} LIKE {}", expression, out_.bind_text(value.text.like)));
      } else {
        whole.push_back(value.text.literal);
      }
    }
    if (whole.size() == 1) {
      either(fmt::format("{} = {}", expression, out_.bind_text(whole.front())));
    } else if (!whole.empty()) {
      either(fmt::format("{} IN {}", expression, out_.bind_texts(whole)));
    }
    return term.values.size() > 1 ? "(" + made + ")" : made;
  }

  std::string write_content(const Term& term) {
    const std::array columns = {term.target.column};
    if (term.op == Op::exists) return fmt::format("{} != ''", term.target.column);
    return any_value(term,
                     [&](const Value& value) { return write_occurs(out_, columns, value.text); });
  }

  std::string bind_number(const Value& value, bool whole) {
    return whole ? out_.bind_int(value.integer)
                 : out_.bind("Float64", fmt::format("{}", value.number));
  }

  std::string write_numbers(std::string_view expression, const Term& term, bool whole) {
    const auto compare = [&](std::string_view sign, const Value& value) {
      return fmt::format("{} {} {}", expression, sign, bind_number(value, whole));
    };
    switch (term.op) {
      case Op::less:
        return compare("<", term.values.front());
      case Op::less_equal:
        return compare("<=", term.values.front());
      case Op::greater:
        return compare(">", term.values.front());
      case Op::greater_equal:
        return compare(">=", term.values.front());
      case Op::range: {
        const Value &low = term.values.front(), &high = term.values.back();
        std::string made = "true";
        if (!low.text.only_star()) made = compare(term.low_excluded ? ">" : ">=", low);
        if (!high.text.only_star())
          made += " AND " + compare(term.high_excluded ? "<" : "<=", high);
        return "(" + made + ")";
      }
      default:
        return any_value(term, [&](const Value& value) { return compare("=", value); });
    }
  }

  bool compares(const Term& term) const {
    return term.op != Op::equal && term.op != Op::any_of && term.op != Op::exists;
  }

  // A text that may hold a number: compared as one where the search compares.
  std::string write_dynamic(const std::string& expression, const Term& term) {
    if (!compares(term)) return write_texts(expression, term);
    const std::string number = fmt::format("toFloat64OrNull({})", expression);
    return fmt::format("ifNull({}, false)", write_numbers(number, term, false));
  }

  std::string write_map(std::string_view column, const Term& term) {
    const std::string name = out_.bind_text(term.target.name);
    std::string there = fmt::format("mapContains({}, {})", column, name);
    if (term.op == Op::exists) return there;
    const std::string value = fmt::format("{}[{}]", column, name);
    if (term.target.source == Source::metric)
      return fmt::format("({} AND {})", there, write_numbers(value, term, false));
    const std::string found = write_dynamic(value, term);
    // A key that is not there reads as empty text, which a search for "" must not find.
    const bool may_be_empty = std::ranges::any_of(term.values, [](const Value& each) {
      return each.text.literal.find_first_not_of('*') == std::string::npos;
    });
    return may_be_empty ? fmt::format("({} AND {})", there, found) : found;
  }

  std::string write_metadata(const Term& term) {
    std::string path;
    for (const std::string& part : term.target.path) path += ", " + out_.bind_text(part);
    std::string there = fmt::format("JSONHas(metadata{})", path);
    if (term.op == Op::exists) return there;
    // A text without its quotes, anything else as JSON writes it.
    const std::string value = fmt::format(
        "if(JSONType(metadata{0}) = 'String', JSONExtractString(metadata{0}), "
        "JSONExtractRaw(metadata{0}))",
        path);
    return fmt::format("({} AND {})", there, write_dynamic(value, term));
  }

  // The newest judgement of each label counts, of each person and of the evaluators, unless it was
  // taken back.
  std::string newest_judgements(const Term& term) {
    return fmt::format(
        "(SELECT * FROM (SELECT trace_id, span_id, session_id, join_key, join_value, metric_type, "
        "score, text, assessment, reasoning, status FROM evaluations WHERE label = {} AND "
        "timestamp >= {} ORDER BY timestamp DESC LIMIT 1 BY trace_id, span_id, session_id, "
        "join_key, join_value, submitter) WHERE status != {})",
        out_.bind_text(term.target.name),
        out_.bind_time(shifted(scope_.from, -limits::trace_slack_nanos)),
        out_.bind_text(model::kWithdrawn));
  }

  std::string write_evaluation(const Term& term) {
    if (term.judged != nullptr) return write_condition(out_, *term.judged);
    const std::string newest = newest_judgements(term);
    const std::string judged = write_judged(term);
    const std::string by_span = fmt::format(
        "(SELECT trace_id, span_id FROM {} WHERE join_key = '' AND trace_id != {} AND "
        "{} LIMIT {})",
        newest, kNoTrace, judged, limits::search_subselect_rows_max);
    const std::string by_session = fmt::format(
        "(SELECT session_id FROM {} WHERE session_id != '' AND trace_id = {} AND {} LIMIT {})",
        newest, kNoTrace, judged, limits::search_subselect_rows_max);
    const std::string by_tag = fmt::format(
        "(SELECT groupUniqArray({})((join_key, join_value)) FROM {} WHERE "
        "join_key != '' AND {})",
        limits::trace_join_tags_max, newest, judged);
    // What is about a whole trace (span 0) or session stands at the roots.
    return fmt::format(
        "((trace_id, span_id) IN {0} OR (parent_id = 0 AND ((trace_id, toUInt64(0)) IN {0} OR "
        "session_id IN {1})) OR arrayExists(j -> tags[j.1] = j.2, {2}))",
        by_span, by_session, by_tag);
  }

  std::string write_judged(const Term& term) {
    const std::string_view part = term.target.part;
    if (part.empty()) return "true";
    if (part != "value") {
      return term.op == Op::exists ? fmt::format("{} != ''", part) : write_texts(part, term);
    }
    if (term.op == Op::exists) return "true";
    constexpr std::string_view kIsNumber = "metric_type IN (2, 3)";  // score, boolean
    if (compares(term))
      return fmt::format("({} AND {})", kIsNumber, write_numbers("score", term, false));
    return any_value(term, [&](const Value& value) {
      Term one{.op = Op::equal, .values = {value}};
      std::string text = write_texts("text", one);
      if (!value.is_number) return text;
      return fmt::format("({} OR ({} AND score = {}))", text, kIsNumber, bind_number(value, false));
    });
  }

  std::string write_trace(const Term& term) {
    const std::string_view figure = term.target.column;
    std::string having = fmt::format("({}) >= 0", figure);
    if (term.op != Op::exists)
      having += " AND " + write_numbers(fmt::format("({})", figure), term, true);
    // Agents and workflows may bring the sum of their calls as a cost of their own.
    const std::string rows =
        term.target.type == Type::money
            ? fmt::format(
                  "(SELECT {0}, start, half, if(kind IN ('llm', 'embedding'), {1}, -1) AS "
                  "trace_cost FROM spans WHERE {2})",
                  trace_column(), scope_.cost, between())
            : std::string("spans");
    return fmt::format(
        "{0} IN (SELECT {0} FROM {4} WHERE {1} AND half IN (1, 3) GROUP BY {0} HAVING {2} "
        "ORDER BY max(start) DESC LIMIT {3})",
        trace_column(), between(), having, limits::search_subselect_rows_max, rows);
  }

  std::string write_trace_ids(const Term& term) {
    std::vector<TraceId> ids;
    for (const Value& value : term.values) ids.push_back(value.trace_id);
    return fmt::format("(trace_id IN {0} OR apm_trace_id IN {0})", out_.bind_trace_ids(ids));
  }

  std::string write_span_ids(const Term& term) {
    std::vector<SpanId> ids;
    for (const Value& value : term.values) ids.push_back(value.span_id);
    return fmt::format("{} IN {}", term.target.column, out_.bind_span_ids(ids));
  }

  StatementBuilder& out_;
  const Scope& scope_;
};

bool about_cost(const Node& node) {
  return node.term.target.type == Type::money || std::ranges::any_of(node.children, about_cost);
}

}  // namespace

std::variant<Query, Problem> read(std::string_view text) {
  auto parsed = parse(text);
  if (auto* problem = std::get_if<Problem>(&parsed)) return std::move(*problem);
  Query query{std::string(text), std::get<Node>(std::move(parsed))};
  if (auto problem = bind(query.root, text)) return *std::move(problem);
  return query;
}

Statement plan_judged(const Term& term, const Scope& scope) {
  StatementBuilder out;
  Planner(out, scope).select_judged(term);
  return std::move(out).finish();
}

bool is_about_cost(const Query& query) {
  return about_cost(query.root);
}

std::string write_condition(StatementBuilder& out, const Query& query, const Scope& scope) {
  return Planner(out, scope).write(query.root);
}

}  // namespace catalejo::query::search
