"""Whole answers: output messages, token counts, finish reasons, Azure's content filter.

Answers are openai's pydantic models, read by attribute: dumping one costs more than the rest of
our work. What Azure adds to the API is in pydantic's `__pydantic_extra__`.
"""

from __future__ import annotations

from catalejo.openai import items, messages
from catalejo.openai.messages import field

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from catalejo.openai.call import Call

# Metric, and where chat (prompt_/completion_) and responses (input_/output_) have its detail.
DETAILS = (
    ("cache_read_input_tokens", 0, "cached_tokens"),
    ("cache_write_input_tokens", 0, "cache_write_tokens"),
    ("audio_input_tokens", 0, "audio_tokens"),
    ("reasoning_output_tokens", 1, "reasoning_tokens"),
    ("audio_output_tokens", 1, "audio_tokens"),
)
ALWAYS = frozenset(("cache_read_input_tokens", "reasoning_output_tokens"))  # also when zero
SEVERITIES = ("safe", "low", "medium", "high")


def extra(model: Any, name: str) -> Any:
    """A field that openai's model does not declare; None when the server did not send it."""
    more = getattr(model, "__pydantic_extra__", model.__dict__)
    return more.get(name) if more else None


def read_usage(call: Call, usage: Any) -> None:
    """Token counts into the span's metrics, under ddtrace's names."""
    metrics = call.span.metrics
    sent = field(usage, "prompt_tokens")
    if sent is None:
        sent, received = field(usage, "input_tokens"), field(usage, "output_tokens")
        parts = field(usage, "input_tokens_details"), field(usage, "output_tokens_details")
    else:
        received = field(usage, "completion_tokens")
        parts = field(usage, "prompt_tokens_details"), field(usage, "completion_tokens_details")
    sent, received = sent or 0, received or 0
    metrics["input_tokens"], metrics["output_tokens"] = sent, received
    metrics["total_tokens"] = field(usage, "total_tokens") or sent + received
    for metric, side, name in DETAILS:
        detail = parts[side]
        if detail is None:
            continue
        value = field(detail, name)
        if value or (value == 0 and metric in ALWAYS):
            metrics[metric] = value


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


def read_filter(call: Call, side: str, results: Any) -> None:
    """Adds `{category: result}` of Azure's content filter; the gravest of each is kept."""
    if type(results) is not dict or not results:
        return
    known = call.filters.get(side)
    if known is None:
        call.filters[side] = dict(results)
        return
    for category, result in results.items():
        old = known.get(category)
        if type(old) is not dict or (type(result) is dict and _worse(old, result)):
            known[category] = result


def read_prompt_filters(call: Call, found: Any) -> None:
    """`[{"prompt_index": 0, "content_filter_results": {…}}]`, also spelt in the singular."""
    for prompt in found or ():
        if isinstance(prompt, dict):
            results = prompt.get("content_filter_results") or prompt.get("content_filter_result")
            read_filter(call, "prompt", results)


def _read_content_filters(call: Call, found: Any) -> None:
    """`content_filters` of the Responses API: one entry for the prompt, one for the answer."""
    for entry in found or ():
        if isinstance(entry, dict):
            source = entry.get("source_type") or ""
            side = "prompt" if "prompt" in source or "input" in source else "completion"
            read_filter(call, side, entry.get("content_filter_results"))


def read_refusal(call: Call, body: Any) -> None:
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
            name for name, result in results.items()
            if isinstance(result, dict) and result.get("filtered")
        ]
        jailbreak = results.get("jailbreak")
        if isinstance(jailbreak, dict):
            facts["jailbreak"] = bool(jailbreak.get("filtered") or jailbreak.get("detected"))


def read_head(call: Call, answer: Any) -> None:
    """Model, fingerprint, service tier."""
    span = call.span
    model = getattr(answer, "model", None)
    if model:
        span.model_name = model
    fingerprint = getattr(answer, "system_fingerprint", None)
    if fingerprint:
        span.metadata["system_fingerprint"] = fingerprint
    tier = getattr(answer, "service_tier", None)
    if tier:
        span.metadata["service_tier"] = tier


def read_chat(call: Call, answer: Any) -> None:
    span = call.span
    read_head(call, answer)
    found: list[dict[str, Any]] = []
    reasons = []
    for choice in getattr(answer, "choices", None) or ():
        if choice.finish_reason:
            reasons.append(choice.finish_reason)
        _read_message(call, choice.message, found)
        read_filter(call, "completion", extra(choice, "content_filter_results"))
    span.output = {"messages": found or [{"content": _other(answer), "role": ""}]}
    if reasons:
        span.metadata["finish_reason"] = ",".join(reasons)
    usage = getattr(answer, "usage", None)
    if usage is not None:
        read_usage(call, usage)
    if not isinstance(answer, str):
        read_prompt_filters(call, extra(answer, "prompt_filter_results"))


def _other(answer: Any) -> str:
    """What came instead of an answer: the text of a page, when it was not JSON."""
    return answer if isinstance(answer, str) else ""


def _read_message(call: Call, message: Any, found: list[dict[str, Any]]) -> None:
    if message is None:
        return
    content = message.content
    reasoning = extra(message, "reasoning_content")
    if reasoning:
        found.append({"content": str(reasoning), "role": "reasoning"})
    said: dict[str, Any] = {"content": content or "", "role": message.role or ""}
    if not content:
        said["content"] = getattr(message, "refusal", None) or ""
    voice = getattr(message, "audio", None)
    if voice is not None:
        _read_voice(call, voice, said)
    if message.tool_calls or message.function_call:
        said["tool_calls"] = messages.tool_calls(message)
    found.append(said)


def _read_voice(call: Call, voice: Any, said: dict[str, Any]) -> None:
    """Spoken answers: the sound as a part, the transcript as the content."""
    form = (call.span.metadata.get("audio") or {}).get("format")
    part = messages.audio(field(voice, "data"), form)
    if not isinstance(part, str):
        said["audio_parts"] = [part]
    said["content"] = said["content"] or field(voice, "transcript") or ""


def read_completion(call: Call, answer: Any) -> None:
    span = call.span
    read_head(call, answer)
    choices = getattr(answer, "choices", None) or ()
    found = [{"content": choice.text or "", "role": ""} for choice in choices]
    span.output = {"messages": found or [{"content": _other(answer), "role": ""}]}
    reasons = [choice.finish_reason for choice in choices if choice.finish_reason]
    if reasons:
        span.metadata["finish_reason"] = ",".join(reasons)
    for choice in choices:
        read_filter(call, "completion", extra(choice, "content_filter_results"))
    if getattr(answer, "usage", None) is not None:
        read_usage(call, answer.usage)
    if not isinstance(answer, str):
        read_prompt_filters(call, extra(answer, "prompt_filter_results"))
        # The first versions of the API had it in the singular.
        read_prompt_filters(call, extra(answer, "prompt_annotations"))


def read_embedding(call: Call, answer: Any) -> None:
    span = call.span
    read_head(call, answer)
    data = getattr(answer, "data", None) or ()
    text = f"[{len(data)} embedding(s) returned"
    vector = data[0].embedding if data else None
    if isinstance(vector, str) and span.metadata.get("encoding_format") == "float":
        # Floats of four bytes in base64, before openai has unpacked them.
        text += f" with size {(len(vector) * 3 // 4 - vector.count('=')) // 4}"
    elif vector is not None and not isinstance(vector, str):
        text += f" with size {len(vector)}"
    span.output = {"value": text + "]"}
    if getattr(answer, "usage", None) is not None:
        read_usage(call, answer.usage)


def read_response(call: Call, answer: Any) -> None:
    span = call.span
    read_head(call, answer)
    metadata = span.metadata
    for name in ("temperature", "top_p", "max_output_tokens", "truncation", "tool_choice"):
        value = getattr(answer, name, None)
        if type(value) in (str, int, float):
            metadata[name] = value
    text = _other(answer)
    found = items.of_output(getattr(answer, "output", None))
    span.output = {"messages": found or [{"content": text, "role": ""}]}
    incomplete = getattr(answer, "incomplete_details", None)
    status = getattr(answer, "status", None)
    if incomplete is not None and field(incomplete, "reason"):
        metadata["finish_reason"] = field(incomplete, "reason")
    if status:
        metadata["status"] = status
    error = getattr(answer, "error", None)
    if error is not None and span.error is None:
        code = str(field(error, "code") or "failed")
        message = str(field(error, "message") or "")
        span.error = {"type": f"openai.response.{code}", "message": message, "stack": ""}
    if getattr(answer, "usage", None) is not None:
        read_usage(call, answer.usage)
    if not isinstance(answer, str):
        _read_content_filters(call, extra(answer, "content_filters"))
