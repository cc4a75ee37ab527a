// A span from a stranger, redacted: JSON stays JSON, UTF-8 stays UTF-8, and a second time changes
// nothing that the first one left.
#include <cstdint>
#include <cstdlib>

#include "codec/json_dom.hpp"
#include "codec/utf8.hpp"
#include "pipeline/redact.hpp"

namespace {

using namespace catalejo;

bool is_json(std::string text) {
  codec::JsonDocument document;
  return document.parse(text).ok() && document.notes() == 0;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const pipeline::Redactor redactor({{.app = "*", .target = "pii", .action = "mask"},
                                            {.app = "*", .target = "secrets", .action = "hash"},
                                            {.app = "*", .target = "email", .action = "drop"}},
                                           std::string(32, 'k'));
  std::string text;  // as intake leaves it
  codec::append_as_utf8(text, {reinterpret_cast<const char*>(data), size});
  // Compact JSON, as intake writes it.
  std::string json;
  codec::JsonDocument document;
  std::string copy = text;
  if (document.parse(copy)) codec::append_json(json, codec::root(document));
  model::Batch batch;
  batch.spans.push_back({.error_message = text, .input_json = json, .tags = {{text, text}}});
  pipeline::Redactor::Counts counts;
  redactor.apply(batch, counts);
  const model::Span& span = batch.spans[0];
  if (!codec::is_utf8(span.error_message) || !codec::is_utf8(span.tags[0].value)) std::abort();
  if (!json.empty() && !is_json(std::string(span.input_json))) std::abort();
  return 0;
}
