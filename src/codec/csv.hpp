// A reader of CSV as RFC 4180 has it: fields in quotes may hold commas, quotes (doubled) and line
// breaks; lines end in LF or CRLF; a byte order mark is skipped. Pulls one row at a time; never
// reads beyond its text, allocates for the row at hand only.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace catalejo::codec {

class CsvReader {
 public:
  // `text` outlives the reader.
  explicit CsvReader(std::string_view text);

  enum class Next { row, bad, end };
  // A bad row is skipped to its end, and the next one can be read: problem() says what is wrong.
  // Empty lines are no rows.
  Next next();

  const std::vector<std::string>& fields() const { return fields_; }
  std::size_t line() const { return row_line_; }  // of the row's first character, from 1
  std::string_view problem() const { return problem_; }

 private:
  bool read_row();
  void read_quoted(std::string& field);
  void read_plain(std::string& field);
  bool at_line_end() const;
  void skip_line_end();

  std::string_view rest_;
  std::vector<std::string> fields_;
  std::size_t line_ = 1, row_line_ = 1;
  std::string_view problem_;
};

// Appends `field`, in quotes when it needs them.
void append_csv_field(std::string& out, std::string_view field);

}  // namespace catalejo::codec
