"""The clients of the cases, and how what they give back is put into words."""

from __future__ import annotations

import asyncio
import gc
import re
import traceback
from collections.abc import Awaitable, Callable
from typing import Any

import openai

KEY = "fake-azure-key"
API_VERSION = "2024-10-21"
# What differs between two runs of the same call, or because the body differs by our addition.
CHANGING = re.compile(
    r'"(id|created|created_at|_?request_id)": ?("(?:chatcmpl|cmpl|resp)[^"]*"|\d+(\.\d+)?)'
)


def plain(text: str) -> str:
    return CHANGING.sub(r'"\1":0', text)


def said(thing: Any) -> str:
    """A model of openai as JSON, exactly as the application could write it: what is set only."""
    if thing is None or isinstance(thing, str):
        return plain(str(thing))
    if hasattr(thing, "model_dump_json"):
        fields = sorted(getattr(thing, "model_fields_set", ()))
        return plain(thing.model_dump_json(exclude_unset=True)) + "\n" + str(fields)
    return plain(str(thing))


def failure(error: BaseException) -> dict[str, Any]:
    ours = "/python/catalejo/openai/"
    frames = [f for f in traceback.extract_tb(error.__traceback__) if ours not in f.filename][-3:]
    kind = type(error)
    return {
        "type": f"{kind.__module__}.{kind.__qualname__}",
        "message": str(error),
        "frames": [f"{frame.filename.rpartition('/')[2]}:{frame.name}" for frame in frames],
        "context": type(error.__context__).__name__,
        "cause": type(error.__cause__).__name__,
    }


class Clients:
    def __init__(self, azure: str, run: str) -> None:
        self.azure_url = azure
        self.run = run  # tells this process's faults from another's
        self.sync = self.make()
        # One loop for all, as an application has: making a client costs more than its calls.
        self.loop = asyncio.new_event_loop()
        self.asynchronous = openai.AsyncAzureOpenAI(**self.options({}))
        self.modern = hasattr(self.sync, "responses")

    def options(self, more: dict[str, Any]) -> dict[str, Any]:
        return {
            "azure_endpoint": self.azure_url,
            "api_key": KEY,
            "api_version": API_VERSION,
            "timeout": 20,
            "max_retries": 0,
            **more,
        }

    def make(self, **more: Any) -> Any:
        return openai.AzureOpenAI(**self.options(more))

    def in_loop(self, work: Callable[[Any], Awaitable[Any]]) -> Any:
        """Runs `work(client)` with the asynchronous client."""

        async def run() -> Any:
            heard = await work(self.asynchronous)
            gc.collect()
            await asyncio.sleep(0)  # asyncio closes what was dropped
            return heard

        return self.loop.run_until_complete(run())

    def fault(self, text: str, key: str = "") -> dict[str, str]:
        return {"x-fake-azure": f"{text};key={self.run}{key}"}


def user(text: str) -> list[dict[str, Any]]:
    return [{"role": "user", "content": text}]
