#include "query/search/parser.hpp"

#include <fmt/format.h>

#include "base/limits.hpp"
#include "codec/utf8.hpp"
#include "query/search/lexer.hpp"

namespace catalejo::query::search {
namespace {

constexpr std::string_view kExists = "_exists_", kMissing = "_missing_";

// The key that values belong to inside `key:( … )`; null for free text and keys of their own.
struct Key {
  std::string name;
  Place place;
};

class Parser {
 public:
  explicit Parser(std::string_view text) : lexer_(text) {}

  std::variant<Node, Problem> run() {
    lexer_.skip_spaces();
    Node root;
    if (!lexer_.at_end()) root = any_of(nullptr);
    if (!lexer_.at_end() && lexer_.peek() == ')') {
      lexer_.fail("unexpected_character", "this bracket was never opened",
                  {lexer_.at(), lexer_.at() + 1});
    }
    if (lexer_.problem()) return *lexer_.problem();
    return root;
  }

 private:
  Node any_of(const Key* key) { return joined(Kind::any_of, key); }
  Node all_of(const Key* key) { return joined(Kind::all_of, key); }
  Node joined(Kind kind, const Key* key);
  bool another(Kind kind);
  Node unary(const Key* key);
  Node primary(const Key* key);
  Node bracketed(const Key* key);
  Node free_or_keyed();
  Node keyed(const Word& key);
  Node existing(const Word& key);
  Node value_of(const Key& key);
  Node list_of(const Key& key);
  bool list_follows(bool& negated);
  void read_range(Term& term);
  void read_comparison(Term& term);
  Value value(Until until, std::string_view expected);
  Node leaf(Kind kind, std::size_t begin, Term term);
  Node negated(Node node, std::size_t begin);
  Node nothing() { return {}; }

  Lexer lexer_;
  std::size_t depth_ = 0, terms_ = 0;
};

// Whether one more operand follows, and the operator before it has been read.
bool Parser::another(Kind kind) {
  lexer_.skip_spaces();
  if (lexer_.at_end() || lexer_.peek() == ')') return false;
  if (kind == Kind::any_of) return lexer_.take_keyword("OR");
  const std::size_t here = lexer_.at();
  if (lexer_.take_keyword("OR")) {
    lexer_.go_back(here);
    return false;
  }
  lexer_.take_keyword("AND");
  return true;
}

Node Parser::joined(Kind kind, const Key* key) {
  const auto operand = [&] { return kind == Kind::any_of ? all_of(key) : unary(key); };
  const std::size_t begin = lexer_.at();
  Node first = operand();
  if (!another(kind)) return first;
  Node node{.kind = kind, .place = {begin, 0}, .children = {}, .term = {}};
  node.children.push_back(std::move(first));
  do {
    node.children.push_back(operand());
  } while (another(kind));
  node.place.end = node.children.back().place.end;
  return node;
}

Node Parser::negated(Node node, std::size_t begin) {
  Node made{.kind = Kind::none_of, .place = {begin, node.place.end}, .children = {}, .term = {}};
  made.children.push_back(std::move(node));
  return made;
}

Node Parser::unary(const Key* key) {
  lexer_.skip_spaces();
  const std::size_t begin = lexer_.at();
  const char next = lexer_.peek(1);
  const bool minus = (lexer_.peek() == '-' || lexer_.peek() == '!') && next != '\0' &&
                     next != ' ' && next != ')' && lexer_.take(lexer_.peek());
  if (!minus && !lexer_.take_keyword("NOT")) return primary(key);
  if (++depth_ > limits::search_depth_max) {
    lexer_.fail(
        "too_deep",
        fmt::format("more than {} NOTs and brackets inside each other", limits::search_depth_max),
        {begin, lexer_.at()});
    return nothing();
  }
  Node inner = unary(key);
  --depth_;
  return negated(std::move(inner), begin);
}

Node Parser::primary(const Key* key) {
  lexer_.skip_spaces();
  const Place here{lexer_.at(), lexer_.at() + 1};
  if (lexer_.at_end() || lexer_.peek() == ')') {
    lexer_.fail("expected_term", "expected a word, \"quoted text\", @attribute:value or tag:value",
                lexer_.at_end() ? Place{here.begin, here.begin} : here);
    return nothing();
  }
  for (const std::string_view keyword : {"AND", "OR"}) {
    if (!lexer_.take_keyword(keyword)) continue;
    lexer_.fail("expected_term",
                fmt::format("expected a term before {}; to search for the word, write \"{}\"",
                            keyword, keyword),
                {here.begin, lexer_.at()}, fmt::format("\"{}\"", keyword));
    return nothing();
  }
  if (lexer_.peek() == '(') return bracketed(key);
  return key ? value_of(*key) : free_or_keyed();
}

Node Parser::bracketed(const Key* key) {
  const std::size_t begin = lexer_.at();
  lexer_.take('(');
  if (++depth_ > limits::search_depth_max) {
    lexer_.fail("too_deep",
                fmt::format("more than {} brackets inside each other", limits::search_depth_max),
                {begin, begin + 1});
    return nothing();
  }
  Node inner = any_of(key);
  lexer_.skip_spaces();
  if (!lexer_.take(')') && !lexer_.problem())
    lexer_.fail("unclosed_bracket", "expected ) for this bracket", {begin, begin + 1});
  --depth_;
  inner.place = {begin, lexer_.at()};
  return inner;
}

Node Parser::leaf(Kind kind, std::size_t begin, Term term) {
  if (++terms_ > limits::search_terms_max) {
    lexer_.fail("too_many_terms",
                fmt::format("more than {} terms in one search", limits::search_terms_max),
                {begin, lexer_.at()});
  } else if (lexer_.peek() == '(') {
    lexer_.fail("unexpected_character",
                "expected a space before the bracket; to search for it, put the text in quotes",
                {lexer_.at(), lexer_.at() + 1});
  }
  return {.kind = kind, .place = {begin, lexer_.at()}, .children = {}, .term = std::move(term)};
}

// A word of free text, or a key and what follows it.
Node Parser::free_or_keyed() {
  const std::size_t begin = lexer_.at();
  const char first = lexer_.peek();
  if (first == ':' || first == '[' || first == ']' || first == '{' || first == '}') {
    lexer_.fail("unexpected_character",
                fmt::format("expected a word or a key before '{}'; to search for the character, "
                            "put the text in quotes",
                            first),
                {begin, begin + 1}, fmt::format("\"{}\"", first));
    return nothing();
  }
  const Word word = lexer_.word(Until::colon);
  if (word.is_key) return keyed(word);
  bool without = false;
  if (!word.text.quoted && list_follows(without)) {
    Node list = list_of({word.text.literal, word.place});
    return without ? negated(std::move(list), begin) : list;
  }
  if (word.text.literal.starts_with('@') && !word.text.quoted) {
    lexer_.fail("expected_value",
                fmt::format("expected a colon and a value after {}", word.text.literal), word.place,
                word.text.literal + ":");
    return nothing();
  }
  if (word.text.only_star()) return leaf(Kind::everything, begin, {});
  Term term;
  term.values.push_back({.text = word.text, .place = word.place});
  return leaf(Kind::word, begin, std::move(term));
}

// ` IN [` or ` NOT IN [` after a key without colon.
bool Parser::list_follows(bool& negated) {
  const std::size_t here = lexer_.at();
  lexer_.skip_spaces();
  negated = lexer_.take_keyword("NOT");
  lexer_.skip_spaces();
  if (lexer_.take_keyword("IN")) {
    lexer_.skip_spaces();
    if (lexer_.peek() == '[' || lexer_.peek() == '(') return true;
  }
  lexer_.go_back(here);
  return false;
}

Node Parser::keyed(const Word& key) {
  if (key.text.literal == kExists || key.text.literal == kMissing) return existing(key);
  const Key named{key.text.literal, key.place};
  lexer_.skip_spaces();
  if (lexer_.peek() != '(') return value_of(named);
  Node group = bracketed(&named);
  group.place.begin = key.place.begin;
  return group;
}

Node Parser::existing(const Word& key) {
  lexer_.skip_spaces();
  Value name = value(Until::space, "expected the name of an attribute or tag");
  Term term{.key = name.text.literal, .key_place = name.place, .op = Op::exists};
  Node node = leaf(Kind::term, key.place.begin, std::move(term));
  return key.text.literal == kMissing ? negated(std::move(node), key.place.begin) : node;
}

Value Parser::value(Until until, std::string_view expected) {
  Value made;
  const std::size_t begin = lexer_.at();
  const Word word = lexer_.word(until);
  made.text = word.text;
  made.place = word.place;
  if (word.place.begin == word.place.end && !lexer_.problem()) {
    const std::size_t end = lexer_.at_end() ? begin : begin + 1;
    lexer_.fail("expected_value", std::string(expected), {begin, end});
  }
  return made;
}

Node Parser::value_of(const Key& key) {
  Term term{.key = key.name, .key_place = key.place};
  const std::size_t begin = key.place.begin;
  if (lexer_.peek() == '[' || lexer_.peek() == '{') {
    read_range(term);
  } else if (lexer_.peek() == '<' || lexer_.peek() == '>') {
    read_comparison(term);
  } else {
    term.values.push_back(value(Until::space, fmt::format("expected a value after {}:", key.name)));
    if (term.values.back().text.only_star()) {
      term.op = Op::exists;
      term.values.clear();
    }
  }
  return leaf(Kind::term, begin, std::move(term));
}

void Parser::read_comparison(Term& term) {
  const bool greater = lexer_.peek() == '>';
  lexer_.take(lexer_.peek());
  const bool equal = lexer_.take('=');
  term.op =
      greater ? (equal ? Op::greater_equal : Op::greater) : (equal ? Op::less_equal : Op::less);
  lexer_.skip_spaces();
  term.values.push_back(value(Until::space, "expected a number after the comparison"));
}

void Parser::read_range(Term& term) {
  const std::size_t begin = lexer_.at();
  term.op = Op::range;
  term.low_excluded = lexer_.peek() == '{';
  lexer_.take(lexer_.peek());
  lexer_.skip_spaces();
  term.values.push_back(value(Until::range_end, "expected the lower end of the range, or *"));
  lexer_.skip_spaces();
  if (!lexer_.problem() && !lexer_.take_keyword("TO")) {
    lexer_.fail("expected_value", "expected TO between the ends of the range: [1 TO 5]",
                {lexer_.at(), lexer_.at() + (lexer_.at_end() ? 0 : 1)});
  }
  lexer_.skip_spaces();
  term.values.push_back(value(Until::range_end, "expected the upper end of the range, or *"));
  lexer_.skip_spaces();
  term.high_excluded = lexer_.peek() == '}';
  if (!lexer_.take('}') && !lexer_.take(']') && !lexer_.problem())
    lexer_.fail("unclosed_bracket", "expected ] or } for this range", {begin, begin + 1});
}

Node Parser::list_of(const Key& key) {
  Term term{.key = key.name, .key_place = key.place, .op = Op::any_of};
  const std::size_t begin = lexer_.at();
  const char close = lexer_.peek() == '[' ? ']' : ')';
  lexer_.take(lexer_.peek());
  do {
    lexer_.skip_spaces();
    term.values.push_back(value(Until::list_end, "expected a value of the list"));
    if (++terms_ > limits::search_terms_max) {
      lexer_.fail("too_many_terms",
                  fmt::format("more than {} values in one search", limits::search_terms_max),
                  term.values.back().place);
    }
    lexer_.skip_spaces();
  } while (lexer_.take(','));
  if (!lexer_.take(close) && !lexer_.problem()) {
    const bool end = lexer_.at_end();
    lexer_.fail(end ? "unclosed_bracket" : "expected_value",
                fmt::format("expected a comma or {} in this list", close),
                end ? Place{begin, begin + 1} : Place{lexer_.at(), lexer_.at() + 1});
  }
  return leaf(Kind::term, key.place.begin, std::move(term));
}

}  // namespace

std::variant<Node, Problem> parse(std::string_view text) {
  if (text.size() > limits::filter_text_bytes_max) {
    const std::size_t fits = code_points_before(text, limits::filter_text_bytes_max);
    return Problem{"too_long",
                   fmt::format("a search has at most {} bytes", limits::filter_text_bytes_max),
                   fits, code_points_before(text, text.size()) - fits, ""};
  }
  if (!codec::is_utf8(text))
    return Problem{"not_utf8", "expected UTF-8", 0, code_points_before(text, text.size()), ""};
  return Parser(text).run();
}

}  // namespace catalejo::query::search
