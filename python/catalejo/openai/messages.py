"""Chat messages in the form that spans have: content, role, tool calls and results, parts.

A plain message (a text and a role) is passed on as it is by the native core, since that is what
most are.
"""

from __future__ import annotations

from json import loads

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

IMAGE, AUDIO, FILE = "[image]", "[audio]", "[file]"
IMAGE_TOO_LARGE = "[image too large]"
PART_CHARACTERS_MAX = 4 << 20  # of base64; more would crowd out the rest of the span


def field(thing: Any, name: str) -> Any:
    """`name` of a dict or of an object; None when it has none."""
    if type(thing) is dict:
        return thing.get(name)
    if isinstance(thing, dict):
        return thing.get(name)
    return getattr(thing, name, None)


def of_chat(message: Any) -> dict[str, Any]:
    """MSG of a message of a chat request."""
    role = str(field(message, "role") or "")
    content = field(message, "content")
    found: dict[str, Any] = {"content": "", "role": role}
    if type(content) is str:
        found["content"] = content
    elif isinstance(content, (list, tuple)):
        read_parts(content, found, "\n")
    elif content is not None:
        found["content"] = str(content)
    if role == "tool":
        found["tool_results"] = [
            {
                "name": str(field(message, "name") or ""),
                "result": found["content"],
                "tool_id": str(field(message, "tool_call_id") or ""),
                "type": "tool_result",
            }
        ]
        found["content"] = ""
        return found
    calls = tool_calls(message)
    if calls:
        found["tool_calls"] = calls
    if not found["content"]:
        refusal = field(message, "refusal")
        if refusal:
            found["content"] = str(refusal)
    return found


def arguments_of(text: Any) -> Any:
    """Arguments of a tool call, which come as JSON in a string that need not be whole."""
    if not text:
        return {}
    if not isinstance(text, str):
        return text
    try:
        value = loads(text)
    except ValueError:
        return {"value": text}
    return value if isinstance(value, dict) else {"value": value}


def tool_calls(message: Any) -> list[dict[str, Any]]:
    """The calls of an assistant's message, of the tools and of the old functions form."""
    found = []
    for call in field(message, "tool_calls") or ():
        function = field(call, "function")
        custom = None if function else field(call, "custom")
        asked = field(function, "arguments") if function else field(custom, "input")
        found.append(
            {
                "name": str(field(function or custom, "name") or ""),
                "arguments": arguments_of(asked),
                "tool_id": str(field(call, "id") or ""),
                "type": str(field(call, "type") or "function"),
            }
        )
    function = field(message, "function_call")
    if function:
        found.append(
            {
                "name": str(field(function, "name") or ""),
                "arguments": arguments_of(field(function, "arguments")),
                "tool_id": "",
                "type": "function",
            }
        )
    return found


def image(url: Any) -> dict[str, Any] | str:
    """The part of an image that comes within the message, else the text that stands for it."""
    if not isinstance(url, str) or url[:5].lower() != "data:":
        return IMAGE
    head, comma, content = url.partition(",")
    mime_type, _, encoding = head[5:].partition(";")
    if not comma or not mime_type.lower().startswith("image/") or "base64" not in encoding.lower():
        return IMAGE
    if len(content) > PART_CHARACTERS_MAX:
        return IMAGE_TOO_LARGE
    return {"mime_type": mime_type.lower(), "content": content}


def audio(data: Any, form: Any) -> dict[str, Any] | str:
    if not isinstance(data, str) or not data or len(data) > PART_CHARACTERS_MAX:
        return AUDIO
    kind = str(form or "wav").lower()
    return {"mime_type": "audio/mpeg" if kind == "mp3" else f"audio/{kind}", "content": data}


def _part(part: Any, found: dict[str, Any]) -> str:
    """The text that part `part` adds; images and audio that came along are put into `found`."""
    kind = field(part, "type")
    if kind in ("text", "input_text", "output_text"):
        return str(field(part, "text") or "")
    if kind == "refusal":
        return str(field(part, "refusal") or "")
    if kind in ("image_url", "input_image"):
        url = field(part, "image_url")
        seen = image(url if isinstance(url, str) else field(url, "url"))
        key = "image_parts"
    elif kind == "input_audio":
        given = field(part, "input_audio")
        seen = audio(field(given, "data"), field(given, "format"))
        key = "audio_parts"
    elif kind in ("file", "input_file"):
        inner = field(part, "file") or part
        return str(
            field(inner, "file_url") or field(inner, "file_id") or field(inner, "filename") or FILE
        )
    else:
        return part if isinstance(part, str) else f"[{kind}]"
    if isinstance(seen, str):
        return seen
    found.setdefault(key, []).append(seen)
    return ""


def read_parts(parts: Any, found: dict[str, Any], glue: str) -> None:
    """Puts the texts of `parts`, joined by `glue`, and what else they carry into `found`."""
    texts = [_part(part, found) for part in parts]
    found["content"] = glue.join(text for text in texts if text)
