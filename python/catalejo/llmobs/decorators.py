"""The decorators of the SDK, where ddtrace.llmobs has them."""

from catalejo.sdk.decorators import agent, embedding, llm, retrieval, task, tool, workflow

__all__ = ["agent", "embedding", "llm", "retrieval", "task", "tool", "workflow"]
