#include "store/experimentation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <mutex>

#include "base/ascii.hpp"
#include "base/limits.hpp"
#include "store/control/dataset_rows.hpp"
#include "store/control/experiment_rows.hpp"
#include "store/control/sqlite.hpp"

namespace catalejo::store {
namespace {

// What is found of an entity: its kind, a number by which newer ones come first, its id, the id of
// what it belongs to, and what it is sorted by.
struct Source {
  std::string_view select, texts, deleted, group;
};
constexpr std::array<Source, 5> kSources = {{
    {"SELECT 0, p.rowid, p.id, '', p.name, p.created_ns, p.updated_ns FROM projects p WHERE 1",
     "p.name, p.description, p.id", "p.deleted_ns", ""},
    {"SELECT 1, d.rowid, d.id, d.project, d.name, d.created_ns, d.updated_ns FROM datasets d "
     "WHERE 1",
     "d.name, d.description, d.metadata, d.id", "d.deleted_ns", ""},
    {"SELECT 2, r.seq, r.id, r.dataset, d.name, r.created_ns, r.updated_ns FROM records r JOIN "
     "datasets d ON d.id = r.dataset WHERE r.from_version <= iif(?1 = 0, d.version, ?1) AND "
     "r.to_version > iif(?1 = 0, d.version, ?1)",
     "r.input, r.expected_output, r.metadata, r.tags, r.id", "d.deleted_ns", ""},
    {"SELECT 3, e.seq, e.id, e.project, e.name, e.created_ns, e.updated_ns FROM experiments e "
     "WHERE 1",
     "e.name, e.experiment, e.description, e.config, e.metadata, e.id", "e.deleted_ns", ""},
    {"SELECT 4, min(r.seq), CAST(r.run AS TEXT), r.experiment, e.name, min(r.start_ns), "
     "max(r.start_ns) FROM experiment_rows r JOIN experiments e ON e.id = r.experiment WHERE 1",
     "e.name, e.experiment, e.id", "e.deleted_ns", " GROUP BY r.experiment, r.run"},
}};

constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kSorts = {
    {{"name", "name"}, {"created_at", "created"}, {"updated_at", "updated"}}};

constexpr std::array<std::pair<std::string_view, std::string_view>, 14> kFields = {{
    {"experiment_id", "s.experiment"},
    {"experiment", "e.experiment"},
    {"experiment_name", "e.name"},
    {"project_id", "e.project"},
    {"dataset_id", "e.dataset"},
    {"dataset_record_id", "ifnull(r.record, '')"},
    {"run", "ifnull(r.run, '')"},
    {"span_id", "s.span_id"},
    {"trace_id", "s.trace_id"},
    {"label", "s.label"},
    {"metric_type", "s.type"},
    {"categorical_value", "iif(s.type = 'categorical', s.value ->> '$', '')"},
    {"assessment", "s.assessment"},
    {"metric_source", "s.source"},
}};

constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kMetrics = {
    {{"count", "count(*)"}, {"score_value", "avg(s.score)"}, {"duration", "avg(r.duration_ns)"}}};
// What may be compared with numbers.
constexpr std::array<std::pair<std::string_view, std::string_view>, 2> kNumbers = {
    {{"score_value", "s.score"}, {"duration", "r.duration_ns"}}};

// The SQL of a name, or nothing.
template <typename Table>
std::string_view sql_of(const Table& table, std::string_view name) {
  const auto found = std::ranges::find(table, name, [](const auto& one) { return one.first; });
  return found == table.end() ? std::string_view() : found->second;
}

template <typename Table>
std::vector<std::string_view> names_of(const Table& table) {
  std::vector<std::string_view> names;
  for (const auto& [name, sql] : table) names.push_back(name);
  return names;
}

Error no_such(std::string_view where, std::string_view name,
              const std::vector<std::string_view>& known) {
  return bad(std::string(where), fmt::format("\"{}\" is none of {}", name, fmt::join(known, ", ")));
}

// ?1 is the version; the words follow from ?2 on.
constexpr std::size_t kFirstWord = 2;

std::string entities_sql(const ExperimentationAsked& asked) {
  std::string sql;
  for (const Entity entity : asked.scope) {
    const Source& source = kSources[static_cast<std::size_t>(entity)];
    sql += sql.empty() ? "WITH found (kind, key, id, owner, name, created, updated) AS ("
                       : " UNION ALL ";
    sql += source.select;
    if (!asked.deleted) sql += fmt::format(" AND {} = 0", source.deleted);
    if (!asked.kept) sql += fmt::format(" AND {} != 0", source.deleted);
    for (std::size_t i = 0; i < asked.words.size(); ++i) {
      std::string texts(source.texts);
      for (std::size_t at = 0; (at = texts.find(", ", at)) != std::string::npos;)
        texts.replace(at, 2, " || char(10) || ");
      sql += fmt::format(" AND instr(lower({}), ?{}) > 0", texts, kFirstWord + i);
    }
    sql += source.group;
  }
  return sql + ")";
}

void bind_asked(Statement& row, const ExperimentationAsked& asked) {
  row.bind(1, asked.version);
  for (std::size_t i = 0; i < asked.words.size(); ++i)
    row.bind(static_cast<int>(kFirstWord + i), lower_ascii(asked.words[i]));
}

struct Place {
  Entity entity;
  std::int64_t key;
  std::string id, owner;
};

class SqliteExperimentation : public Experimentation {
 public:
  explicit SqliteExperimentation(Database database) : database_(std::move(database)) {}

  Result<ExperimentationFound> search(const ExperimentationAsked& asked) override;
  Result<ScoresCounted> count_scores(const ScoresAsked& asked) override;

 private:
  // mutex_ is held by who calls these.
  Result<std::int64_t> total(const ExperimentationAsked& asked, const std::string& entities);
  Result<std::vector<Place>> places(const ExperimentationAsked& asked, const std::string& entities);
  // What is at a place, into `found`. Its bytes, as far as they are not bounded otherwise.
  Result<std::size_t> read(const Place& place, ExperimentationFound& found);
  Result<NumberedRun> read_run(const Place& place);

  std::mutex mutex_;  // guards the database
  Database database_;
};

Result<std::int64_t> SqliteExperimentation::total(const ExperimentationAsked& asked,
                                                  const std::string& entities) {
  Statement row(database_.get(),
                fmt::format("{} SELECT count(*) FROM (SELECT 1 FROM found LIMIT {})", entities,
                            limits::experimentation_found_max)
                    .c_str());
  bind_asked(row, asked);
  const std::int64_t count = row.step() ? row.number(0) : 0;
  CATALEJO_TRY(row.result());
  return count;
}

Result<std::vector<Place>> SqliteExperimentation::places(const ExperimentationAsked& asked,
                                                         const std::string& entities) {
  std::string order;
  for (const auto& [name, descending] : asked.sort) {
    const std::string_view column = sql_of(kSorts, name);
    if (column.empty()) return no_such("sort.field", name, names_of(kSorts));
    order += fmt::format("{}{}, ", column, descending ? " DESC" : "");
  }
  std::string after = "1";
  if (asked.after)
    after = fmt::format("(kind > {0} OR (kind = {0} AND key < {1}))",
                        static_cast<int>(asked.after->first), asked.after->second);
  Statement row(
      database_.get(),
      fmt::format("{} SELECT kind, key, id, owner FROM found WHERE {} ORDER BY {}kind, key "
                  "DESC LIMIT {} OFFSET {}",
                  entities, after, order, asked.limit + 1, asked.skip)
          .c_str());
  bind_asked(row, asked);
  std::vector<Place> places;
  while (row.step())
    places.push_back({static_cast<Entity>(row.number(0)), row.number(1), row.text(2), row.text(3)});
  CATALEJO_TRY(row.result());
  return places;
}

Result<NumberedRun> SqliteExperimentation::read_run(const Place& place) {
  Statement row(database_.get(),
                "SELECT run, count(*), sum(failed), CAST(avg(duration_ns) AS INTEGER), "
                "min(start_ns) FROM experiment_rows WHERE experiment = ? AND run = CAST(? AS "
                "INTEGER)");
  row.bind(1, place.owner).bind(2, place.id).step();
  CATALEJO_TRY(row.result());
  return NumberedRun{.experiment = place.owner,
                     .number = row.number(0),
                     .rows = row.number(1),
                     .errors = row.number(2),
                     .duration_ns_mean = row.number(3),
                     .created = {row.number(4)}};
}

Result<std::size_t> SqliteExperimentation::read(const Place& place, ExperimentationFound& found) {
  if (place.entity == Entity::run) {
    auto run = read_run(place);
    if (!run) return run.error();
    found.runs.push_back(*std::move(run));
    return std::size_t{0};
  }
  const char* const selects[] = {kProjectColumns, kDatasetColumns, kRecordColumns,
                                 kExperimentColumns};
  const char* const keys[] = {"id = ?", "id = ?", "seq = CAST(? AS INTEGER)", "e.id = ?"};
  const auto kind = static_cast<std::size_t>(place.entity);
  Statement row(database_.get(), fmt::format("{}{}", selects[kind], keys[kind]).c_str());
  row.bind(1, place.entity == Entity::record ? std::to_string(place.key) : place.id);
  if (!row.step()) {
    CATALEJO_TRY(row.result());
    return std::size_t{0};
  }
  if (place.entity == Entity::project) found.projects.push_back(read_project(row));
  if (place.entity == Entity::dataset) found.datasets.push_back(read_dataset(row));
  if (place.entity == Entity::experiment) found.experiments.push_back(read_experiment(row));
  if (place.entity != Entity::record) return std::size_t{0};
  found.records.emplace_back(place.owner, read_record(row));
  return bytes_of(found.records.back().second);
}

Result<ExperimentationFound> SqliteExperimentation::search(const ExperimentationAsked& asked) {
  const std::lock_guard lock(mutex_);
  const std::string entities = entities_sql(asked);
  auto counted = total(asked, entities);
  if (!counted) return counted.error();
  auto all = places(asked, entities);
  if (!all) return all.error();
  ExperimentationFound found;
  found.total = *counted;
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < all->size(); ++i) {
    if (i == asked.limit || bytes > limits::dataset_page_bytes_max) {
      found.next = {(*all)[i - 1].entity, (*all)[i - 1].key};
      break;
    }
    auto more = read((*all)[i], found);
    if (!more) return more.error();
    bytes += *more;
  }
  return found;
}

Result<std::string> where_sql(const ScoresAsked& asked) {
  std::string where = "1";
  if (asked.dataset_version)
    where += fmt::format(" AND e.dataset_version = {}", *asked.dataset_version);
  if (asked.time_ms)
    where += fmt::format(" AND s.timestamp_ms BETWEEN {} AND {}", asked.time_ms->first,
                         asked.time_ms->second);
  std::size_t bound = 0;
  for (const ScoreCondition& one : asked.all_of) {
    const bool compares = one.from || one.to;
    const std::string_view field =
        compares ? sql_of(kNumbers, one.field) : sql_of(kFields, one.field);
    if (field.empty())
      return no_such("search.query", one.field, compares ? names_of(kNumbers) : names_of(kFields));
    where += one.none ? " AND NOT ifnull(" : " AND (";
    if (compares) {
      where += field;
      where += one.from && one.to ? fmt::format(" BETWEEN {} AND {}", *one.from, *one.to)
               : one.from         ? fmt::format(" >= {}", *one.from)
                                  : fmt::format(" <= {}", *one.to);
    } else {
      where += fmt::format("CAST({} AS TEXT) IN (", field);
      for (std::size_t i = 0; i < one.values.size(); ++i)
        where += fmt::format("{}?{}", i == 0 ? "" : ",", ++bound);
      where += ')';
    }
    where += one.none ? ", 0)" : ")";
  }
  return where;
}

Result<ScoresCounted> SqliteExperimentation::count_scores(const ScoresAsked& asked) {
  auto where = where_sql(asked);
  if (!where) return where.error();
  std::string columns = "count(*)";
  for (const std::string& metric : asked.metrics) {
    const std::string_view sql = sql_of(kMetrics, metric);
    if (sql.empty()) return no_such("compute.metric", metric, names_of(kMetrics));
    columns += fmt::format(", {}", sql);
  }
  std::string groups;
  for (const std::string& field : asked.group_by) {
    const std::string_view sql = sql_of(kFields, field);
    if (sql.empty()) return no_such("group_by.field", field, names_of(kFields));
    columns += fmt::format(", {}", sql);
    groups += fmt::format("{}{}", groups.empty() ? "" : ", ", sql);
  }
  const std::string from = fmt::format(
      "FROM experiment_scores s JOIN experiments e ON e.id = s.experiment AND e.deleted_ns = 0 "
      "LEFT JOIN experiment_rows r ON r.experiment = s.experiment AND r.span_id = s.span_id "
      "WHERE {}",
      *where);
  const auto bind_values = [&](Statement& row) {
    int at = 0;
    for (const ScoreCondition& one : asked.all_of)
      if (!one.from && !one.to)
        for (const std::string& value : one.values) row.bind(++at, value);
  };
  const std::lock_guard lock(mutex_);
  ScoresCounted counted;
  Statement hits(database_.get(), fmt::format("SELECT count(*) {}", from).c_str());
  bind_values(hits);
  if (hits.step()) counted.hits = hits.number(0);
  CATALEJO_TRY(hits.result());
  if (counted.hits == 0) return counted;
  Statement row(database_.get(), fmt::format("SELECT {} {} {} ORDER BY 1 DESC{} LIMIT {}", columns,
                                             from, groups.empty() ? "" : "GROUP BY " + groups,
                                             groups.empty() ? "" : ", " + groups, asked.limit)
                                     .c_str());
  bind_values(row);
  while (row.step()) {
    ScoreGroup group;
    int at = 1;
    for (std::size_t i = 0; i < asked.metrics.size(); ++i, ++at)
      group.metrics.push_back(row.is_null(at) ? std::nullopt : std::optional(row.real(at)));
    for (std::size_t i = 0; i < asked.group_by.size(); ++i, ++at) group.by.push_back(row.text(at));
    counted.groups.push_back(std::move(group));
  }
  CATALEJO_TRY(row.result());
  return counted;
}

}  // namespace

std::vector<std::string_view> score_fields() {
  return names_of(kFields);
}

std::vector<std::string_view> score_metrics() {
  return names_of(kMetrics);
}

Result<std::unique_ptr<Experimentation>> Experimentation::open(const std::string& path) {
  auto database = open_database(path, datasets_schema());
  if (!database) return database.error();
  return std::unique_ptr<Experimentation>(
      std::make_unique<SqliteExperimentation>(std::move(*database)));
}

}  // namespace catalejo::store
