"""Prompts of model calls: checked when they are annotated, put into the input when the call ends.

A prompt waits in `Span.meta["prompt"]` until then, because the input may be set after it. A model
call without one takes that of the nearest span above it.
"""

from __future__ import annotations

from typing import Any

from catalejo.sdk.values import plain, untaped
from catalejo.span import Span, runtime

UNNAMED = "unnamed-prompt"
WAITING = "prompt"
TRACKING_TAG = "prompt_tracking_instrumentation_method"


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _template_item(item: Any) -> dict[str, Any]:
    if not isinstance(item, dict):
        raise TypeError("an entry of chat_template must be a dict")
    if item.get("type") == "placeholder":
        if not item.get("name") or not isinstance(item["name"], str):
            raise TypeError("a placeholder in chat_template needs a name")
        return {"type": "placeholder", "name": item["name"]}
    if "role" not in item or "content" not in item:
        raise TypeError("a message in chat_template needs role and content")
    return {"role": item["role"], "content": item["content"]}


def _check_types(prompt: dict[str, Any]) -> None:
    for key in ("id", "version", "label", "template", "prompt_uuid", "prompt_version_uuid"):
        if prompt.get(key) and not isinstance(prompt[key], str):
            raise TypeError(f"{key} of a prompt must be a text, not {type(prompt[key]).__name__}")
    for key in ("rag_context_variables", "rag_query_variables"):
        if prompt.get(key) and not _texts(prompt[key]):
            raise TypeError(f"{key} of a prompt must be a list of texts")
    tags = prompt.get("tags")
    if tags and not (isinstance(tags, dict) and _texts([*tags, *tags.values()])):
        raise TypeError("tags of a prompt must be a dict of texts")
    variables = prompt.get("variables")
    if variables and not (isinstance(variables, dict) and _texts([*variables])):
        raise TypeError("variables of a prompt must be a dict with texts as keys")
    if prompt.get("chat_template") and not isinstance(prompt["chat_template"], list):
        raise TypeError("chat_template of a prompt must be a list")


def checked(prompt: Any, ml_app: str) -> dict[str, Any]:
    """The prompt as `meta.input.prompt` has it; TypeError or ValueError say what is wrong."""
    if not isinstance(prompt, dict):
        raise TypeError(f"a prompt must be a dict, not {type(prompt).__name__}")
    if prompt.get("template") and prompt.get("chat_template"):
        raise ValueError("a prompt has either template or chat_template")
    _check_types(prompt)
    made: dict[str, Any] = {"id": prompt.get("id") or f"{ml_app}_{UNNAMED}"}
    if ml_app:
        made["ml_app"] = ml_app
    for key in ("version", "label", "variables", "template"):
        if prompt.get(key):
            made[key] = plain(prompt[key])
    if prompt.get("chat_template"):
        made["chat_template"] = [_template_item(item) for item in prompt["chat_template"]]
    if prompt.get("tags"):
        made["tags"] = dict(prompt["tags"])
    made["_dd_context_variable_keys"] = list(prompt.get("rag_context_variables") or ["context"])
    made["_dd_query_variable_keys"] = list(prompt.get("rag_query_variables") or ["question"])
    for key in ("prompt_uuid", "prompt_version_uuid"):
        if prompt.get(key):
            made[key] = prompt[key]
    return made


def annotate(span: Span, prompt: dict[str, Any], *, tag: bool) -> None:
    """Adds a checked prompt to the span: fields that an earlier one had, and this has not, stay."""
    earlier = span.meta.get(WAITING)
    span.meta[WAITING] = {**earlier, **prompt} if isinstance(earlier, dict) else dict(prompt)
    if tag:
        span.tags[TRACKING_TAG] = "annotated"
    if put_into_input not in runtime.processors:
        runtime.processors.insert(0, put_into_input)


def _inherited(span: Span) -> dict[str, Any] | None:
    parent = span.parent
    if not isinstance(parent, Span):
        return None
    waiting = parent.meta.get(WAITING)
    if isinstance(waiting, dict):
        return waiting
    held = parent.input.get("prompt") if isinstance(parent.input, dict) else None
    return held if isinstance(held, dict) else None


def put_into_input(span: Span) -> Span:
    """A processor, registered with the first prompt."""
    prompt = span.meta.pop(WAITING, None)
    if span.kind != "llm":
        if prompt is not None:
            from catalejo.sdk.log import warn

            warn("a prompt was annotated to a span that is no model call; only those have one")
        return span
    prompt = prompt or _inherited(span)
    if prompt is None:
        return span
    held = untaped(span.input)
    span.input = {**held, "prompt": prompt} if isinstance(held, dict) else {"prompt": prompt}
    return span
