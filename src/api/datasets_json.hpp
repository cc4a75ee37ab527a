// Datasets as JSON, in JSON:API as Datadog's client reads it. For this folder only.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/spans_json.hpp"
#include "codec/json_dom.hpp"
#include "store/datasets.hpp"

namespace catalejo::api {

void append_project(std::string& out, const store::Project& project);
void append_dataset(std::string& out, const store::Dataset& dataset);
// `dataset` is its id.
void append_record_fields(Fields& fields, const store::DatasetRecord& record,
                          std::string_view dataset);
// {"id","type","attributes"}
void append_record(std::string& out, const store::DatasetRecord& record, std::string_view dataset);
void append_version(std::string& out, const store::DatasetVersion& version,
                    std::string_view dataset);

// A record as a client sends it: {"id","input","expected_output","metadata","tags","source"}.
// `where` names it in an error.
Result<store::DatasetRecord> read_dataset_record(codec::dom::element value, std::string where);
// null says "as it was"; an expected output of "" says that there is none any more.
Result<store::RecordUpdate> read_record_update(codec::dom::element value, std::string where);

struct BadRow {
  std::size_t line = 0;
  std::string problem;
};
struct ReadFile {
  std::vector<store::DatasetRecord> records;
  std::vector<BadRow> bad;  // the first limits::bad_rows_told_max
  std::size_t bad_rows = 0;
};
// Which columns of a CSV make the input, expected output and metadata; when there is none for the
// input, the columns are called as an export calls them.
struct CsvColumns {
  std::vector<std::string> input, expected_output, metadata;
};
Result<ReadFile> read_csv(std::string_view text, const CsvColumns& columns);
ReadFile read_jsonl(std::string_view text);

inline constexpr std::string_view kCsvHead = "input,expected_output,metadata,id,tags,source\r\n";
void append_csv_record(std::string& out, const store::DatasetRecord& record);
void append_jsonl_record(std::string& out, const store::DatasetRecord& record);

}  // namespace catalejo::api
