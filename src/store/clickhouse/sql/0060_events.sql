-- Events and what service checks said, one row each (docs/decisions/053-events.md). A list is asked
-- for by kind and time, one event by its id.
CREATE TABLE IF NOT EXISTS events (
    repeatable UInt8 CODEC({codec}),
    kind UInt8 CODEC({codec}),
    id UInt64 CODEC({codec}),
    time DateTime('UTC') CODEC(DoubleDelta, {codec}),
    received DateTime64(3, 'UTC') CODEC({codec}),
    status UInt8 CODEC({codec}),
    title String CODEC({codec}),
    text String CODEC({codec}),
    host LowCardinality(String) CODEC({codec}),
    aggregation_key String CODEC({codec}),
    priority LowCardinality(String) CODEC({codec}),
    source_type LowCardinality(String) CODEC({codec}),
    alert_type LowCardinality(String) CODEC({codec}),
    tags Array(LowCardinality(String)) CODEC({codec}),
    flags UInt32 CODEC({codec}),
    source LowCardinality(String) CODEC({codec}),
    INDEX by_id id TYPE bloom_filter GRANULARITY 1
) ENGINE = {engine}
PARTITION BY toYYYYMM(time)
ORDER BY (kind, time, id)
SETTINGS index_granularity = 1024,
    -- As of spans, and for the same reasons.
    fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1,
    non_replicated_deduplication_window = 10000,
    old_parts_lifetime = 30, cleanup_delay_period = 10, max_cleanup_delay_period = 30,
    min_bytes_for_wide_part = 268435456;
