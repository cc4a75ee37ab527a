// Goes over the text of a query of metrics. The first problem sticks.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "query/metrics/ast.hpp"

namespace catalejo::query::metrics {

class TextCursor {
 public:
  explicit TextCursor(std::string_view text) : text_(text) {}

  bool failed() const { return problem_.has_value(); }
  const Problem& problem() const { return *problem_; }
  std::size_t at() const { return at_; }
  bool at_end();

  // White space before it is passed over.
  char peek();
  bool take(char c);
  void expect(char c);
  // A word that stands alone, in any case: "by", "AND".
  bool take_word(std::string_view word);
  std::string_view take_name();  // letters, digits, '_', '.'
  std::string_view take_tag();   // up to what ends a tag
  std::optional<double> take_number();
  std::string_view take_name_of_argument();  // begins with a letter
  // 'text' or "text", without its quotes; they cannot stand in it.
  std::optional<std::string_view> take_quoted();
  void fail(std::string message) { fail_at(at_, std::move(message)); }
  void fail_at(std::size_t position, std::string message);

 private:
  void skip_space();

  std::string_view text_;
  std::size_t at_ = 0;
  std::optional<Problem> problem_;
};

}  // namespace catalejo::query::metrics
