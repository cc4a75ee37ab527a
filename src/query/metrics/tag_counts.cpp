#include "query/metrics/tag_counts.hpp"

#include <fmt/format.h>

#include "base/limits.hpp"
#include "query/row_reader.hpp"
#include "query/span_row.hpp"

namespace catalejo::query::metrics {

// The key '' is the series itself.
Statement plan_tag_counts(std::int64_t from_s, std::string_view name) {
  StatementBuilder out;
  out << fmt::format(
      "SELECT pair.1 AS key, uniqExact(pair.2) AS values\nFROM (\n  SELECT arrayJoin(arrayConcat("
      "[('', toString(series))], if(host = '', [], [('host', toString(host))]), arrayMap(t -> "
      "(splitByChar(':', toString(t))[1], toString(t)), tags))) AS pair\n  FROM (SELECT series, "
      "host, "
      "tags FROM metrics WHERE name = {} AND toStartOfDay(time) >= toStartOfDay(toDateTime({}, "
      "'UTC')) GROUP BY series, host, tags)\n  WHERE NOT has(tags, 'catalejo_overflow:true'))\n"
      "GROUP BY key\nORDER BY key = '' DESC, values DESC, key\nLIMIT {}\nFORMAT RowBinary",
      out.bind_text(name), out.bind_int(from_s), limits::series_tags_reported_max + 1);
  return std::move(out).finish();
}

Result<TagCounts> read_tag_counts(std::string_view body) {
  TagCounts counts;
  RowReader row(body);
  while (!row.at_end() && !row.failed()) {
    TagCount read{.key = std::string(row.text()), .values = row.u64()};
    if (read.key.empty()) {
      counts.series = read.values;
    } else {
      counts.tags.push_back(std::move(read));
    }
  }
  if (row.failed()) return broken_answer();
  return counts;
}

}  // namespace catalejo::query::metrics
