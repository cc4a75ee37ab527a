"""Where the tracer's time on the application's thread goes: real openai, answers without a network.

    PYTHONPATH=python VENV/bin/python bench/tracer/parts.py [--calls 1500]

First what is added to a call, as quantiles of single calls with the tracer on and off in turns: a
busy machine disturbs the low ones least. Then how long our functions take inside of such calls,
where openai's own work has driven them out of the processor's caches: several times what a loop
around one of them shows. The functions are timed from outside, which itself costs about 1 µs each.
"""

from __future__ import annotations

import argparse
import asyncio
import functools
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

import fake  # type: ignore[import-not-found]
from catalejo import start

start.arm()

import openai  # noqa: E402
from catalejo import _core  # noqa: E402
from catalejo.context import httpx as our_httpx  # noqa: E402
from catalejo.openai import call, operations, patching  # noqa: E402
from catalejo.span import runtime  # noqa: E402

httpx: Any = sys.modules.get("httpx2") or sys.modules["httpx"]
CHUNKS = 100
QUANTILES = (0.02, 0.1, 0.25, 0.5)
MESSAGES = [
    {"role": "system", "content": "You are a careful assistant. " * 15},
    {"role": "user", "content": "Please answer the following question in detail. " * 13},
]
Work = Callable[[], None]


def parts_of(raw: bytes) -> tuple[list[tuple[str, str]], list[bytes]]:
    """Headers and pieces of the body of one of fake's answers."""
    head, _, body = raw.partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")[1:]
    if "transfer-encoding: chunked" not in lines:
        return [tuple(line.split(": ", 1)) for line in lines], [body]  # type: ignore[misc]
    pieces = []
    while body and not body.startswith(b"0\r\n"):
        size, _, body = body.partition(b"\r\n")
        pieces.append(body[: int(size, 16)])
        body = body[int(size, 16) + 2 :]
    return [tuple(line.split(": ", 1)) for line in lines[:-1]], pieces  # type: ignore[misc]


class Body(httpx.SyncByteStream, httpx.AsyncByteStream):  # type: ignore[misc]
    def __init__(self, pieces: list[bytes]) -> None:
        self.pieces = pieces

    def __iter__(self) -> Iterator[bytes]:
        yield from self.pieces

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self.pieces:
            yield piece


class Canned(httpx.BaseTransport, httpx.AsyncBaseTransport):  # type: ignore[misc]
    def __init__(self) -> None:
        self.whole = parts_of(fake.whole())
        self.streams = {counted: parts_of(fake.stream(CHUNKS, counted)) for counted in (0, 1)}

    def handle_request(self, request: Any) -> Any:
        content = request.content
        headers, pieces = self.whole
        if b'"stream":true' in content:
            headers, pieces = self.streams[int(b"include_usage" in content)]
        return httpx.Response(200, headers=headers, stream=Body(pieces))

    async def handle_async_request(self, request: Any) -> Any:
        return self.handle_request(request)


def clients() -> tuple[Any, Any]:
    given: dict[str, Any] = {
        "azure_endpoint": "http://127.0.0.1:9/azure",
        "api_key": "any",
        "api_version": "2024-10-21",
        "max_retries": 0,
    }
    transport = Canned()
    return (
        openai.AzureOpenAI(**given, http_client=httpx.Client(transport=transport)),
        openai.AsyncAzureOpenAI(**given, http_client=httpx.AsyncClient(transport=transport)),
    )


def works(loop: asyncio.AbstractEventLoop) -> dict[str, tuple[Work, int]]:
    """Name → what is measured, and how many calls it is shared by."""
    sync, asynchronous = clients()
    asked: dict[str, Any] = {"model": "gpt-4o", "messages": MESSAGES, "temperature": 0.7}

    async def calls() -> None:
        for _ in range(10):
            await asynchronous.chat.completions.create(**asked)

    async def chunks() -> None:
        async for _ in await asynchronous.chat.completions.create(**asked, stream=True):
            pass

    def stream() -> None:
        for _ in sync.chat.completions.create(**asked, stream=True):
            pass

    return {
        "chat": (lambda: sync.chat.completions.create(**asked), 1),
        "chat, async": (lambda: loop.run_until_complete(calls()), 10),
        "streamed chunk": (stream, CHUNKS),
        "streamed chunk, async": (lambda: loop.run_until_complete(chunks()), CHUNKS),
    }


def quantile(times: list[float], at: float) -> float:
    return sorted(times)[int(len(times) * at)]


def compare(name: str, work: Work, shared: int, count: int) -> None:
    """Added µs of one call, or of one chunk, on this thread."""
    times: dict[bool, list[float]] = {True: [], False: []}
    for number in range(max(count // 50 // (shared if shared < CHUNKS else 20), 4)):
        for on in (True, False) if number % 2 else (False, True):
            runtime.enabled = on
            work()
            for _ in range(50 if shared == 1 else 5):
                begun = time.thread_time()
                work()
                times[on].append((time.thread_time() - begun) * 1e6 / shared)
    runtime.enabled = True
    added = [quantile(times[True], at) - quantile(times[False], at) for at in QUANTILES]
    alone = quantile(times[False], 0.5)
    print(f"{name:24}{alone:10.1f}" + "".join(f"{value:10.2f}" for value in added))


def timed(taken: dict[str, list[int]], name: str, function: Callable[..., Any]) -> Any:
    clock = time.perf_counter_ns
    kept = taken[name] = []

    @functools.wraps(function)
    def wrapper(*arguments: Any, **named: Any) -> Any:
        begun = clock()
        result = function(*arguments, **named)
        kept.append(clock() - begun)
        return result

    return wrapper


def dissect(work: Work, count: int) -> None:
    taken: dict[str, list[int]] = {}
    for owner, name, title in (
        (patching, "begin", "begin: call, span, context"),
        (call.Call, "sending", "sending: the request is read"),
        (our_httpx, "has_context", "httpx: is a context wanted?"),
        (call.Call, "receiving", "receiving"),
        (patching, "_done", "done: all after the answer, of which"),
        (call.Call, "leave", "  leave: context, duration"),
        (operations.CHAT, "read", "  read: the answer is read"),
        (call.Call, "end", "  end: the span is made, of which"),
        (runtime, "submit", "    submit: event, queue"),
    ):
        setattr(owner, name, timed(taken, title, getattr(owner, name)))
    for _ in range(count):
        work()
    for title, times in taken.items():
        found = [quantile([value / 1e3 for value in times[50:]], at) for at in (0.1, 0.5)]
        print(f"{title:44}{found[0]:8.1f}{found[1]:8.1f}")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--calls", type=int, default=1_500)
    count = parser.parse_args().calls
    loop = asyncio.new_event_loop()
    found = works(loop)
    print(f"{'µs':24}{'alone':>10}" + "".join(f"{f'+ q{at}':>10}" for at in QUANTILES))
    for name, (work, shared) in found.items():
        compare(name, work, shared, count)
    print(f"\n{'within a call, µs':44}{'q0.1':>8}{'q0.5':>8}")
    dissect(found["chat"][0], count)
    _core.shutdown(0)


if __name__ == "__main__":
    main()
