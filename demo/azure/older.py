"""Text completions and embeddings."""

from __future__ import annotations

import base64
import struct
import time
from collections.abc import Iterator

from demo.azure.chat import sse, wants_usage
from demo.azure.contract import (
    EMBEDDING_SIZES,
    Answer,
    Json,
    Request,
    answer_filters,
    check_prompt,
    prompt_filters,
    required,
)
from demo.azure.text import answer_to, count_tokens, digest_of, embedding_of, pieces


def completion_stream(head: Json, texts: list[str], usage: Json | None) -> Iterator[bytes]:
    filters = [{"prompt_index": 0, "content_filter_results": prompt_filters()}]
    if usage:
        head = {**head, "usage": None}
    yield sse({**head, "choices": [], "prompt_filter_results": filters})
    for index, text in enumerate(texts):
        place = {"index": index, "logprobs": None, "content_filter_results": answer_filters()}
        for piece in pieces(text):
            yield sse({**head, "choices": [{**place, "text": piece, "finish_reason": None}]})
        yield sse({**head, "choices": [{**place, "text": "", "finish_reason": "stop"}]})
    if usage:
        yield sse({**head, "choices": [], "usage": usage})
    yield sse("[DONE]")


def create_completion(request: Request) -> Answer:
    body = request.body
    asked = required(body, "prompt")
    prompts = [asked] if isinstance(asked, str) else list(asked)
    check_prompt("\n".join(prompts))
    texts = [answer_to(prompt, n) for prompt in prompts for n in range(int(body.get("n") or 1))]
    head: Json = {
        "id": "cmpl-" + digest_of(body)[:29],
        "object": "text_completion",
        "created": int(time.time()),
        "model": request.model,
    }
    prompt_tokens = sum(map(count_tokens, prompts))
    completion_tokens = sum(map(count_tokens, texts))
    usage = {
        "prompt_tokens": prompt_tokens,
        "completion_tokens": completion_tokens,
        "total_tokens": prompt_tokens + completion_tokens,
    }
    if body.get("stream"):
        wanted = wants_usage(request)
        return Answer(events=completion_stream(head, texts, usage if wanted else None))
    choices = [
        {
            "index": index,
            "text": text,
            "finish_reason": "stop",
            "logprobs": None,
            "content_filter_results": answer_filters(),
        }
        for index, text in enumerate(texts)
    ]
    filters = [{"prompt_index": 0, "content_filter_results": prompt_filters()}]
    return Answer(
        body={**head, "choices": choices, "prompt_filter_results": filters, "usage": usage}
    )


def create_embedding(request: Request) -> Answer:
    body = request.body
    asked = required(body, "input")
    inputs = [asked] if isinstance(asked, str) else list(asked)
    size = int(body.get("dimensions") or EMBEDDING_SIZES.get(request.model, 1536))
    data: list[Json] = []
    for index, text in enumerate(inputs):
        vector = embedding_of(str(text), size)
        packed = base64.b64encode(struct.pack(f"<{size}f", *vector)).decode()
        value = packed if body.get("encoding_format") == "base64" else vector
        data.append({"object": "embedding", "index": index, "embedding": value})
    tokens = sum(count_tokens(str(text)) for text in inputs)
    usage = {"prompt_tokens": tokens, "total_tokens": tokens}
    return Answer(body={"object": "list", "data": data, "model": request.model, "usage": usage})
