-- Which words stand in the inputs and outputs of a stretch of spans: the batcher writes a row per
-- 2 048 spans before the spans themselves, and a search for a rare word reads only the stretches
-- that may hold it (docs/decisions/012-text-search.md). '*': nobody has
-- looked yet; '**': too many words to be kept, as in attachments. Both may hold any word.
CREATE TABLE IF NOT EXISTS span_words (
    first DateTime64(9, 'UTC') CODEC(DoubleDelta, {codec}),
    last DateTime64(9, 'UTC') CODEC(DoubleDelta, {codec}),
    spans UInt32 CODEC({codec}),
    words String CODEC(ZSTD(1))
) ENGINE = {engine}
PARTITION BY toYYYYMMDD(first)
ORDER BY first
SETTINGS index_granularity = 64,
    fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1,
    non_replicated_deduplication_window = 10000,
    old_parts_lifetime = 30, cleanup_delay_period = 10, max_cleanup_delay_period = 30;
-- Spans that are here already: marks for the word builder, newest first; '-' is a mark that is done.
INSERT INTO span_words SETTINGS insert_deduplication_token = 'words', max_partitions_per_insert_block = 0
    SELECT min(start), max(start), count(), '*' FROM spans
    GROUP BY toStartOfInterval(start, INTERVAL 10 MINUTE);
