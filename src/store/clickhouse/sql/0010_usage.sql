-- Token counts that a cost needs and that stand in the metrics, never more than the count they are a
-- part of, and the Azure resource out of the tags. The database derives them itself when a row is
-- inserted, so that a sum over a million calls reads numbers and no maps.
ALTER TABLE spans
    ADD COLUMN IF NOT EXISTS cached_tokens Int64 MATERIALIZED toInt64(greatest(least(toFloat64(input_tokens), multiIf(
        mapContains(metrics, 'cache_read_input_tokens'), metrics['cache_read_input_tokens'],
        mapContains(metrics, 'gen_ai.usage.cache_read_input_tokens'), metrics['gen_ai.usage.cache_read_input_tokens'],
        mapContains(metrics, 'gen_ai.usage.cache_read.input_tokens'), metrics['gen_ai.usage.cache_read.input_tokens'],
        mapContains(metrics, '_dd.llmobs.cache_read_input_tokens'), metrics['_dd.llmobs.cache_read_input_tokens'],
        0)), 0)) CODEC({codec}),
    ADD COLUMN IF NOT EXISTS cache_write_tokens Int64 MATERIALIZED toInt64(greatest(least(toFloat64(input_tokens - cached_tokens), multiIf(
        mapContains(metrics, 'cache_write_input_tokens'), metrics['cache_write_input_tokens'],
        mapContains(metrics, 'gen_ai.usage.cache_write_input_tokens'), metrics['gen_ai.usage.cache_write_input_tokens'],
        mapContains(metrics, 'gen_ai.usage.cache_creation.input_tokens'), metrics['gen_ai.usage.cache_creation.input_tokens'],
        mapContains(metrics, '_dd.llmobs.cache_write_input_tokens'), metrics['_dd.llmobs.cache_write_input_tokens'],
        0)), 0)) CODEC({codec}),
    ADD COLUMN IF NOT EXISTS audio_input_tokens Int64 MATERIALIZED toInt64(greatest(least(toFloat64(input_tokens - cached_tokens - cache_write_tokens), multiIf(
        mapContains(metrics, 'audio_input_tokens'), metrics['audio_input_tokens'],
        0)), 0)) CODEC({codec}),
    ADD COLUMN IF NOT EXISTS audio_output_tokens Int64 MATERIALIZED toInt64(greatest(least(toFloat64(output_tokens), multiIf(
        mapContains(metrics, 'audio_output_tokens'), metrics['audio_output_tokens'],
        0)), 0)) CODEC({codec}),
    ADD COLUMN IF NOT EXISTS reasoning_tokens Int64 MATERIALIZED toInt64(greatest(least(toFloat64(output_tokens - audio_output_tokens), multiIf(
        mapContains(metrics, 'reasoning_output_tokens'), metrics['reasoning_output_tokens'],
        mapContains(metrics, 'gen_ai.usage.reasoning_output_tokens'), metrics['gen_ai.usage.reasoning_output_tokens'],
        mapContains(metrics, 'gen_ai.usage.reasoning.output_tokens'), metrics['gen_ai.usage.reasoning.output_tokens'],
        0)), 0)) CODEC({codec}),
    ADD COLUMN IF NOT EXISTS azure_resource LowCardinality(String) MATERIALIZED lower(splitByChar('.',
        if(tags['azure.resource'] != '', tags['azure.resource'], domain(tags['http.url'])))[1]) CODEC({codec});
-- Deriving them whenever an older row is read costs three times the question itself.
ALTER TABLE spans
    MATERIALIZE COLUMN cached_tokens, MATERIALIZE COLUMN cache_write_tokens,
    MATERIALIZE COLUMN audio_input_tokens, MATERIALIZE COLUMN audio_output_tokens,
    MATERIALIZE COLUMN reasoning_tokens, MATERIALIZE COLUMN azure_resource;
