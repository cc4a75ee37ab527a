// The rows of one request as the log keeps them. `payload` is exactly the payload of a ROWS record
// (docs/formats/log.md): per row an 8-byte head, then its RowBinary bytes. Made by encode() on the
// thread that parsed the request, then owned by the log writer.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.hpp"
#include "model/ledger.hpp"
#include "store/columns.hpp"

namespace catalejo::store {

// What makes two rows the same thing sent twice.
using RowKey = Hash128;

// A row of both halves has one key for each; a half that is known already is taken out of the row.
// A row without any is always new.
struct RowKeys {
  bool has_llm = false, has_apm = false;
  RowKey llm, apm;  // evaluations, points, events use `llm` alone
};

// Keys out of an encoded row: the same when it is written and when the log is read again.
RowKeys keys_of_row(Table table, std::string_view row);

inline constexpr std::size_t kRowHeadBytes = 8;

// The head of a row in the log: u32 length of the row, u32 day (yyyymmdd) | table << 30.
struct RowHead {
  std::uint32_t length = 0;
  std::uint32_t day = 0;
  Table table = Table::spans;
};
void put_row_head(char* at, const RowHead& head);
RowHead read_row_head(const char* at);

class EncodedBatch {
 public:
  struct Row {
    std::size_t at = 0;  // offset of the head in payload
    RowHead head;
    bool cut = false;  // for the ledger: stored whole, or with something replaced by a note
    RowKeys keys;
  };

  std::string payload;
  std::vector<Row> rows;
};

// Goes over the rows of a ROWS payload; false when its lengths do not add up.
template <typename Visit>  // void(const RowHead&, std::string_view row)
bool each_row(std::string_view payload, Visit&& visit) {
  while (!payload.empty()) {
    if (payload.size() < kRowHeadBytes) return false;
    const RowHead head = read_row_head(payload.data());
    payload.remove_prefix(kRowHeadBytes);
    if (static_cast<std::size_t>(head.table) >= kTables) return false;
    if (head.length > payload.size() || head.length < fixed_bytes_of(head.table)) return false;
    visit(head, payload.substr(0, head.length));
    payload.remove_prefix(head.length);
  }
  return true;
}

}  // namespace catalejo::store
