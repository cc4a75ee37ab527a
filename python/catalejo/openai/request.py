"""The request of a call: its parameters, tools and input, captured as they are sent.

The body is what openai made of the application's arguments (dicts and lists); only when a call
failed before that are the arguments themselves read, so all here also takes openai's models.
"""

from __future__ import annotations

from catalejo import _core
from catalejo.openai import items, messages
from catalejo.openai.messages import field

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# Parameters that become metadata, as ddtrace records them.
COMMON_KEYS = ("stream", "temperature", "top_p", "user")
CHAT_KEYS = frozenset(
    (
        *COMMON_KEYS,
        "audio",
        "frequency_penalty",
        "function_call",
        "logit_bias",
        "logprobs",
        "max_completion_tokens",
        "max_tokens",
        "modalities",
        "n",
        "parallel_tool_calls",
        "prediction",
        "presence_penalty",
        "reasoning_effort",
        "response_format",
        "seed",
        "service_tier",
        "stop",
        "store",
        "stream_options",
        "tool_choice",
        "top_logprobs",
        "web_search_options",
    )
)
COMPLETION_KEYS = frozenset(
    (
        *COMMON_KEYS,
        "best_of",
        "echo",
        "frequency_penalty",
        "logit_bias",
        "logprobs",
        "max_tokens",
        "n",
        "presence_penalty",
        "seed",
        "stop",
        "stream_options",
        "suffix",
    )
)
RESPONSE_KEYS = frozenset(
    (
        *COMMON_KEYS,
        "background",
        "include",
        "max_output_tokens",
        "max_tool_calls",
        "parallel_tool_calls",
        "previous_response_id",
        "prompt",
        "reasoning",
        "service_tier",
        "store",
        "text",
        "tool_choice",
        "top_logprobs",
        "truncation",
    )
)
EMBEDDING_KEYS = frozenset(("dimensions", "encoding_format", "user"))
PLAIN = frozenset((str, int, float, bool, type(None)))
DOCUMENTS_MAX = 2_048  # what the API takes in one call


def is_given(value: Any) -> bool:
    """Whether an argument was given: openai's own defaults are not None but sentinels."""
    return type(value).__name__ not in ("NotGiven", "Omit")


def _read_parameters(call: _core.CallBase, body: dict[str, Any], keys: frozenset[str]) -> None:
    _core.read_parameters(body, keys, call.span.metadata, _plain_copy)


def _plain_copy(value: Any, depth: int = 0) -> Any:
    """A copy that later changes do not reach, of JSON's kinds only."""
    if type(value) in PLAIN:
        return value
    if depth < 12:
        if isinstance(value, dict):
            return {str(key): _plain_copy(part, depth + 1) for key, part in value.items()}
        if isinstance(value, (list, tuple)):
            return [_plain_copy(part, depth + 1) for part in value]
    return value.__name__ if isinstance(value, type) else str(value)


def read_chat(call: _core.CallBase, body: dict[str, Any]) -> None:
    if _core.read_chat_request(call.span, body, CHAT_KEYS, _plain_copy, messages.of_chat):
        _read_tools(call, body.get("tools"), body.get("functions"))


def read_completion(call: _core.CallBase, body: dict[str, Any]) -> None:
    _read_parameters(call, body, COMPLETION_KEYS)
    prompt = body.get("prompt")
    prompts = prompt if type(prompt) is list else [prompt]
    if prompts and type(prompts[0]) is int:
        prompts = [prompts]  # one prompt of token ids
    call.span.input = _core.capture(
        {"messages": [{"content": _text(one), "role": ""} for one in prompts]}
    )


def read_embedding(call: _core.CallBase, body: dict[str, Any]) -> None:
    """Embeddings are asked for as base64 by openai itself: then the application gets floats."""
    asked = call.kwargs.get("encoding_format")
    _read_parameters(call, body, EMBEDDING_KEYS)
    call.span.metadata["encoding_format"] = asked if type(asked) is str else "float"
    given = body.get("input")
    texts = given if type(given) is list else [given]
    if texts and type(texts[0]) is int:
        texts = [texts]
    call.span.input = _core.capture(
        {"documents": [{"text": _text(one)} for one in texts[:DOCUMENTS_MAX]]}
    )


def read_response(call: _core.CallBase, body: dict[str, Any]) -> None:
    span = call.span
    _read_parameters(call, body, RESPONSE_KEYS)
    found = items.of_input(body.get("input"))
    instructions = body.get("instructions")
    if instructions:
        found.insert(0, {"content": _text(instructions), "role": "system"})
    span.input = _core.capture({"messages": found})
    tools = body.get("tools")
    if tools:
        _read_tools(call, tools, None)


def _text(value: Any) -> str:
    if type(value) is str:
        return value
    return "" if value is None else str(value)


def _read_tools(call: _core.CallBase, tools: Any, functions: Any) -> None:
    found = [_tool(tool) for tool in [*(tools or ()), *(functions or ())]]
    found = [tool for tool in found if tool is not None]
    if found:
        call.span.meta["tool_definitions"] = _core.capture(found)


def _tool(tool: Any) -> dict[str, Any] | None:
    """`{name, description, schema}` of a tool of the chat, responses or old functions form."""
    inner = field(tool, "function") or field(tool, "custom") or tool
    name, description = field(inner, "name"), field(inner, "description")
    schema = field(inner, "parameters") or field(inner, "format") or field(inner, "input_schema")
    if not (name or description or schema):
        return None  # a built-in tool, such as web search
    return {"name": name or "", "description": description or "", "schema": schema or {}}
