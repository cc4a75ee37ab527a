#include "store/batch/batch_rows.hpp"

#include <algorithm>
#include <cstring>

namespace catalejo::store {

BatchPart& BatchRows::part_for(std::uint8_t row_version, const RowHead& head) {
  const auto fits = [&](const BatchPart& part) {
    return part.day == head.day && part.table == head.table && part.row_version == row_version;
  };
  if (last_part_ < parts_.size() && fits(parts_[last_part_])) return parts_[last_part_];
  const auto found = std::find_if(parts_.begin(), parts_.end(), fits);
  last_part_ = static_cast<std::size_t>(found - parts_.begin());
  if (found == parts_.end())
    parts_.push_back({.table = head.table, .day = head.day, .row_version = row_version});
  return parts_[last_part_];
}

bool BatchRows::add(std::uint8_t row_version, std::string payload) {
  bytes_ += payload.capacity();
  payloads_.push_back(std::make_unique<const std::string>(std::move(payload)));
  return each_row(*payloads_.back(), [&](const RowHead& head, std::string_view row) {
    part_for(row_version, head).rows.push_back(row);
    ++rows_;
    sum_up(head, row);
  });
}

void BatchRows::sum_up(const RowHead& head, std::string_view row) {
  if (head.table == Table::evaluations) ++summary_.evaluations;
  if (head.table != Table::spans) return;
  ++summary_.spans;
  const auto halves = static_cast<model::Halves>(row[span_row::half]);
  std::uint64_t parent_id;
  std::memcpy(&parent_id, row.data() + span_row::parent_id, sizeof parent_id);
  if (model::has_llm(halves) && parent_id == 0) ++summary_.llm_roots;
  UnixNanos start;
  std::memcpy(&start.value, row.data() + span_row::start, sizeof start.value);
  summary_.start_min = std::min(summary_.start_min, start);
  summary_.start_max = std::max(summary_.start_max, start);
}

}  // namespace catalejo::store
