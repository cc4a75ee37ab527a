"""Whole answers: output messages, token counts, finish reasons, Azure's content filter.

Answers are openai's pydantic models, or the JSON of which a stream's chunks are made. Both are
read as dicts (`values`): dumping a model costs more than the rest of our work.
"""

from __future__ import annotations

from catalejo import _core
from catalejo.openai import items, messages

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

SEVERITIES = ("safe", "low", "medium", "high")


def values(thing: Any) -> dict[str, Any]:
    """The fields of a model of openai, or of the JSON it is made of, as one dict to read."""
    if type(thing) is dict:
        return thing
    if thing is None or isinstance(thing, str):
        return {}
    own: dict[str, Any] = thing.__dict__
    more = getattr(thing, "__pydantic_extra__", None)
    return {**own, **more} if more else own


def read_usage(call: _core.CallBase, usage: Any) -> None:
    """Token counts into the span's metrics, under ddtrace's names."""
    _core.read_usage(call.span.metrics, usage)


def _worse(old: dict[str, Any], new: dict[str, Any]) -> bool:
    """Whether result `new` of a category is the graver of two."""
    for name in ("filtered", "detected"):
        if bool(old.get(name)) != bool(new.get(name)):
            return bool(new.get(name))
    grades = [
        SEVERITIES.index(found) if (found := result.get("severity")) in SEVERITIES else -1
        for result in (old, new)
    ]
    return grades[1] > grades[0]


def read_filter(call: _core.CallBase, side: str, results: Any) -> None:
    """Adds `{category: result}` of Azure's content filter; the gravest of each is kept."""
    if type(results) is not dict or not results:
        return
    known = call.filters.get(side)
    if known is None:
        call.filters[side] = results
        return
    known = call.filters[side] = dict(known)  # the application may hold the first one
    for category, result in results.items():
        old = known.get(category)
        if type(old) is not dict or (type(result) is dict and _worse(old, result)):
            known[category] = result


def read_prompt_filters(call: _core.CallBase, found: Any) -> None:
    """`[{"prompt_index": 0, "content_filter_results": {…}}]`, also spelt in the singular."""
    for prompt in found or ():
        if isinstance(prompt, dict):
            results = prompt.get("content_filter_results") or prompt.get("content_filter_result")
            read_filter(call, "prompt", results)


def _read_content_filters(call: _core.CallBase, found: Any) -> None:
    """`content_filters` of the Responses API: one entry for the prompt, one for the answer."""
    for entry in found or ():
        if isinstance(entry, dict):
            source = entry.get("source_type") or ""
            side = "prompt" if "prompt" in source or "input" in source else "completion"
            read_filter(call, side, entry.get("content_filter_results"))


def read_refusal(call: _core.CallBase, body: Any) -> None:
    """The inner error of Azure's 400: what was found in the prompt, and whether a jailbreak."""
    if not isinstance(body, dict):
        return
    inner = body.get("innererror") or body.get("inner_error")
    if not isinstance(inner, dict):
        if body.get("code") == "content_filter":
            _read_content_filters(call, body.get("content_filters"))
        return
    results = inner.get("content_filter_result") or inner.get("content_filter_results")
    read_filter(call, "prompt", results)
    facts = call.inner_error = {"code": str(inner.get("code") or body.get("code") or "")}
    if isinstance(results, dict):
        facts["categories"] = [
            name
            for name, result in results.items()
            if isinstance(result, dict) and result.get("filtered")
        ]
        jailbreak = results.get("jailbreak")
        if isinstance(jailbreak, dict):
            facts["jailbreak"] = bool(jailbreak.get("filtered") or jailbreak.get("detected"))


def read_head(call: _core.CallBase, found: dict[str, Any]) -> None:
    """Model, fingerprint, service tier."""
    span = call.span
    model = found.get("model")
    if model:
        span.model_name = model
    fingerprint = found.get("system_fingerprint")
    if fingerprint:
        span.metadata["system_fingerprint"] = fingerprint
    tier = found.get("service_tier")
    if tier:
        span.metadata["service_tier"] = tier


def read_chat(call: _core.CallBase, answer: Any) -> None:
    _core.read_chat(call.span, answer, call, _read_message, read_filter, read_prompt_filters)


def _other(answer: Any) -> str:
    """What came instead of an answer: the text of a page, when it was not JSON."""
    return answer if isinstance(answer, str) else ""


def _read_message(call: _core.CallBase, given: Any, found: list[dict[str, Any]]) -> None:
    message = values(given)
    reasoning = message.get("reasoning_content")
    if reasoning:
        found.append({"content": str(reasoning), "role": "reasoning"})
    content = message.get("content") or message.get("refusal") or ""
    said: dict[str, Any] = {"content": content, "role": message.get("role") or ""}
    voice = message.get("audio")
    if voice is not None:
        _read_voice(call, values(voice), said)
    if message.get("tool_calls") or message.get("function_call"):
        said["tool_calls"] = messages.tool_calls(message)
    found.append(said)


def _read_voice(call: _core.CallBase, voice: dict[str, Any], said: dict[str, Any]) -> None:
    """Spoken answers: the sound as a part, the transcript as the content."""
    form = (call.span.metadata.get("audio") or {}).get("format")
    part = messages.audio(voice.get("data"), form)
    if not isinstance(part, str):
        said["audio_parts"] = [part]
    said["content"] = said["content"] or voice.get("transcript") or ""


def read_completion(call: _core.CallBase, answer: Any) -> None:
    span, found = call.span, values(answer)
    read_head(call, found)
    choices = [values(choice) for choice in found.get("choices") or ()]
    said = [{"content": choice.get("text") or "", "role": ""} for choice in choices]
    span.output = {"messages": said or [{"content": _other(answer), "role": ""}]}
    reasons = [choice["finish_reason"] for choice in choices if choice.get("finish_reason")]
    if reasons:
        span.metadata["finish_reason"] = ",".join(reasons)
    for choice in choices:
        read_filter(call, "completion", choice.get("content_filter_results"))
    if found.get("usage") is not None:
        read_usage(call, found["usage"])
    read_prompt_filters(call, found.get("prompt_filter_results"))
    # The first versions of the API called it so.
    read_prompt_filters(call, found.get("prompt_annotations"))


def read_embedding(call: _core.CallBase, answer: Any) -> None:
    span, found = call.span, values(answer)
    read_head(call, found)
    data = found.get("data") or ()
    text = f"[{len(data)} embedding(s) returned"
    vector = values(data[0]).get("embedding") if data else None
    if isinstance(vector, str):
        if span.metadata.get("encoding_format") == "float":
            # Floats of four bytes in base64, before openai has unpacked them.
            text += f" with size {(len(vector) * 3 // 4 - vector.count('=')) // 4}"
    elif vector is not None:
        text += f" with size {len(vector)}"
    span.output = {"value": text + "]"}
    if found.get("usage") is not None:
        read_usage(call, found["usage"])


def read_response(call: _core.CallBase, answer: Any) -> None:
    span, found = call.span, values(answer)
    read_head(call, found)
    metadata = span.metadata
    for name in ("temperature", "top_p", "max_output_tokens", "truncation", "tool_choice"):
        value = found.get(name)
        if type(value) in (str, int, float):
            metadata[name] = value
    form = values(values(found.get("text")).get("format")).get("type")
    if form and "text" not in metadata:
        metadata["text"] = {"format": {"type": form}}
    said = items.of_output(found.get("output"))
    span.output = {"messages": said or [{"content": _other(answer), "role": ""}]}
    reason = values(found.get("incomplete_details")).get("reason")
    if reason:
        metadata["finish_reason"] = reason
    if found.get("status"):
        metadata["status"] = found["status"]
    if found.get("error") is not None and span.error is None:
        error = values(found["error"])
        kind = f"openai.response.{error.get('code') or 'failed'}"
        span.error = {"type": kind, "message": str(error.get("message") or ""), "stack": ""}
    if found.get("usage") is not None:
        read_usage(call, found["usage"])
    _read_content_filters(call, found.get("content_filters"))
