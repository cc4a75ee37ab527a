"""A WSGI and an ASGI application that record one span per request."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from catalejo import span


def wsgi(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    span.start("task", "request").finish()
    start_response("200 OK", [("content-length", "2")])
    return [b"ok"]


async def asgi(
    scope: dict[str, Any],
    receive: Callable[[], Awaitable[Any]],
    send: Callable[[dict[str, Any]], Awaitable[None]],
) -> None:
    if scope["type"] != "http":
        return
    span.start("task", "request").finish()
    headers = [(b"content-length", b"2")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"ok"})
