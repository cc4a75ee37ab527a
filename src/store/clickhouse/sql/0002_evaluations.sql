-- Evaluations, joined to spans when they are read.
CREATE TABLE IF NOT EXISTS evaluations (
    id FixedString(16) CODEC({codec}),
    trace_id FixedString(16) CODEC({codec}),
    span_id UInt64 CODEC({codec}),
    session_id String CODEC({codec}),
    join_key LowCardinality(String) CODEC({codec}),
    join_value String CODEC({codec}),
    event_kind LowCardinality(String) CODEC({codec}),
    scope LowCardinality(String) CODEC({codec}),
    label LowCardinality(String) CODEC({codec}),
    ml_app LowCardinality(String) CODEC({codec}),
    metric_type UInt8 CODEC({codec}),
    score Float64 CODEC({codec}),
    text String CODEC({codec}),
    assessment LowCardinality(String) CODEC({codec}),
    reasoning String CODEC({codec}),
    status LowCardinality(String) CODEC({codec}),
    submitter String CODEC({codec}),
    metadata String CODEC({codec}),
    error_json String CODEC({codec}),
    timestamp DateTime64(3, 'UTC') CODEC(DoubleDelta, {codec}),
    received DateTime64(3, 'UTC') CODEC(DoubleDelta, {codec}),
    tags Map(LowCardinality(String), String) CODEC({codec}),
    flags UInt32 CODEC({codec}),
    source LowCardinality(String) CODEC({codec}),
    INDEX by_trace trace_id TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX by_session session_id TYPE bloom_filter(0.01) GRANULARITY 4
) ENGINE = {engine}
PARTITION BY toYYYYMMDD(timestamp)
ORDER BY timestamp
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
