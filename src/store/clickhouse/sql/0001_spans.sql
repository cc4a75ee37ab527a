-- Spans. Columns in the order of store/columns.hpp, which says what they mean.
CREATE TABLE IF NOT EXISTS spans (
    half UInt8 CODEC(ZSTD(1)),
    trace_id FixedString(16) CODEC(ZSTD(1)),
    apm_trace_id FixedString(16) CODEC(ZSTD(1)),
    span_id UInt64 CODEC(ZSTD(1)),
    parent_id UInt64 CODEC(ZSTD(1)),
    apm_parent_id UInt64 CODEC(ZSTD(1)),
    start DateTime64(9, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
    duration_ns Int64 CODEC(ZSTD(1)),
    received DateTime64(3, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
    error UInt8 CODEC(ZSTD(1)),
    name LowCardinality(String) CODEC(ZSTD(1)),
    apm_name LowCardinality(String) CODEC(ZSTD(1)),
    resource String CODEC(ZSTD(1)),
    apm_type LowCardinality(String) CODEC(ZSTD(1)),
    kind LowCardinality(String) CODEC(ZSTD(1)),
    service LowCardinality(String) CODEC(ZSTD(1)),
    env LowCardinality(String) CODEC(ZSTD(1)),
    version LowCardinality(String) CODEC(ZSTD(1)),
    ml_app LowCardinality(String) CODEC(ZSTD(1)),
    session_id String CODEC(ZSTD(1)),
    user_id String CODEC(ZSTD(1)),
    model LowCardinality(String) CODEC(ZSTD(1)),
    provider LowCardinality(String) CODEC(ZSTD(1)),
    deployment LowCardinality(String) CODEC(ZSTD(1)),
    error_type LowCardinality(String) CODEC(ZSTD(1)),
    error_message String CODEC(ZSTD(1)),
    error_stack String CODEC(ZSTD(1)),
    input String CODEC(ZSTD(1)),
    output String CODEC(ZSTD(1)),
    metadata String CODEC(ZSTD(1)),
    extra String CODEC(ZSTD(1)),
    tags Map(LowCardinality(String), String) CODEC(ZSTD(1)),
    metrics Map(LowCardinality(String), Float64) CODEC(ZSTD(1)),
    input_tokens Int64 CODEC(ZSTD(1)),
    output_tokens Int64 CODEC(ZSTD(1)),
    total_tokens Int64 CODEC(ZSTD(1)),
    cost_nano_usd Int64 CODEC(ZSTD(1)),
    flags UInt32 CODEC(ZSTD(1)),
    source LowCardinality(String) CODEC(ZSTD(1)),
    INDEX by_trace trace_id TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX by_apm_trace apm_trace_id TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX by_session session_id TYPE bloom_filter(0.01) GRANULARITY 4
) ENGINE = {engine}
PARTITION BY toYYYYMMDD(start)
ORDER BY start
SETTINGS index_granularity = 1024,
    -- A batch counts as inserted, and its log may go, only when its part is on the disk.
    fsync_after_insert = 1, fsync_part_directory = 1,
    -- A merge replaces parts that were durable: what it made must be so before they are deleted.
    min_rows_to_fsync_after_merge = 1,
    -- The same insert token twice is one copy, also after a restart.
    non_replicated_deduplication_window = 10000,
    -- Dead parts would take 40 % of the disk with the defaults of 8 minutes, looked for every 5.
    old_parts_lifetime = 30, cleanup_delay_period = 10, max_cleanup_delay_period = 30,
    -- A part of 20 000 spans is one file instead of 90: a sixth less CPU, and far fewer syncs.
    -- Merged parts beyond this are one file per column again, which queries read faster.
    min_bytes_for_wide_part = 268435456;
