// Bytes in place of a database's answer: the readers refuse or read, the tree and the previews
// are made of whatever came out.
#include <cstdint>
#include <string>
#include <string_view>

#include "query/answers.hpp"
#include "query/outline.hpp"
#include "query/preview.hpp"
#include "query/trace.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string body(reinterpret_cast<const char*>(data), size);
  if (auto rows = catalejo::query::read_span_rows(body)) {
    const auto tree = catalejo::query::assemble_trace(rows->rows);
    for (std::size_t i = 0; i < tree.nodes.size(); ++i)
      if (tree.nodes[i].parent >= static_cast<std::int32_t>(i)) __builtin_trap();
    for (const auto& row : rows->rows) {
      (void)catalejo::query::preview_of_input(row.input);
      (void)catalejo::query::preview_of_output(row.output);
    }
  }
  if (const auto rows = catalejo::query::read_shape_rows(body)) {
    const catalejo::query::Outline outline(*rows);
    const std::size_t spans = outline.nodes().size();
    const catalejo::query::Folds folds{.open_depth = 1, .flipped = {{1}}};
    if (outline.window({}, 0, 10).lines != spans) __builtin_trap();
    if (outline.window(folds, 0, 10).lines > spans) __builtin_trap();
    for (std::uint32_t i = 0; i < spans; ++i) {
      if (outline.nodes()[i].end <= i || outline.nodes()[i].end > spans) __builtin_trap();
      if (outline.line_of({}, i) != i) __builtin_trap();
      (void)outline.around(i);
    }
    (void)outline.notable();
  }
  (void)catalejo::query::read_sorted_keys(body).ok();
  (void)catalejo::query::read_texts(body).ok();
  (void)catalejo::query::read_evaluation_rows(body).ok();
  (void)catalejo::query::read_page_totals(body, {{{1, 1}, {2, 2}}}).ok();
  (void)catalejo::query::read_find_trace(body).ok();
  (void)catalejo::query::read_facets(body, 8).ok();
  (void)catalejo::query::read_series(body).ok();
  (void)catalejo::query::preview_of_output(body);
  return 0;
}
