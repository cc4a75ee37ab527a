// The rows and scores of one experiment. For this folder only; who calls holds the lock.
#pragma once

#include "store/control/sqlite.hpp"
#include "store/experiments.hpp"

namespace catalejo::store {

inline constexpr const char* kExperimentColumns =
    "SELECT e.seq, e.id, e.project, e.dataset, coalesce(d.name, ''), e.dataset_version, "
    "e.experiment, e.name, e.description, e.config, e.metadata, e.runs, e.parent, e.status, "
    "e.error, e.collected, e.created_ns, e.updated_ns, e.deleted_ns FROM experiments e "
    "LEFT JOIN datasets d ON d.id = e.dataset WHERE ";
Experiment read_experiment(const Statement& row);

// Inside a transaction of the caller's.
Result<void> write_rows(sqlite3* database, const std::string& experiment,
                        const std::vector<ExperimentRow>& rows);
Result<void> write_scores(sqlite3* database, const std::string& experiment,
                          const std::vector<ExperimentScore>& scores);
// What is said of the failed row is said of another span from then on, in the same place: to be
// followed by the row and the scores of that one.
Result<void> give_place(sqlite3* database, const std::string& experiment,
                        const std::string& failed_span, const std::string& span);
// The first one behind that position.
Result<std::optional<ExperimentRow>> read_failed(sqlite3* database, const std::string& experiment,
                                                 std::int64_t after);
Result<ExperimentRows> read_rows(sqlite3* database, const std::string& experiment,
                                 std::int64_t after, std::size_t limit);
Result<ExperimentRows> read_row(sqlite3* database, const std::string& experiment,
                                const std::string& span_id);
Result<ExperimentSummary> read_summary(sqlite3* database, const std::string& experiment);

}  // namespace catalejo::store
