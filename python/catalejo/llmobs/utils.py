"""Messages and Documents, which check what they are given, and the shapes of the SDK."""

from __future__ import annotations

from typing import Any

from catalejo.llmobs.types import (
    AudioPart,
    Document,
    ImagePart,
    Message,
    Prompt,
    ToolCall,
    ToolDefinition,
    ToolResult,
)
from catalejo.sdk import values

__all__ = [
    "AudioPart", "Document", "Documents", "ImagePart", "Message", "Messages", "Prompt", "ToolCall",
    "ToolDefinition", "ToolResult",
]  # fmt: skip


class Messages:
    """`messages`: of one text or dict, or a list of them. TypeError says what is wrong."""

    def __init__(self, messages: Any) -> None:
        self.messages = values.messages(messages)


class Documents:
    """`documents`: of one text or dict, or a list of them. TypeError says what is wrong."""

    def __init__(self, documents: Any) -> None:
        self.documents = values.documents(documents)
