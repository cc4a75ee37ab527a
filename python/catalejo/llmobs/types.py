"""The shapes of the SDK, where ddtrace.llmobs has them."""

from catalejo.sdk.types import (
    Agent,
    AgentTool,
    AudioPart,
    Document,
    ExportedLLMObsSpan,
    FeedbackSubmitter,
    ImagePart,
    JSONType,
    Message,
    Prompt,
    ToolCall,
    ToolDefinition,
    ToolResult,
)

__all__ = [
    "Agent", "AgentTool", "AudioPart", "Document", "ExportedLLMObsSpan", "FeedbackSubmitter",
    "ImagePart", "JSONType", "Message", "Prompt", "ToolCall", "ToolDefinition", "ToolResult",
]  # fmt: skip
