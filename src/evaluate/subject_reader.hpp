// Reads a stored span into a Subject, once for all evaluators: each JSON document of the row is
// parsed once and every text is a view into what the parsers hold. One thread each; what a Subject
// points into lives until the next read(), the row included.
#pragma once

#include <memory>

#include "evaluate/subject.hpp"
#include "query/span_row.hpp"

namespace catalejo::evaluate {

class SubjectReader {
 public:
  SubjectReader();
  ~SubjectReader();
  const Subject& read(const query::SpanRow& row);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace catalejo::evaluate
