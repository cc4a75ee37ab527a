// CSV from a stranger: rows must fit their bounds, lines must grow, and what is written must read
// back the same.
#include <cstdint>
#include <cstdlib>

#include "base/limits.hpp"
#include "codec/csv.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using catalejo::codec::CsvReader;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  CsvReader reader(text);
  std::size_t line = 0, rows = 0;
  for (auto next = reader.next(); next != CsvReader::Next::end; next = reader.next()) {
    if (++rows > size || reader.line() <= line) std::abort();
    line = reader.line();
    if (reader.fields().empty()) std::abort();
    if (reader.fields().size() > catalejo::limits::csv_columns_max) std::abort();
    if (next == CsvReader::Next::bad) {
      if (reader.problem().empty()) std::abort();
      continue;
    }
    std::string written = "x";
    for (const std::string& field : reader.fields()) {
      written += ',';
      catalejo::codec::append_csv_field(written, field);
    }
    CsvReader again(written);
    if (again.next() != CsvReader::Next::row) std::abort();
    if (again.fields().size() > reader.fields().size() + 1) std::abort();
    for (std::size_t i = 0; i + 1 < again.fields().size(); ++i)
      if (again.fields()[i + 1] != reader.fields()[i]) std::abort();
  }
  return 0;
}
