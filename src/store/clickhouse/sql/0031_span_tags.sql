-- Which tags the spans of a stretch have, "\nkey:value\n…", for a search by tag as for one by words.
-- '*': nobody has looked; '**': too many to be kept.
ALTER TABLE span_words ADD COLUMN IF NOT EXISTS tags String DEFAULT '*' CODEC(ZSTD(1));
-- Stretches without any word had no row. One without words, so that no search for words reads it.
INSERT INTO span_words (first, last, spans, words, tags) SETTINGS insert_deduplication_token = 'tags', max_partitions_per_insert_block = 0
    SELECT min(start), max(start), count(), '', '*' FROM spans
    GROUP BY toStartOfInterval(start, INTERVAL 10 MINUTE);
