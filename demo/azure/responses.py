"""The Responses API, whole and streamed."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

from demo.azure.contract import Answer, Json, Request, check_prompt, required
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
    return [
        {
            "type": "message",
            "id": "msg_" + mark,
            "status": "completed",
            "role": "assistant",
            "content": [{"type": "output_text", "text": text, "annotations": [], "logprobs": []}],
        }
    ]


def text_in(output: list[Json]) -> str:
    item = output[0]
    return str(item["arguments"] if item["type"] == "function_call" else item["content"][0]["text"])


def response_of(request: Request, prompt: str, output: list[Json], status: str) -> Json:
    body = request.body
    sent, received = count_tokens(prompt) + 4, count_tokens(text_in(output))
    usage = {
        "input_tokens": sent,
        "input_tokens_details": {"cached_tokens": 0},
        "output_tokens": received,
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": sent + received,
    }
    done = status == "completed"
    return {
        "id": "resp_" + digest_of(body)[:48],
        "object": "response",
        "created_at": int(time.time()),
        "status": status,
        "model": request.model,
        "output": output if done else [],
        "usage": usage if done else None,
        "error": None,
        "incomplete_details": None,
        "instructions": body.get("instructions"),
        "metadata": body.get("metadata") or {},
        "parallel_tool_calls": True,
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
    item = output[0]
    place = {"item_id": item["id"], "output_index": 0}
    opened = {**item, "status": "in_progress"}
    if item["type"] == "message":
        yield {
            "type": "response.output_item.added",
            "output_index": 0,
            "item": {**opened, "content": []},
        }
        part = item["content"][0]
        place["content_index"] = 0
        yield {"type": "response.content_part.added", **place, "part": {**part, "text": ""}}
        for piece in pieces(part["text"]):
            yield {"type": "response.output_text.delta", **place, "delta": piece, "logprobs": []}
        yield {"type": "response.output_text.done", **place, "text": part["text"], "logprobs": []}
        yield {"type": "response.content_part.done", **place, "part": part}
    else:
        yield {
            "type": "response.output_item.added",
            "output_index": 0,
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
    yield {"type": "response.output_item.done", "output_index": 0, "item": item}
    yield {
        "type": "response.completed",
        "response": response_of(request, prompt, output, "completed"),
    }


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
    return Answer(body=response_of(request, prompt, output, "completed"))
