"""Items of the Responses API, in and out, as messages of a span."""

from __future__ import annotations

from json import dumps

from catalejo.openai.messages import arguments_of, field, image, read_parts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

UNKNOWN_CHARACTERS_MAX = 4_096
CALLS = ("function_call", "custom_tool_call")
RESULTS = ("function_call_output", "custom_tool_call_output")


def of_input(given: Any) -> list[dict[str, Any]]:
    """MSG of each item of a request's `input`, which may also be just a text."""
    if type(given) is str:
        return [{"content": given, "role": "user"}]
    if not isinstance(given, (list, tuple)):
        return []
    return [_item(item) for item in given]


def of_output(output: Any) -> list[dict[str, Any]]:
    """MSG of each item of an answer's `output`."""
    found = []
    for item in output or ():
        if field(item, "type") == "mcp_list_tools":
            continue
        found.append(_item(item, "assistant"))
    return found


def _item(item: Any, role: str = "user") -> dict[str, Any]:
    kind = field(item, "type")
    content = field(item, "content")
    found: dict[str, Any] = {"content": "", "role": str(field(item, "role") or role)}
    if kind in CALLS:
        return tool_call(
            kind,
            field(item, "name"),
            field(item, "call_id"),
            field(item, "arguments") or field(item, "input"),
        )
    if kind in RESULTS:
        found["role"] = "user"
        found["tool_results"] = [_result(item, kind)]
    elif kind == "reasoning":
        found["role"] = "reasoning"
        found["content"] = _reasoning(item)
    elif kind == "mcp_call":
        found = tool_call(kind, field(item, "name"), field(item, "id"), field(item, "arguments"))
        result = {"name": str(field(item, "name") or ""), "result": _text(field(item, "output"))}
        found["tool_results"] = [
            {**result, "tool_id": str(field(item, "id") or ""), "type": "mcp_tool_result"}
        ]
    elif kind == "image_generation_call":
        found["content"] = "[image]"
    elif kind == "computer_call_output":
        seen = image(field(field(item, "output"), "image_url"))
        if isinstance(seen, str):
            found["content"] = seen
        else:
            found["image_parts"] = [seen]
    elif isinstance(content, str):
        found["content"] = content
    elif isinstance(content, (list, tuple)):
        read_parts(content, found, "")
    elif kind not in (None, "message"):
        found["content"] = _unknown(item)
    return found


def tool_call(kind: Any, name: Any, tool_id: Any, arguments: Any) -> dict[str, Any]:
    call = {"name": str(name or ""), "arguments": arguments_of(arguments)}
    call["tool_id"], call["type"] = str(tool_id or ""), str(kind)
    return {"content": "", "role": "assistant", "tool_calls": [call]}


def _result(item: Any, kind: Any) -> dict[str, Any]:
    output = field(item, "output")
    if isinstance(output, (list, tuple)):
        found: dict[str, Any] = {}
        read_parts(output, found, "")
        output = found["content"]
    return {
        "name": str(field(item, "name") or ""),
        "result": _text(output),
        "tool_id": str(field(item, "call_id") or ""),
        "type": str(kind),
    }


def _reasoning(item: Any) -> str:
    summary = [
        {"text": _text(field(part, "text")), "type": _text(field(part, "type"))}
        for part in field(item, "summary") or ()
    ]
    return dumps(
        {
            "summary": summary,
            "encrypted_content": field(item, "encrypted_content"),
            "id": field(item, "id"),
        },
        ensure_ascii=False,
        default=str,
    )


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    return dumps(value, ensure_ascii=False, default=str)


def _unknown(item: Any) -> str:
    """An item of a kind that is not known here; it may carry anything, so not all of it."""
    return str(item)[:UNKNOWN_CHARACTERS_MAX]
