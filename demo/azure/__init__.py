"""A fake Azure OpenAI resource: the documented HTTP contract, deterministic answers."""
