"""Every method, sync and async, whole and streamed, raw, and every way for a stream to end."""

from __future__ import annotations

import gc
from collections.abc import Callable
from typing import Any

from tests.python.openai_cases.clients import Clients, failure, said, user

PROMPT = "¿Qué es un catalejo? 👩‍🚀"
CITY = {
    "type": "object",
    "properties": {"city": {"type": "string"}},
    "required": ["city"],
    "additionalProperties": False,
}
METHODS: dict[str, tuple[str, dict[str, Any]]] = {
    "chat": ("chat.completions.create", {"model": "chat-prod", "messages": user(PROMPT)}),
    "completion": ("completions.create", {"model": "instruct", "prompt": PROMPT}),
    "embedding": ("embeddings.create", {"model": "embed", "input": [PROMPT, "dos"]}),
    "response": ("responses.create", {"model": "gpt-4.1", "input": PROMPT}),
    "thinking": ("responses.create", {"model": "o4-mini", "input": PROMPT}),
    "parse": ("chat.completions.parse", {"model": "chat-prod", "messages": []}),
    "parse_response": ("responses.parse", {"model": "gpt-4.1", "input": ""}),
    "chat_helper": ("chat.completions.stream", {"model": "chat-prod", "messages": user(PROMPT)}),
    "response_helper": ("responses.stream", {"model": "gpt-4.1", "input": PROMPT}),
}
STREAMED = ("chat", "completion", "response", "thinking")
ENDS = ("all", "closed", "block", "dropped", "unread", "cut", "paused", "next")
JSON_ANSWER = 'say exactly: {"city":"Málaga"}'


def find(root: Any, path: str) -> Any:
    for name in path.split("."):
        root = getattr(root, name)
    return root


def prepared(client: Any, method: str, extra: str = "") -> tuple[Any, dict[str, Any]]:
    """The bound method, or None when this version has it not, and its arguments."""
    path, arguments = METHODS[method]
    arguments = dict(arguments)
    if method.startswith("parse"):
        from pydantic import BaseModel  # type: ignore[import-not-found,unused-ignore]

        class Place(BaseModel):  # type: ignore[misc,unused-ignore]
            city: str

        if method == "parse":
            arguments.update(messages=user(JSON_ANSWER), response_format=Place)
        else:
            arguments.update(input=JSON_ANSWER, text_format=Place)
    if extra:
        owner, _, name = path.rpartition(".")
        path = f"{owner}.{extra}.{name}"
    for root in ("", "beta."):
        try:
            return find(client, root + path), arguments
        except AttributeError:
            continue
    return None, arguments


def read_some(stream: Any, end: str, chunks: list[str]) -> None:
    """Consumes a stream in the way `end` says, into `chunks`."""
    if end == "unread":
        return
    if end == "next":
        chunks.append(said(next(stream)))
    if end == "block":
        with stream:
            for chunk in stream:
                chunks.append(said(chunk))
                if len(chunks) == 5:
                    break
        return
    for chunk in stream:
        chunks.append(said(chunk))
        if len(chunks) == 5 and end in ("closed", "dropped", "paused"):
            break
    if end == "paused":  # goes on where it was
        chunks.extend(said(chunk) for chunk in stream)
    if end == "closed":
        stream.close()


async def read_some_async(stream: Any, end: str, chunks: list[str]) -> None:
    if end == "unread":
        return
    if end == "next":
        chunks.append(said(await stream.__anext__()))
    if end == "block":
        async with stream:
            async for chunk in stream:
                chunks.append(said(chunk))
                if len(chunks) == 5:
                    break
        return
    async for chunk in stream:
        chunks.append(said(chunk))
        if len(chunks) == 5 and end in ("closed", "dropped", "paused"):
            break
    if end == "paused":
        async for chunk in stream:
            chunks.append(said(chunk))
    if end == "closed":
        await stream.close()


def streamed(clients: Clients, method: str, end: str, mode: str) -> dict[str, Any]:
    heard: dict[str, Any] = {"chunks": []}
    faults = clients.fault("cut") if end == "cut" else {}

    def sync(client: Any) -> None:
        call, arguments = prepared(client, method)
        stream = call(**arguments, stream=True, extra_headers=faults)
        heard["type"] = type(stream).__name__
        try:
            read_some(stream, end, heard["chunks"])
        except Exception as error:
            heard["error"] = failure(error)

    async def work(client: Any) -> None:
        call, arguments = prepared(client, method)
        stream = await call(**arguments, stream=True, extra_headers=faults)
        heard["type"] = type(stream).__name__
        try:
            await read_some_async(stream, end, heard["chunks"])
        except Exception as error:
            heard["error"] = failure(error)

    if mode == "sync":
        sync(clients.sync)
    else:
        clients.in_loop(work)
    gc.collect()
    return heard


def whole(clients: Clients, method: str, mode: str) -> dict[str, Any]:
    def result_of(answer: Any) -> dict[str, Any]:
        return {"type": type(answer).__name__, "answer": said(answer)}

    async def work(client: Any) -> dict[str, Any]:
        call, arguments = prepared(client, method)
        return result_of(await call(**arguments))

    if mode == "sync":
        call, arguments = prepared(clients.sync, method)
        return result_of(call(**arguments))
    found: dict[str, Any] = clients.in_loop(work)
    return found


def helper(clients: Clients, method: str, mode: str, some: bool) -> dict[str, Any]:
    """The `.stream()` helpers, read to the end or left in the middle of their block."""
    events: list[str] = []

    async def work(client: Any) -> None:
        call, arguments = prepared(client, method)
        async with call(**arguments) as stream:
            async for event in stream:
                events.append(said(event))
                if some and len(events) == 4:
                    break

    if mode == "async":
        clients.in_loop(work)
    else:
        call, arguments = prepared(clients.sync, method)
        with call(**arguments) as stream:
            for event in stream:
                events.append(said(event))
                if some and len(events) == 4:
                    break
    return {"events": events}


def raw(clients: Clients, method: str, mode: str, way: str) -> dict[str, Any]:
    """with_raw_response: parsed, not parsed, a stream parsed."""

    def of_stream(answer: Any) -> dict[str, Any]:
        return {"chunks": [said(chunk) for chunk in answer.parse()]}

    def of_whole(answer: Any) -> dict[str, Any]:
        heard = {"status": answer.status_code, "text": plain_text(answer)}
        if way == "parsed":
            heard["answer"] = said(answer.parse())
        return heard

    async def work(client: Any) -> dict[str, Any]:
        call, arguments = prepared(client, method, "with_raw_response")
        if way != "stream":
            return of_whole(await call(**arguments))
        answer = await call(**arguments, stream=True)
        return {"chunks": [said(chunk) async for chunk in answer.parse()]}

    if mode == "async":
        found: dict[str, Any] = clients.in_loop(work)
        return found
    call, arguments = prepared(clients.sync, method, "with_raw_response")
    if way == "stream":
        return of_stream(call(**arguments, stream=True))
    return of_whole(call(**arguments))


def plain_text(answer: Any) -> str:
    text = answer.text
    return said(text() if callable(text) else text)


def bare(clients: Clients, method: str, mode: str, way: str) -> dict[str, Any]:
    """with_streaming_response: parsed, as bytes, a stream parsed, a stream as lines, not read."""
    more = {"stream": True} if way in ("stream", "lines") else {}

    async def work(client: Any) -> dict[str, Any]:
        call, arguments = prepared(client, method, "with_streaming_response")
        async with call(**arguments, **more) as answer:
            if way == "parsed":
                return {"answer": said(await answer.parse())}
            if way == "bytes":
                return {"bytes": len(b"".join([part async for part in answer.iter_bytes()]))}
            if way == "stream":
                return {"chunks": [said(chunk) async for chunk in await answer.parse()]}
            if way == "lines":
                return {"lines": [said(line) async for line in answer.iter_lines()]}
        return {}

    if mode == "async":
        found: dict[str, Any] = clients.in_loop(work)
        return found
    call, arguments = prepared(clients.sync, method, "with_streaming_response")
    with call(**arguments, **more) as answer:
        if way == "parsed":
            return {"answer": said(answer.parse())}
        if way == "bytes":
            return {"bytes": len(b"".join(answer.iter_bytes()))}
        if way == "stream":
            return {"chunks": [said(chunk) for chunk in answer.parse()]}
        if way == "lines":
            return {"lines": [said(line) for line in answer.iter_lines()]}
    return {}


def grid(clients: Clients) -> dict[str, Callable[[Clients], dict[str, Any]]]:
    """Name → case, for what the installed version of openai has."""
    cases: dict[str, Callable[[Clients], dict[str, Any]]] = {}

    def add(name: str, run: Callable[..., dict[str, Any]], *arguments: Any) -> None:
        cases[name] = lambda clients: run(clients, *arguments)

    for method in METHODS:
        if prepared(clients.sync, method)[0] is None:
            continue
        for mode in ("sync", "async"):
            if method.endswith("helper"):
                add(f"{method}-all-{mode}", helper, method, mode, False)
                add(f"{method}-left-{mode}", helper, method, mode, True)
                continue
            add(f"{method}-whole-{mode}", whole, method, mode)
            if prepared(clients.sync, method, "with_raw_response")[0] is not None:
                for way in ("parsed", "unparsed", *(["stream"] if method in STREAMED else [])):
                    add(f"{method}-raw-{way}-{mode}", raw, method, mode, way)
            if prepared(clients.sync, method, "with_streaming_response")[0] is not None:
                lines = ["stream", "lines"] if method in STREAMED else []
                for way in ("parsed", "bytes", "unread", *lines):
                    add(f"{method}-bare-{way}-{mode}", bare, method, mode, way)
            if method in STREAMED:
                for end in ENDS:
                    add(f"{method}-stream-{end}-{mode}", streamed, method, end, mode)
    return cases
