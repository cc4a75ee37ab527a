// What the numbers of ClickHouse's exceptions mean to us.
#pragma once

#include <algorithm>
#include <array>

#include "base/error.hpp"

namespace catalejo::store {

// Code of an Error for an exception of a statement.
constexpr Code code_of_exception(int exception) {
  switch (exception) {
    case 159:  // TIMEOUT_EXCEEDED
    case 160:  // TOO_SLOW
      return Code::timeout;
    case 62:   // SYNTAX_ERROR
    case 158:  // TOO_MANY_ROWS
    case 241:  // MEMORY_LIMIT_EXCEEDED
    case 307:  // TOO_MANY_BYTES
    case 396:  // TOO_MANY_ROWS_OR_BYTES
    case 456:  // UNKNOWN_QUERY_PARAMETER
    case 457:  // BAD_QUERY_PARAMETER
      return Code::bad_request;
    default:
      return Code::database;
  }
}

// The data of an INSERT cannot be read: sending it again will not help, whoever is asked.
constexpr bool is_bad_data(int exception) {
  constexpr std::array kBadData = {
      6,    // CANNOT_PARSE_TEXT
      26,   // CANNOT_PARSE_QUOTED_STRING
      27,   // CANNOT_PARSE_INPUT_ASSERTION_FAILED
      32,   // ATTEMPT_TO_READ_AFTER_EOF
      33,   // CANNOT_READ_ALL_DATA
      53,   // TYPE_MISMATCH
      69,   // ARGUMENT_OUT_OF_BOUND
      72,   // CANNOT_PARSE_NUMBER
      117,  // INCORRECT_DATA
      128,  // TOO_LARGE_ARRAY_SIZE
      131,  // TOO_LARGE_STRING_SIZE
      190,  // SIZES_OF_ARRAYS_DONT_MATCH
      321,  // VALUE_IS_OUT_OF_RANGE_OF_DATA_TYPE
      407,  // DECIMAL_OVERFLOW
      469,  // VIOLATED_CONSTRAINT
  };
  return std::find(kBadData.begin(), kBadData.end(), exception) != kBadData.end();
}

}  // namespace catalejo::store
