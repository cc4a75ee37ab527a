"""The Responses API, whole and streamed."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

from demo.azure.contract import (
    Answer,
    Json,
    Request,
    answer_filters,
    check_prompt,
    prompt_filters,
    required,
)
from demo.azure.text import answer_to, count_tokens, digest_of, pieces, text_of


def items_of(asked: Any) -> list[Json]:
    return [{"role": "user", "content": asked}] if isinstance(asked, str) else list(asked)


def output_of(request: Request, items: list[Json]) -> list[Json]:
    """One message; or a function call, while there are tools and none has answered."""
    mark = digest_of(request.body)[:40]
    answered = any(item.get("type") == "function_call_output" for item in items)
    tools = [tool for tool in request.body.get("tools") or [] if tool.get("type") == "function"]
    if tools and not answered:
        names = tools[0].get("parameters", {}).get("properties", {})
        return [
            {
                "type": "function_call",
                "id": "fc_" + mark,
                "call_id": "call_" + mark[:24],
                "name": tools[0]["name"],
                "arguments": json.dumps(dict.fromkeys(names, "Málaga"), ensure_ascii=False),
                "status": "completed",
            }
        ]
    users = [item for item in items if item.get("role") == "user"]
    text = answer_to(text_of(users[-1].get("content")) if users else "")
    thought: list[Json] = []
    if request.model.startswith("o"):
        summary = [{"type": "summary_text", "text": "**Thinking** about the question"}]
        thought = [{"type": "reasoning", "id": "rs_" + mark, "summary": summary}]
    return [
        *thought,
        {
            "type": "message",
            "id": "msg_" + mark,
            "status": "completed",
            "role": "assistant",
            "content": [{"type": "output_text", "text": text, "annotations": [], "logprobs": []}],
        },
    ]


def text_in(output: list[Json]) -> str:
    item = output[-1]
    return str(item["arguments"] if item["type"] == "function_call" else item["content"][0]["text"])


def filters_of() -> list[Json]:
    """What the content filter found, of the prompt and of the answer."""
    return [
        {"blocked": False, "source_type": source, "content_filter_results": results}
        for source, results in (("prompt", prompt_filters()), ("completion", answer_filters()))
    ]


def response_of(request: Request, prompt: str, output: list[Json], status: str) -> Json:
    body = request.body
    reasoning = 64 if len(output) > 1 else 0
    sent, received = count_tokens(prompt) + 4, count_tokens(text_in(output)) + reasoning
    usage = {
        "input_tokens": sent,
        "input_tokens_details": {"cached_tokens": 0},
        "output_tokens": received,
        "output_tokens_details": {"reasoning_tokens": reasoning},
        "total_tokens": sent + received,
    }
    done = status != "in_progress"
    failed = {"code": "server_error", "message": "The model had an error. Try again."}
    cut = {"reason": "max_output_tokens"}
    return {
        "id": "resp_" + digest_of(body)[:48],
        "object": "response",
        "created_at": int(time.time()),
        "status": status,
        "model": request.model,
        "output": output if done else [],
        "usage": usage if done else None,
        "error": failed if status == "failed" else None,
        "incomplete_details": cut if status == "incomplete" else None,
        "content_filters": filters_of() if done else None,
        "instructions": body.get("instructions"),
        "metadata": body.get("metadata") or {},
        "parallel_tool_calls": True,
        "max_output_tokens": body.get("max_output_tokens"),
        "temperature": body.get("temperature", 1.0),
        "tool_choice": body.get("tool_choice", "auto"),
        "tools": body.get("tools") or [],
        "top_p": body.get("top_p", 1.0),
        "text": {"format": {"type": "text"}},
        "truncation": body.get("truncation", "disabled"),
    }


def events_of(request: Request, prompt: str, output: list[Json]) -> Iterator[Json]:
    yield {
        "type": "response.created",
        "response": response_of(request, prompt, output, "in_progress"),
    }
    for index, item in enumerate(output):
        yield from item_events(item, index)
    status = status_of(request.body, prompt)
    yield {"type": f"response.{status}", "response": response_of(request, prompt, output, status)}


def item_events(item: Json, index: int) -> Iterator[Json]:
    place: Json = {"item_id": item["id"], "output_index": index}
    opened = {**item, "status": "in_progress"}
    if item["type"] == "message":
        yield {
            "type": "response.output_item.added",
            "output_index": index,
            "item": {**opened, "content": []},
        }
        part = item["content"][0]
        place["content_index"] = 0
        yield {"type": "response.content_part.added", **place, "part": {**part, "text": ""}}
        for piece in pieces(part["text"]):
            yield {"type": "response.output_text.delta", **place, "delta": piece, "logprobs": []}
        yield {"type": "response.output_text.done", **place, "text": part["text"], "logprobs": []}
        yield {"type": "response.content_part.done", **place, "part": part}
    elif item["type"] == "reasoning":
        yield {"type": "response.output_item.added", "output_index": index, "item": item}
    else:
        yield {
            "type": "response.output_item.added",
            "output_index": index,
            "item": {**opened, "arguments": ""},
        }
        arguments = item["arguments"]
        yield {"type": "response.function_call_arguments.delta", **place, "delta": arguments}
        yield {
            "type": "response.function_call_arguments.done",
            **place,
            "name": item["name"],
            "arguments": arguments,
        }
    yield {"type": "response.output_item.done", "output_index": index, "item": item}


def status_of(body: Json, prompt: str) -> str:
    if "[fail the response]" in prompt:
        return "failed"
    return "incomplete" if int(body.get("max_output_tokens") or 1000) < 16 else "completed"


def stream(request: Request, prompt: str, output: list[Json]) -> Iterator[bytes]:
    for number, event in enumerate(events_of(request, prompt, output)):
        text = json.dumps({**event, "sequence_number": number}, ensure_ascii=False)
        yield f"event: {event['type']}\ndata: {text}\n\n".encode()


def create(request: Request) -> Answer:
    items = items_of(required(request.body, "input"))
    prompt = "\n".join(text_of(item.get("content")) for item in items)
    check_prompt(prompt)
    output = output_of(request, items)
    if request.body.get("stream"):
        return Answer(events=stream(request, prompt, output))
    return Answer(body=response_of(request, prompt, output, status_of(request.body, prompt)))
