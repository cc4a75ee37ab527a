// The text format of tests/protocol/*.test, described in tests/protocol/README.md.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "model/batch.hpp"

namespace catalejo::intake {

// One `span …` or `evaluation …` line: the fields that must be as written.
using Fields = std::vector<std::pair<std::string, std::string>>;

struct ProtocolCase {
  std::string where;  // file:line of the request
  std::string listener = "agent";
  std::string method, path, capture;
  int status = 0;
  Fields counts;
  std::vector<Fields> spans, evaluations;
};

std::vector<ProtocolCase> read_protocol_file(const std::string& path);

// What stands in the field, as text; "?" for a field name that does not exist.
std::string field_of(const model::Span& span, const std::string& name);
std::string field_of(const model::Evaluation& evaluation, const std::string& name);
std::string field_of(const model::Batch& batch, const std::string& name);

// A value as it stands in a line: in quotes when it has spaces, quotes or nothing at all.
std::string quoted(const std::string& value);

}  // namespace catalejo::intake
