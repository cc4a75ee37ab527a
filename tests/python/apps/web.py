"""A WSGI application that records one span per request."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from catalejo import span


def wsgi(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    span.start("task", "request").finish()
    start_response("200 OK", [("content-length", "2")])
    return [b"ok"]
