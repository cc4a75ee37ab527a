"""Applications that ask the model at CATALEJO_TESTS_AZURE: a function, and one ASGI application."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from typing import Any

import openai

GIVEN: dict[str, Any] = {
    "azure_endpoint": os.environ["CATALEJO_TESTS_AZURE"],
    "api_key": os.environ["CATALEJO_TESTS_KEY"],
    "api_version": "2024-10-21",
}
ASKED: dict[str, Any] = {"model": "gpt-4o", "messages": [{"role": "user", "content": "hi"}]}


def ask() -> str:
    with openai.AzureOpenAI(**GIVEN) as client:
        return client.chat.completions.create(**ASKED).choices[0].message.content or ""


async def asgi(
    scope: dict[str, Any],
    receive: Callable[[], Awaitable[Any]],
    send: Callable[[dict[str, Any]], Awaitable[None]],
) -> None:
    if scope["type"] != "http":
        return
    async with openai.AsyncAzureOpenAI(**GIVEN) as client:
        answer = await client.chat.completions.create(**ASKED)
    body = (answer.choices[0].message.content or "").encode()
    headers = [(b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
