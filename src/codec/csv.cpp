#include "codec/csv.hpp"

#include "base/limits.hpp"

namespace catalejo::codec {

CsvReader::CsvReader(std::string_view text) : rest_(text) {
  constexpr std::string_view kMark = "\xEF\xBB\xBF";
  if (rest_.starts_with(kMark)) rest_.remove_prefix(kMark.size());
}

bool CsvReader::at_line_end() const {
  return rest_.empty() || rest_[0] == '\n' || rest_.starts_with("\r\n");
}

void CsvReader::skip_line_end() {
  if (rest_.empty()) return;
  rest_.remove_prefix(rest_[0] == '\r' ? 2 : 1);
  ++line_;
}

CsvReader::Next CsvReader::next() {
  while (!rest_.empty() && at_line_end()) skip_line_end();
  if (rest_.empty()) return Next::end;
  return read_row() ? Next::row : Next::bad;
}

bool CsvReader::read_row() {
  fields_.clear();
  problem_ = {};
  row_line_ = line_;
  while (true) {
    std::string field;
    if (rest_.starts_with('"')) {
      read_quoted(field);
    } else {
      read_plain(field);
    }
    if (fields_.size() < limits::csv_columns_max) {
      fields_.push_back(std::move(field));
    } else {
      problem_ = "too many fields";
    }
    if (at_line_end()) break;
    rest_.remove_prefix(1);  // the comma
  }
  skip_line_end();
  return problem_.empty();
}

// Ends before a comma, a line's end or the text's; what stands behind the closing quote is wrong.
void CsvReader::read_quoted(std::string& field) {
  rest_.remove_prefix(1);
  while (true) {
    const std::size_t quote = rest_.find('"');
    const std::string_view part = rest_.substr(0, quote);
    for (const char c : part) line_ += c == '\n' ? 1 : 0;
    field += part;
    if (quote == std::string_view::npos) {
      rest_ = {};
      problem_ = "a quote is not closed";
      return;
    }
    rest_.remove_prefix(quote + 1);
    if (!rest_.starts_with('"')) break;
    field += '"';
    rest_.remove_prefix(1);
  }
  while (!at_line_end() && rest_[0] != ',') {
    problem_ = "text behind a closing quote";
    rest_.remove_prefix(1);
  }
}

void CsvReader::read_plain(std::string& field) {
  std::size_t size = 0;
  while (size < rest_.size() && rest_[size] != ',' && rest_[size] != '\n') {
    if (rest_[size] == '"') problem_ = "a quote inside a field that does not begin with one";
    ++size;
  }
  field = rest_.substr(0, size);
  rest_.remove_prefix(size);
  if (!field.empty() && field.back() == '\r' && rest_.starts_with('\n')) {
    field.pop_back();  // a line that ends in CRLF: its end is skipped as LF
  }
}

void append_csv_field(std::string& out, std::string_view field) {
  if (field.find_first_of(",\"\r\n") == std::string_view::npos && !field.empty()) {
    out += field;
    return;
  }
  out += '"';
  for (const char c : field) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

}  // namespace catalejo::codec
