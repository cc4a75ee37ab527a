"""Shapes of what the SDK takes, for type checkers; at run time all of them are plain dicts."""

from __future__ import annotations

from typing import Any, Dict, List, TypedDict, Union

JSONType = Union[str, int, float, bool, None, List[Any], Dict[str, Any]]


class ExportedLLMObsSpan(TypedDict):
    """Ids of a span as texts: the span's in decimal, the trace's as 32 hex digits."""

    span_id: str
    trace_id: str


class _SubmitterId(TypedDict):
    id: str


class FeedbackSubmitter(_SubmitterId, total=False):
    """Who rated: `id`, and what kind of somebody that is."""

    type: str


class Document(TypedDict, total=False):
    """One text that was retrieved or embedded. `text` is required."""

    name: str
    id: str
    text: str
    score: float


class ToolCall(TypedDict, total=False):
    """A model asks for a tool. `name` and `arguments` are required."""

    name: str
    arguments: Dict[str, Any]
    tool_id: str
    type: str


class ToolResult(TypedDict, total=False):
    """What a tool answered. `result` is required."""

    name: str
    result: str
    tool_id: str
    type: str


class ToolDefinition(TypedDict, total=False):
    """A tool that a model may ask for. `name` is required, `schema` is a JSON schema."""

    name: str
    description: str
    schema: Dict[str, Any]
    version: str


class MediaPart(TypedDict, total=False):
    """Sound or picture in a message: `mime_type` and one of base64 `content`, `attachment_key`."""

    mime_type: str
    content: str
    attachment_key: str


AudioPart = MediaPart
ImagePart = MediaPart


class Message(TypedDict, total=False):
    """One message of a conversation with a model."""

    id: str
    role: str
    content: str
    tool_calls: List[ToolCall]
    tool_results: List[ToolResult]
    audio_parts: List[MediaPart]
    image_parts: List[MediaPart]


class Prompt(TypedDict, total=False):
    """The template that a model call's messages were made from.

    Either `template` (a text) or `chat_template` ({"role", "content"} dicts, or
    {"type": "placeholder", "name"} where messages are put in at run time), and the `variables` that
    filled it. `rag_context_variables` and `rag_query_variables` name the variables that hold what
    was retrieved, and what was asked.
    """

    version: str
    id: str
    label: str
    template: str
    chat_template: List[Any]
    variables: Dict[str, str]
    tags: Dict[str, str]
    rag_context_variables: List[str]
    rag_query_variables: List[str]
    prompt_uuid: str
    prompt_version_uuid: str
    config: Dict[str, Any]


class AgentTool(TypedDict, total=False):
    """A tool that an agent has. `name` is required; `parameters` is a JSON schema of an object, or
    {"parameter": {"type": ..., "required": True}}."""

    name: str
    description: str
    parameters: Dict[str, Any]


class Agent(TypedDict, total=False):
    """What an agent is: shown with its spans."""

    version: str
    name: str
    instructions: str
    model: str
    model_settings: Dict[str, Any]
    tools: List[AgentTool]
