-- Values of metrics, one row per series and interval; of a distribution with its sketch
-- (docs/decisions/039-metrics.md). A question is about one metric and some of its series.
CREATE TABLE IF NOT EXISTS metrics (
    repeatable UInt8 CODEC({codec}),
    series UInt64 CODEC({codec}),
    time DateTime('UTC') CODEC(DoubleDelta, {codec}),
    name LowCardinality(String) CODEC({codec}),
    host LowCardinality(String) CODEC({codec}),
    tags Array(LowCardinality(String)) CODEC({codec}),
    kind UInt8 CODEC({codec}),
    interval UInt32 CODEC({codec}),
    value Float64 CODEC({codec}),
    count Float64 CODEC({codec}),
    sum Float64 CODEC({codec}),
    min Float64 CODEC({codec}),
    max Float64 CODEC({codec}),
    bin_keys Array(Int16) CODEC({codec}),
    bin_counts Array(Float64) CODEC({codec}),
    source LowCardinality(String) CODEC({codec})
) ENGINE = {engine}
PARTITION BY toYYYYMM(time)
ORDER BY (name, series, time)
SETTINGS index_granularity = 1024,
    -- As of spans, and for the same reasons.
    fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1,
    non_replicated_deduplication_window = 10000,
    old_parts_lifetime = 30, cleanup_delay_period = 10, max_cleanup_delay_period = 30,
    min_bytes_for_wide_part = 268435456;
