// Parquet files that a database of the user's may have written: none makes the joiner crash, and
// what it takes stands in the joined file, which is one that can be joined again.
#include <cstdint>
#include <cstdlib>

#include "codec/parquet_join.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using catalejo::codec::ParquetJoiner;
  const std::string_view file(reinterpret_cast<const char*>(data), size);
  ParquetJoiner joiner;
  const auto first = joiner.add(file);
  if (!first) return 0;
  // More rows than can be counted twice are refused the second time.
  if (joiner.rows() > INT64_MAX / 4) return 0;
  const auto second = joiner.add(file);
  if (!second) std::abort();
  if (*first != "PAR1" + *second) std::abort();
  const std::string whole = *first + *second + joiner.finish();
  ParquetJoiner again;
  if (!again.add(whole) || again.rows() != joiner.rows()) std::abort();
  return 0;
}
