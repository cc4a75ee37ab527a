#include "store/clickhouse/migrations.hpp"

#include <fmt/format.h>

#include <set>

#include "base/ids.hpp"
#include "base/log.hpp"
#include "store/clickhouse/sql_files.hpp"
#include "store/columns.hpp"

namespace catalejo::store {
namespace {

// A cluster puts its own engine here (ReplicatedMergeTree).
constexpr std::string_view kEngine = "MergeTree";
// The child writes small parts with LZ4 and what merges make of them with ZSTD (engine_config.cpp);
// a server of the user's has other defaults, so there the tables say it themselves.
constexpr std::string_view kChildCodec = "Default";
constexpr std::string_view kServerCodec = "ZSTD(1)";

std::string fill_in(std::string_view text, std::string_view name, std::string_view value) {
  std::string out(text);
  for (std::size_t at; (at = out.find(name)) != std::string::npos;)
    out.replace(at, name.size(), value);
  return out;
}

// Visits each line of a TabSeparated answer.
template <typename Visit>
void each_line(std::string_view text, Visit&& visit) {
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    if (const std::string_view line = text.substr(0, end); !line.empty()) visit(line);
    if (end == std::string_view::npos) return;
    text.remove_prefix(end + 1);
  }
}

Result<void> run_file(ClickHouse& database, const SqlFile& file) {
  const std::string text = fill_in(fill_in(file.text, "{engine}", kEngine), "{codec}",
                                   database.embedded() ? kChildCodec : kServerCodec);
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::size_t end = rest.find(";\n");
    const std::string_view statement = rest.substr(0, end);
    if (statement.find_first_not_of(" \r\n\t") != std::string_view::npos) {
      auto done = database.run(std::string(statement), {});
      if (!done) return done.error();
    }
    if (end == std::string_view::npos) break;
    rest.remove_prefix(end + 2);
  }
  return {};
}

// Partitions of a table are numbered by their day (20261126) or month (202611).
Result<std::uint64_t> drop_before(ClickHouse& database, std::string_view table,
                                  std::uint32_t oldest) {
  auto partitions = database.run(
      "SELECT DISTINCT partition FROM system.parts "
      "WHERE database = currentDatabase() AND active "
      "AND table = {table:String} FORMAT TSV",
      {{"table", std::string(table)}});
  if (!partitions) return partitions.error();
  std::vector<std::uint64_t> old;
  each_line(*partitions, [&](std::string_view partition) {
    if (const auto number = parse_decimal64(partition); number && *number < oldest)
      old.push_back(*number);
  });
  for (const std::uint64_t partition : old) {
    auto done = database.run(fmt::format("ALTER TABLE {} DROP PARTITION {}", table, partition), {});
    if (!done) return done.error();
    log::info("store", "dropped {} of {}: older than it is kept", partition, table);
  }
  return old.size();
}

}  // namespace

Result<void> migrate(ClickHouse& database) {
  auto made = database.run(fmt::format("CREATE TABLE IF NOT EXISTS catalejo_migrations "
                                       "(name String, applied DateTime64(3, 'UTC')) "
                                       "ENGINE = {} ORDER BY name "
                                       "SETTINGS fsync_after_insert = 1, fsync_part_directory = 1",
                                       kEngine),
                           {});
  if (!made) return made.error();
  auto applied = database.run("SELECT DISTINCT name FROM catalejo_migrations FORMAT TSV", {});
  if (!applied) return applied.error();
  std::set<std::string, std::less<>> names;
  each_line(*applied, [&](std::string_view name) { names.emplace(name); });
  for (const SqlFile& file : sql_files()) {
    if (names.contains(file.name)) continue;
    CATALEJO_TRY(run_file(database, file));
    const std::string line =
        fmt::format("{}\t{:.3f}\n", file.name, static_cast<double>(now().value) / 1e9);
    const std::string_view rows[] = {line};
    CATALEJO_TRY(database.insert("INSERT INTO catalejo_migrations FORMAT TabSeparated", rows));
    log::info("store", "migrated the database: {}", file.name);
  }
  return {};
}

Result<std::uint64_t> drop_old(ClickHouse& database, Retention retention, UnixNanos now) {
  const std::uint32_t day = day_number({now.value - retention.days * kNanosPerDay});
  const std::uint32_t month = day_number({now.value - retention.metric_days * kNanosPerDay}) / 100;
  std::uint64_t dropped = 0;
  for (const auto& [table, oldest] :
       {std::pair{"spans", day}, std::pair{"span_words", day}, std::pair{"evaluations", day},
        std::pair{"evaluation_counts", day}, std::pair{"metrics", month},
        std::pair{"events", month}}) {
    auto gone = drop_before(database, table, oldest);
    if (!gone) return gone.error();
    dropped += *gone;
  }
  return dropped;
}

}  // namespace catalejo::store
