// A row of an experiment, which no stored span stands for, as judges read spans.
#pragma once

#include <string>

#include "query/span_row.hpp"

namespace catalejo::evaluate::judge {

// JSON, or empty for what is not there.
struct RowTexts {
  std::string input, output, expected;
  std::string metadata;  // an object
};

// Owns what its row points into; stays where it is.
class JudgedRow {
 public:
  // What was expected is {{metadata.expected_output}}.
  explicit JudgedRow(const RowTexts& texts);
  JudgedRow(const JudgedRow&) = delete;
  JudgedRow& operator=(const JudgedRow&) = delete;

  // The row's own span may be named in it.
  query::SpanRow& row() { return row_; }
  const query::SpanRow& row() const { return row_; }

 private:
  std::string input_, output_, metadata_;
  query::SpanRow row_;
};

}  // namespace catalejo::evaluate::judge
