"""The SDK: `catalejo.LLMObs`, with the interface that `ddtrace.llmobs` 4 has."""
