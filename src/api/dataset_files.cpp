// CSV and JSON Lines become records. A row that makes none is told by its line; none is left out
// in silence.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "api/body.hpp"
#include "api/datasets_json.hpp"
#include "base/limits.hpp"
#include "codec/csv.hpp"
#include "codec/json_writer.hpp"

namespace catalejo::api {
namespace {

void tell(ReadFile& file, std::size_t line, std::string problem) {
  if (++file.bad_rows <= limits::bad_rows_told_max) file.bad.push_back({line, std::move(problem)});
}

// What is JSON is taken as it is written, without the blanks between its parts; anything else, such
// as the word NaN, as a text. An empty field is nothing.
std::string json_or_text(const std::string& field) {
  if (field.empty()) return "null";
  codec::JsonDocument document;
  std::string text = field;
  const bool json =
      document.parse(text) && (document.notes() & ~codec::Notes{codec::note_number_text}) == 0;
  if (!json) return codec::json_quoted(field);
  std::string out(field.size() + simdjson::SIMDJSON_PADDING, '\0');
  std::size_t size = 0;
  if (simdjson::minify(field.data(), field.size(), out.data(), size) != simdjson::SUCCESS)
    return codec::json_quoted(field);
  out.resize(size);
  return out;
}

class CsvRecords {
 public:
  explicit CsvRecords(const std::vector<std::string>& head) : head_(head) {}

  Result<void> choose(const CsvColumns& columns) {
    plain_ = columns.input.empty();
    if (plain_) {
      if (column("input")) return {};
      std::string names;
      for (const std::string& name : head_) names += (names.empty() ? "" : ", ") + name;
      return bad("file", fmt::format("no column is called input; name the columns of the input as "
                                     "input_columns. There are: {}",
                                     names.substr(0, 500)));
    }
    for (const auto& [names, into] : {std::pair{&columns.input, &input_},
                                      {&columns.expected_output, &expected_},
                                      {&columns.metadata, &metadata_}})
      for (const std::string& name : *names) {
        const auto at = column(name);
        if (!at) return bad("file", fmt::format("there is no column '{}'", name));
        into->push_back(*at);
      }
    return {};
  }

  Result<store::DatasetRecord> record(const std::vector<std::string>& row) const {
    if (row.size() != head_.size())
      return bad("", fmt::format("{} fields, the head has {}", row.size(), head_.size()));
    store::DatasetRecord record;
    if (!plain_) {
      record.input = texts(row, input_);
      if (!expected_.empty()) record.expected_output = texts(row, expected_);
      record.metadata = texts(row, metadata_);
      return record;
    }
    const auto field = [&](std::string_view name) {
      const auto at = column(name);
      return at ? row[*at] : std::string();
    };
    record.input = json_or_text(field("input"));
    if (field("input").empty()) return bad("", "input is empty");
    record.expected_output = json_or_text(field("expected_output"));
    record.id = field("id");
    record.metadata = json_or_text(field("metadata"));
    if (record.metadata == "null" || record.metadata == "\"\"") record.metadata = "{}";
    if (record.metadata[0] != '{') return bad("", "metadata is no JSON object");
    record.tags = json_or_text(field("tags"));
    if (record.tags == "null") record.tags = "[]";
    if (record.tags[0] != '[') return bad("", "tags is no JSON array");
    record.source = json_or_text(field("source"));
    if (record.source == "null") record.source.clear();
    return record;
  }

 private:
  std::optional<std::size_t> column(std::string_view name) const {
    const auto found = std::ranges::find(head_, name);
    if (found == head_.end()) return std::nullopt;
    return static_cast<std::size_t>(found - head_.begin());
  }
  std::string texts(const std::vector<std::string>& row,
                    const std::vector<std::size_t>& columns) const {
    std::string out;
    codec::JsonObjectWriter object(out);
    for (const std::size_t at : columns) object.text(head_[at], row[at]);
    object.close();
    return out;
  }

  std::vector<std::string> head_;
  bool plain_ = true;
  std::vector<std::size_t> input_, expected_, metadata_;
};

}  // namespace

Result<ReadFile> read_csv(std::string_view text, const CsvColumns& columns) {
  codec::CsvReader reader(text);
  ReadFile file;
  if (reader.next() != codec::CsvReader::Next::row)
    return bad("file", "the first line must be the names of the columns");
  CsvRecords records(reader.fields());
  CATALEJO_TRY(records.choose(columns));
  while (true) {
    const auto next = reader.next();
    if (next == codec::CsvReader::Next::end) return file;
    if (next == codec::CsvReader::Next::bad) {
      tell(file, reader.line(), std::string(reader.problem()));
      continue;
    }
    auto record = records.record(reader.fields());
    if (record) {
      file.records.push_back(*std::move(record));
    } else {
      tell(file, reader.line(), record.error().message);
    }
  }
}

ReadFile read_jsonl(std::string_view text) {
  ReadFile file;
  codec::JsonDocument document;
  for (std::size_t line = 1; !text.empty(); ++line) {
    const std::size_t end = text.find('\n');
    std::string row(text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    if (row.find_first_not_of(" \t\r") == std::string::npos) continue;
    if (auto parsed = document.parse(row); !parsed) {
      tell(file, line, parsed.error().message);
      continue;
    }
    auto record = read_dataset_record(codec::root(document), "record");
    if (record) {
      file.records.push_back(*std::move(record));
    } else {
      tell(file, line, record.error().where + ": " + record.error().message);
    }
  }
  return file;
}

}  // namespace catalejo::api
