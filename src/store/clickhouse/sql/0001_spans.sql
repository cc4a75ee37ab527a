-- Spans. Columns in the order of store/columns.hpp, which says what they mean.
CREATE TABLE IF NOT EXISTS spans (
    half UInt8 CODEC({codec}),
    trace_id FixedString(16) CODEC({codec}),
    apm_trace_id FixedString(16) CODEC({codec}),
    span_id UInt64 CODEC({codec}),
    parent_id UInt64 CODEC({codec}),
    apm_parent_id UInt64 CODEC({codec}),
    start DateTime64(9, 'UTC') CODEC(DoubleDelta, {codec}),
    duration_ns Int64 CODEC({codec}),
    received DateTime64(3, 'UTC') CODEC(DoubleDelta, {codec}),
    error UInt8 CODEC({codec}),
    name LowCardinality(String) CODEC({codec}),
    apm_name LowCardinality(String) CODEC({codec}),
    resource String CODEC({codec}),
    apm_type LowCardinality(String) CODEC({codec}),
    kind LowCardinality(String) CODEC({codec}),
    service LowCardinality(String) CODEC({codec}),
    env LowCardinality(String) CODEC({codec}),
    version LowCardinality(String) CODEC({codec}),
    ml_app LowCardinality(String) CODEC({codec}),
    session_id String CODEC({codec}),
    user_id String CODEC({codec}),
    model LowCardinality(String) CODEC({codec}),
    provider LowCardinality(String) CODEC({codec}),
    deployment LowCardinality(String) CODEC({codec}),
    error_type LowCardinality(String) CODEC({codec}),
    error_message String CODEC({codec}),
    error_stack String CODEC({codec}),
    input String CODEC({codec}),
    output String CODEC({codec}),
    metadata String CODEC({codec}),
    extra String CODEC({codec}),
    tags Map(LowCardinality(String), String) CODEC({codec}),
    metrics Map(LowCardinality(String), Float64) CODEC({codec}),
    input_tokens Int64 CODEC({codec}),
    output_tokens Int64 CODEC({codec}),
    total_tokens Int64 CODEC({codec}),
    cost_nano_usd Int64 CODEC({codec}),
    flags UInt32 CODEC({codec}),
    source LowCardinality(String) CODEC({codec}),
    INDEX by_trace trace_id TYPE bloom_filter(0.001) GRANULARITY 1,
    INDEX by_apm_trace apm_trace_id TYPE bloom_filter(0.001) GRANULARITY 1,
    INDEX by_session session_id TYPE bloom_filter(0.001) GRANULARITY 4
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
