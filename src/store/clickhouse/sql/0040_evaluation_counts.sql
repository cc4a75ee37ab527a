-- How many spans an evaluator judged, by the minute in which they began. What it objects to is an
-- evaluation of its own; that all was well is only counted here (docs/decisions/031-evaluation-engine.md).
-- `run` is 0 for spans judged as they came, else the pass over the past that judged them.
CREATE TABLE IF NOT EXISTS evaluation_counts (
    minute DateTime('UTC') CODEC(DoubleDelta, {codec}),
    evaluator LowCardinality(String) CODEC({codec}),
    version UInt32 CODEC({codec}),
    run UInt64 CODEC({codec}),
    ml_app LowCardinality(String) CODEC({codec}),
    model LowCardinality(String) CODEC({codec}),
    judged UInt64 CODEC({codec}),
    failed UInt64 CODEC({codec})
) ENGINE = Summing{engine}
PARTITION BY toYYYYMMDD(minute)
ORDER BY (minute, evaluator, version, run, ml_app, model)
SETTINGS index_granularity = 1024,
    -- The position of the evaluators is saved when this is on the disk.
    fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1,
    -- The same insert token twice is one copy: a batch that is judged again counts once.
    non_replicated_deduplication_window = 10000,
    old_parts_lifetime = 30, cleanup_delay_period = 10, max_cleanup_delay_period = 30;
