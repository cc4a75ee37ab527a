#include "store/child/engine_config.hpp"

#include <fmt/format.h>

#include "base/limits.hpp"

namespace catalejo::store {
namespace {

// A part of 20 000 spans is rewritten by a merge within minutes: LZ4 is enough for it. Compressing
// everything with ZSTD at each step was a third of the CPU of an ingest.
constexpr std::uint64_t kZstdPartBytesMin = 60'000'000;

}  // namespace

std::string engine_config(std::uint64_t memory_bytes_max) {
  // Numbers with their reasons in docs/decisions/001-store.md.
  return fmt::format(R"(<clickhouse>
  <logger><level>none</level></logger>
  <max_server_memory_usage>{}</max_server_memory_usage>
  <mark_cache_size>67108864</mark_cache_size>
  <primary_index_cache_size>33554432</primary_index_cache_size>
  <index_mark_cache_size>16777216</index_mark_cache_size>
  <index_uncompressed_cache_size>0</index_uncompressed_cache_size>
  <uncompressed_cache_size>0</uncompressed_cache_size>
  <query_condition_cache_size>8388608</query_condition_cache_size>
  <compiled_expression_cache_size>16777216</compiled_expression_cache_size>
  <background_pool_size>2</background_pool_size>
  <background_merges_mutations_concurrency_ratio>1</background_merges_mutations_concurrency_ratio>
  <background_schedule_pool_size>2</background_schedule_pool_size>
  <background_common_pool_size>2</background_common_pool_size>
  <max_thread_pool_free_size>16</max_thread_pool_free_size>
  <compression>
    <case>
      <min_part_size>{}</min_part_size>
      <min_part_size_ratio>0</min_part_size_ratio>
      <method>zstd</method>
      <level>1</level>
    </case>
  </compression>
</clickhouse>
)",
                     memory_bytes_max, kZstdPartBytesMin);
}

std::map<std::string, std::string> session_settings(std::uint64_t memory_bytes_max) {
  const auto number = [](auto value) { return fmt::format("{}", value); };
  return {
      {"max_threads", "2"},
      {"max_insert_threads", "1"},
      // One statement may not take what merges and inserts need.
      {"max_memory_usage", number(memory_bytes_max / 2)},
      {"max_bytes_before_external_sort", number(memory_bytes_max / 8)},
      {"max_bytes_before_external_group_by", number(memory_bytes_max / 8)},
      {"max_result_bytes", number(128u << 20)},
      {"max_execution_time", number(limits::query_seconds_max)},
  };
}

}  // namespace catalejo::store
