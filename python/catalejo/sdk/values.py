"""From what an application hands to `annotate` to what an event may hold.

Messages and documents are checked and copied (a wrong type raises TypeError); everything else
becomes JSON text, or plain dicts, lists and scalars. Nothing of the application's is changed.
"""

from __future__ import annotations

from typing import Any

from catalejo import _core

DEPTH_MAX = 32


def to_text(value: Any) -> str:
    """A text as it is, anything else as JSON with sorted keys; pydantic models as their dict."""
    if isinstance(value, str):
        return value
    built = plain(value)
    if isinstance(built, str):
        return built
    import json

    return json.dumps(built, ensure_ascii=False, sort_keys=True)


def untaped(value: Any) -> Any:
    """What a Tape holds; everything else as it is."""
    if isinstance(value, _core.Tape):
        import json

        return json.loads(value.text())
    return value


def plain(value: Any, depth: int = 0) -> Any:
    """The value built of dict (str keys), list, str, int, float, bool and None alone."""
    if value is None or isinstance(value, (str, int, float)):
        return value
    if depth >= DEPTH_MAX:
        return _said(value)
    if isinstance(value, dict):
        return {_said(key): plain(item, depth + 1) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(item, depth + 1) for item in value]
    if isinstance(value, type):
        return value.__name__
    try:
        if hasattr(value, "model_dump"):  # pydantic 2
            return plain(value.model_dump(mode="json"), depth + 1)
        if hasattr(value, "__fields__") and callable(getattr(value, "dict", None)):  # pydantic 1
            return plain(value.dict(), depth + 1)
        if hasattr(value, "__dataclass_fields__"):
            fields = {name: getattr(value, name) for name in value.__dataclass_fields__}
            return plain(fields, depth + 1)
    except Exception:  # the application's own code
        return _said(value)
    return _said(value)


def _said(value: Any) -> str:
    if type(value) is str:
        return value
    try:
        return str(value)
    except Exception:
        return f"[{type(value).__name__} without a text]"


def _text_of(owner: dict[str, Any], key: str) -> str | None:
    """owner[key] when it is a text with something in it."""
    value = owner.get(key)
    return value if value and isinstance(value, str) else None


def _check(condition: bool, complaint: str) -> None:
    if not condition:
        raise TypeError(complaint)


def _tool_call(given: Any) -> dict[str, Any]:
    _check(isinstance(given, dict), "a tool call must be a dict")
    _check(_text_of(given, "name") is not None, "a tool call needs a name")
    _check(isinstance(given.get("arguments"), dict), "arguments of a tool call must be a dict")
    call: dict[str, Any] = {"name": given["name"], "arguments": plain(given["arguments"])}
    for key in ("tool_id", "type"):
        if _text_of(given, key):
            call[key] = given[key]
    return call


def _tool_result(given: Any) -> dict[str, Any]:
    _check(isinstance(given, dict), "a tool result must be a dict")
    _check(isinstance(given.get("result"), str), "result of a tool result must be a text")
    result: dict[str, Any] = {"result": given["result"]}
    for key in ("name", "tool_id", "type"):
        if _text_of(given, key):
            result[key] = given[key]
    return result


def _media_part(given: Any) -> dict[str, Any]:
    _check(isinstance(given, dict), "an audio or image part must be a dict")
    _check(_text_of(given, "mime_type") is not None, "an audio or image part needs a mime_type")
    held = [key for key in ("content", "attachment_key") if given.get(key) is not None]
    _check(len(held) == 1, "an audio or image part has either content or attachment_key")
    _check(isinstance(given[held[0]], str), f"{held[0]} of an audio or image part must be a text")
    return {"mime_type": given["mime_type"], held[0]: given[held[0]]}


_PARTS = (
    ("tool_calls", _tool_call),
    ("tool_results", _tool_result),
    ("audio_parts", _media_part),
    ("image_parts", _media_part),
)


def messages(given: Any) -> list[dict[str, Any]]:
    """Texts and dicts, one or a list, as messages that have a `content` and a `role`."""
    if hasattr(given, "messages"):  # catalejo.llmobs.utils.Messages
        return list(given.messages)
    made = []
    for item in given if isinstance(given, list) else [given]:
        if isinstance(item, str):
            made.append({"content": item, "role": ""})
            continue
        _check(isinstance(item, dict), "a message must be a text or a dict")
        content, role = item.get("content", ""), item.get("role") or ""
        _check(isinstance(content, str), "content of a message must be a text")
        _check(isinstance(role, str), "role of a message must be a text")
        message: dict[str, Any] = {"content": content, "role": role}
        for key, part_of in _PARTS:
            parts = item.get(key)
            if parts is not None:
                _check(isinstance(parts, list), f"{key} of a message must be a list")
                message[key] = [part_of(part) for part in parts]
        made.append(message)
    return made


def documents(given: Any) -> list[dict[str, Any]]:
    """Texts and dicts with a `text`, one or a list, as documents."""
    if hasattr(given, "documents"):  # catalejo.llmobs.utils.Documents
        return list(given.documents)
    made = []
    for item in given if isinstance(given, list) else [given]:
        if isinstance(item, str):
            made.append({"text": item})
            continue
        _check(isinstance(item, dict), "a document must be a text or a dict")
        _check(isinstance(item.get("text"), str), "text of a document must be a text")
        document: dict[str, Any] = {"text": item["text"]}
        for key, kind in (("name", str), ("id", str), ("score", (int, float))):
            if item.get(key):
                _check(isinstance(item[key], kind), f"{key} of a document has the wrong type")
                document[key] = item[key]
        made.append(document)
    return made


def tool_definitions(given: Any) -> list[dict[str, Any]]:
    """The definitions that have a name, with those of their fields that have the right type."""
    from catalejo.sdk.log import warn

    if not isinstance(given, list):
        warn("tool_definitions must be a list of dicts; ignored")
        return []
    made = []
    for index, item in enumerate(given):
        if not isinstance(item, dict) or not _text_of(item, "name"):
            warn(f"tool definition {index} is no dict with a name; ignored")
            continue
        definition: dict[str, Any] = {"name": item["name"]}
        for key, kind in (("description", str), ("schema", dict), ("version", str)):
            value = item.get(key)
            if isinstance(value, kind):
                definition[key] = plain(value)
            elif value is not None:
                warn(f"{key} of tool definition {index} has the wrong type; ignored")
        made.append(definition)
    return made
