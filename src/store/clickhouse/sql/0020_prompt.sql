-- Which prompt a call was made from, "id@version", out of the input that says it: comparing the
-- versions must not parse every input again.
ALTER TABLE spans
    ADD COLUMN IF NOT EXISTS prompt LowCardinality(String) MATERIALIZED if(position(input, '"prompt":{') = 0, '',
        leftUTF8(concat(JSONExtractString(input, 'prompt', 'id'),
            if(empty(JSONExtractRaw(input, 'prompt', 'version')), '', '@'),
            trim(BOTH '"' FROM JSONExtractRaw(input, 'prompt', 'version'))), 200)) CODEC({codec});
ALTER TABLE spans MATERIALIZE COLUMN prompt;
