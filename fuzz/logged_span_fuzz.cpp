// Rows of the log, as a disk may give them back: what is read lies inside the row, and every
// evaluator can be given it.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "evaluate/engine/logged_span.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace catalejo;
  if (size == 0) return 0;
  const std::string_view row(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto span = evaluate::read_logged_span(data[0], row);
  if (!span) return 0;
  const auto inside = [&](std::string_view text) {
    if (text.empty()) return;
    if (text.data() < row.data() || text.data() + text.size() > row.data() + row.size())
      std::abort();
  };
  for (const std::string_view text : {span->name, span->service, span->input, span->output,
                                      span->metadata, span->extra, span->session_id})
    inside(text);
  for (const auto& [key, value] : span->tags) {
    inside(key);
    inside(value);
  }
  return 0;
}
