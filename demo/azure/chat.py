"""Chat completions, whole and streamed."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

from demo.azure.contract import (
    Answer,
    Json,
    Refused,
    Request,
    answer_filters,
    check_prompt,
    prompt_filters,
    required,
)
from demo.azure.structured import content_for
from demo.azure.text import answer_to, count_tokens, digest_of, pieces, text_of

FINGERPRINT = "fp_b705f0c291"
FILTERED = "content_filter"
# The first api-version that takes stream_options.
USAGE_SINCE = "2024-09-01"


def sse(value: Json | str) -> bytes:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f"data: {text}\n\n".encode()


def wants_usage(request: Request) -> bool:
    """Whether a stream is to end with its token counts; older versions refuse to be asked."""
    options = request.body.get("stream_options")
    if options is None:
        return False
    version = request.query.get("api-version", "")
    old = version.startswith("20") and version[:10] < USAGE_SINCE
    if old or request.headers.get("x-fake-azure", "").startswith("no-stream-options"):
        raise Refused(
            400,
            {
                "message": "Unrecognized request argument supplied: stream_options",
                "type": "invalid_request_error",
                "param": None,
                "code": None,
            },
        )
    return bool(options.get("include_usage"))


def prompt_of(messages: list[Json]) -> str:
    texts = [text_of(message.get("content")) for message in messages]
    return "\n".join(text for text in texts if text)


def last_user_text(messages: list[Json]) -> str:
    for message in reversed(messages):
        if message.get("role") == "user":
            return text_of(message.get("content"))
    return ""


def tool_calls_for(body: Json) -> list[Json]:
    """The model calls the first tool once, until a tool has answered."""
    tools = body.get("tools") or []
    if not tools or body.get("tool_choice") == "none":
        return []
    if any(message.get("role") == "tool" for message in body["messages"]):
        return []
    function = tools[0]["function"]
    properties = function.get("parameters", {}).get("properties", {})
    values: dict[str, Any] = {
        name: 3 if rule.get("type") in ("integer", "number") else "Málaga"
        for name, rule in properties.items()
    }
    return [
        {
            "id": "call_" + digest_of(body["messages"])[:24],
            "type": "function",
            "function": {
                "name": function["name"],
                "arguments": json.dumps(values, ensure_ascii=False),
            },
        }
    ]


def tool_summary(messages: list[Json]) -> str:
    """What the model makes of the tools' results, when they are the last that was said."""
    if not messages or messages[-1].get("role") != "tool":
        return ""
    return f"According to the tool: {text_of(messages[-1].get('content'))}"


def usage_of(body: Json, answers: list[Json]) -> Json:
    prompt = count_tokens(prompt_of(body["messages"])) + 4 * len(body["messages"])
    completion = sum(
        count_tokens(answer.get("content") or json.dumps(answer.get("tool_calls", "")))
        for answer in answers
    )
    return {
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": prompt + completion,
        "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
        "completion_tokens_details": {"reasoning_tokens": 0, "audio_tokens": 0},
    }


def choices_of(body: Json) -> list[Json]:
    prompt = last_user_text(body["messages"])
    calls = tool_calls_for(body)
    choices: list[Json] = []
    for index in range(int(body.get("n") or 1)):
        reason = "tool_calls" if calls else "stop"
        text = content_for(body, prompt_of(body["messages"]))
        if text is None:
            text = tool_summary(body["messages"]) or answer_to(prompt, index)
        message: Json = {"role": "assistant", "content": None if calls else text}
        if calls:
            message["tool_calls"] = calls
        filtered = "[filter the answer]" in prompt
        if filtered:
            message, reason = {"role": "assistant", "content": ""}, FILTERED
        if (limit := body.get("max_tokens") or body.get("max_completion_tokens")) and not calls:
            words = pieces(message["content"])
            if len(words) > int(limit):
                message["content"], reason = "".join(words[: int(limit)]), "length"
        choices.append(
            {
                "index": index,
                "finish_reason": reason,
                "logprobs": None,
                "message": {**message, "refusal": None},
                "content_filter_results": answer_filters(filtered=filtered),
            }
        )
    return choices


def head_of(request: Request, kind: str) -> Json:
    return {
        "id": "chatcmpl-" + digest_of(request.body)[:29],
        "object": kind,
        "created": int(time.time()),
        "model": request.model,
        "system_fingerprint": FINGERPRINT,
    }


def deltas_of(message: Json) -> list[Json]:
    if calls := message.get("tool_calls"):
        call = calls[0]
        opened = {**call, "index": 0, "function": {**call["function"], "arguments": ""}}
        text = call["function"]["arguments"]
        half = len(text) // 2
        parts = [text[:half], text[half:]]
        return [{"tool_calls": [opened]}] + [
            {"tool_calls": [{"index": 0, "function": {"arguments": part}}]} for part in parts
        ]
    return [{"content": piece} for piece in pieces(message["content"] or "")]


def stream(request: Request, choices: list[Json]) -> Iterator[bytes]:
    body = request.body
    counted = wants_usage(request)
    # Every chunk of a stream that ends with the counts has the field, empty until then.
    empty: Json = {"usage": None} if counted else {}
    head = {**head_of(request, "chat.completion.chunk"), **empty}
    blank = {"id": "", "object": "", "created": 0, "model": "", "choices": [], **empty}
    yield sse(
        {
            **blank,
            "prompt_filter_results": [
                {"prompt_index": 0, "content_filter_results": prompt_filters()}
            ],
        }
    )
    for choice in choices:
        place = {"index": choice["index"], "finish_reason": None, "logprobs": None}
        opening = {"role": "assistant", "content": "", "refusal": None}
        yield sse({**head, "choices": [{**place, "delta": opening, "content_filter_results": {}}]})
        for delta in deltas_of(choice["message"]):
            yield sse(
                {
                    **head,
                    "choices": [
                        {**place, "delta": delta, "content_filter_results": answer_filters()}
                    ],
                }
            )
        place["finish_reason"] = choice["finish_reason"]
        found = choice["content_filter_results"] if place["finish_reason"] == FILTERED else {}
        yield sse({**head, "choices": [{**place, "delta": {}, "content_filter_results": found}]})
    if counted:
        usage = usage_of(body, [choice["message"] for choice in choices])
        yield sse({**head, "choices": [], "usage": usage})
    yield sse("[DONE]")


def create(request: Request) -> Answer:
    body = request.body
    messages = required(body, "messages")
    check_prompt(prompt_of(messages))
    choices = choices_of(body)
    wants_usage(request)
    if body.get("stream"):
        return Answer(events=stream(request, choices))
    return Answer(
        body={
            **head_of(request, "chat.completion"),
            "choices": choices,
            "prompt_filter_results": [
                {"prompt_index": 0, "content_filter_results": prompt_filters()}
            ],
            "usage": usage_of(body, [choice["message"] for choice in choices]),
        }
    )
